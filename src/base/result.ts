// Failure of the first kind (someone's input is wrong) as a value: what, where, and what to do next.

/** What is wrong with an input: one sentence, the place, and the next thing to try. */
export interface Problem {
  readonly what: string;
  /** Place in the form `file`, `file:line` or `file:line:col`; absent where there is none. */
  readonly where?: string;
  /** What the user can do about it: a sentence or a command to type. */
  readonly hint?: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail<T = never>(problem: Problem): Result<T> {
  return { ok: false, problem };
}
