// Every state found so far, exactly: words in one growing arena, and an open-addressed table of
// indices. No hash compaction: two states are one only where all their words are equal.

import { assert, at } from '../base/index.ts';

/** States in the order they were found; the index of a state never changes. */
export interface StateStore {
  /** Number of distinct states. */
  readonly count: () => number;
  /** All states, `wordCount` words each; grows, so ask again after each insert. */
  readonly words: () => Uint32Array;
  /** Index of the state at `offset` of `source`, and whether it is new. */
  readonly insert: (source: Uint32Array, offset: number) => { index: number; isNew: boolean };
  /** Bytes held: arena and table. */
  readonly bytes: () => number;
}

/** An empty store for states of `wordCount` 32-bit words. */
export function stateStore(wordCount: number): StateStore {
  assert(wordCount > 0, 'a state has words');
  let arena = new Uint32Array(wordCount * 256);
  let table = new Int32Array(1024).fill(-1);
  let count = 0;

  const equals = (index: number, source: Uint32Array, offset: number): boolean => {
    for (let w = 0; w < wordCount; w++) {
      if (at(arena, index * wordCount + w) !== at(source, offset + w)) return false;
    }
    return true;
  };
  const slotOf = (source: Uint32Array, offset: number): number => {
    const mask = table.length - 1;
    let slot = hash(source, offset, wordCount) & mask;
    for (;;) {
      const index = at(table, slot);
      if (index < 0 || equals(index, source, offset)) return slot;
      slot = (slot + 1) & mask;
    }
  };
  const grow = (): void => {
    if ((count + 1) * wordCount > arena.length) {
      const larger = new Uint32Array(arena.length * 2);
      larger.set(arena);
      arena = larger;
    }
    if ((count + 1) * 2 > table.length) {
      table = new Int32Array(table.length * 2).fill(-1);
      for (let i = 0; i < count; i++) table[slotOf(arena, i * wordCount)] = i;
    }
  };
  return {
    count: () => count,
    words: () => arena,
    bytes: () => arena.byteLength + table.byteLength,
    insert(source, offset) {
      grow();
      const slot = slotOf(source, offset);
      const found = at(table, slot);
      if (found >= 0) return { index: found, isNew: false };
      for (let w = 0; w < wordCount; w++) arena[count * wordCount + w] = at(source, offset + w);
      table[slot] = count;
      count += 1;
      return { index: count - 1, isNew: true };
    },
  };
}

// Multiply-xor over the words; quality only matters for speed, equality is always tested in full.
function hash(words: Uint32Array, offset: number, wordCount: number): number {
  let h = 0x9e3779b9;
  for (let w = 0; w < wordCount; w++) {
    h = Math.imul(h ^ at(words, offset + w), 0x85ebca6b);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}
