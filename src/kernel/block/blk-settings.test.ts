// Shows how limits of a stacked device come from those below.

import { expect, test } from 'vitest';
import { BLK_FEAT_DAX, BLK_FEAT_WRITE_CACHE } from '../include/linux/blkdev.ts';
import { blk_set_stacking_limits, blk_stack_limits } from './blk-settings.ts';

test('the largest blocks, the least common multiple, and features but DAX', () => {
  const t = blk_set_stacking_limits();
  const below = { features: BLK_FEAT_WRITE_CACHE | BLK_FEAT_DAX, physical_block_size: 4096 };
  blk_stack_limits(t, { ...below, logical_block_size: 512, io_min: 4096, io_opt: 8192 });
  blk_stack_limits(t, { ...below, logical_block_size: 4096, io_min: 4096, io_opt: 12288 });
  expect(t).toEqual({
    features: BLK_FEAT_WRITE_CACHE,
    logical_block_size: 4096,
    physical_block_size: 4096,
    io_min: 4096,
    io_opt: 24576,
  });
});

test('hints that are not in whole physical blocks are dropped', () => {
  const t = { ...blk_set_stacking_limits(), physical_block_size: 4096 };
  const below = { features: 0, logical_block_size: 512, physical_block_size: 512 };
  blk_stack_limits(t, { ...below, io_min: 3584, io_opt: 7168 });
  expect([t.io_min, t.io_opt]).toEqual([4096, 0]);
});
