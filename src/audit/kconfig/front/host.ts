// What the front asks of the system it runs on. Texts are bytes, one character each, so that what
// is read comes out again as it was.

/** Thrown where a file is larger than any that is taken; ends the run with its message. */
export class TooLarge extends Error {
  override name = 'TooLarge';
}

/** Files, relative to the current folder, and the shell. */
export interface ConfHost {
  readonly environment: Readonly<Record<string, string>>;
  /** How the program is called, for messages. */
  readonly program: string;
  /** Whether stdin and stdout both are a terminal. */
  readonly isTerminal: boolean;
  /** Text of a file; undefined where it cannot be read. May throw TooLarge. */
  readonly read: (path: string) => string | undefined;
  readonly isFolder: (path: string) => boolean;
  /** False where it cannot be written. */
  readonly write: (path: string, text: string) => boolean;
  readonly rename: (from: string, to: string) => boolean;
  /** Makes the folder that a file is to be in. */
  readonly makeParent: (path: string) => boolean;
  /** What the command prints to stdout. Commands come from the Kconfig files and are run. */
  readonly shell: (command: string) => string;
  /** A number that is another each time. */
  readonly chance: () => number;
}
