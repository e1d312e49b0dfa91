// Reads of typed arrays for the hot loops of caches, and copies of a few bytes. The general at() of
// base serves arrays of every kind, which makes it slow where one kind is read a million times.

/** From so many bytes on two views are faster than a loop. */
const FEW = 16;

/** `array[index]`; the caller guarantees that the index is in range. */
export function numberAt(array: Float64Array, index: number): number {
  return array[index] ?? 0;
}

/** `array[index]`; the caller guarantees that the index is in range. */
export function byteAt(array: Uint8Array, index: number): number {
  return array[index] ?? 0;
}

/** Copies `length` bytes of `from`, starting at `fromAt`, to `to`, starting at `toAt`. */
export function copyBytes(
  from: Uint8Array,
  fromAt: number,
  to: Uint8Array,
  toAt: number,
  length: number,
): void {
  if (length > FEW) to.set(from.subarray(fromAt, fromAt + length), toAt);
  else for (let i = 0; i < length; i++) to[toAt + i] = byteAt(from, fromAt + i);
}
