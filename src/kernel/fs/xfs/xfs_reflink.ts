// Blocks that several files share, and the copies that writes to them make (the CoW fork).
// @source fs/xfs/xfs_reflink.c v6.12

import { get, getRun, lock, type Op, scan, set, unlock } from '../../steps.ts';
import { mark_inode_dirty } from '../inode.ts';
import { xfs_refcount_increase_extent, xfs_trans_reserve } from './libxfs/xfs_alloc.ts';
import {
  type BmbtIrec,
  DELAYSTARTBLOCK,
  firstMapped,
  forkEnd,
  xfs_bmap_compute_maxlevels,
  xfs_bmap_is_written_extent,
  xfs_bmap_map_extent,
  xfs_bmap_unmap_extent,
  xfs_bmapi_convert_delalloc,
  xfs_bmapi_read,
  xfs_bmapi_write,
  xfs_bunmapi,
  xfs_iext_lookup_extent,
  xfs_trim_extent,
} from './libxfs/xfs_bmap.ts';
import {
  XFS_B_TO_FSB,
  XFS_B_TO_FSBT,
  XFS_DIFLAG2_REFLINK,
  type XfsInode,
  type XfsMount,
} from './xfs_mount.ts';

/**
 * Whether the file may have shared blocks.
 * @source fs/xfs/xfs_inode.h xfs_is_reflink_inode() v6.12
 */
export function* xfs_is_reflink_inode(ip: XfsInode): Op<boolean> {
  return ((yield* get(ip.vfs.fsflags)) & XFS_DIFLAG2_REFLINK) !== 0;
}

/**
 * Whether writes may have to copy; here no more than that.
 * @source fs/xfs/xfs_inode.h xfs_is_cow_inode() v6.12
 */
export function* xfs_is_cow_inode(ip: XfsInode): Op<boolean> {
  return yield* xfs_is_reflink_inode(ip);
}

/** Whether the CoW fork has anything. @source fs/xfs/xfs_inode.h xfs_inode_has_cow_data() v6.12 */
export function* xfs_inode_has_cow_data(ip: XfsInode): Op<boolean> {
  const end = yield* forkEnd(ip, 'cow');
  return end > 0 && (yield* firstMapped(ip.vfs.cow_blocks, { from: 0, end })) !== undefined;
}

/**
 * Cuts an extent so that all of it is shared, or nothing.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_trim_around_shared() v6.12
 */
export function* xfs_reflink_trim_around_shared(
  ip: XfsInode,
  imap: BmbtIrec,
): Op<{ readonly imap: BmbtIrec; readonly shared: boolean }> {
  if (!(yield* xfs_is_cow_inode(ip)) || !xfs_bmap_is_written_extent(imap)) {
    return { imap, shared: false };
  }
  const { refcounts } = ip.i_mount;
  const { br_startblock: first, br_blockcount } = imap;
  const others = yield* getRun(refcounts, { first, count: br_blockcount });
  const shared = (others[0] ?? 0) > 0;
  const change = others.findIndex((number) => number > 0 !== shared);
  const count = change < 0 ? br_blockcount : change;
  return { imap: { ...imap, br_blockcount: count }, shared };
}

/** What a write to shared blocks found: `cmap` where the copy goes, if any is needed. */
export type CowAnswer =
  | { readonly shared: false; readonly imap: BmbtIrec }
  | { readonly shared: true; readonly imap: BmbtIrec; readonly cmap: BmbtIrec };

type Trimmed = CowAnswer | { readonly shared: 'hole'; readonly imap: BmbtIrec };

/**
 * Finds what the CoW fork has at the start of an extent, and cuts both to what they have in
 * common; `hole`: shared, and nothing reserved for the copy.
 * @source fs/xfs/xfs_reflink.c xfs_find_trim_cow_extent() v6.12
 */
function* xfs_find_trim_cow_extent(ip: XfsInode, imap: BmbtIrec): Op<Trimmed> {
  const { br_startoff, br_blockcount } = imap;
  const found = yield* xfs_iext_lookup_extent(ip, 'cow', {
    offset_fsb: br_startoff,
    max: br_blockcount,
  });
  const start = found?.br_startoff ?? br_startoff + br_blockcount;
  if (found === undefined || start > br_startoff) {
    const cut = xfs_trim_extent(imap, br_startoff, start - br_startoff);
    const trimmed = yield* xfs_reflink_trim_around_shared(ip, cut);
    if (trimmed.shared) return { shared: 'hole', imap: trimmed.imap };
    return { shared: false, imap: trimmed.imap };
  }
  if (found.br_startblock === DELAYSTARTBLOCK) {
    const cut = xfs_trim_extent(imap, start, found.br_blockcount);
    return { shared: true, imap: cut, cmap: found };
  }
  return { shared: true, imap, cmap: xfs_trim_extent(found, br_startoff, br_blockcount) };
}

/**
 * Makes room for a copy of shared blocks; `convert_now`: the copy is written by the caller, not by
 * writeback. With the ILOCK held.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_allocate_cow() v6.12
 */
export function* xfs_reflink_allocate_cow(
  ip: XfsInode,
  imap: BmbtIrec,
  convert_now: boolean,
): Op<CowAnswer | number> {
  const found = yield* xfs_find_trim_cow_extent(ip, imap);
  if (found.shared === false) return found;
  let cmap: BmbtIrec | number;
  if (found.shared === 'hole') cmap = yield* xfs_reflink_fill_cow_hole(ip, found.imap);
  else if (found.cmap.br_startblock !== DELAYSTARTBLOCK) ({ cmap } = found);
  else cmap = yield* xfs_bmapi_convert_delalloc(ip, 'cow', found.imap.br_startoff);
  if (typeof cmap === 'number') return cmap;
  const { br_startoff, br_blockcount } = found.imap;
  cmap = xfs_trim_extent(cmap, br_startoff, br_blockcount);
  if (convert_now && cmap.unwritten) {
    yield* xfs_reflink_convert_cow_locked(ip, {
      offset_fsb: br_startoff,
      count_fsb: br_blockcount,
    });
    cmap = { ...cmap, unwritten: false };
  }
  return { shared: true, imap: found.imap, cmap };
}

// @source fs/xfs/xfs_reflink.c xfs_reflink_fill_cow_hole() v6.12
function* xfs_reflink_fill_cow_hole(ip: XfsInode, imap: BmbtIrec): Op<BmbtIrec | number> {
  const mp = ip.i_mount;
  const blocks = xfs_bmap_compute_maxlevels(mp) - 1 + imap.br_blockcount;
  const error = yield* xfs_trans_reserve(mp, { blocks });
  if (error < 0) return error;
  return yield* xfs_bmapi_write(ip, {
    fork: 'cow',
    bno: imap.br_startoff,
    len: imap.br_blockcount,
    prealloc: true,
  });
}

/**
 * Blocks for copies count as written from now on.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_convert_cow_locked() v6.12
 */
export function* xfs_reflink_convert_cow_locked(
  ip: XfsInode,
  { offset_fsb, count_fsb }: { readonly offset_fsb: number; readonly count_fsb: number },
): Op<void> {
  const cells = ip.vfs.cow_blocks;
  for (const key of yield* scan(cells, { start: offset_fsb, end: offset_fsb + count_fsb - 1 })) {
    const cell = yield* get(cells, key);
    if (cell?.unwritten === true) yield* set(cells, key, { block: cell.block, unwritten: false });
  }
}

/** The same for a range of bytes. @source fs/xfs/xfs_reflink.c xfs_reflink_convert_cow() v6.12 */
export function* xfs_reflink_convert_cow(
  ip: XfsInode,
  range: { readonly pos: number; readonly count: number },
): Op<number> {
  const offset_fsb = XFS_B_TO_FSBT(ip.i_mount, range.pos);
  const end_fsb = XFS_B_TO_FSB(ip.i_mount, range.pos + range.count);
  yield* lock(ip.i_lock);
  yield* xfs_reflink_convert_cow_locked(ip, { offset_fsb, count_fsb: end_fsb - offset_fsb });
  yield* unlock(ip.i_lock);
  return 0;
}

/**
 * Frees what the CoW fork has in a range of bytes; `cancel_real`: also what counts as written.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_cancel_cow_range() v6.12
 */
export function* xfs_reflink_cancel_cow_range(
  ip: XfsInode,
  range: { readonly pos: number; readonly count: number },
  cancel_real: boolean,
): Op<number> {
  const mp = ip.i_mount;
  yield* lock(ip.i_lock);
  const bno = XFS_B_TO_FSBT(mp, range.pos);
  const end = XFS_B_TO_FSB(mp, range.pos + range.count);
  yield* xfs_reflink_cancel_cow_blocks(ip, { bno, end }, cancel_real);
  yield* unlock(ip.i_lock);
  return 0;
}

/**
 * The same in blocks, with the ILOCK held.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_cancel_cow_blocks() v6.12
 */
export function* xfs_reflink_cancel_cow_blocks(
  ip: XfsInode,
  { bno, end }: { readonly bno: number; readonly end: number },
  cancel_real: boolean,
): Op<void> {
  if (cancel_real) {
    yield* xfs_bunmapi(ip, 'cow', { bno, end });
    return;
  }
  const cells = ip.vfs.cow_blocks;
  const last = Math.min(end, yield* forkEnd(ip, 'cow')) - 1;
  if (last < bno) return;
  for (const key of yield* scan(cells, { start: bno, end: last })) {
    const cell = yield* get(cells, key);
    if (cell !== undefined && (cell.delalloc === true || cell.unwritten)) {
      yield* xfs_bunmapi(ip, 'cow', { bno: key, end: key + 1 });
    }
  }
}

/**
 * The copies of a range of bytes take the place of the blocks they are copies of.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_end_cow() v6.12
 */
export function* xfs_reflink_end_cow(
  ip: XfsInode,
  range: { readonly pos: number; readonly count: number },
): Op<number> {
  const mp = ip.i_mount;
  const end_fsb = XFS_B_TO_FSB(mp, range.pos + range.count);
  let offset_fsb = XFS_B_TO_FSBT(mp, range.pos);
  while (offset_fsb < end_fsb) {
    const blocks = xfs_bmap_compute_maxlevels(mp) - 1;
    const error = yield* xfs_trans_reserve(mp, { blocks, force: true });
    if (error < 0) return error;
    yield* lock(ip.i_lock);
    offset_fsb = yield* xfs_reflink_end_cow_extent(ip, { offset_fsb, end_fsb });
    yield* mark_inode_dirty(ip.vfs);
    yield* unlock(ip.i_lock);
  }
  return 0;
}

// One extent; gives the block to go on with.
// @source fs/xfs/xfs_reflink.c xfs_reflink_end_cow_extent() v6.12
function* xfs_reflink_end_cow_extent(
  ip: XfsInode,
  { offset_fsb, end_fsb }: { readonly offset_fsb: number; readonly end_fsb: number },
): Op<number> {
  let from = offset_fsb;
  let del: BmbtIrec | undefined;
  for (;;) {
    const max = end_fsb - from;
    del = yield* xfs_iext_lookup_extent(ip, 'cow', { offset_fsb: from, max });
    if (del === undefined || del.br_startoff >= end_fsb) return end_fsb;
    if (xfs_bmap_is_written_extent(del)) break;
    from = del.br_startoff + del.br_blockcount;
    if (from >= end_fsb) return end_fsb;
  }
  del = xfs_trim_extent(del, from, end_fsb - from);
  const bno = del.br_startoff;
  const data = yield* xfs_bmapi_read(ip, { bno, len: del.br_blockcount });
  const count = Math.min(data.br_blockcount, del.br_blockcount);
  del = xfs_trim_extent(del, bno, count);
  yield* xfs_bunmapi(ip, 'data', { bno, end: bno + count });
  yield* xfs_bmap_map_extent(ip, 'data', del);
  yield* xfs_bmap_unmap_extent(ip, 'cow', del);
  return bno + count;
}

/**
 * Two files are about to share blocks: both get the mark, which makes writes look for sharing.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_set_inode_flag() v6.12
 */
export function* xfs_reflink_set_inode_flag(src: XfsInode, dest: XfsInode): Op<void> {
  for (const ip of [src, dest]) {
    const flags = yield* get(ip.vfs.fsflags);
    if ((flags & XFS_DIFLAG2_REFLINK) === 0) {
      yield* set(ip.vfs.fsflags, 0, flags | XFS_DIFLAG2_REFLINK);
      yield* mark_inode_dirty(ip.vfs);
    }
  }
}

/**
 * Maps one extent of the source, which stands in destination blocks already, into the destination:
 * blocks done, or an error number.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_remap_extent() v6.12
 */
export function* xfs_reflink_remap_extent(ip: XfsInode, dmap: BmbtIrec): Op<number> {
  const mp = ip.i_mount;
  const blocks = xfs_bmap_compute_maxlevels(mp) - 1;
  const error = yield* xfs_trans_reserve(mp, { blocks });
  if (error < 0) return error;
  yield* lock(ip.i_lock);
  const smap = yield* xfs_bmapi_read(ip, { bno: dmap.br_startoff, len: dmap.br_blockcount });
  const count = Math.min(dmap.br_blockcount, smap.br_blockcount);
  const isSame = dmap.br_startblock === smap.br_startblock;
  if (!isSame && !(dmap.unwritten && smap.unwritten)) {
    const bno = dmap.br_startoff;
    const cut = xfs_trim_extent(dmap, bno, count);
    yield* xfs_bunmapi(ip, 'data', { bno, end: bno + count });
    if (xfs_bmap_is_written_extent(cut)) {
      yield* xfs_refcount_increase_extent(mp, { block: cut.br_startblock, length: count });
      yield* xfs_bmap_map_extent(ip, 'data', cut);
    }
    yield* mark_inode_dirty(ip.vfs);
  }
  yield* unlock(ip.i_lock);
  return count;
}

/**
 * Clears the mark where no block is shared any more.
 * @source fs/xfs/xfs_reflink.c xfs_reflink_try_clear_inode_flag() v6.12
 */
export function* xfs_reflink_try_clear_inode_flag(ip: XfsInode): Op<number> {
  yield* lock(ip.i_lock);
  if (!(yield* hasSharedExtents(ip, ip.i_mount))) {
    const end = yield* forkEnd(ip, 'cow');
    yield* xfs_reflink_cancel_cow_blocks(ip, { bno: 0, end }, true);
    yield* clearReflinkFlag(ip);
  }
  yield* unlock(ip.i_lock);
  return 0;
}

/** Takes the mark away. */
export function* clearReflinkFlag(ip: XfsInode): Op<void> {
  yield* set(ip.vfs.fsflags, 0, (yield* get(ip.vfs.fsflags)) & ~XFS_DIFLAG2_REFLINK);
  yield* mark_inode_dirty(ip.vfs);
}

// @source fs/xfs/xfs_reflink.c xfs_reflink_inode_has_shared_extents() v6.12
function* hasSharedExtents(ip: XfsInode, mp: XfsMount): Op<boolean> {
  const end = yield* forkEnd(ip, 'data');
  if (end === 0) return false;
  for (const key of yield* scan(ip.vfs.blocks, { start: 0, end: end - 1 })) {
    const cell = yield* get(ip.vfs.blocks, key);
    if (cell === undefined || cell.delalloc === true || cell.unwritten) continue;
    if ((yield* get(mp.refcounts, cell.block)) > 0) return true;
  }
  return false;
}
