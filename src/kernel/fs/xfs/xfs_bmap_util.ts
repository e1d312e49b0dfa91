// Space of a file by ranges: made, freed, moved; and what lies behind its end.
// @source fs/xfs/xfs_bmap_util.c v6.12

import { E } from '../../include/linux/errno.ts';
import { S_DAX } from '../../include/linux/fs.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import { truncate_pagecache_range } from '../../mm/truncate.ts';
import { get, lock, type Op, scan, set, unlock } from '../../steps.ts';
import { dax_truncate_page, dax_zero_range } from '../dax.ts';
import { mark_inode_dirty } from '../inode.ts';
import { iomap_truncate_page, iomap_zero_range } from '../iomap/buffered-io.ts';
import { xfs_trans_reserve } from './libxfs/xfs_alloc.ts';
import {
  firstMapped,
  forkEnd,
  isRealtime,
  XFS_MAX_BMBT_EXTLEN,
  xfs_bmap_punch_delalloc_range,
  xfs_bmapi_write,
  xfs_bunmapi,
} from './libxfs/xfs_bmap.ts';
import { xfs_buffered_write_iomap_ops } from './xfs_iomap-buffered.ts';
import {
  MAX_LFS_FILESIZE,
  XFS_DIOSTRAT_SPACE_RES,
  xfs_dax_write_iomap_ops,
  xfs_direct_write_iomap_ops,
} from './xfs_iomap.ts';
import {
  XFS_B_TO_FSB,
  XFS_B_TO_FSBT,
  XFS_DIFLAG2_REFLINK,
  XFS_DIFLAG_APPEND,
  XFS_DIFLAG_PREALLOC,
  type XfsInode,
  type XfsMount,
} from './xfs_mount.ts';
import {
  clearReflinkFlag,
  xfs_inode_has_cow_data,
  xfs_reflink_cancel_cow_blocks,
  xfs_reflink_cancel_cow_range,
} from './xfs_reflink.ts';

/** A range of bytes of a file. */
export interface ByteRange {
  readonly offset: number;
  readonly len: number;
}

/** Whether the inode is used without a page cache. */
export function* isDax(ip: XfsInode): Op<boolean> {
  return ((yield* get(ip.vfs.i_flags)) & S_DAX) !== 0;
}

/**
 * Zeroes a range, through memory for DAX and through the page cache else. 6.1 zeroes the copy of
 * shared blocks for DAX, and then forgets to put it in their place.
 * @source fs/xfs/xfs_iomap.c xfs_zero_range() v6.12, v6.1
 */
export function* xfs_zero_range(ip: XfsInode, { offset, len }: ByteRange): Op<number> {
  const mp = ip.i_mount;
  if (yield* isDax(ip)) return yield* dax_zero_range(ip.vfs, offset, len, daxZeroOps(mp));
  return yield* iomap_zero_range(ip.vfs, offset, len, xfs_buffered_write_iomap_ops(mp));
}

/** Zeroes the rest of the block at a byte. @source fs/xfs/xfs_iomap.c xfs_truncate_page() v6.12 */
export function* xfs_truncate_page(ip: XfsInode, pos: number): Op<number> {
  const mp = ip.i_mount;
  if (yield* isDax(ip)) return yield* dax_truncate_page(ip.vfs, pos, daxZeroOps(mp));
  return yield* iomap_truncate_page(ip.vfs, pos, xfs_buffered_write_iomap_ops(mp));
}

function daxZeroOps(mp: XfsMount): ReturnType<typeof xfs_dax_write_iomap_ops> {
  return mp.linux.is_6_12 ? xfs_dax_write_iomap_ops(mp) : xfs_direct_write_iomap_ops(mp);
}

/**
 * Whether there may be blocks behind the end that nobody asked for.
 * @source fs/xfs/xfs_bmap_util.c xfs_can_free_eofblocks() v6.12
 */
export function* xfs_can_free_eofblocks(ip: XfsInode): Op<boolean> {
  if (ip.vfs.kind !== 'reg') return false;
  const delayed = yield* get(ip.i_delayed_blks);
  const size = yield* get(ip.vfs.i_size);
  if (size === 0 && delayed === 0 && ip.vfs.i_mapping.i_pages.count === 0) return false;
  const isPreallocated = ((yield* get(ip.vfs.fsflags)) & XFS_DIFLAG_PREALLOC) !== 0;
  if (isPreallocated && delayed === 0) return false;
  if (delayed > 0) return true;
  const end_fsb = XFS_B_TO_FSB(ip.i_mount, size);
  return (yield* forkEnd(ip, 'data')) > end_fsb && (yield* hasBlocksFrom(ip, end_fsb));
}

function* hasBlocksFrom(ip: XfsInode, from: number): Op<boolean> {
  const end = yield* forkEnd(ip, 'data');
  return (yield* firstMapped(ip.vfs.blocks, { from, end })) !== undefined;
}

/** Frees them. @source fs/xfs/xfs_bmap_util.c xfs_free_eofblocks() v6.12 */
export function* xfs_free_eofblocks(ip: XfsInode): Op<number> {
  const size = yield* get(ip.vfs.i_size);
  const bno = XFS_B_TO_FSB(ip.i_mount, size);
  const flags = yield* get(ip.vfs.fsflags);
  yield* lock(ip.i_lock);
  if ((flags & (XFS_DIFLAG_PREALLOC | XFS_DIFLAG_APPEND)) === 0) {
    yield* xfs_itruncate_extents(ip, size);
  } else {
    const end = yield* forkEnd(ip, 'data');
    yield* xfs_bmap_punch_delalloc_range(ip, 'data', { bno, end });
  }
  yield* unlock(ip.i_lock);
  return 0;
}

/**
 * Frees all blocks behind a size, of both forks. With the ILOCK held.
 * @source fs/xfs/xfs_inode.c xfs_itruncate_extents_flags() v6.12
 */
export function* xfs_itruncate_extents(ip: XfsInode, new_size: number): Op<void> {
  const bno = XFS_B_TO_FSB(ip.i_mount, new_size);
  yield* xfs_bunmapi(ip, 'data', { bno, end: yield* forkEnd(ip, 'data') });
  const end = yield* forkEnd(ip, 'cow');
  yield* xfs_reflink_cancel_cow_blocks(ip, { bno, end }, true);
  // A file without any block shares none.
  const isReflink = ((yield* get(ip.vfs.fsflags)) & XFS_DIFLAG2_REFLINK) !== 0;
  const isEmpty = !(yield* hasBlocksFrom(ip, 0)) && !(yield* xfs_inode_has_cow_data(ip));
  if (isReflink && isEmpty) yield* clearReflinkFlag(ip);
  yield* mark_inode_dirty(ip.vfs);
}

/**
 * Unwritten blocks for every hole of a range: 0 or an error number.
 * @source fs/xfs/xfs_bmap_util.c xfs_alloc_file_space() v6.12
 */
export function* xfs_alloc_file_space(ip: XfsInode, { offset, len }: ByteRange): Op<number> {
  const mp = ip.i_mount;
  if (len <= 0) return -E.EINVAL;
  const end = XFS_B_TO_FSB(mp, offset + len);
  const rt = yield* isRealtime(ip);
  let bno = XFS_B_TO_FSBT(mp, offset);
  while (bno < end) {
    const count = Math.min(end - bno, XFS_MAX_BMBT_EXTLEN);
    const blocks = XFS_DIOSTRAT_SPACE_RES(mp, rt ? 0 : count);
    const error = yield* xfs_trans_reserve(mp, { blocks, rtextents: rt ? count : 0 });
    if (error < 0) return error;
    yield* lock(ip.i_lock);
    const got = yield* xfs_bmapi_write(ip, { fork: 'data', bno, len: end - bno, prealloc: true });
    if (typeof got !== 'number') {
      yield* set(ip.vfs.fsflags, 0, (yield* get(ip.vfs.fsflags)) | XFS_DIFLAG_PREALLOC);
      yield* mark_inode_dirty(ip.vfs);
    }
    yield* unlock(ip.i_lock);
    if (typeof got === 'number') return got;
    bno = got.br_startoff + got.br_blockcount;
  }
  return 0;
}

/**
 * Writes and drops the cached pages of a range.
 * @source fs/xfs/xfs_bmap_util.c xfs_flush_unmap_range() v6.12
 */
export function* xfs_flush_unmap_range(ip: XfsInode, { offset, len }: ByteRange): Op<number> {
  const rounding = Math.max(ip.i_mount.image.block_size, ip.i_mount.linux.PAGE_SIZE);
  const start = offset - (offset % rounding);
  const end = Math.ceil((offset + len) / rounding) * rounding - 1;
  const error = yield* filemap_write_and_wait_range(ip.vfs.i_mapping, start, end);
  if (error < 0) return error;
  yield* truncate_pagecache_range(ip.vfs, start, end);
  return 0;
}

/**
 * Frees whole blocks of a range and zeroes the rest of it. In 6.1 the caller has dropped the pages.
 * @source fs/xfs/xfs_bmap_util.c xfs_free_file_space() v6.12, v6.1
 */
export function* xfs_free_file_space(ip: XfsInode, range: ByteRange): Op<number> {
  const mp = ip.i_mount;
  const { offset } = range;
  let { len } = range;
  if (len <= 0) return 0;
  if (mp.linux.is_6_12) {
    const error = yield* xfs_flush_unmap_range(ip, range);
    if (error < 0) return error;
  }
  const bno = XFS_B_TO_FSB(mp, offset);
  const end = XFS_B_TO_FSBT(mp, offset + len);
  if (end > bno) {
    const error = yield* xfs_unmap_extent(ip, { bno, end });
    if (error < 0) return error;
  }
  const size = yield* get(ip.vfs.i_size);
  if (offset >= size) return 0;
  len = Math.min(len, size - offset);
  const error = yield* xfs_zero_range(ip, { offset, len });
  if (error < 0) return error;
  const page = mp.linux.PAGE_SIZE;
  if (offset + len < size || (offset + len) % page === 0) return 0;
  // The page with the end of the file holds zeroes that no later extension may lose.
  const from = offset + len - ((offset + len) % page);
  return yield* filemap_write_and_wait_range(ip.vfs.i_mapping, from, MAX_LFS_FILESIZE);
}

// @source fs/xfs/xfs_bmap_util.c xfs_unmap_extent() v6.12
function* xfs_unmap_extent(
  ip: XfsInode,
  range: { readonly bno: number; readonly end: number },
): Op<number> {
  const blocks = XFS_DIOSTRAT_SPACE_RES(ip.i_mount, 0);
  const error = yield* xfs_trans_reserve(ip.i_mount, { blocks });
  if (error < 0) return error;
  yield* lock(ip.i_lock);
  yield* xfs_bunmapi(ip, 'data', range);
  yield* mark_inode_dirty(ip.vfs);
  yield* unlock(ip.i_lock);
  return 0;
}

/**
 * Before blocks move: no page, and no copy under way, from one block before `offset` on.
 * @source fs/xfs/xfs_bmap_util.c xfs_prepare_shift() v6.12
 */
function* xfs_prepare_shift(ip: XfsInode, offset: number): Op<number> {
  if (yield* xfs_can_free_eofblocks(ip)) yield* xfs_free_eofblocks(ip);
  const rounding = ip.i_mount.image.block_size;
  const from = Math.max(offset - (offset % rounding) - rounding, 0);
  const size = yield* get(ip.vfs.i_size);
  const error = yield* xfs_flush_unmap_range(ip, { offset: from, len: size });
  if (error < 0) return error;
  if (!(yield* xfs_inode_has_cow_data(ip))) return 0;
  return yield* xfs_reflink_cancel_cow_range(ip, { pos: from, count: MAX_LFS_FILESIZE }, true);
}

/**
 * Takes a range out of a file: what follows moves down.
 * @source fs/xfs/xfs_bmap_util.c xfs_collapse_file_space() v6.12
 */
export function* xfs_collapse_file_space(ip: XfsInode, range: ByteRange): Op<number> {
  const { offset, len } = range;
  let error = yield* xfs_free_file_space(ip, range);
  if (error < 0) return error;
  error = yield* xfs_prepare_shift(ip, offset);
  if (error < 0) return error;
  const from = XFS_B_TO_FSB(ip.i_mount, offset + len);
  yield* shiftExtents(ip, { from, by: -XFS_B_TO_FSB(ip.i_mount, len) });
  return 0;
}

/**
 * Puts a hole into a file: what follows moves up.
 * @source fs/xfs/xfs_bmap_util.c xfs_insert_file_space() v6.12
 */
export function* xfs_insert_file_space(ip: XfsInode, { offset, len }: ByteRange): Op<number> {
  let error = yield* xfs_prepare_shift(ip, offset);
  if (error < 0) return error;
  const blocks = XFS_DIOSTRAT_SPACE_RES(ip.i_mount, 0);
  error = yield* xfs_trans_reserve(ip.i_mount, { blocks });
  if (error < 0) return error;
  const from = XFS_B_TO_FSB(ip.i_mount, offset);
  yield* shiftExtents(ip, { from, by: XFS_B_TO_FSB(ip.i_mount, len) });
  return 0;
}

// Moves every block of the data fork from `from` on.
function* shiftExtents(
  ip: XfsInode,
  { from, by }: { readonly from: number; readonly by: number },
): Op<void> {
  const cells = ip.vfs.blocks;
  yield* lock(ip.i_lock);
  const end = yield* forkEnd(ip, 'data');
  const keys = end > from ? yield* scan(cells, { start: from, end: end - 1 }) : [];
  for (const key of by < 0 ? keys : keys.toReversed()) {
    const cell = yield* get(cells, key);
    yield* set(cells, key, undefined);
    yield* set(cells, key + by, cell);
  }
  if (keys.length > 0) yield* set(ip.if_end, 0, end + by);
  yield* mark_inode_dirty(ip.vfs);
  yield* unlock(ip.i_lock);
}
