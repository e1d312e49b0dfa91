// fallocate() of ext4: space ahead of data, holes, zeroes, and ranges that go or come.
// @source fs/ext4/extents.c ext4_fallocate() v6.12, v6.1

import { E } from '../../include/linux/errno.ts';
import { type FallocateMode, type File, type Inode, S_ENCRYPTED } from '../../include/linux/fs.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import {
  pagecache_isize_extended,
  truncate_pagecache,
  truncate_pagecache_range,
} from '../../mm/truncate.ts';
import type { Task } from '../../linux.ts';
import { get, lock, type Op, scan, set, unlock } from '../../steps.ts';
import { inode_newsize_ok, mark_inode_dirty } from '../inode.ts';
import { removeBlocks } from './clusters.ts';
import { ext4_convert_inline_data } from './inline.ts';
import { blocksOf, s_bitmap_maxbytes } from './iomap.ts';
import { ext4_map_blocks, type GetBlocks, type LblkRange } from './map.ts';
import { EXT4_I, EXT4_SB, ext4_inode_journal_mode, usesExtents } from './sb.ts';
import { ext4_block_zero_page_range, ext4_break_layouts } from './truncate.ts';

const END = Number.MAX_SAFE_INTEGER;

/** A range of bytes. */
interface Range {
  readonly offset: number;
  readonly length: number;
}

/** 0 or an error number. @source fs/ext4/extents.c ext4_fallocate() v6.12 */
export function* ext4_fallocate(
  _task: Task,
  file: File,
  mode: FallocateMode,
  offset: number,
  length: number,
): Op<number> {
  const inode = file.f_inode;
  const range = { offset, length };
  if (mode === 'unshare') return -E.EOPNOTSUPP;
  const encrypted = ((yield* get(inode.i_flags)) & S_ENCRYPTED) !== 0;
  if (encrypted && (mode === 'collapse' || mode === 'insert')) return -E.EOPNOTSUPP;
  if (mode === 'punch' && !inode.i_sb.linux.is_6_12) {
    // 6.1 writes what it is about to drop before anything else.
    const error = yield* filemap_write_and_wait_range(inode.i_mapping, offset, offset + length - 1);
    if (error < 0) return error;
  }
  yield* lock(inode.i_rwsem);
  let error = yield* ext4_convert_inline_data(inode);
  if (error === 0) error = yield* fallocateLocked(inode, mode, range);
  yield* unlock(inode.i_rwsem);
  return error;
}

function* fallocateLocked(inode: Inode, mode: FallocateMode, range: Range): Op<number> {
  if (mode === 'alloc' || mode === 'keep-size') {
    return yield* ext4_do_fallocate(inode, range, mode === 'keep-size');
  }
  const { invalidate_lock } = inode.i_mapping;
  yield* lock(invalidate_lock);
  let error = yield* ext4_break_layouts(inode);
  if (error === 0) {
    if (mode === 'punch') error = yield* ext4_punch_hole(inode, range);
    else if (mode === 'collapse') error = yield* ext4_collapse_range(inode, range);
    else if (mode === 'insert') error = yield* ext4_insert_range(inode, range);
    else error = yield* ext4_zero_range(inode, range);
  }
  yield* unlock(invalidate_lock);
  return error;
}

function* isExtentFile(inode: Inode): Op<boolean> {
  return usesExtents(yield* get(inode.fsflags));
}

/** The size the range asks for: 0 where it lies within the file, or an error number. */
function* newSize(inode: Inode, range: Range): Op<number> {
  const end = range.offset + range.length;
  if (end <= (yield* get(inode.i_size))) return 0;
  const error = yield* inode_newsize_ok(inode, end);
  return error < 0 ? error : end;
}

/**
 * Space of its own for each block of a range.
 * @source fs/ext4/extents.c ext4_do_fallocate() v6.12
 */
function* ext4_do_fallocate(inode: Inode, range: Range, keepSize: boolean): Op<number> {
  if (!(yield* isExtentFile(inode))) return -E.EOPNOTSUPP;
  const size = keepSize ? 0 : yield* newSize(inode, range);
  if (size < 0) return size;
  const blocks = blocksOf(inode, { pos: range.offset, length: range.length });
  return yield* ext4_alloc_file_blocks(inode, blocks, { newSize: size, how: { as: 'unwritten' } });
}

/**
 * Blocks for a range; the size grows with what is done.
 * @source fs/ext4/extents.c ext4_alloc_file_blocks() v6.12
 */
function* ext4_alloc_file_blocks(
  inode: Inode,
  range: LblkRange,
  what: { readonly newSize: number; readonly how: GetBlocks },
): Op<number> {
  const bytes = 2 ** inode.i_blkbits;
  const oldSize = yield* get(inode.i_size);
  let { lblk } = range;
  const end = range.lblk + range.len;
  while (lblk < end) {
    const map = yield* ext4_map_blocks(inode, { lblk, len: end - lblk }, what.how);
    if (typeof map === 'number') return map;
    lblk += map.m_len;
    const reached = Math.min(lblk * bytes, what.newSize);
    if (reached > (yield* get(inode.i_size))) yield* set(inode.i_size, 0, reached);
    if (reached > oldSize && inode.i_sb.linux.is_6_12) {
      yield* pagecache_isize_extended(inode, oldSize, reached);
      const grown = { offset: oldSize, length: reached - oldSize };
      yield* ext4_zero_partial_blocks(inode, grown);
    }
  }
  yield* mark_inode_dirty(inode);
  return 0;
}

/**
 * Zeroes the parts of blocks at both ends of a range.
 * @source fs/ext4/inode.c ext4_zero_partial_blocks() v6.12
 */
function* ext4_zero_partial_blocks(inode: Inode, range: Range): Op<number> {
  const bytes = 2 ** inode.i_blkbits;
  const { offset } = range;
  const last = offset + range.length - 1;
  const partialStart = offset % bytes;
  const partialEnd = last % bytes;
  if (Math.floor(offset / bytes) === Math.floor(last / bytes)) {
    if (partialStart === 0 && partialEnd === bytes - 1) return 0;
    return yield* ext4_block_zero_page_range(inode, offset, range.length);
  }
  if (partialStart !== 0) {
    const error = yield* ext4_block_zero_page_range(inode, offset, bytes);
    if (error < 0) return error;
  }
  if (partialEnd === bytes - 1) return 0;
  return yield* ext4_block_zero_page_range(inode, last - partialEnd, partialEnd + 1);
}

/**
 * Drops pages of a range. With data in the journal they are written first.
 * @source fs/ext4/inode.c ext4_truncate_page_cache_block_range() v6.12
 */
function* dropPages(inode: Inode, range: Range): Op<number> {
  const last = range.offset + range.length - 1;
  const flags = yield* get(inode.fsflags);
  if (inode.i_sb.linux.is_6_12 && ext4_inode_journal_mode(inode, flags) === 'journal') {
    const error = yield* filemap_write_and_wait_range(inode.i_mapping, range.offset, last);
    if (error < 0) return error;
  }
  yield* truncate_pagecache_range(inode, range.offset, last);
  return 0;
}

/** The whole blocks of a range, in bytes; length 0 or less where there is none. */
function wholeBlocks(inode: Inode, range: Range): Range {
  const bytes = 2 ** inode.i_blkbits;
  const offset = Math.ceil(range.offset / bytes) * bytes;
  const end = Math.floor((range.offset + range.length) / bytes) * bytes;
  return { offset, length: end - offset };
}

/** Frees the blocks of a range of bytes that consists of whole blocks. */
function* removeRange(inode: Inode, range: Range): Op<void> {
  const bytes = 2 ** inode.i_blkbits;
  const { i_data_sem } = EXT4_I(inode);
  const start = range.offset / bytes;
  yield* lock(i_data_sem);
  yield* removeBlocks(inode, { start, end: start + range.length / bytes - 1 });
  yield* unlock(i_data_sem);
}

/**
 * What a hole extends to: not beyond the page that the file ends in. Where it ends at the end of a
 * page, 6.1 takes the page after it as well.
 */
function punchEnd(inode: Inode, end: number, size: number): number {
  if (end <= size) return end;
  const { PAGE_SIZE, is_6_12 } = inode.i_sb.linux;
  return is_6_12 ? Math.ceil(size / PAGE_SIZE) * PAGE_SIZE : size + PAGE_SIZE - (size % PAGE_SIZE);
}

/** @source fs/ext4/inode.c ext4_punch_hole() v6.12, v6.1 */
function* ext4_punch_hole(inode: Inode, range: Range): Op<number> {
  const size = yield* get(inode.i_size);
  const { is_6_12 } = inode.i_sb.linux;
  const bytes = 2 ** inode.i_blkbits;
  const indirect = !(yield* isExtentFile(inode));
  // 6.1 holds files with extents to the limit of those without.
  const max = indirect || !is_6_12 ? s_bitmap_maxbytes(inode) - bytes : END;
  if (range.offset >= size || (is_6_12 && range.offset >= max)) return 0;
  const end = Math.min(punchEnd(inode, range.offset + range.length, size), max);
  const hole = { offset: range.offset, length: end - range.offset };
  const whole = wholeBlocks(inode, hole);
  const drop = is_6_12 ? hole : whole;
  if (drop.length > 0) {
    const error = yield* dropPages(inode, drop);
    if (error < 0) return error;
  }
  const error = yield* ext4_zero_partial_blocks(inode, hole);
  if (error < 0) return error;
  if (whole.length > 0) yield* removeRange(inode, whole);
  yield* mark_inode_dirty(inode);
  return 0;
}

/** @source fs/ext4/extents.c ext4_zero_range() v6.12, v6.1 */
function* ext4_zero_range(inode: Inode, range: Range): Op<number> {
  if (!(yield* isExtentFile(inode))) return -E.EOPNOTSUPP;
  const bytes = 2 ** inode.i_blkbits;
  const size = yield* newSize(inode, range);
  if (size < 0) return size;
  const end = range.offset + range.length;
  const partial = range.offset % bytes !== 0 || end % bytes !== 0;
  if (partial) {
    const blocks = blocksOf(inode, { pos: range.offset, length: range.length });
    const how: GetBlocks = { as: 'unwritten' };
    const error = yield* ext4_alloc_file_blocks(inode, blocks, { newSize: size, how });
    if (error < 0) return error;
  }
  const whole = wholeBlocks(inode, range);
  const drop = inode.i_sb.linux.is_6_12 ? range : whole;
  if (drop.length > 0) {
    const error = yield* dropPages(inode, drop);
    if (error < 0) return error;
  }
  if (whole.length > 0) {
    const blocks = { lblk: whole.offset / bytes, len: whole.length / bytes };
    const how: GetBlocks = { as: 'unwritten', convert: true };
    const error = yield* ext4_alloc_file_blocks(inode, blocks, { newSize: size, how });
    if (error < 0) return error;
  }
  if (!partial) return 0;
  const error = yield* ext4_zero_partial_blocks(inode, range);
  if (size > (yield* get(inode.i_size))) yield* set(inode.i_size, 0, size);
  yield* mark_inode_dirty(inode);
  return error;
}

/** Whether a range consists of whole clusters. */
function isClusterAligned(inode: Inode, range: Range): boolean {
  const sb = EXT4_SB(inode.i_sb);
  const cluster = sb.s_blocksize * sb.s_cluster_ratio;
  return range.offset % cluster === 0 && range.length % cluster === 0;
}

/** Data from a page on is written, and its pages go. */
function* writeAndDrop(inode: Inode, offset: number): Op<number> {
  const { PAGE_SIZE } = inode.i_sb.linux;
  const start = offset - (offset % PAGE_SIZE);
  const error = yield* filemap_write_and_wait_range(inode.i_mapping, start, END);
  if (error < 0) return error;
  yield* truncate_pagecache(inode, start);
  return 0;
}

/** Moves the blocks from `from` on by a number of blocks. @source fs/ext4/extents.c v6.12 */
function* shiftBlocks(inode: Inode, from: number, by: number): Op<void> {
  const { i_data_sem } = EXT4_I(inode);
  yield* lock(i_data_sem);
  const keys = yield* scan(inode.blocks, { start: from, end: END });
  for (const lblk of by < 0 ? keys : keys.toReversed()) {
    const block = yield* get(inode.blocks, lblk);
    yield* set(inode.blocks, lblk, undefined);
    yield* set(inode.blocks, lblk + by, block);
  }
  yield* unlock(i_data_sem);
}

/**
 * A range goes, and what is behind it moves up.
 * @source fs/ext4/extents.c ext4_collapse_range() v6.12
 */
function* ext4_collapse_range(inode: Inode, range: Range): Op<number> {
  if (!(yield* isExtentFile(inode))) return -E.EOPNOTSUPP;
  if (!isClusterAligned(inode, range)) return -E.EINVAL;
  const size = yield* get(inode.i_size);
  if (range.offset + range.length >= size) return -E.EINVAL;
  const error = yield* writeAndDrop(inode, range.offset);
  if (error < 0) return error;
  yield* removeRange(inode, range);
  const bytes = 2 ** inode.i_blkbits;
  yield* shiftBlocks(inode, (range.offset + range.length) / bytes, -range.length / bytes);
  yield* set(inode.i_size, 0, size - range.length);
  yield* mark_inode_dirty(inode);
  return 0;
}

/**
 * A hole comes, and what is behind it moves down.
 * @source fs/ext4/extents.c ext4_insert_range() v6.12
 */
function* ext4_insert_range(inode: Inode, range: Range): Op<number> {
  if (!(yield* isExtentFile(inode))) return -E.EOPNOTSUPP;
  if (!isClusterAligned(inode, range)) return -E.EINVAL;
  const size = yield* get(inode.i_size);
  const bytes = 2 ** inode.i_blkbits;
  const tooLarge = range.length > (2 ** 32 - 1) * bytes - size;
  const beyond = range.offset >= size;
  if (tooLarge && (!beyond || !inode.i_sb.linux.is_6_12)) return -E.EFBIG;
  if (beyond) return -E.EINVAL;
  const error = yield* writeAndDrop(inode, range.offset);
  if (error < 0) return error;
  yield* set(inode.i_size, 0, size + range.length);
  yield* shiftBlocks(inode, range.offset / bytes, range.length / bytes);
  yield* mark_inode_dirty(inode);
  return 0;
}
