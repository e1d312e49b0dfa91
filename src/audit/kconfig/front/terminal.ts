// What conf prints, and the lines that it is given. The core yields what it has to say and is
// resumed with a line; who runs it decides where the one goes and the other comes from.

/** Text since the last question: first what goes to stdout, apart what goes to stderr. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A run that asks: yields what it has said and is resumed with a line of input, its newline
 * included (the last one may have none), or undefined where the input has ended.
 */
export type Asking<T> = Generator<Said, T, string | undefined>;

/** Bytes that conf takes of a line at once. */
const maxLine = 4095;

/** Collects what is said, and asks. */
export class Terminal {
  /** Whether input has ended. */
  isEnded = false;
  readonly #echo: boolean;
  #stdout = '';
  #stderr = '';
  #rest = '';

  /** `echo`: repeat what is typed, as conf does where it does not talk to a terminal. */
  constructor(echo: boolean) {
    this.#echo = echo;
  }

  print(text: string): void {
    this.#stdout += text;
  }

  complain(text: string): void {
    this.#stderr += text;
  }

  /** What has been said since the last call. */
  take(): Said {
    const said = { stdout: this.#stdout, stderr: this.#stderr };
    this.#stdout = '';
    this.#stderr = '';
    return said;
  }

  /** Asks for a line; `before` is what the line is taken to be where there is none. */
  *xfgets(before: string): Asking<string> {
    if (this.#rest === '' && !this.isEnded) this.#rest = (yield this.take()) ?? '';
    let line = this.#rest.slice(0, maxLine);
    this.#rest = this.#rest.slice(maxLine);
    if (line === '' || (!line.endsWith('\n') && line.length < maxLine)) this.isEnded = true;
    if (line === '') {
      this.complain('\nError in reading or end of file.\n');
      line = before;
    }
    if (this.#echo) this.print(line);
    return line;
  }
}
