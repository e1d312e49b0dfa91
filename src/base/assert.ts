// Failure of the third kind: the program itself is wrong. The rim turns it into exit status 70.

/** Thrown when one of our own invariants does not hold; never because of an input. */
export class InvariantError extends Error {
  override name = 'InvariantError';
}

/** Stops the program when `condition` is false. `message` says which invariant broke. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Marks the default branch of a switch over a closed union: unreachable, and checked to be so. */
export function never(value: never, what = 'value'): never {
  throw new InvariantError(`unexpected ${what}: ${JSON.stringify(value)}`);
}

/** The value, asserted to be there. Use where absence would be a bug of ours. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new InvariantError(`missing ${what}`);
  return value;
}
