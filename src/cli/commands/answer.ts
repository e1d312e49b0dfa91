// What a command hands back to the rim: text for stdout (or -o), and the exit status.

/** The answer of a command: `text` ends in a newline; `exit` is one of EXIT. */
export interface Answer {
  readonly text: string;
  readonly exit: number;
  /** Remarks for stderr, a line each: what was odd in the input, what was assumed. */
  readonly notes?: readonly string[];
}
