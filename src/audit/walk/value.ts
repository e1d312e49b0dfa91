// What is known of a value at a point of a path. A symbol stands for a value that is not known;
// what tests have told about it stands in the state.

/** Parts of the number line: what a symbol may still be. Of pointers, POSITIVE is a valid one. */
export const ZERO = 1;
export const POSITIVE = 2;
/** A negative error number, or the pointer that stands for it. */
export const ERROR = 4;
export const ANYTHING = ZERO | POSITIVE | ERROR;

/** A value. `from` is the acquisition that failed with it. */
export type Value =
  | { readonly kind: 'int'; readonly value: number; readonly from?: number }
  /** `-ENAME`, or the error pointer of it. */
  | { readonly kind: 'errno'; readonly name: string; readonly from?: number }
  | { readonly kind: 'symbol'; readonly id: number }
  /** Address of a location. */
  | { readonly kind: 'address'; readonly of: string }
  | { readonly kind: 'function'; readonly name: string };

/** What is known of a symbol: the parts it may be in, and of its error number. */
export interface Fact {
  readonly may: number;
  /** The one error number that it is; else those it is not. */
  readonly errno?: string;
  readonly not?: readonly string[];
}

/** Nothing known. */
export const UNKNOWN: Fact = { may: ANYTHING };

/** Name of an error number that is none of those that a protocol names. */
export const ANY_ERRNO = 'E*';

/** NULL, 0, false. */
export const NOTHING: Value = { kind: 'int', value: 0 };

/** An integer. */
export function int(value: number): Value {
  return { kind: 'int', value };
}

/** The part of the number line that a value is in; several where it is not known. */
export function partsOf(value: Value, fact: (id: number) => Fact): number {
  switch (value.kind) {
    case 'int':
      return value.value === 0 ? ZERO : value.value > 0 ? POSITIVE : ERROR;
    case 'errno':
      return ERROR;
    case 'symbol':
      return fact(value.id).may;
    case 'address':
    case 'function':
      return POSITIVE;
  }
}

/** Whether two values are equal for certain (true), different for certain (false), or neither. */
export function equal(a: Value, b: Value, fact: (id: number) => Fact): boolean | undefined {
  if (a.kind === 'symbol' && b.kind === 'symbol' && a.id === b.id) return true;
  if ((partsOf(a, fact) & partsOf(b, fact)) === 0) return false;
  if (a.kind === 'int' && b.kind === 'int') return a.value === b.value;
  if (a.kind === 'errno' && b.kind === 'errno') return a.name === b.name;
  if (a.kind === 'address' && b.kind === 'address') return a.of === b.of ? true : undefined;
  if (a.kind === 'function' && b.kind === 'function') return a.name === b.name;
  if (partsOf(a, fact) === ZERO && partsOf(b, fact) === ZERO) return true;
  const [one, other] = a.kind === 'symbol' ? [a, b] : [b, a];
  if (one.kind !== 'symbol' || other.kind !== 'errno') return undefined;
  const known = fact(one.id);
  if (known.errno !== undefined) return known.errno === other.name;
  return known.not?.includes(other.name) ? false : undefined;
}
