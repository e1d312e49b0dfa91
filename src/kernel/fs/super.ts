// Superblocks: found by device, frozen and thawed, written back, and shut down.
// @source fs/super.c v6.12

import { assert } from '../../base/index.ts';
import { bd_claim, bd_release, lookup_bdev } from '../block/genhd.ts';
import type { BlockDevice } from '../include/linux/blkdev.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { FileSystemType, Inode, MountRequest, SuperBlock } from '../include/linux/fs.ts';
import type { Linux } from '../linux.ts';
import { type Op, lock, unlock } from '../steps.ts';
import { commit_sb } from './image.ts';
import { d_make_root, shrink_dcache_for_umount } from './dcache.ts';
import { evict_inodes, iget, presentInode, write_inode_now } from './inode.ts';
import { path_lookup, path_put } from './namei-walk.ts';
import { forgetSuper, superBlocks, superState } from './super-state.ts';

/** The mounted superblock of a device; undefined where none is. */
export function findSuper(linux: Linux, bdev: BlockDevice): SuperBlock | undefined {
  return superBlocks(linux).find((sb) => sb.s_bdev === bdev);
}

/**
 * A superblock on a block device: that of the device if it is mounted already, else what
 * `fill_super` makes of the device, which is claimed for `type`. A filesystem that is shut down
 * releases the claim with release_bdev().
 * @source fs/super.c get_tree_bdev() setup_bdev_super() v6.12
 */
export function get_tree_bdev(
  linux: Linux,
  type: FileSystemType,
  request: MountRequest,
  fill_super: (bdev: BlockDevice) => SuperBlock | number,
): SuperBlock | number {
  const bdev = lookupDevice(linux, request);
  if (IS_ERR(bdev)) return bdev;
  // The claim is the type's: a mount of the same type finds the superblock, another is refused.
  const error = bd_claim(bdev, type);
  if (error < 0) return error;
  const mounted = findSuper(linux, bdev);
  if (mounted !== undefined) {
    bd_release(bdev, type);
    return mounted.ro === request.ro ? mounted : -E.EBUSY;
  }
  if (bdev.bd_disk.ro && !request.ro) {
    bd_release(bdev, type);
    return -E.EACCES;
  }
  const sb = fill_super(bdev);
  if (IS_ERR(sb)) bd_release(bdev, type);
  return sb;
}

/**
 * The block device at a path: -ENOENT where nothing is there, -ENOTBLK where something else is.
 * @source block/bdev.c lookup_bdev() v6.12
 */
function lookupDevice(linux: Linux, request: MountRequest): BlockDevice | number {
  const bdev = lookup_bdev(linux, request.device);
  if (bdev !== -E.ENOENT) return bdev;
  const path = path_lookup(request.task, request.device, { follow: true });
  if (IS_ERR(path)) return path;
  linux.now(path_put(path));
  return -E.ENOTBLK;
}

/** Gives back the claim of get_tree_bdev(): for put_super. */
export function release_bdev(sb: SuperBlock): void {
  if (sb.s_bdev !== undefined) bd_release(sb.s_bdev, sb.s_type);
}

/** One mount more; the first one brings the root into memory. */
export function activateSuper(sb: SuperBlock): void {
  const state = superState(sb);
  state.s_active++;
  state.active = true;
  state.s_root ??= d_make_root(presentInode(iget(sb, sb.root)));
}

/**
 * One mount fewer; with the last one the filesystem is shut down.
 * @source fs/super.c deactivate_super() v6.12
 */
export function* deactivate_super(sb: SuperBlock): Op<void> {
  const state = superState(sb);
  assert(state.s_active > 0, 'a superblock is mounted when it is unmounted');
  state.s_active--;
  if (state.s_active === 0) yield* generic_shutdown_super(sb);
}

/**
 * Names go, everything dirty is written, inodes go, and the filesystem releases its devices.
 * @source fs/super.c generic_shutdown_super() v6.12
 */
export function* generic_shutdown_super(sb: SuperBlock): Op<void> {
  yield* shrink_dcache_for_umount(sb);
  yield* sync_filesystem(sb);
  superState(sb).active = false;
  yield* evict_inodes(sb);
  // What eviction has deleted is a change too.
  if (!sb.ro) commit_sb(sb);
  yield* sb.s_op.put_super(sb);
  forgetSuper(sb);
}

/**
 * Data of all inodes of a superblock goes to the device.
 * @source fs/fs-writeback.c sync_inodes_sb() v6.12
 */
export function* sync_inodes_sb(sb: SuperBlock): Op<void> {
  const inodes: readonly Inode[] = [...sb.inodes.values()];
  for (const inode of inodes) yield* write_inode_now(inode);
}

/** Data and metadata go to the device. @source fs/sync.c sync_filesystem() v6.12 */
export function* sync_filesystem(sb: SuperBlock): Op<number> {
  if (sb.ro) return 0;
  yield* sync_inodes_sb(sb);
  return yield* sb.s_op.sync_fs(sb);
}

/**
 * Whoever is about to write waits here while the filesystem is frozen.
 * @source include/linux/fs.h sb_start_write() sb_start_pagefault() v6.12
 */
export function* sb_start_write(sb: SuperBlock): Op<void> {
  yield* lock(sb.s_writers, 'shared');
}

/** The write is over. @source include/linux/fs.h sb_end_write() v6.12 */
export function* sb_end_write(sb: SuperBlock): Op<void> {
  yield* unlock(sb.s_writers, 'shared');
}

/**
 * Waits for writers, writes everything back, and keeps writers out until thaw_super(). -EBUSY if
 * it is frozen already.
 * @source fs/super.c freeze_super() v6.12
 */
export function* freeze_super(sb: SuperBlock): Op<number> {
  const state = superState(sb);
  if (state.frozen) return -E.EBUSY;
  yield* lock(sb.s_writers);
  yield* sync_filesystem(sb);
  state.frozen = true;
  return 0;
}

/** Writers may go on; -EINVAL if it is not frozen. @source fs/super.c thaw_super() v6.12 */
export function* thaw_super(sb: SuperBlock): Op<number> {
  const state = superState(sb);
  if (!state.frozen) return -E.EINVAL;
  state.frozen = false;
  yield* unlock(sb.s_writers);
  return 0;
}
