// Free space: which blocks are free, how many may be promised, and who shares a block.
// @source fs/xfs/libxfs/xfs_alloc.c fs/xfs/libxfs/xfs_refcount.c v6.12

import { assert } from '../../../../base/index.ts';
import { zeroDevice } from '../../../block/bio.ts';
import { E } from '../../../include/linux/errno.ts';
import type { DiskImage } from '../../../include/linux/fs.ts';
import { get, getRun, type Op, set, setRun } from '../../../steps.ts';
import {
  type FreeRun,
  RT_BLOCK_BASE,
  XFS_FSB_TO_B,
  type XfsInode,
  type XfsMount,
} from '../xfs_mount.ts';
import { type BmbtIrec, isRealtime } from './xfs_bmap.ts';

/**
 * Whether so many blocks may be promised: 0 or -ENOSPC. Nothing is taken; what is allocated
 * afterwards is. `force`: the reserve pool may be used (XFS_TRANS_RESERVE).
 * @source fs/xfs/xfs_mount.c xfs_dec_freecounter() v6.12
 */
export function* xfs_trans_reserve(
  mp: XfsMount,
  request: { readonly blocks: number; readonly rtextents?: number; readonly force?: boolean },
): Op<number> {
  const free = yield* get(mp.m_fdblocks);
  const pool = request.force === true ? mp.m_resblks : 0;
  if (request.blocks > 0 && free + pool < request.blocks) return -E.ENOSPC;
  const { rtextents = 0 } = request;
  return rtextents > 0 && (yield* get(mp.m_frextents)) < rtextents ? -E.ENOSPC : 0;
}

/** Takes space for blocks that will be chosen later: 0 or -ENOSPC. */
export function* reserveDelalloc(
  mp: XfsMount,
  { count, rt }: { readonly count: number; readonly rt: boolean },
): Op<number> {
  const counter = rt ? mp.m_frextents : mp.m_fdblocks;
  const free = yield* get(counter);
  if (free < count) return -E.ENOSPC;
  yield* set(counter, 0, free - count);
  return 0;
}

/** Gives such space back. */
export function* releaseDelalloc(
  mp: XfsMount,
  { count, rt }: { readonly count: number; readonly rt: boolean },
): Op<void> {
  const counter = rt ? mp.m_frextents : mp.m_fdblocks;
  yield* set(counter, 0, (yield* get(counter)) + count);
}

/**
 * Up to `length` free blocks in a row: the first run of the device that is long enough, else the
 * first there is. `reserved`: the space was taken from the counter before.
 */
export function* xfs_alloc_vextent(
  mp: XfsMount,
  request: { readonly length: number; readonly rt: boolean; readonly reserved: boolean },
): Op<FreeRun | number> {
  assert(request.length > 0, 'somebody wants blocks');
  const cell = request.rt ? 1 : 0;
  const runs = yield* get(mp.free_runs, cell);
  const fitting = runs.findIndex((run) => run.length >= request.length);
  const index = Math.max(fitting, 0);
  const run = runs[index];
  if (run === undefined) return -E.ENOSPC;
  const length = Math.min(run.length, request.length);
  const rest = { block: run.block + length, length: run.length - length };
  yield* set(mp.free_runs, cell, runs.toSpliced(index, 1, ...(rest.length > 0 ? [rest] : [])));
  if (!request.reserved) {
    const counter = request.rt ? mp.m_frextents : mp.m_fdblocks;
    yield* set(counter, 0, (yield* get(counter)) - length);
  }
  return { block: run.block, length };
}

/**
 * A file lets go of blocks: those nobody shares become free.
 * @source fs/xfs/libxfs/xfs_refcount.c xfs_refcount_decrease_extent() v6.12
 */
export function* xfs_free_extent(mp: XfsMount, extent: FreeRun): Op<void> {
  const { block: first, length: count } = extent;
  const others = yield* getRun(mp.refcounts, { first, count });
  const fewer = others.map((number) => Math.max(number - 1, 0));
  if (others.some((number) => number > 0)) yield* setRun(mp.refcounts, first, fewer);
  for (let i = 0; i < count; ) {
    const shared = others.findIndex((number, at) => at >= i && number > 0);
    const end = shared < 0 ? count : shared;
    if (end > i) yield* freeRun(mp, { block: first + i, length: end - i });
    i = end + 1;
  }
}

function* freeRun(mp: XfsMount, freed: FreeRun): Op<void> {
  const rt = freed.block >= RT_BLOCK_BASE;
  const cell = rt ? 1 : 0;
  yield* set(mp.free_runs, cell, withRun(yield* get(mp.free_runs, cell), freed));
  yield* releaseDelalloc(mp, { count: freed.length, rt });
}

/** The runs with one more, joined with its neighbours; in ascending order. */
export function withRun(runs: readonly FreeRun[], freed: FreeRun): readonly FreeRun[] {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const run = runs[middle];
    assert(run !== undefined, 'the middle of a list is in it');
    if (run.block < freed.block) low = middle + 1;
    else high = middle;
  }
  const before = runs[low - 1];
  const after = runs[low];
  let { block, length } = freed;
  let first = low;
  let count = 0;
  if (before !== undefined && before.block + before.length === block) {
    ({ block } = before);
    length += before.length;
    first = low - 1;
    count++;
  }
  if (after !== undefined && freed.block + freed.length === after.block) {
    length += after.length;
    count++;
  }
  return runs.toSpliced(first, count, { block, length });
}

/**
 * One more file has the blocks.
 * @source fs/xfs/libxfs/xfs_refcount.c xfs_refcount_increase_extent() v6.12
 */
export function* xfs_refcount_increase_extent(mp: XfsMount, extent: FreeRun): Op<void> {
  const { block: first, length: count } = extent;
  const others = yield* getRun(mp.refcounts, { first, count });
  yield* setRun(
    mp.refcounts,
    first,
    others.map((number) => number + 1),
  );
}

/**
 * Writes zeroes over an extent, on the device and through its request queue.
 * @source fs/xfs/xfs_bmap_util.c xfs_zero_extent() v6.12
 */
export function* xfs_zero_extent(ip: XfsInode, irec: BmbtIrec): Op<number> {
  const mp = ip.i_mount;
  const rt = yield* isRealtime(ip);
  const target = rt ? (mp.m_rtdev_targp ?? mp.m_ddev_targp) : mp.m_ddev_targp;
  return yield* zeroDevice(mp.linux, target.bt_bdev, {
    offset: XFS_FSB_TO_B(mp, irec.br_startblock - (rt ? RT_BLOCK_BASE : 0)),
    length: XFS_FSB_TO_B(mp, irec.br_blockcount),
  });
}

/** Who has which block, as the medium tells: free runs, and references beyond the first. */
export function surveyImage(
  image: DiskImage,
  rtBlocks: number,
): {
  readonly data: readonly FreeRun[];
  readonly rt: readonly FreeRun[];
  readonly shared: ReadonlyMap<number, number>;
} {
  const users = new Map<number, number>();
  for (const inode of image.inodes.values()) {
    // Recovery of the log frees what was unlinked and open in a crash.
    if (inode.nlink === 0) continue;
    for (const { block } of inode.blocks.values()) users.set(block, (users.get(block) ?? 0) + 1);
  }
  const used = [...users.keys()].toSorted((a, b) => a - b);
  const shared = new Map<number, number>();
  for (const [block, count] of users) if (count > 1) shared.set(block, count - 1);
  const data = gaps(used, { start: image.reserved, end: image.block_count });
  const rt = gaps(used, { start: RT_BLOCK_BASE, end: RT_BLOCK_BASE + rtBlocks });
  return { data, rt, shared };
}

function gaps(
  used: readonly number[],
  { start, end }: { readonly start: number; readonly end: number },
): readonly FreeRun[] {
  const runs: FreeRun[] = [];
  let next = start;
  for (const block of [...used.filter((number) => number >= start && number < end), end]) {
    if (block > next) runs.push({ block: next, length: block - next });
    next = block + 1;
  }
  return runs;
}
