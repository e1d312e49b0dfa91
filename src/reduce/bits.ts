// Sets of small numbers (indices of fields, actions) as one big integer each: sets are compared,
// joined and used as keys far more often than they are listed.

/** A finite set of indices. */
export type Bits = bigint;

/** The empty set. */
export const NONE: Bits = 0n;

/** The set of these indices. */
export function bits(indices: Iterable<number>): Bits {
  let set = NONE;
  for (const index of indices) set |= 1n << BigInt(index);
  return set;
}

/** Whether `index` is in the set. */
export function has(set: Bits, index: number): boolean {
  return ((set >> BigInt(index)) & 1n) === 1n;
}

/** Whether the sets share an index. */
export function meet(a: Bits, b: Bits): boolean {
  return (a & b) !== NONE;
}

/** The indices of the set, ascending. */
export function listOf(set: Bits): readonly number[] {
  const list: number[] = [];
  // In pieces of 30 bits, because arithmetic on small numbers is far quicker.
  for (let rest = set, base = 0; rest !== NONE; rest >>= 30n, base += 30) {
    let piece = Number(rest & 0x3fffffffn);
    while (piece !== 0) {
      const low = 31 - Math.clz32(piece & -piece);
      list.push(base + low);
      piece &= piece - 1;
    }
  }
  return list;
}

/** How many indices are in the set. */
export function sizeOf(set: Bits): number {
  return listOf(set).length;
}
