// What is kept of one function once its graph has been walked. It depends on the text of the
// function alone, so that it can be kept by the content of its file; which of the called functions
// return error pointers is decided when all functions are known.

/** Kinds of a value as bits: as a pointer valid, NULL, error; as a number above, at, below 0. */
export const VALID = 1;
export const NULL_ = 2;
export const ERROR = 4;
export const ANY = 7;

/** One way in which a function returns a pointer. */
export interface Returned {
  /** Bits of kinds. */
  readonly kinds: number;
  /** Where the value was made: the ERR_PTR(), the call, or the return. */
  readonly at: number;
  /** The value is what this function gave, of which only `kinds` come here. */
  readonly callee?: string;
  /** What is known of the arguments of that call, as in `CallUse`. */
  readonly args?: string;
  readonly constants?: readonly string[];
  /** Kinds of the parameters on this path, a digit each: it is not taken with others. */
  readonly when?: string;
  /** What the path demands of bits of a parameter, e.g. `2&FIND` to be 2: not set. */
  readonly bits?: readonly (readonly [parameter: number, bit: string, kinds: number])[];
  /** The error, where it is a constant, e.g. `EINVAL`. */
  readonly errno?: string;
  /** Nothing is known of the value: a field, a parameter, a function that is not named. */
  readonly unknown?: true;
}

/**
 * How a result is used. `untested`: dereferenced, no test of it before; `null-tested`: tested for
 * NULL alone; `null-tested-passed`: the same, handed to another function; `error-tested`: tested
 * for an error alone.
 */
export type UseKind = 'untested' | 'null-tested' | 'null-tested-passed' | 'error-tested';

/** The first use of what a call gave, on some path. */
export interface CallUse {
  readonly callee: string;
  readonly callAt: number;
  readonly useAt: number;
  readonly kind: UseKind;
  /** Where the test stands that is not enough; -1 where there is none. */
  readonly testAt: number;
  /** Kinds of the arguments, a digit each; '' where nothing is known of any. */
  readonly args: string;
  /** Names of constants among the arguments; '' for other arguments. */
  readonly constants?: readonly string[];
  /** The function that the result is handed to. */
  readonly to?: string;
}

/** What was learnt of one function. */
export interface FunctionFacts {
  readonly returns: readonly Returned[];
  readonly uses: readonly CallUse[];
  /** Parameters that are pointers, as letters `p`, others `-`. */
  readonly params: string;
  /** Why it was not walked, or not to the end. */
  readonly notChecked?: string;
}
