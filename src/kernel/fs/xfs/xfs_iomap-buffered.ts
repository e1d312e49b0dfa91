// What a write through the page cache needs: space is promised at once and chosen at writeback,
// with more of it behind the end of a growing file.
// @source fs/xfs/xfs_iomap.c v6.12

import {
  IOMAP_F_NEW,
  IOMAP_F_SHARED,
  IOMAP_UNSHARE,
  IOMAP_ZERO,
  type Iomap,
  type IomapOps,
} from '../../include/linux/iomap.ts';
import type { Inode } from '../../include/linux/fs.ts';
import { get, lock, type Op, unlock } from '../../steps.ts';
import { mark_inode_dirty } from '../inode.ts';
import { truncate_pagecache } from '../../mm/truncate.ts';
import {
  type BmbtIrec,
  DELAYSTARTBLOCK,
  forkEnd,
  hole,
  isRealtime,
  XFS_MAX_BMBT_EXTLEN,
  xfs_bmap_punch_delalloc_range,
  xfs_bmapi_convert_delalloc,
  xfs_bmapi_reserve_delalloc,
  xfs_iext_lookup_extent,
  xfs_trim_extent,
} from './libxfs/xfs_bmap.ts';
import { isBeyondExtents, xfs_bmbt_to_iomap, xfs_iomap_end_fsb } from './xfs_iomap.ts';
import {
  blockLog,
  XFS_B_TO_FSB,
  XFS_B_TO_FSBT,
  XFS_FSB_TO_B,
  XFS_I,
  type XfsInode,
  type XfsMount,
} from './xfs_mount.ts';
import { xfs_is_cow_inode, xfs_reflink_trim_around_shared } from './xfs_reflink.ts';

/** One request, in bytes and in blocks. */
interface Request {
  readonly pos: number;
  readonly count: number;
  readonly flags: number;
  readonly offset_fsb: number;
  end_fsb: number;
}

// What was decided under the ILOCK: an extent, and for copies the one that is copied.
type Decision =
  | { readonly kind: 'extent'; readonly imap: BmbtIrec; readonly iomap: number }
  | {
      readonly kind: 'cow';
      readonly cmap: BmbtIrec;
      readonly source: BmbtIrec | undefined;
      readonly iomap: number;
    }
  /** Delayed blocks beyond the end of the file are in the way of zeroing. */
  | { readonly kind: 'convert-delay' }
  | { readonly kind: 'error'; readonly error: number };

/**
 * Blocks of a preallocation where nobody asked: 64 KiB.
 * @source fs/xfs/xfs_super.c xfs_init_fs_context() v6.12
 */
export function m_allocsize_blocks(mp: XfsMount): number {
  return 2 ** ((mp.options.allocsizeLog ?? 16) - blockLog(mp));
}

/**
 * Extent for a buffered write, a page_mkwrite, zeroing or unsharing.
 * @source fs/xfs/xfs_iomap.c xfs_buffered_write_iomap_begin() v6.12
 */
export function* xfs_buffered_write_iomap_begin(
  mp: XfsMount,
  inode: Inode,
  range: { readonly pos: number; readonly count: number },
  flags: number,
): Op<Iomap | number> {
  const ip = XFS_I(mp, inode);
  const request: Request = {
    ...range,
    flags,
    offset_fsb: XFS_B_TO_FSBT(mp, range.pos),
    end_fsb: xfs_iomap_end_fsb(mp, { pos: range.pos, length: range.count }),
  };
  yield* lock(ip.i_lock);
  const decision = yield* decide(ip, request);
  const answer = yield* iomapFor(ip, decision, flags);
  yield* unlock(ip.i_lock);
  if (answer !== undefined) return answer;
  yield* truncate_pagecache(inode, range.pos);
  const got = yield* xfs_bmapi_convert_delalloc(ip, 'data', request.offset_fsb);
  if (typeof got === 'number') return got;
  yield* mark_inode_dirty(inode);
  return yield* xfs_bmbt_to_iomap(ip, got, { mapping: flags, iomap: 0 });
}

function* iomapFor(
  ip: XfsInode,
  decision: Decision,
  mapping: number,
): Op<Iomap | number | undefined> {
  if (decision.kind === 'error') return decision.error;
  if (decision.kind === 'convert-delay') return undefined;
  const { iomap } = decision;
  if (decision.kind === 'extent') {
    return yield* xfs_bmbt_to_iomap(ip, decision.imap, { mapping, iomap });
  }
  const answer = yield* xfs_bmbt_to_iomap(ip, decision.cmap, { mapping, iomap });
  if (decision.source === undefined) return answer;
  const srcmap = yield* xfs_bmbt_to_iomap(ip, decision.source, { mapping, iomap: 0 });
  return { ...answer, srcmap };
}

function* decide(ip: XfsInode, request: Request): Op<Decision> {
  const mp = ip.i_mount;
  const { offset_fsb, flags } = request;
  const wantsNoHole = (flags & (IOMAP_UNSHARE | IOMAP_ZERO)) !== 0;
  const max = Math.max(request.end_fsb - offset_fsb, 1);
  const found = yield* xfs_iext_lookup_extent(ip, 'data', { offset_fsb, max });
  const start = found?.br_startoff ?? request.end_fsb;
  // 6.1 makes blocks where a hole is unshared.
  const isSpared = mp.linux.is_6_12 ? wantsNoHole : (flags & IOMAP_ZERO) !== 0;
  if (isSpared && start > offset_fsb) return extent(hole(offset_fsb, start - offset_fsb), 0);
  let imap = start <= offset_fsb ? found : undefined;
  if ((flags & IOMAP_ZERO) !== 0 && imap?.br_startblock === DELAYSTARTBLOCK) {
    const eof_fsb = XFS_B_TO_FSB(mp, yield* get(ip.vfs.i_size));
    if (offset_fsb >= eof_fsb) return { kind: 'convert-delay' };
    request.end_fsb = Math.min(request.end_fsb, eof_fsb);
    imap = xfs_trim_extent(imap, offset_fsb, request.end_fsb - offset_fsb);
  }
  const isCow = yield* xfs_is_cow_inode(ip);
  if (isCow) {
    const cmap = yield* xfs_iext_lookup_extent(ip, 'cow', { offset_fsb, max });
    if (cmap !== undefined && cmap.br_startoff <= offset_fsb) {
      return foundCow(request, { cmap, imap, nextData: found?.br_startoff, isNew: false });
    }
  }
  if (imap === undefined) return yield* reserveHole(ip, request);
  if (!isCow || ((flags & IOMAP_ZERO) !== 0 && imap.unwritten)) return extent(imap, 0);
  const cut = xfs_trim_extent(imap, offset_fsb, request.end_fsb - offset_fsb);
  const trimmed = yield* xfs_reflink_trim_around_shared(ip, cut);
  if (!trimmed.shared) return extent(trimmed.imap, 0);
  request.end_fsb = trimmed.imap.br_startoff + trimmed.imap.br_blockcount;
  const cmap = yield* reserve(ip, request, { fork: 'cow', prealloc: 0 });
  if (typeof cmap === 'number') return { kind: 'error', error: cmap };
  return foundCow(request, { cmap, imap: trimmed.imap, nextData: undefined, isNew: true });
}

function extent(imap: BmbtIrec, iomap: number): Decision {
  return { kind: 'extent', imap, iomap };
}

function foundCow(
  request: Request,
  what: {
    readonly cmap: BmbtIrec;
    readonly imap: BmbtIrec | undefined;
    readonly nextData: number | undefined;
    readonly isNew: boolean;
  },
): Decision {
  const { imap, nextData } = what;
  const iomap = IOMAP_F_SHARED | (what.isNew ? IOMAP_F_NEW : 0);
  if (imap !== undefined) return { kind: 'cow', cmap: what.cmap, source: imap, iomap };
  const { offset_fsb, end_fsb } = request;
  const cmap = xfs_trim_extent(what.cmap, offset_fsb, (nextData ?? end_fsb) - offset_fsb);
  return { kind: 'cow', cmap, source: undefined, iomap };
}

// A hole gets a reservation, at most 1024 pages at once.
function* reserveHole(ip: XfsInode, request: Request): Op<Decision> {
  const mp = ip.i_mount;
  const count = Math.min(request.count, 1024 * mp.linux.PAGE_SIZE);
  request.end_fsb = xfs_iomap_end_fsb(mp, { pos: request.pos, length: count });
  const prealloc = yield* preallocation(ip, { ...request, count });
  const imap = yield* reserve(ip, request, { fork: 'data', prealloc });
  if (typeof imap === 'number') return { kind: 'error', error: imap };
  return extent(imap, IOMAP_F_NEW);
}

function* reserve(
  ip: XfsInode,
  request: Request,
  { fork, prealloc }: { readonly fork: 'data' | 'cow'; readonly prealloc: number },
): Op<BmbtIrec | number> {
  const off = request.offset_fsb;
  const len = request.end_fsb - off;
  return yield* xfs_bmapi_reserve_delalloc(ip, { fork, off, len, prealloc });
}

// Blocks to reserve beyond a write that lets the file grow.
function* preallocation(ip: XfsInode, request: Request): Op<number> {
  const mp = ip.i_mount;
  const end = request.pos + request.count;
  if (end <= (yield* get(ip.vfs.i_size))) return 0;
  if (!(yield* isBeyondExtents(ip, 'data', request.offset_fsb))) return 0;
  const blocks =
    mp.options.allocsizeLog === undefined
      ? yield* xfs_iomap_prealloc_size(ip, request.offset_fsb)
      : m_allocsize_blocks(mp);
  if (blocks === 0) return 0;
  // The end is taken down to a multiple of the preallocation before blocks are added.
  const align = m_allocsize_blocks(mp) * mp.image.block_size;
  const from = XFS_B_TO_FSBT(mp, end - 1 - ((end - 1) % align));
  return Math.max(from + blocks - request.end_fsb, 0);
}

/**
 * How much to preallocate: nothing for small files, else as much again as the extent that the
 * write appends to, less where free space is low.
 * @source fs/xfs/xfs_iomap.c xfs_iomap_prealloc_size() v6.12
 */
export function* xfs_iomap_prealloc_size(ip: XfsInode, offset_fsb: number): Op<number> {
  const mp = ip.i_mount;
  const least = m_allocsize_blocks(mp);
  if ((yield* get(ip.vfs.i_size)) < XFS_FSB_TO_B(mp, least)) return 0;
  const before = yield* blocksBefore(ip, offset_fsb);
  if (before === 0) return least;
  let blocks = Math.min(before * 2, 2 ** 21);
  if (before > XFS_MAX_BMBT_EXTLEN / 2) blocks = offset_fsb;
  const rt = yield* isRealtime(ip);
  const free = Math.max(yield* get(rt ? mp.m_frextents : mp.m_fdblocks), 0);
  const size = rt ? mp.image.block_count : mp.image.block_count;
  blocks = Math.floor(blocks / 2 ** lowSpaceShift(free, size));
  if (blocks > 0) blocks = 2 ** (31 - Math.clz32(blocks));
  blocks = Math.min(blocks, XFS_MAX_BMBT_EXTLEN);
  while (blocks > 0 && blocks >= free) blocks >>= 4;
  return Math.max(blocks, least);
}

// Thresholds are 1 to 5 hundredths of the device.
// @source fs/xfs/xfs_mount.c xfs_set_low_space_thresholds() v6.12
function lowSpaceShift(free: number, size: number): number {
  const percent = (count: number): number => Math.floor(size / 100) * count;
  if (free >= percent(5)) return 0;
  return 2 + [4, 3, 2, 1].filter((count) => free < percent(count)).length;
}

// Length of the run of blocks that ends where the write starts, which is behind all blocks.
function* blocksBefore(ip: XfsInode, offset_fsb: number): Op<number> {
  const end = yield* forkEnd(ip, 'data');
  return end === offset_fsb ? end - (yield* get(ip.if_tail)) : 0;
}

/**
 * Mappings for buffered writes; what was reserved and not written is given back.
 * @source fs/xfs/xfs_iomap.c xfs_buffered_write_iomap_ops v6.12
 */
export function xfs_buffered_write_iomap_ops(mp: XfsMount): IomapOps {
  return {
    ...xfs_page_mkwrite_iomap_ops(mp),
    *iomap_end(inode, pos, length, written, _flags, iomap) {
      if (iomap.type !== 'delalloc' || (iomap.flags & IOMAP_F_NEW) === 0) return 0;
      const ip = XFS_I(mp, inode);
      const bno = XFS_B_TO_FSB(mp, pos + written);
      const end = XFS_B_TO_FSB(mp, pos + length);
      if (bno >= end) return 0;
      const fork = (iomap.flags & IOMAP_F_SHARED) === 0 ? 'data' : 'cow';
      yield* lock(ip.i_lock);
      yield* xfs_bmap_punch_delalloc_range(ip, fork, { bno, end });
      yield* unlock(ip.i_lock);
      return 0;
    },
  };
}

/** Mappings for page_mkwrite. @source fs/xfs/xfs_iomap.c xfs_page_mkwrite_iomap_ops v6.12 */
export function xfs_page_mkwrite_iomap_ops(mp: XfsMount): IomapOps {
  return {
    iomap_begin: (inode, pos, count, flags) =>
      xfs_buffered_write_iomap_begin(mp, inode, { pos, count }, flags),
  };
}
