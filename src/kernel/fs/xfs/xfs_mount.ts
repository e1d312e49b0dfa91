// A mounted XFS, beside what every superblock has: its devices, options, and the references that
// files have to blocks they share.

import { assert } from '../../../base/index.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import type { DaxDevice } from '../../include/linux/dax.ts';
import type { DiskImage, Inode } from '../../include/linux/fs.ts';
import type { Linux } from '../../linux.ts';
import { Lock, Shared } from '../../shared.ts';
import type { XfsOptions } from './xfs_super-options.ts';

/**
 * A device that holds a part of the filesystem.
 * @source fs/xfs/xfs_buf.h struct xfs_buftarg v6.12
 */
export interface XfsBuftarg {
  readonly bt_bdev: BlockDevice;
  readonly bt_daxdev: DaxDevice | undefined;
  /** Bytes from the start of the dax device to the start of `bt_bdev`. */
  readonly bt_dax_part_off: number;
}

/** Bits of an inode that its own room in the image keeps, as in the on-disk inode. */
export const XFS_DIFLAG_REALTIME = 0x1;
/** fallocate() made blocks of the file. */
export const XFS_DIFLAG_PREALLOC = 0x2;
/** Nothing of the file changes. */
export const XFS_DIFLAG_IMMUTABLE = 0x8;
/** The file only grows. */
export const XFS_DIFLAG_APPEND = 0x10;
/** Every write waits for the medium. */
export const XFS_DIFLAG_SYNC = 0x20;
/** Reads leave the time of access. */
export const XFS_DIFLAG_NOATIME = 0x40;
/** Backups pass over the file. */
export const XFS_DIFLAG_NODUMP = 0x80;
/** New files of the directory are on the realtime device. */
export const XFS_DIFLAG_RTINHERIT = 0x100;
/** New files get the project of the directory. */
export const XFS_DIFLAG_PROJINHERIT = 0x200;
/** No symbolic links in the directory. */
export const XFS_DIFLAG_NOSYMLINKS = 0x400;
/** The defragmenter passes over the file. */
export const XFS_DIFLAG_NODEFRAG = 0x2000;
/** Files of the directory are kept together. */
export const XFS_DIFLAG_FILESTREAM = 0x4000;
/**
 * The second word of flags, moved up by 16 bits.
 * @source libxfs/xfs_format.h XFS_DIFLAG2_DAX v6.12
 */
export const XFS_DIFLAG2_DAX = 0x1_0000;
/** The file may share blocks with others. */
export const XFS_DIFLAG2_REFLINK = 0x2_0000;
/** Stands for `di_forkoff != 0`: the inode has an attribute fork. */
export const XFS_HAS_ATTR_FORK = 0x4000_0000;

/** Bits of `XfsInode.i_flags`. @source fs/xfs/xfs_inode.h XFS_ITRUNCATED v6.12 */
export const XFS_ITRUNCATED = 1;
/** A close has freed preallocated blocks already. */
export const XFS_EOFBLOCKS_RELEASED = 2;
/** Another file's blocks are being mapped into this one. */
export const XFS_IREMAPPING = 4;

/** An inode in memory, beside what every inode has. */
export interface XfsInode {
  readonly i_mount: XfsMount;
  readonly vfs: Inode;
  /** ILOCK: the block maps. */
  readonly i_lock: Lock;
  readonly i_flags: Shared<number>;
  /** Size as far as data has reached the device; at most `i_size`. */
  readonly i_disk_size: Shared<number>;
  /** Blocks reserved and not chosen yet, of both forks. */
  readonly i_delayed_blks: Shared<number>;
  /** First file block after all that were mapped since the last truncation, by fork (0, 1). */
  readonly if_end: Shared<number>;
  /** First block of the run that ends there, of the data fork. */
  readonly if_tail: Shared<number>;
}

/** Blocks in a row, none of them in use. */
export interface FreeRun {
  readonly block: number;
  readonly length: number;
}

/** A mounted XFS. */
export interface XfsMount {
  readonly linux: Linux;
  readonly image: DiskImage;
  readonly options: XfsOptions;
  readonly m_ddev_targp: XfsBuftarg;
  readonly m_rtdev_targp: XfsBuftarg | undefined;
  readonly m_logdev_targp: XfsBuftarg;
  /** Who holds the devices beside the data device, and the DAX devices. */
  readonly holder: object;
  /** By inode number; as long as the inode is in memory. */
  readonly inodes: Map<number, XfsInode>;
  /** References beyond the first, by block of the data device: reflinked files. */
  readonly refcounts: Shared<number>;
  /** Free runs of the data device (0) and the realtime device (1), in ascending order. */
  readonly free_runs: Shared<readonly FreeRun[]>;
  /** Blocks of the data device that may still be promised. */
  readonly m_fdblocks: Shared<number>;
  /** The same of the realtime device. */
  readonly m_frextents: Shared<number>;
  /** Blocks that ordinary reservations do not get: allocations that must not fail use them. */
  readonly m_resblks: number;
}

/** Superblock, mount and inode numbers of blocks of the realtime device start here. */
export const RT_BLOCK_BASE = 2 ** 40;

/** Whether the file system was made with a feature, in mkfs's spelling. */
export function xfs_has(mp: XfsMount, feature: string): boolean {
  return mp.image.features.has(feature);
}

/** Binary logarithm of the block size. */
export function blockLog(mp: XfsMount): number {
  return 31 - Math.clz32(mp.image.block_size);
}

/** Filesystem block that holds a byte. @source libxfs/xfs_format.h XFS_B_TO_FSBT v6.12 */
export function XFS_B_TO_FSBT(mp: XfsMount, bytes: number): number {
  return Math.floor(bytes / mp.image.block_size);
}

/** Filesystem blocks that so many bytes need. */
export function XFS_B_TO_FSB(mp: XfsMount, bytes: number): number {
  return Math.ceil(bytes / mp.image.block_size);
}

/** Bytes of so many filesystem blocks. */
export function XFS_FSB_TO_B(mp: XfsMount, blocks: number): number {
  return blocks * mp.image.block_size;
}

/** The mount's record of an inode in memory. */
export function XFS_I(mp: XfsMount, inode: Inode): XfsInode {
  const ip = mp.inodes.get(inode.i_ino);
  assert(ip !== undefined && ip.vfs === inode, 'an inode of this mount is in memory');
  return ip;
}

/** Makes that record. */
export function newXfsInode(mp: XfsMount, inode: Inode): XfsInode {
  const name = `inode ${inode.i_ino}`;
  const ip: XfsInode = {
    i_mount: mp,
    vfs: inode,
    i_lock: new Lock(`ilock of ${name}`),
    i_flags: new Shared(`xfs state of ${name}`, 0),
    i_disk_size: new Shared(`i_disk_size of ${name}`, 0),
    i_delayed_blks: new Shared(`delayed blocks of ${name}`, 0),
    if_end: new Shared(`end of forks of ${name}`, 0),
    if_tail: new Shared(`last run of ${name}`, 0),
  };
  const last = inode.blocks.keys().at(-1);
  if (last !== undefined) ip.if_end.poke(0, last + 1);
  ip.i_disk_size.poke(0, inode.i_size.peek());
  mp.inodes.set(inode.i_ino, ip);
  return ip;
}
