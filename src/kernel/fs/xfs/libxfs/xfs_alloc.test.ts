// Free runs of blocks: joined with their neighbours when one comes back, and found again from what
// a medium says about its files.

import { describe, expect, test } from 'vitest';
import type { DiskImage, DiskInode } from '../../../include/linux/fs.ts';
import { surveyImage, withRun } from './xfs_alloc.ts';

describe('free runs', () => {
  const runs = [
    { block: 10, length: 5 },
    { block: 20, length: 5 },
  ];
  test.each([
    [
      0,
      5,
      [
        [0, 5],
        [10, 5],
        [20, 5],
      ],
    ],
    [
      5,
      5,
      [
        [5, 10],
        [20, 5],
      ],
    ],
    [15, 5, [[10, 15]]],
    [
      16,
      2,
      [
        [10, 5],
        [16, 2],
        [20, 5],
      ],
    ],
    [
      25,
      1,
      [
        [10, 5],
        [20, 6],
      ],
    ],
    [
      30,
      1,
      [
        [10, 5],
        [20, 5],
        [30, 1],
      ],
    ],
  ])('block %i, length %i', (block, length, expected) => {
    const after = withRun(runs, { block, length });
    expect(after.map((run) => [run.block, run.length])).toEqual(expected);
  });
});

test('a medium tells which blocks are free and which are shared', () => {
  const file = (ino: number, blocks: readonly number[]): DiskInode => ({
    ino,
    kind: 'reg',
    mode: 0o600,
    uid: 0,
    gid: 0,
    nlink: 1,
    size: 0,
    flags: 0,
    blocks: new Map(blocks.map((block, index) => [index, { block, unwritten: false }])),
    entries: new Map(),
    target: '',
  });
  const image: DiskImage = {
    id: 1,
    format: 'xfs',
    block_size: 4096,
    block_count: 20,
    features: new Set(['crc', 'reflink']),
    external: {},
    root: 128,
    inodes: new Map([file(129, [4, 5]), file(130, [5, 8])].map((one) => [one.ino, one])),
    next_ino: 131,
    reserved: 3,
  };
  const { data, rt, shared } = surveyImage(image, 0);
  expect(data).toEqual([
    { block: 3, length: 1 },
    { block: 6, length: 2 },
    { block: 9, length: 11 },
  ]);
  expect(rt).toEqual([]);
  expect([...shared]).toEqual([[5, 1]]);
});
