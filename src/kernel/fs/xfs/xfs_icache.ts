// Inodes in memory as a whole: what they hold of space that nobody needs at once.
// @source fs/xfs/xfs_icache.c v6.12

import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import { lock, type Op, unlock } from '../../steps.ts';
import { xfs_can_free_eofblocks, xfs_free_eofblocks } from './xfs_bmap_util.ts';
import { MAX_LFS_FILESIZE } from './xfs_iomap.ts';
import type { XfsMount } from './xfs_mount.ts';
import { xfs_inode_has_cow_data, xfs_reflink_cancel_cow_range } from './xfs_reflink.ts';

/**
 * Writes all dirty data, which gives reservations their true size.
 * @source fs/xfs/xfs_super.c xfs_flush_inodes() v6.12
 */
export function* xfs_flush_inodes(mp: XfsMount): Op<void> {
  for (const { vfs } of mp.inodes.values()) {
    if (vfs.kind === 'reg') yield* filemap_write_and_wait_range(vfs.i_mapping, 0, MAX_LFS_FILESIZE);
  }
}

/**
 * Frees blocks behind the ends of files, and copies that were made and not used.
 * @source fs/xfs/xfs_icache.c xfs_blockgc_free_space() v6.12
 */
export function* xfs_blockgc_free_space(mp: XfsMount): Op<void> {
  for (const ip of mp.inodes.values()) {
    if (ip.vfs.kind !== 'reg') continue;
    yield* lock(ip.vfs.i_rwsem);
    if (yield* xfs_can_free_eofblocks(ip)) yield* xfs_free_eofblocks(ip);
    // Dirty pages may have copies waiting for them.
    const isClean = ip.vfs.i_mapping.tags.count === 0;
    if (isClean && (yield* xfs_inode_has_cow_data(ip))) {
      yield* xfs_reflink_cancel_cow_range(ip, { pos: 0, count: MAX_LFS_FILESIZE }, false);
    }
    yield* unlock(ip.vfs.i_rwsem);
  }
}
