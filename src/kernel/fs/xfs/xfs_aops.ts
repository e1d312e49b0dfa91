// Writeback of cached pages: blocks are chosen for reserved space, and what was unwritten or a copy
// of shared blocks becomes the file's data once the device has it.
// @source fs/xfs/xfs_aops.c v6.12

import type { AddressSpaceOperations, Inode } from '../../include/linux/fs.ts';
import {
  IOMAP_F_SHARED,
  IOMAP_WRITE,
  type Iomap,
  type IomapOps,
} from '../../include/linux/iomap.ts';
import { iomap_writepages } from '../../mm/page-writeback.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { dax_writeback_mapping_range } from '../dax.ts';
import { mark_inode_dirty } from '../inode.ts';
import {
  type BmbtIrec,
  DELAYSTARTBLOCK,
  hole,
  xfs_bmapi_convert_delalloc,
  xfs_iext_lookup_extent,
} from './libxfs/xfs_bmap.ts';
import {
  xfs_bmbt_to_iomap,
  xfs_inode_buftarg,
  xfs_iomap_write_unwritten,
  xfs_read_iomap_ops,
  xfs_setfilesize,
} from './xfs_iomap.ts';
import { xfs_buffered_write_iomap_begin } from './xfs_iomap-buffered.ts';
import {
  XFS_B_TO_FSB,
  XFS_B_TO_FSBT,
  XFS_I,
  XFS_ITRUNCATED,
  type XfsInode,
  type XfsMount,
} from './xfs_mount.ts';
import {
  xfs_inode_has_cow_data,
  xfs_reflink_convert_cow,
  xfs_reflink_end_cow,
} from './xfs_reflink.ts';

/**
 * Where a dirty range goes: to a copy where there is one, else to the file's own blocks.
 * @source fs/xfs/xfs_aops.c xfs_map_blocks() v6.12
 */
export function* xfs_map_blocks(
  ip: XfsInode,
  { pos, length }: { readonly pos: number; readonly length: number },
): Op<Iomap | number> {
  const offset_fsb = XFS_B_TO_FSBT(ip.i_mount, pos);
  const end_fsb = XFS_B_TO_FSB(ip.i_mount, pos + length);
  yield* lock(ip.i_lock);
  const found = yield* mapLocked(ip, { offset_fsb, end_fsb });
  yield* unlock(ip.i_lock);
  if (typeof found === 'number') return found;
  const iomap = found.isCow ? IOMAP_F_SHARED : 0;
  const answer = yield* xfs_bmbt_to_iomap(ip, found.imap, { mapping: 0, iomap });
  if (found.isCow) {
    // xfs_prepare_ioend(): from here on the copy counts as written.
    yield* xfs_reflink_convert_cow(ip, { pos: answer.offset, count: answer.length });
  }
  return answer;
}

function* mapLocked(
  ip: XfsInode,
  { offset_fsb, end_fsb }: { readonly offset_fsb: number; readonly end_fsb: number },
): Op<{ readonly imap: BmbtIrec; readonly isCow: boolean } | number> {
  const max = end_fsb - offset_fsb;
  let limit = end_fsb;
  if (yield* xfs_inode_has_cow_data(ip)) {
    const cow = yield* xfs_iext_lookup_extent(ip, 'cow', { offset_fsb, max });
    if (cow !== undefined && cow.br_startoff <= offset_fsb) {
      return yield* chosen(ip, { fork: 'cow', imap: cow, end_fsb });
    }
    limit = Math.min(limit, cow?.br_startoff ?? limit);
  }
  const data = yield* xfs_iext_lookup_extent(ip, 'data', { offset_fsb, max });
  const start = data?.br_startoff ?? end_fsb;
  if (data === undefined || start > offset_fsb) {
    return { imap: hole(offset_fsb, Math.min(start, limit) - offset_fsb), isCow: false };
  }
  return yield* chosen(ip, { fork: 'data', imap: data, end_fsb: limit });
}

// The extent with blocks, cut at `end_fsb`.
function* chosen(
  ip: XfsInode,
  what: { readonly fork: 'data' | 'cow'; readonly imap: BmbtIrec; readonly end_fsb: number },
): Op<{ readonly imap: BmbtIrec; readonly isCow: boolean } | number> {
  let imap: BmbtIrec | number = what.imap;
  if (imap.br_startblock === DELAYSTARTBLOCK) {
    imap = yield* xfs_bmapi_convert_delalloc(ip, what.fork, imap.br_startoff);
    if (typeof imap === 'number') return imap;
    yield* mark_inode_dirty(ip.vfs);
  }
  const br_blockcount = Math.min(imap.br_blockcount, what.end_fsb - imap.br_startoff);
  return { imap: { ...imap, br_blockcount }, isCow: what.fork === 'cow' };
}

/**
 * After the data is on the device.
 * @source fs/xfs/xfs_aops.c xfs_end_ioend() v6.12
 */
function* xfs_end_ioend(
  ip: XfsInode,
  range: { readonly pos: number; readonly count: number },
  iomap: Iomap,
): Op<number> {
  const { pos: offset, count } = range;
  let error = 0;
  if ((iomap.flags & IOMAP_F_SHARED) !== 0) error = yield* xfs_reflink_end_cow(ip, range);
  else if (iomap.type === 'unwritten') {
    error = yield* xfs_iomap_write_unwritten(ip, { offset, count }, false);
  }
  if (error === 0) yield* xfs_setfilesize(ip, offset + count);
  return error;
}

/** Mappings for writeback. @source fs/xfs/xfs_aops.c xfs_writeback_ops v6.12 */
export function xfs_writeback_ops(mp: XfsMount): IomapOps {
  return {
    iomap_begin: (inode, pos, length) => xfs_map_blocks(XFS_I(mp, inode), { pos, length }),
    *iomap_end(inode, pos, length, written, _flags, iomap) {
      const count = Math.min(length, written);
      if (count <= 0 || iomap.type === 'hole') return 0;
      return yield* xfs_end_ioend(XFS_I(mp, inode), { pos, count }, iomap);
    },
  };
}

function* xfs_vm_writepages(
  mp: XfsMount,
  inode: Inode,
  range: { readonly start: number; readonly end: number; readonly sync: boolean },
): Op<number> {
  yield* clearTruncated(XFS_I(mp, inode));
  const { i_mapping } = inode;
  const ops = xfs_writeback_ops(mp);
  return yield* iomap_writepages(i_mapping, range, { ops, flags: 0 });
}

function* clearTruncated(ip: XfsInode): Op<void> {
  yield* set(ip.i_flags, 0, (yield* get(ip.i_flags)) & ~XFS_ITRUNCATED);
}

/** Files with a page cache. @source fs/xfs/xfs_aops.c xfs_address_space_operations v6.12 */
export function xfs_address_space_operations(mp: XfsMount): AddressSpaceOperations {
  return {
    iomap: xfs_read_iomap_ops(mp),
    writepages: (inode, start, end, sync) => xfs_vm_writepages(mp, inode, { start, end, sync }),
    *page_mkwrite(inode, folio) {
      // For callers beside xfs_filemap_page_mkwrite(): one extent after the other is reserved.
      const { PAGE_SIZE } = mp.linux;
      const end = (folio.index + 2 ** folio.order) * PAGE_SIZE;
      for (let pos = folio.index * PAGE_SIZE; pos < end; ) {
        const range = { pos, count: end - pos };
        const iomap = yield* xfs_buffered_write_iomap_begin(mp, inode, range, IOMAP_WRITE);
        if (typeof iomap === 'number') return iomap;
        pos = iomap.offset + iomap.length;
      }
      return 0;
    },
  };
}

/** Files without. @source fs/xfs/xfs_aops.c xfs_dax_aops v6.12 */
export function xfs_dax_aops(mp: XfsMount): AddressSpaceOperations {
  return {
    ...xfs_address_space_operations(mp),
    dax: true,
    *writepages(inode, start, end, sync) {
      const ip = XFS_I(mp, inode);
      yield* clearTruncated(ip);
      // Anything less than WB_SYNC_ALL leaves DAX entries alone.
      const { bt_daxdev } = yield* xfs_inode_buftarg(ip);
      if (!sync || bt_daxdev === undefined) return 0;
      return yield* dax_writeback_mapping_range(inode.i_mapping, bt_daxdev, start, end);
    },
  };
}
