// Copies of a few bytes: a loop is faster than two views, up to about this many.

import { at } from '../base/index.ts';

const FEW = 16;

/** Copies `length` bytes of `from`, starting at `fromAt`, to `to`, starting at `toAt`. */
export function copyBytes(
  from: Uint8Array,
  fromAt: number,
  to: Uint8Array,
  toAt: number,
  length: number,
): void {
  if (length > FEW) to.set(from.subarray(fromAt, fromAt + length), toAt);
  else for (let i = 0; i < length; i++) to[toAt + i] = at(from, fromAt + i);
}
