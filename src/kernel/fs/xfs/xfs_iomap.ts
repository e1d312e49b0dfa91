// What XFS says about a range of a file: where it is, and what a write to it needs first.
// @source fs/xfs/xfs_iomap.c v6.12

import { IOMAP_F_DIRTY, IOMAP_F_NEW, IOMAP_F_SHARED } from '../../include/linux/iomap.ts';
import {
  IOMAP_DAX,
  IOMAP_DIRECT,
  IOMAP_NOWAIT,
  IOMAP_OVERWRITE_ONLY,
  IOMAP_REPORT,
  IOMAP_UNSHARE,
  IOMAP_ZERO,
  type Iomap,
  type IomapOps,
} from '../../include/linux/iomap.ts';
import { E } from '../../include/linux/errno.ts';
import { I_DIRTY, type Inode, S_DAX } from '../../include/linux/fs.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { mark_inode_dirty } from '../inode.ts';
import { xfs_trans_reserve } from './libxfs/xfs_alloc.ts';
import {
  type BmbtIrec,
  forkEnd,
  hole,
  HOLESTARTBLOCK,
  isRealtime,
  xfs_bmap_compute_maxlevels,
  xfs_bmapi_read,
  xfs_bmapi_write,
  xfs_iext_lookup_extent,
  xfs_trim_extent,
} from './libxfs/xfs_bmap.ts';
import {
  RT_BLOCK_BASE,
  XFS_B_TO_FSB,
  XFS_B_TO_FSBT,
  type XfsBuftarg,
  type XfsInode,
  type XfsMount,
  XFS_FSB_TO_B,
  XFS_I,
} from './xfs_mount.ts';
import {
  xfs_inode_has_cow_data,
  xfs_is_cow_inode,
  xfs_reflink_allocate_cow,
  xfs_reflink_cancel_cow_range,
  xfs_reflink_end_cow,
  xfs_reflink_trim_around_shared,
} from './xfs_reflink.ts';

/** Blocks to reserve for a new extent, for the splits it may cause. */
export function XFS_DIOSTRAT_SPACE_RES(mp: XfsMount, blocks: number): number {
  return xfs_bmap_compute_maxlevels(mp) - 1 + blocks;
}

/** The device that holds a file's data. @source fs/xfs/xfs_inode.h xfs_inode_buftarg() v6.12 */
export function* xfs_inode_buftarg(ip: XfsInode): Op<XfsBuftarg> {
  const mp = ip.i_mount;
  return (yield* isRealtime(ip)) ? (mp.m_rtdev_targp ?? mp.m_ddev_targp) : mp.m_ddev_targp;
}

/**
 * An extent as the shared paths want it: for DAX by the byte of the dax device, else by that of
 * the block device.
 * @source fs/xfs/xfs_iomap.c xfs_bmbt_to_iomap() v6.12
 */
export function* xfs_bmbt_to_iomap(
  ip: XfsInode,
  imap: BmbtIrec,
  { mapping, iomap }: { readonly mapping: number; readonly iomap: number },
): Op<Iomap> {
  const mp = ip.i_mount;
  const target = yield* xfs_inode_buftarg(ip);
  const isDax = (mapping & IOMAP_DAX) !== 0;
  const isReal = imap.br_startblock >= 0;
  const block =
    imap.br_startblock >= RT_BLOCK_BASE ? imap.br_startblock - RT_BLOCK_BASE : imap.br_startblock;
  const byte = XFS_FSB_TO_B(mp, block) + (isDax ? target.bt_dax_part_off : 0);
  // Metadata that is not on the medium yet: a synchronous fault will have to wait for it.
  const isPinned = ((yield* get(ip.vfs.i_state)) & I_DIRTY) !== 0;
  return {
    type: typeOf(imap),
    offset: XFS_FSB_TO_B(mp, imap.br_startoff),
    length: XFS_FSB_TO_B(mp, imap.br_blockcount),
    addr: isReal ? byte : -1,
    flags: iomap | (isPinned ? IOMAP_F_DIRTY : 0),
    bdev: target.bt_bdev,
    dax_dev: target.bt_daxdev,
  };
}

function typeOf(imap: BmbtIrec): Iomap['type'] {
  if (imap.br_startblock === HOLESTARTBLOCK) return 'hole';
  if (imap.br_startblock < 0) return 'delalloc';
  return imap.unwritten ? 'unwritten' : 'mapped';
}

/** First block after a range. @source fs/xfs/xfs_iomap.c xfs_iomap_end_fsb() v6.12 */
export function xfs_iomap_end_fsb(mp: XfsMount, range: { pos: number; length: number }): number {
  return XFS_B_TO_FSB(mp, Math.min(range.pos + range.length, MAX_LFS_FILESIZE));
}

/** Largest file; less than the kernel's 2^63 - 1, so that numbers stay exact. */
export const MAX_LFS_FILESIZE = 2 ** 52;

/**
 * Allocates the start of a range for a direct write or a DAX write. For DAX blocks are zeroed and
 * written at once; else they stay unwritten until the data is there.
 * @source fs/xfs/xfs_iomap.c xfs_iomap_write_direct() v6.12
 */
export function* xfs_iomap_write_direct(
  ip: XfsInode,
  range: { readonly offset_fsb: number; readonly count_fsb: number },
  { flags, imap }: { readonly flags: number; readonly imap: BmbtIrec },
): Op<BmbtIrec | number> {
  const mp = ip.i_mount;
  const isDax = (flags & IOMAP_DAX) !== 0;
  // Conversion of an unwritten extent may use the reserve: the space itself is there.
  const force = isDax && imap.unwritten;
  const rt = yield* isRealtime(ip);
  let blocks = XFS_DIOSTRAT_SPACE_RES(mp, rt ? 0 : range.count_fsb);
  if (force) blocks = XFS_DIOSTRAT_SPACE_RES(mp, 0) * 2;
  const rtextents = rt ? range.count_fsb : 0;
  const error = yield* xfs_trans_reserve(mp, { blocks, rtextents, force });
  if (error < 0) return error;
  yield* lock(ip.i_lock);
  const got = yield* xfs_bmapi_write(ip, {
    fork: 'data',
    bno: range.offset_fsb,
    len: range.count_fsb,
    ...(isDax ? { convert: true, zero: true } : { prealloc: true }),
  });
  yield* mark_inode_dirty(ip.vfs);
  yield* unlock(ip.i_lock);
  return got;
}

/**
 * After data reached unwritten blocks: they are written now, and the size may grow.
 * @source fs/xfs/xfs_iomap.c xfs_iomap_write_unwritten() v6.12
 */
export function* xfs_iomap_write_unwritten(
  ip: XfsInode,
  range: { readonly offset: number; readonly count: number },
  update_isize: boolean,
): Op<number> {
  const mp = ip.i_mount;
  const end = range.offset + range.count;
  const end_fsb = XFS_B_TO_FSB(mp, end);
  let offset_fsb = XFS_B_TO_FSBT(mp, range.offset);
  while (offset_fsb < end_fsb) {
    const blocks = XFS_DIOSTRAT_SPACE_RES(mp, 0) * 2;
    const error = yield* xfs_trans_reserve(mp, { blocks, force: true });
    if (error < 0) return error;
    yield* lock(ip.i_lock);
    const len = end_fsb - offset_fsb;
    const got = yield* xfs_bmapi_write(ip, { fork: 'data', bno: offset_fsb, len, convert: true });
    yield* mark_inode_dirty(ip.vfs);
    yield* unlock(ip.i_lock);
    if (typeof got === 'number') return got;
    offset_fsb = got.br_startoff + got.br_blockcount;
    const size = Math.min(XFS_FSB_TO_B(mp, offset_fsb), end);
    if (update_isize && size > (yield* get(ip.vfs.i_size))) yield* set(ip.vfs.i_size, 0, size);
    yield* xfs_setfilesize(ip, size);
  }
  return 0;
}

/** Data up to `end` has reached the device. @source fs/xfs/xfs_aops.c xfs_setfilesize() v6.12 */
export function* xfs_setfilesize(ip: XfsInode, end: number): Op<void> {
  const size = Math.min(end, yield* get(ip.vfs.i_size));
  if (size <= (yield* get(ip.i_disk_size))) return;
  yield* set(ip.i_disk_size, 0, size);
  yield* mark_inode_dirty(ip.vfs);
}

// @source fs/xfs/xfs_iomap.c imap_needs_alloc() v6.12
function imap_needs_alloc(flags: number, imap: BmbtIrec): boolean {
  if ((flags & IOMAP_ZERO) !== 0) return false;
  if (imap.br_startblock < 0) return true;
  return (flags & IOMAP_DAX) !== 0 && imap.unwritten;
}

// @source fs/xfs/xfs_iomap.c imap_needs_cow() v6.12; 6.1 looks at IOMAP_ZERO alone
function* imap_needs_cow(ip: XfsInode, flags: number, imap: BmbtIrec): Op<boolean> {
  if (!(yield* xfs_is_cow_inode(ip))) return false;
  const spared = ip.i_mount.linux.is_6_12 ? IOMAP_UNSHARE | IOMAP_ZERO : IOMAP_ZERO;
  if ((flags & spared) === 0) return true;
  return imap.br_startblock !== HOLESTARTBLOCK && !imap.unwritten;
}

/**
 * Extent for a direct write, a DAX write or a DAX write fault: allocated, and of the file alone.
 * @source fs/xfs/xfs_iomap.c xfs_direct_write_iomap_begin() v6.12
 */
export function* xfs_direct_write_iomap_begin(
  mp: XfsMount,
  inode: Inode,
  range: { readonly pos: number; readonly length: number },
  flags: number,
): Op<Iomap | number> {
  const ip = XFS_I(mp, inode);
  const { pos, length } = range;
  const offset_fsb = XFS_B_TO_FSBT(mp, pos);
  let end_fsb = xfs_iomap_end_fsb(mp, range);
  // The size will change, which has to be on the medium before a synchronous fault ends.
  const extends_ = pos + length > (yield* get(inode.i_size));
  const iomapFlags = extends_ ? IOMAP_F_DIRTY : 0;
  yield* lock(ip.i_lock);
  let imap = yield* xfs_bmapi_read(ip, { bno: offset_fsb, len: end_fsb - offset_fsb });
  if (yield* imap_needs_cow(ip, flags, imap)) {
    if ((flags & IOMAP_NOWAIT) !== 0) return yield* unlocked(ip, -E.EAGAIN);
    const isDax = ((yield* get(inode.i_flags)) & S_DAX) !== 0;
    const convertNow = (flags & IOMAP_DIRECT) !== 0 || isDax;
    const cow = yield* xfs_reflink_allocate_cow(ip, imap, convertNow);
    if (typeof cow === 'number') return yield* unlocked(ip, cow);
    ({ imap } = cow);
    if (cow.shared) return yield* foundCow(ip, flags, { imap, cmap: cow.cmap });
    end_fsb = imap.br_startoff + imap.br_blockcount;
  }
  if (!imap_needs_alloc(flags, imap)) {
    const refused =
      (flags & (IOMAP_NOWAIT | IOMAP_OVERWRITE_ONLY)) !== 0 &&
      !isOverwrite(mp, { imap, range, flags, end_fsb });
    const answer = yield* xfs_bmbt_to_iomap(ip, imap, { mapping: flags, iomap: iomapFlags });
    yield* unlock(ip.i_lock);
    return refused ? -E.EAGAIN : answer;
  }
  yield* unlock(ip.i_lock);
  if ((flags & (IOMAP_NOWAIT | IOMAP_OVERWRITE_ONLY)) !== 0) return -E.EAGAIN;
  return yield* allocateForWrite(ip, { offset_fsb, end_fsb, imap, flags, iomapFlags });
}

// Whether a write that must not allocate stays within one extent, and within written blocks
// unless it covers whole blocks.
function isOverwrite(
  mp: XfsMount,
  what: {
    readonly imap: BmbtIrec;
    readonly range: { readonly pos: number; readonly length: number };
    readonly flags: number;
    readonly end_fsb: number;
  },
): boolean {
  const { imap, range, flags, end_fsb } = what;
  if (imap.br_startoff + imap.br_blockcount < end_fsb) return false;
  if ((flags & IOMAP_OVERWRITE_ONLY) === 0) return true;
  const { block_size } = mp.image;
  return !imap.unwritten || (range.pos % block_size === 0 && range.length % block_size === 0);
}

function* allocateForWrite(
  ip: XfsInode,
  what: {
    readonly offset_fsb: number;
    readonly end_fsb: number;
    readonly imap: BmbtIrec;
    readonly flags: number;
    readonly iomapFlags: number;
  },
): Op<Iomap | number> {
  const mp = ip.i_mount;
  const { offset_fsb, imap, flags } = what;
  // No more than 1024 pages at once; and no further than a hole reaches.
  const most = XFS_B_TO_FSB(mp, 1024 * mp.linux.PAGE_SIZE);
  let end_fsb = Math.min(what.end_fsb, offset_fsb + most);
  if (imap.br_startblock === HOLESTARTBLOCK) {
    end_fsb = Math.min(end_fsb, imap.br_startoff + imap.br_blockcount);
  }
  const got = yield* xfs_iomap_write_direct(
    ip,
    { offset_fsb, count_fsb: end_fsb - offset_fsb },
    { flags, imap },
  );
  if (typeof got === 'number') return got;
  const isNew = { mapping: flags, iomap: what.iomapFlags | IOMAP_F_NEW };
  return yield* xfs_bmbt_to_iomap(ip, got, isNew);
}

function* foundCow(
  ip: XfsInode,
  flags: number,
  { imap, cmap }: { readonly imap: BmbtIrec; readonly cmap: BmbtIrec },
): Op<Iomap> {
  const source = yield* xfs_bmbt_to_iomap(ip, imap, { mapping: flags, iomap: 0 });
  const shared = { mapping: flags, iomap: IOMAP_F_SHARED };
  const iomap = yield* xfs_bmbt_to_iomap(ip, cmap, shared);
  yield* unlock(ip.i_lock);
  return source.type === 'hole' ? iomap : { ...iomap, srcmap: source };
}

function* unlocked(ip: XfsInode, error: number): Op<number> {
  yield* unlock(ip.i_lock);
  return error;
}

/** Mappings for direct writes. @source fs/xfs/xfs_iomap.c xfs_direct_write_iomap_ops v6.12 */
export function xfs_direct_write_iomap_ops(mp: XfsMount): IomapOps {
  return {
    iomap_begin: (inode, pos, length, flags) =>
      xfs_direct_write_iomap_begin(mp, inode, { pos, length }, flags),
  };
}

/**
 * Mappings for DAX writes: afterwards copies of shared blocks take the place of the old ones.
 * @source fs/xfs/xfs_iomap.c xfs_dax_write_iomap_ops v6.12
 */
export function xfs_dax_write_iomap_ops(mp: XfsMount): IomapOps {
  return {
    ...xfs_direct_write_iomap_ops(mp),
    *iomap_end(inode, pos, length, written) {
      const ip = XFS_I(mp, inode);
      if (!(yield* xfs_is_cow_inode(ip))) return 0;
      if (written > 0) return yield* xfs_reflink_end_cow(ip, { pos, count: written });
      const error = yield* xfs_reflink_cancel_cow_range(ip, { pos, count: length }, true);
      // 6.1 looks away.
      return mp.linux.is_6_12 ? error : 0;
    },
  };
}

/**
 * Mappings for reads. 6.1 does not tell a DAX reader that blocks are shared.
 * @source fs/xfs/xfs_iomap.c xfs_read_iomap_begin() v6.12, v6.1
 */
export function xfs_read_iomap_ops(mp: XfsMount): IomapOps {
  return {
    *iomap_begin(inode, pos, length, flags) {
      const ip = XFS_I(mp, inode);
      const bno = XFS_B_TO_FSBT(mp, pos);
      const end = xfs_iomap_end_fsb(mp, { pos, length });
      yield* lock(ip.i_lock, 'shared');
      let imap = yield* xfs_bmapi_read(ip, { bno, len: end - bno });
      const isDax = mp.linux.is_6_12 && ((yield* get(inode.i_flags)) & S_DAX) !== 0;
      let shared = false;
      if (isDax || (flags & IOMAP_REPORT) !== 0) {
        ({ imap, shared } = yield* xfs_reflink_trim_around_shared(ip, imap));
      }
      const iomap = shared ? IOMAP_F_SHARED : 0;
      const answer = yield* xfs_bmbt_to_iomap(ip, imap, { mapping: flags, iomap });
      yield* unlock(ip.i_lock, 'shared');
      return answer;
    },
  };
}

/**
 * Mappings for SEEK_DATA and SEEK_HOLE: what waits in the CoW fork counts as unwritten, so that
 * the page cache is asked.
 * @source fs/xfs/xfs_iomap.c xfs_seek_iomap_begin() v6.12
 */
export function xfs_seek_iomap_ops(mp: XfsMount): IomapOps {
  return {
    *iomap_begin(inode, pos, length, flags) {
      const ip = XFS_I(mp, inode);
      const range = { from: XFS_B_TO_FSBT(mp, pos), end: XFS_B_TO_FSB(mp, pos + length) };
      yield* lock(ip.i_lock, 'shared');
      const answer = yield* seekExtent(ip, range, flags);
      yield* unlock(ip.i_lock, 'shared');
      return answer;
    },
  };
}

function* seekExtent(
  ip: XfsInode,
  { from, end }: { readonly from: number; readonly end: number },
  flags: number,
): Op<Iomap> {
  const max = end - from;
  const imap = yield* xfs_iext_lookup_extent(ip, 'data', { offset_fsb: from, max });
  if (imap !== undefined && imap.br_startoff <= from) {
    return yield* xfs_bmbt_to_iomap(ip, imap, { mapping: flags, iomap: 0 });
  }
  const data = imap?.br_startoff ?? end;
  let next = data;
  if (yield* xfs_inode_has_cow_data(ip)) {
    const cmap = yield* xfs_iext_lookup_extent(ip, 'cow', { offset_fsb: from, max });
    if (cmap !== undefined && cmap.br_startoff <= from) {
      const trimmed = xfs_trim_extent(cmap, from, Math.min(end, data) - from);
      const answer = yield* xfs_bmbt_to_iomap(ip, trimmed, {
        mapping: flags,
        iomap: IOMAP_F_SHARED,
      });
      return { ...answer, type: 'unwritten' };
    }
    next = Math.min(data, cmap?.br_startoff ?? data);
  }
  const gap = hole(from, Math.min(next, end) - from);
  return yield* xfs_bmbt_to_iomap(ip, gap, { mapping: flags, iomap: 0 });
}

/** Whether nothing is mapped at or after a block. */
export function* isBeyondExtents(ip: XfsInode, fork: 'data' | 'cow', block: number): Op<boolean> {
  if (block >= (yield* forkEnd(ip, fork))) return true;
  const next = yield* xfs_iext_lookup_extent(ip, fork, { offset_fsb: block, max: 1 });
  return next === undefined;
}
