// Failure of the first kind (someone's input is wrong) as a value: what, where, what to do next.

/** What is wrong with an input: one sentence, the place, and the next thing to try. */
export interface Problem {
  readonly what: string;
  /** Place in the form `file`, `file:line` or `file:line:col`; absent where there is none. */
  readonly where?: string;
  /** What the user can do about it: a sentence or a command to type. */
  readonly hint?: string;
  /** Further problems of the same input, in the order of their places. */
  readonly others?: readonly Problem[];
}

/** What a function gives that reads someone's input: the value, or the problem with the input. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** The input was right: `value` is what was read from it. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** The input was wrong; `T` is what a right one would have given. */
export function fail<T = never>(problem: Problem): Result<T> {
  return { ok: false, problem };
}
