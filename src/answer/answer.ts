// What a command hands back to the rim: text for stdout (or a file), and the exit status.

/** Exit statuses, the same for every command. */
export const EXIT = {
  asExpected: 0,
  findings: 1,
  input: 2,
  bound: 3,
  nothingToCheck: 4,
  ours: 70,
  interrupted: 130,
} as const;

/** The answer of a command: `text` ends in a newline; `exit` is one of EXIT. */
export interface Answer {
  readonly text: string;
  readonly exit: number;
  /** Remarks for stderr, a line each: what was odd in the input, what was assumed. */
  readonly notes?: readonly string[];
}

/** How an answer is written: words for people, or a record. */
export type Form = 'text' | 'json';

/** JSON with two-space indent and a final newline: the same bytes on every run. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** An answer in the form that is asked for: only that one is written. */
export function written(
  form: Form,
  { record, text }: { readonly record: () => unknown; readonly text: () => string },
): string {
  return form === 'json' ? jsonText(record()) : text();
}
