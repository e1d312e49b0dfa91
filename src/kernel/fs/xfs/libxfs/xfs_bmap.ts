// Block maps of a file: which of its blocks lie where. A file has two maps: that of its data, and
// that of blocks which writes to shared ones will go to (the CoW fork).
// @source fs/xfs/libxfs/xfs_bmap.c v6.12

import { assert } from '../../../../base/index.ts';
import { E } from '../../../include/linux/errno.ts';
import type { FsBlock } from '../../../include/linux/fs.ts';
import type { Shared } from '../../../shared.ts';
import { fillRun, get, getRun, type Op, scan, set, setRun } from '../../../steps.ts';
import type { XfsInode, XfsMount } from '../xfs_mount.ts';
import { XFS_DIFLAG_REALTIME } from '../xfs_mount.ts';
import {
  releaseDelalloc,
  reserveDelalloc,
  xfs_alloc_vextent,
  xfs_free_extent,
  xfs_zero_extent,
} from './xfs_alloc.ts';

/** Which of the maps. */
export type XfsFork = 'data' | 'cow';

/** `br_startblock` of a hole. */
export const HOLESTARTBLOCK = -2;
/** `br_startblock` of space that is reserved and not chosen yet. */
export const DELAYSTARTBLOCK = -1;

/** A run of blocks of a file that lie in a row. Numbers are filesystem blocks. */
export interface BmbtIrec {
  readonly br_startoff: number;
  readonly br_startblock: number;
  readonly br_blockcount: number;
  /** Allocated, and reads as zeroes. */
  readonly unwritten: boolean;
}

/** Larger extents are two. @source fs/xfs/libxfs/xfs_format.h XFS_MAX_BMBT_EXTLEN v6.12 */
export const XFS_MAX_BMBT_EXTLEN = 2 ** 21 - 1;

const delayed: FsBlock = { block: DELAYSTARTBLOCK, unwritten: false, delalloc: true };

/** Whether an extent holds data. @source libxfs/xfs_bmap.h xfs_bmap_is_written_extent() v6.12 */
export function xfs_bmap_is_written_extent(irec: BmbtIrec): boolean {
  return irec.br_startblock >= 0 && !irec.unwritten;
}

/** The part of an extent that lies in a range; its length may become 0 or less. */
export function xfs_trim_extent(irec: BmbtIrec, start: number, count: number): BmbtIrec {
  const startoff = Math.max(irec.br_startoff, start);
  const end = Math.min(irec.br_startoff + irec.br_blockcount, start + count);
  const isReal = irec.br_startblock >= 0;
  return {
    ...irec,
    br_startoff: startoff,
    br_startblock: isReal ? irec.br_startblock + (startoff - irec.br_startoff) : irec.br_startblock,
    br_blockcount: end - startoff,
  };
}

/** The cells of a map. */
export function cellsOf(ip: XfsInode, fork: XfsFork): Shared<FsBlock | undefined> {
  return fork === 'data' ? ip.vfs.blocks : ip.vfs.cow_blocks;
}

function forkIndex(fork: XfsFork): number {
  return fork === 'data' ? 0 : 1;
}

/** First file block after all that a map may have: there is nothing to look for beyond. */
export function* forkEnd(ip: XfsInode, fork: XfsFork): Op<number> {
  return yield* get(ip.if_end, forkIndex(fork));
}

/** After a truncation nothing is mapped from `end` on. */
export function* lowerForkEnd(ip: XfsInode, fork: XfsFork, end: number): Op<void> {
  const index = forkIndex(fork);
  if ((yield* get(ip.if_end, index)) > end) yield* set(ip.if_end, index, end);
  if (fork === 'data' && (yield* get(ip.if_tail)) > end) yield* set(ip.if_tail, 0, end);
}

/** First block from `from` to before `end` that is in the map. */
export function* firstMapped(
  cells: Shared<FsBlock | undefined>,
  { from, end }: { readonly from: number; readonly end: number },
): Op<number | undefined> {
  // Windows that double keep both short and long searches short.
  let window = 16;
  for (let start = from; start < end; start += window / 2) {
    const keys = yield* scan(cells, { start, end: Math.min(start + window, end) - 1 });
    const first = keys[0];
    if (first !== undefined) return first;
    window *= 2;
  }
  return undefined;
}

// The run of blocks that starts with the one at `first`, at most `max` blocks.
function* runFrom(
  cells: Shared<FsBlock | undefined>,
  { first, max }: { readonly first: number; readonly max: number },
): Op<BmbtIrec> {
  const head = yield* get(cells, first);
  assert(head !== undefined, 'a run starts with a block that is mapped');
  const limit = Math.min(max, XFS_MAX_BMBT_EXTLEN);
  let count = 1;
  for (let window = 16; count < limit; window *= 2) {
    const size = Math.min(window, limit - count);
    const next = yield* getRun(cells, { first: first + count, count: size });
    const from = count;
    const more = next.findIndex(
      (cell, i) => cell === undefined || !continues(head, cell, from + i),
    );
    count += more < 0 ? size : more;
    if (more >= 0) break;
  }
  return {
    br_startoff: first,
    br_startblock: head.block,
    br_blockcount: count,
    unwritten: head.unwritten,
  };
}

function continues(head: FsBlock, next: FsBlock, distance: number): boolean {
  if (head.delalloc === true) return next.delalloc === true;
  return next.block === head.block + distance && next.unwritten === head.unwritten;
}

/**
 * The extent that holds a block, from that block on and at most `max` blocks; or the first one
 * after it, or undefined where nothing follows.
 * @source fs/xfs/libxfs/xfs_iext_tree.c xfs_iext_lookup_extent() v6.12
 */
export function* xfs_iext_lookup_extent(
  ip: XfsInode,
  fork: XfsFork,
  { offset_fsb, max }: { readonly offset_fsb: number; readonly max: number },
): Op<BmbtIrec | undefined> {
  const cells = cellsOf(ip, fork);
  const end = yield* forkEnd(ip, fork);
  const first = yield* firstMapped(cells, { from: offset_fsb, end });
  return first === undefined ? undefined : yield* runFrom(cells, { first, max });
}

/**
 * What a range of the data fork starts with: one extent, or a hole, cut to the range.
 * @source fs/xfs/libxfs/xfs_bmap.c xfs_bmapi_read() v6.12
 */
export function* xfs_bmapi_read(
  ip: XfsInode,
  { bno, len }: { readonly bno: number; readonly len: number },
): Op<BmbtIrec> {
  const cells = cellsOf(ip, 'data');
  const end = Math.min(bno + len, yield* forkEnd(ip, 'data'));
  const first = yield* firstMapped(cells, { from: bno, end });
  if (first === bno) return yield* runFrom(cells, { first, max: len });
  return hole(bno, (first ?? bno + len) - bno);
}

/** A hole as an extent. */
export function hole(startoff: number, count: number): BmbtIrec {
  return {
    br_startoff: startoff,
    br_startblock: HOLESTARTBLOCK,
    br_blockcount: count,
    unwritten: false,
  };
}

/** Puts an extent into a map, over whatever is there. */
export function* xfs_bmap_map_extent(ip: XfsInode, fork: XfsFork, irec: BmbtIrec): Op<void> {
  const cells = cellsOf(ip, fork);
  const { br_startoff, br_startblock, br_blockcount, unwritten } = irec;
  const made: FsBlock[] = [];
  for (let i = 0; i < br_blockcount; i++) {
    made.push(br_startblock < 0 ? delayed : { block: br_startblock + i, unwritten });
  }
  yield* setRun(cells, br_startoff, made);
  const index = forkIndex(fork);
  const before = yield* get(ip.if_end, index);
  const end = br_startoff + br_blockcount;
  if (before >= end) return;
  yield* set(ip.if_end, index, end);
  const last = br_startoff === before && before > 0 ? yield* get(cells, before - 1) : undefined;
  const first = made[0];
  const goesOn = last !== undefined && first !== undefined && isNext(last, first);
  if (fork === 'data' && !goesOn) yield* set(ip.if_tail, 0, br_startoff);
}

// Whether two blocks of a file, one after the other, could be of one extent.
function isNext(last: FsBlock, first: FsBlock): boolean {
  if (last.delalloc === true) return first.delalloc === true;
  return last.block + 1 === first.block;
}

/** Takes an extent out of a map; its blocks stay as they are. */
export function xfs_bmap_unmap_extent(ip: XfsInode, fork: XfsFork, irec: BmbtIrec): Op<void> {
  const run = { first: irec.br_startoff, count: irec.br_blockcount };
  return fillRun(cellsOf(ip, fork), run, undefined);
}

/** How blocks are to be made. */
export interface BmapiWrite {
  readonly fork: XfsFork;
  readonly bno: number;
  readonly len: number;
  /** New blocks read as zeroes until they are written (XFS_BMAPI_PREALLOC). */
  readonly prealloc?: true;
  /** Unwritten blocks that are there become written (XFS_BMAPI_CONVERT). */
  readonly convert?: true;
  /** What is new or converted is zeroed on the device first (XFS_BMAPI_ZERO). */
  readonly zero?: true;
}

/**
 * Makes sure that the start of a range has blocks: the extent there afterwards, or an error number.
 * Space must have been reserved, so that -ENOSPC means no free block at all.
 * @source fs/xfs/libxfs/xfs_bmap.c xfs_bmapi_write() v6.12
 */
export function* xfs_bmapi_write(ip: XfsInode, request: BmapiWrite): Op<BmbtIrec | number> {
  const { fork, bno, len } = request;
  const cells = cellsOf(ip, fork);
  const end = Math.min(bno + len, yield* forkEnd(ip, fork));
  const first = yield* firstMapped(cells, { from: bno, end });
  if (first !== bno) {
    return yield* allocateOver(ip, request, hole(bno, (first ?? bno + len) - bno));
  }
  const got = yield* runFrom(cells, { first: bno, max: len });
  if (got.br_startblock === DELAYSTARTBLOCK) return yield* allocateOver(ip, request, got);
  if (!got.unwritten || request.convert !== true) return got;
  if (request.zero === true) {
    const error = yield* xfs_zero_extent(ip, got);
    if (error < 0) return error;
  }
  const written = { ...got, unwritten: false };
  yield* xfs_bmap_map_extent(ip, fork, written);
  return written;
}

// Blocks for (the start of) a hole or a delayed extent.
// @source fs/xfs/libxfs/xfs_bmap.c xfs_bmapi_allocate() v6.12
function* allocateOver(ip: XfsInode, request: BmapiWrite, over: BmbtIrec): Op<BmbtIrec | number> {
  const wasDelayed = over.br_startblock === DELAYSTARTBLOCK;
  const found = yield* xfs_alloc_vextent(ip.i_mount, {
    length: Math.min(over.br_blockcount, XFS_MAX_BMBT_EXTLEN),
    rt: yield* isRealtime(ip),
    reserved: wasDelayed,
  });
  if (typeof found === 'number') return found;
  const got: BmbtIrec = {
    br_startoff: over.br_startoff,
    br_startblock: found.block,
    br_blockcount: found.length,
    unwritten: request.prealloc === true,
  };
  if (request.zero === true) {
    const error = yield* xfs_zero_extent(ip, got);
    if (error < 0) return error;
  }
  if (wasDelayed) yield* changeDelayed(ip, -got.br_blockcount);
  yield* xfs_bmap_map_extent(ip, request.fork, got);
  return got;
}

/**
 * Whether the file's data is on the realtime device.
 * @source fs/xfs/xfs_inode.h XFS_IS_REALTIME_INODE v6.12
 */
export function* isRealtime(ip: XfsInode): Op<boolean> {
  return ((yield* get(ip.vfs.fsflags)) & XFS_DIFLAG_REALTIME) !== 0;
}

function* changeDelayed(ip: XfsInode, by: number): Op<void> {
  yield* set(ip.i_delayed_blks, 0, (yield* get(ip.i_delayed_blks)) + by);
}

/**
 * Reserves space for a range without choosing blocks: the extent, or -ENOSPC. `prealloc` more
 * blocks are reserved beyond the range where there is space.
 * @source fs/xfs/libxfs/xfs_bmap.c xfs_bmapi_reserve_delalloc() v6.12
 */
export function* xfs_bmapi_reserve_delalloc(
  ip: XfsInode,
  request: {
    readonly fork: XfsFork;
    readonly off: number;
    readonly len: number;
    readonly prealloc: number;
  },
): Op<BmbtIrec | number> {
  const { fork, off, len, prealloc } = request;
  const rt = fork === 'data' && (yield* isRealtime(ip));
  let count = Math.min(len + prealloc, XFS_MAX_BMBT_EXTLEN);
  // Never over what comes next.
  const cells = cellsOf(ip, fork);
  const end = Math.min(off + count, yield* forkEnd(ip, fork));
  count = ((yield* firstMapped(cells, { from: off, end })) ?? off + count) - off;
  let error = yield* reserveDelalloc(ip.i_mount, { count, rt });
  if (error < 0 && prealloc > 0) {
    count = Math.min(count, len);
    error = yield* reserveDelalloc(ip.i_mount, { count, rt });
  }
  if (error < 0) return error;
  const irec: BmbtIrec = {
    br_startoff: off,
    br_startblock: DELAYSTARTBLOCK,
    br_blockcount: count,
    unwritten: false,
  };
  yield* xfs_bmap_map_extent(ip, fork, irec);
  yield* changeDelayed(ip, count);
  return irec;
}

/**
 * Chooses blocks for the whole delayed extent around a block, also before it: the new extent, or
 * an error number; -EAGAIN where nothing is mapped.
 * @source fs/xfs/libxfs/xfs_bmap.c xfs_bmapi_convert_one_delalloc() v6.12
 */
export function* xfs_bmapi_convert_delalloc(
  ip: XfsInode,
  fork: XfsFork,
  offset_fsb: number,
): Op<BmbtIrec | number> {
  const cells = cellsOf(ip, fork);
  for (;;) {
    const here = yield* get(cells, offset_fsb);
    if (here === undefined) return -E.EAGAIN;
    if (here.delalloc !== true) {
      return yield* runFrom(cells, { first: offset_fsb, max: XFS_MAX_BMBT_EXTLEN });
    }
    let bno = offset_fsb;
    while (bno > 0 && (yield* get(cells, bno - 1))?.delalloc === true) bno--;
    const whole = yield* runFrom(cells, { first: bno, max: XFS_MAX_BMBT_EXTLEN });
    // New blocks count as unwritten until the data is on the device.
    const request = { fork, bno, len: whole.br_blockcount, prealloc: true } as const;
    const got = yield* allocateOver(ip, request, whole);
    if (typeof got === 'number') return got;
    // Several rounds where free space is in pieces.
    if (got.br_startoff + got.br_blockcount > offset_fsb) {
      return xfs_trim_extent(got, offset_fsb, got.br_blockcount);
    }
  }
}

/**
 * Takes a range out of a map and frees its blocks, or its reservation.
 * @source fs/xfs/libxfs/xfs_bmap.c xfs_bunmapi() v6.12
 */
export function* xfs_bunmapi(
  ip: XfsInode,
  fork: XfsFork,
  { bno, end }: { readonly bno: number; readonly end: number },
): Op<void> {
  const last = Math.min(end, yield* forkEnd(ip, fork));
  if (last <= bno) return;
  const cells = cellsOf(ip, fork);
  const rt = yield* isRealtime(ip);
  let delayedCount = 0;
  // Piece by piece, so that a sparse file costs what it has.
  for (let key = bno; ; ) {
    const first = yield* firstMapped(cells, { from: key, end: last });
    if (first === undefined) break;
    const run = yield* runFrom(cells, { first, max: last - first });
    yield* xfs_bmap_unmap_extent(ip, fork, run);
    const { br_startblock: block, br_blockcount: length } = run;
    if (block === DELAYSTARTBLOCK) delayedCount += length;
    else yield* xfs_free_extent(ip.i_mount, { block, length });
    key = first + length;
  }
  if (delayedCount > 0) {
    yield* changeDelayed(ip, -delayedCount);
    yield* releaseDelalloc(ip.i_mount, { count: delayedCount, rt: rt && fork === 'data' });
  }
  if (last >= (yield* forkEnd(ip, fork))) yield* lowerForkEnd(ip, fork, bno);
}

/** Frees the reservation of delayed blocks from block `bno` to before `end`. */
export function* xfs_bmap_punch_delalloc_range(
  ip: XfsInode,
  fork: XfsFork,
  { bno, end }: { readonly bno: number; readonly end: number },
): Op<void> {
  const cells = cellsOf(ip, fork);
  const last = Math.min(end, yield* forkEnd(ip, fork));
  if (last <= bno) return;
  for (const key of yield* scan(cells, { start: bno, end: last - 1 })) {
    if ((yield* get(cells, key))?.delalloc === true) {
      yield* xfs_bunmapi(ip, fork, { bno: key, end: key + 1 });
    }
  }
}

/**
 * Whether any block is mapped, of data or reserved.
 * @source fs/xfs/xfs_inode.h xfs_inode_has_filedata() v6.12
 */
export function* xfs_inode_has_filedata(ip: XfsInode): Op<boolean> {
  const cells = cellsOf(ip, 'data');
  return (yield* firstMapped(cells, { from: 0, end: yield* forkEnd(ip, 'data') })) !== undefined;
}

/**
 * Levels that a tree of extents may get: each new extent may split that many blocks less one.
 * @source fs/xfs/libxfs/xfs_bmap.c xfs_bmap_compute_maxlevels() v6.12
 */
export function xfs_bmap_compute_maxlevels(mp: XfsMount): number {
  // Long header of a version 5 block 72 bytes, a record or key with pointer 16 bytes.
  const minrecs = Math.floor((mp.image.block_size - 72) / 32);
  let blocks = Math.ceil((2 ** 31 - 1) / minrecs);
  let levels = 1;
  // Three pointers fit into the smallest inode root.
  while (blocks > 1) {
    blocks = blocks <= 3 ? 1 : Math.ceil(blocks / minrecs);
    levels++;
  }
  return levels;
}
