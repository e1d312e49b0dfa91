// Inodes as the VFS sees them: sizes, attributes, and whether they use DAX.
// @source fs/xfs/xfs_iops.c v6.12

import {
  type Inode,
  type KStat,
  S_APPEND,
  S_DAX,
  S_IMMUTABLE,
  S_SYNC,
} from '../../include/linux/fs.ts';
import type { Task } from '../../linux.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import { waitForUnpin } from '../../mm/pins.ts';
import { pagecache_isize_extended, truncate_pagecache } from '../../mm/truncate.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { dax_layout_busy_page } from '../dax.ts';
import { inode_newsize_ok, mark_inode_dirty } from '../inode.ts';
import { xfs_inode_has_filedata } from './libxfs/xfs_bmap.ts';
import { xfs_itruncate_extents, xfs_truncate_page, xfs_zero_range } from './xfs_bmap_util.ts';
import { dirSizeBytes } from './libxfs/xfs_dir2.ts';
import {
  XFS_B_TO_FSBT,
  XFS_DIFLAG2_DAX,
  XFS_DIFLAG_APPEND,
  XFS_DIFLAG_IMMUTABLE,
  XFS_DIFLAG_REALTIME,
  XFS_DIFLAG_SYNC,
  XFS_FSB_TO_B,
  XFS_I,
  XFS_ITRUNCATED,
  type XfsInode,
  type XfsMount,
} from './xfs_mount.ts';

/** truncate(). @source fs/xfs/xfs_iops.c xfs_vn_setattr() v6.12 */
export function* xfs_vn_setattr(
  mp: XfsMount,
  task: Task,
  inode: Inode,
  newsize: number,
): Op<number> {
  yield* lock(inode.i_mapping.invalidate_lock);
  let error = yield* xfs_break_layouts(inode);
  if (error === 0) error = yield* xfs_vn_setattr_size(XFS_I(mp, inode), task, newsize);
  yield* unlock(inode.i_mapping.invalidate_lock);
  return error;
}

/**
 * Before blocks are taken from a file: nobody may have a page of them pinned.
 * @source fs/xfs/xfs_inode.c xfs_break_layouts() xfs_break_dax_layouts() v6.12
 */
export function* xfs_break_layouts(inode: Inode): Op<number> {
  for (;;) {
    const busy = yield* dax_layout_busy_page(inode.i_mapping);
    if (busy === undefined) return 0;
    const { linux } = inode.i_sb;
    yield* unlock(inode.i_mapping.invalidate_lock);
    yield* waitForUnpin(linux, busy);
    yield* lock(inode.i_mapping.invalidate_lock);
  }
}

/**
 * The same with the locks held and nothing pinned.
 * @source fs/xfs/xfs_iops.c xfs_vn_setattr_size() v6.12
 */
export function* xfs_vn_setattr_size(ip: XfsInode, _task: Task, newsize: number): Op<number> {
  const error = yield* inode_newsize_ok(ip.vfs, newsize);
  return error < 0 ? error : yield* xfs_setattr_size(ip, newsize);
}

/**
 * Sets the size. What an extension exposes is zeroed first, and so is the rest of the last block
 * of a file that shrinks; then pages go, and last the blocks.
 * @source fs/xfs/xfs_iops.c xfs_setattr_size() v6.12, v6.1
 */
function* xfs_setattr_size(ip: XfsInode, newsize: number): Op<number> {
  const inode = ip.vfs;
  const { i_mapping } = inode;
  const oldsize = yield* get(inode.i_size);
  if (newsize === 0 && oldsize === 0 && !(yield* xfs_inode_has_filedata(ip))) return 0;
  let error = 0;
  // The rest of the last block was zeroed if there is a block.
  const eof = XFS_B_TO_FSBT(ip.i_mount, oldsize);
  const isInside = oldsize % ip.i_mount.image.block_size !== 0;
  const didZeroing = newsize > oldsize && isInside && (yield* get(inode.blocks, eof)) !== undefined;
  if (newsize > oldsize) {
    error = yield* xfs_zero_range(ip, { offset: oldsize, len: newsize - oldsize });
  } else {
    // 6.1 writes the page with the new end, for zeroing passes over unwritten blocks.
    if (!ip.i_mount.linux.is_6_12) {
      error = yield* filemap_write_and_wait_range(i_mapping, newsize, newsize);
    }
    if (error === 0) error = yield* xfs_truncate_page(ip, newsize);
  }
  if (error < 0) return error;
  yield* truncate_setsize(inode, { oldsize, newsize });
  const diskSize = yield* get(ip.i_disk_size);
  const isBehind = newsize > diskSize && oldsize !== diskSize;
  if ((didZeroing || isBehind) && diskSize < newsize) {
    error = yield* filemap_write_and_wait_range(i_mapping, diskSize, newsize - 1);
    if (error < 0) return error;
  }
  yield* lock(ip.i_lock);
  yield* set(ip.i_disk_size, 0, newsize);
  if (newsize <= oldsize) {
    yield* xfs_itruncate_extents(ip, newsize);
    yield* set(ip.i_flags, 0, (yield* get(ip.i_flags)) | XFS_ITRUNCATED);
  }
  yield* mark_inode_dirty(inode);
  yield* unlock(ip.i_lock);
  return 0;
}

// @source mm/truncate.c truncate_setsize() v6.12
function* truncate_setsize(
  inode: Inode,
  { oldsize, newsize }: { readonly oldsize: number; readonly newsize: number },
): Op<void> {
  yield* set(inode.i_size, 0, newsize);
  if (newsize > oldsize) yield* pagecache_isize_extended(inode, oldsize, newsize);
  yield* truncate_pagecache(inode, newsize);
}

/**
 * What statx() tells. Direct I/O goes by sectors of the device that holds the data.
 * @source fs/xfs/xfs_iops.c xfs_vn_getattr() v6.12
 */
export function xfs_vn_getattr(mp: XfsMount, inode: Inode): KStat {
  const size = inode.kind === 'dir' ? dirSizeBytes(mp, inode) : inode.i_size.peek();
  const blksize = Math.max(mp.linux.PAGE_SIZE, mp.image.block_size);
  if (inode.kind !== 'reg') return { size, blksize };
  const rt = (inode.fsflags.peek() & XFS_DIFLAG_REALTIME) !== 0;
  const target = rt ? (mp.m_rtdev_targp ?? mp.m_ddev_targp) : mp.m_ddev_targp;
  const { logical_block_size } = target.bt_bdev.bd_disk.queue;
  // Drivers that say nothing else want memory aligned to 512 bytes.
  const dio = { mem_align: 512, offset_align: logical_block_size };
  return { size, blksize: rt ? XFS_FSB_TO_B(mp, 1) : blksize, dio };
}

/**
 * Whether an inode that comes into memory uses DAX: a regular file, by the mount's mode and its
 * own flag, on a device that can, with blocks of one page.
 * @source fs/xfs/xfs_iops.c xfs_inode_should_enable_dax() v6.12
 */
export function xfs_inode_should_enable_dax(
  mp: XfsMount,
  { kind, fsflags }: { readonly kind: Inode['kind']; readonly fsflags: number },
): boolean {
  if (!mp.linux.config.FS_DAX || mp.options.dax === 'never') return false;
  if (!xfs_inode_supports_dax(mp, { kind, fsflags })) return false;
  return mp.options.dax === 'always' || (fsflags & XFS_DIFLAG2_DAX) !== 0;
}

// @source fs/xfs/xfs_iops.c xfs_inode_supports_dax() v6.12
function xfs_inode_supports_dax(
  mp: XfsMount,
  { kind, fsflags }: { readonly kind: Inode['kind']; readonly fsflags: number },
): boolean {
  if (kind !== 'reg' || mp.image.block_size !== mp.linux.PAGE_SIZE) return false;
  const rt = (fsflags & XFS_DIFLAG_REALTIME) !== 0;
  const target = rt ? (mp.m_rtdev_targp ?? mp.m_ddev_targp) : mp.m_ddev_targp;
  return target.bt_daxdev !== undefined;
}

/**
 * S_* flags of an inode. S_DAX is decided when it comes into memory and stays as it is.
 * @source fs/xfs/xfs_iops.c xfs_diflags_to_iflags() v6.12
 */
export function iflagsOf(fsflags: number): number {
  let flags = 0;
  if ((fsflags & XFS_DIFLAG_IMMUTABLE) !== 0) flags |= S_IMMUTABLE;
  if ((fsflags & XFS_DIFLAG_APPEND) !== 0) flags |= S_APPEND;
  if ((fsflags & XFS_DIFLAG_SYNC) !== 0) flags |= S_SYNC;
  return flags;
}

/** The S_* flags that iflagsOf() decides. */
export const DIFLAG_IFLAGS = S_IMMUTABLE | S_APPEND | S_SYNC;

/** S_DAX where the inode is to use it. */
export function daxFlagOf(
  mp: XfsMount,
  inode: { readonly kind: Inode['kind']; readonly fsflags: number },
): number {
  return xfs_inode_should_enable_dax(mp, inode) ? S_DAX : 0;
}
