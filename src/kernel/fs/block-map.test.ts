// Runs in the map of a file: as long as blocks follow each other, and no longer than asked for.

import { expect, test } from 'vitest';
import type { FsBlock } from '../include/linux/fs.ts';
import { Shared } from '../shared.ts';
import type { Op } from '../steps.ts';
import { runBefore, runLength } from './block-map.ts';

const blocks = new Shared<FsBlock | undefined>('blocks', undefined);
for (let lblk = 3; lblk < 90; lblk++)
  blocks.poke(lblk, { block: 500 + lblk, unwritten: lblk > 70 });

function ran(op: Op<number>): number {
  for (let next = op.next(); ; next = op.next()) {
    if (next.done === true) return next.value;
    next.value.perform({
      load: () => new Uint8Array(),
      store: () => undefined,
      maintain: () => undefined,
      get: (shared, key) => shared.peek(key),
      set: () => undefined,
      scan: () => [],
      lock: () => true,
      unlock: () => undefined,
      fails: () => false,
    });
  }
}

test.each([
  [3, 0, 200, 68],
  [3, 1, 200, 68],
  [3, 0, 10, 10],
  [70, 0, 200, 1],
  [71, 0, 200, 0],
  [2, 0, 200, 0],
  [5, 4, 4, 4],
])('from block %i on, %i known, at most %i: %i', (lblk, known, max, length) => {
  const belongs = (block: FsBlock | undefined, distance: number): boolean =>
    block?.block === 500 + lblk + distance && !block.unwritten;
  expect(ran(runLength(blocks, { lblk, known, max }, belongs))).toBe(length);
});

test.each([
  [71, 200, 68],
  [71, 10, 10],
  [72, 200, 0],
  [4, 200, 1],
  [3, 200, 0],
  [0, 200, 0],
])('before block %i, at most %i: %i', (lblk, max, length) => {
  const belongs = (block: FsBlock | undefined, distance: number): boolean =>
    block?.block === 500 + lblk - distance && !block.unwritten;
  expect(ran(runBefore(blocks, { lblk, max }, belongs))).toBe(length);
});
