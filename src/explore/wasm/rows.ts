// Rows outside of the engine: between the interpreter's words and the memory of the search.

import { at } from '../../base/index.ts';
import type { RowLayout } from './layout.ts';

/** The row of a state given in the interpreter's words, in 32-bit halves. */
export function rowOf(row: RowLayout, words: Uint32Array): Uint32Array {
  const halves = new Uint32Array(row.wordCount * 2);
  halves.set(words);
  const top = halves.length - 1;
  halves[top] = at(halves, top) | 0x80000000;
  return halves;
}
