// Open files: made, counted, and released by the last user.
// @source fs/file_table.c fs/open.c v6.12

import { assert } from '../../base/index.ts';
import { E } from '../include/linux/errno.ts';
import {
  type File,
  type FileOperations,
  O_ACCMODE,
  O_CREAT,
  O_DIRECT,
  O_EXCL,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  type Path,
} from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';
import { mnt_want_write, mountCounts } from './mount-state.ts';
import { path_put } from './namei-walk.ts';

/** A file of O_PATH can do nothing but be a place. */
const EMPTY_FOPS: FileOperations = {};

/** Opened only as a place: not a file descriptor for most calls, which answer -EBADF. */
export function isPathFile(file: File): boolean {
  return (file.f_flags & O_PATH) !== 0;
}

/** FMODE_READ. @source include/linux/fs.h v6.12 */
export function canRead(file: File): boolean {
  const mode = file.f_flags & O_ACCMODE;
  return !isPathFile(file) && (mode === O_RDONLY || mode === O_RDWR);
}

/** FMODE_WRITE. @source include/linux/fs.h v6.12 */
export function canWrite(file: File): boolean {
  const mode = file.f_flags & O_ACCMODE;
  return !isPathFile(file) && (mode === O_WRONLY || mode === O_RDWR);
}

/** Counted as a writer of its mount: open for writing, and no device or fifo. */
function isWriter(file: File): boolean {
  const { kind } = file.f_inode;
  return canWrite(file) && (kind === 'reg' || kind === 'dir');
}

/**
 * Opens what a path stands for; on success the path's reference is the file's.
 * @source fs/open.c do_dentry_open() v6.12
 */
export function do_dentry_open(task: Task, path: Path, flags: number): File | number {
  const { inode } = path;
  const file: File = {
    f_inode: inode,
    f_path: path,
    f_flags: flags & ~(O_CREAT | O_EXCL | O_TRUNC),
    f_pos: 0,
    f_count: 1,
    f_op: (flags & O_PATH) === 0 ? inode.i_fop : EMPTY_FOPS,
  };
  if (isPathFile(file)) return file;
  const error = isWriter(file) ? mnt_want_write(path.mount) : 0;
  if (error !== 0) return error;
  const refused = file.f_op.open?.(task, inode, file) ?? 0;
  if (refused !== 0) return refused;
  if ((flags & O_DIRECT) !== 0 && !canDirect(file)) return -E.EINVAL;
  if (isWriter(file)) mountCounts(path.mount).writers++;
  return file;
}

/** FMODE_CAN_ODIRECT. @source fs/open.c do_dentry_open() v6.12 */
function canDirect(file: File): boolean {
  const { kind } = file.f_inode;
  if (kind !== 'reg' && kind !== 'blk') return false;
  return file.f_op.can_odirect?.(file.f_inode) ?? true;
}

/** One user of a file fewer; the last one releases it. @source fs/file_table.c fput() v6.12 */
export function* fput(file: File): Op<void> {
  assert(file.f_count > 0, 'a file is open when it is put');
  file.f_count--;
  if (file.f_count > 0) return;
  const { f_inode, f_path, f_op } = file;
  if (f_op.release !== undefined) yield* f_op.release(f_inode, file);
  // A file that no walk found (a block device's) is no user of a mount.
  if (f_path.dentry === undefined) return;
  if (isWriter(file)) mountCounts(f_path.mount).writers--;
  yield* path_put(f_path);
}
