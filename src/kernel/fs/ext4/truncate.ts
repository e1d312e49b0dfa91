// The size of ext4 files changes: pages and blocks beyond the end go, and what lies between the end
// and the end of its block is zeroed.
// @source fs/ext4/inode.c ext4_setattr() ext4_truncate() v6.12

import { E } from '../../include/linux/errno.ts';
import { type Inode, S_DAX, S_IMMUTABLE } from '../../include/linux/fs.ts';
import { waitForUnpin } from '../../mm/pins.ts';
import { pagecache_isize_extended, truncate_pagecache } from '../../mm/truncate.ts';
import type { Task } from '../../linux.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { dax_layout_busy_page, dax_zero_range } from '../dax.ts';
import { zeroCachedRange } from '../ext2/zero.ts';
import { mark_inode_dirty } from '../inode.ts';
import { aopsOf } from '../s_dax/aops.ts';
import { removeBlocks } from './clusters.ts';
import {
  ext4_convert_inline_data,
  ext4_has_inline_data,
  maxInlineBytes,
  resizeInline,
} from './inline.ts';
import { ext4_iomap_ops, s_bitmap_maxbytes } from './iomap.ts';
import { EXT4_I, usesExtents } from './sb.ts';

/**
 * Zeroes from `from` to the end of its block, or `length` bytes if that is less.
 * @source fs/ext4/inode.c ext4_block_zero_page_range() v6.12
 */
export function* ext4_block_zero_page_range(
  inode: Inode,
  from: number,
  length: number,
): Op<number> {
  const bytes = 2 ** inode.i_blkbits;
  const count = Math.min(length, bytes - (from % bytes));
  if (((yield* get(inode.i_flags)) & S_DAX) !== 0) {
    return yield* dax_zero_range(inode, from, count, ext4_iomap_ops);
  }
  const { iomap } = yield* aopsOf(inode.i_mapping);
  return yield* zeroCachedRange(inode, { pos: from, length: count }, iomap);
}

/**
 * Zeroes the rest of the block at `from`.
 * @source fs/ext4/inode.c ext4_block_truncate_page() v6.12
 */
export function* ext4_block_truncate_page(inode: Inode, from: number): Op<number> {
  const bytes = 2 ** inode.i_blkbits;
  return from % bytes === 0 ? 0 : yield* ext4_block_zero_page_range(inode, from, bytes);
}

/**
 * Waits until nobody has pages of the file pinned that are about to be freed. The caller holds
 * invalidate_lock, which is not held while it sleeps.
 * @source fs/ext4/inode.c ext4_break_layouts() v6.12
 */
export function* ext4_break_layouts(inode: Inode): Op<number> {
  const { invalidate_lock } = inode.i_mapping;
  const { linux } = inode.i_sb;
  for (;;) {
    const pfn = yield* dax_layout_busy_page(inode.i_mapping);
    if (pfn === undefined) return 0;
    yield* unlock(invalidate_lock);
    yield* waitForUnpin(linux, pfn);
    yield* lock(invalidate_lock);
  }
}

/**
 * Blocks beyond the size go, and the rest of the last one is zeroed.
 * @source fs/ext4/inode.c ext4_truncate() v6.12
 */
export function* ext4_truncate(inode: Inode): Op<number> {
  const size = yield* get(inode.i_size);
  if (yield* ext4_has_inline_data(inode)) {
    yield* resizeInline(inode, size);
    return 0;
  }
  const error = yield* ext4_block_truncate_page(inode, size);
  yield* freeFrom(inode, size);
  return error < 0 ? error : 0;
}

/** Blocks that lie wholly at or beyond a byte go. */
export function* freeFrom(inode: Inode, size: number): Op<void> {
  const { i_data_sem } = EXT4_I(inode);
  const start = Math.ceil(size / 2 ** inode.i_blkbits);
  yield* lock(i_data_sem);
  yield* removeBlocks(inode, { start, end: Number.MAX_SAFE_INTEGER });
  yield* mark_inode_dirty(inode);
  yield* unlock(i_data_sem);
}

/**
 * What a failed write has left beyond the end goes.
 * @source fs/ext4/truncate.h ext4_truncate_failed_write() v6.12
 */
export function* truncateBeyond(inode: Inode): Op<void> {
  const { invalidate_lock } = inode.i_mapping;
  yield* lock(invalidate_lock);
  yield* truncate_pagecache(inode, yield* get(inode.i_size));
  yield* ext4_truncate(inode);
  yield* unlock(invalidate_lock);
}

/** Largest file with extents: block numbers of a file have 32 bits. */
function maxBytes(inode: Inode): number {
  return (2 ** 32 - 1) * 2 ** inode.i_blkbits;
}

/**
 * Sets the size; the caller holds the inode's lock. 6.12 zeroes the rest of the block that the
 * file ended in also where the file grows; 6.1 leaves there what a mapping may have stored.
 * @source fs/ext4/inode.c ext4_setattr() v6.12
 */
export function* ext4_setattr_size(_task: Task, inode: Inode, size: number): Op<number> {
  let error = 0;
  // A file that was open for writing before it became immutable does not change either.
  if (((yield* get(inode.i_flags)) & S_IMMUTABLE) !== 0) return -E.EPERM;
  const limit = usesExtents(yield* get(inode.fsflags)) ? maxBytes(inode) : s_bitmap_maxbytes(inode);
  if (size > limit) return -E.EFBIG;
  if (inode.kind !== 'reg') return -E.EINVAL;
  const inline = yield* ext4_has_inline_data(inode);
  if (inline && size > maxInlineBytes) {
    error = yield* ext4_convert_inline_data(inode);
    if (error < 0) return error;
  }
  const { invalidate_lock } = inode.i_mapping;
  yield* lock(invalidate_lock);
  error = yield* ext4_break_layouts(inode);
  if (error === 0) error = yield* changeSize(inode, size);
  yield* unlock(invalidate_lock);
  if (error === 0) yield* mark_inode_dirty(inode);
  return error;
}

function* changeSize(inode: Inode, size: number): Op<number> {
  const old = yield* get(inode.i_size);
  if (size > old && inode.i_sb.linux.is_6_12) {
    if (!(yield* ext4_has_inline_data(inode))) yield* ext4_block_truncate_page(inode, old);
  }
  yield* set(inode.i_size, 0, size);
  if (size > old) yield* pagecache_isize_extended(inode, old, size);
  yield* truncate_pagecache(inode, size);
  if (size <= old) return yield* ext4_truncate(inode);
  if (yield* ext4_has_inline_data(inode)) yield* resizeInline(inode, size);
  return 0;
}
