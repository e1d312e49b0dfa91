// Limits of a queue, and how those of a stacked device come from the devices below it.
// @source block/blk-settings.c v6.12

import {
  BLK_FEAT_FUA,
  BLK_FEAT_ROTATIONAL,
  BLK_FEAT_WRITE_CACHE,
} from '../include/linux/blkdev.ts';

/** Features that a stacked device takes from those below: BLK_FEAT_INHERIT_MASK. */
export const BLK_FEAT_INHERIT_MASK = BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA | BLK_FEAT_ROTATIONAL;

/** Limits of a queue in bytes, and its features. Limits on the size of requests are left out. */
export interface QueueLimits {
  features: number;
  logical_block_size: number;
  physical_block_size: number;
  io_min: number;
  /** 0: no preference. */
  io_opt: number;
}

/** Where stacking starts: the smallest limits. @source block/blk-settings.c v6.12 */
export function blk_set_stacking_limits(): QueueLimits {
  return {
    features: 0,
    logical_block_size: 512,
    physical_block_size: 512,
    io_min: 512,
    io_opt: 0,
  };
}

/**
 * Limits `t` of a stacked device become such that `below` can serve it too. Hints that are no
 * multiple of the physical block size are dropped, whence a striped device of odd chunks over pmem
 * has none. Alignment offsets are not modelled: they only warn.
 * @source block/blk-settings.c blk_stack_limits() v6.1 v6.12
 */
export function blk_stack_limits(t: QueueLimits, below: Readonly<QueueLimits>): void {
  t.features |= below.features & BLK_FEAT_INHERIT_MASK;
  t.logical_block_size = Math.max(t.logical_block_size, below.logical_block_size);
  t.physical_block_size = Math.max(t.physical_block_size, below.physical_block_size);
  t.io_min = Math.max(t.io_min, below.io_min);
  t.io_opt = lcm_not_zero(t.io_opt, below.io_opt);
  if (t.physical_block_size % t.logical_block_size !== 0) {
    t.physical_block_size = t.logical_block_size;
  }
  if (t.io_min % t.physical_block_size !== 0) t.io_min = t.physical_block_size;
  if (t.io_opt % t.physical_block_size !== 0) t.io_opt = 0;
}

/** @source lib/math/lcm.c lcm_not_zero() v6.12 */
function lcm_not_zero(a: number, b: number): number {
  if (a === 0 || b === 0) return a + b;
  return (a / gcd(a, b)) * b;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
