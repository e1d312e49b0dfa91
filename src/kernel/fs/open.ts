// Calls on files by name or descriptor that are neither reading nor writing: sizes, owners, modes,
// and fallocate().
// @source fs/open.c v6.12

import { E, IS_ERR } from '../include/linux/errno.ts';
import {
  type FallocateMode,
  type File,
  type Inode,
  S_APPEND,
  S_IMMUTABLE,
  S_SWAPFILE,
} from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import { type Op, lock, unlock } from '../steps.ts';
import { canWrite, isPathFile } from './file_table.ts';
import { MAX_LFS_FILESIZE, inode_newsize_ok, mark_inode_dirty } from './inode.ts';
import { mnt_want_write } from './mount-state.ts';
import { path_lookup, path_put } from './namei-walk.ts';
import { MAY_WRITE, capable, hasFlag, inode_permission } from './permission.ts';
import { file_end_write, file_start_write } from './read_write.ts';
import { sb_end_write, sb_start_write } from './super.ts';

/**
 * Gives a file a size, with its lock held.
 * @source fs/open.c do_truncate() fs/attr.c notify_change() setattr_prepare() v6.12
 */
export function* do_truncate(task: Task, inode: Inode, size: number): Op<number> {
  if (size < 0) return -E.EINVAL;
  yield* lock(inode.i_rwsem);
  let answer = yield* inode_newsize_ok(inode, size);
  const { i_op } = inode;
  if (answer === 0 && i_op.setattr_size !== undefined) {
    answer = yield* i_op.setattr_size(task, inode, size);
  }
  yield* unlock(inode.i_rwsem);
  return answer;
}

/** Sets the size of the file at a path. @source fs/open.c do_sys_truncate() vfs_truncate() v6.12 */
export function* sys_truncate(task: Task, name: string, size: number): Op<number> {
  if (size < 0) return -E.EINVAL;
  const path = path_lookup(task, name, { follow: true });
  if (IS_ERR(path)) return path;
  const { inode } = path;
  let answer = mayTruncate(inode) || mnt_want_write(path.mount);
  if (answer === 0) answer = inode_permission(task, inode, MAY_WRITE);
  if (answer === 0 && hasFlag(inode, S_APPEND)) answer = -E.EPERM;
  if (answer === 0) {
    yield* sb_start_write(inode.i_sb);
    answer = yield* do_truncate(task, inode, size);
    yield* sb_end_write(inode.i_sb);
  }
  yield* path_put(path);
  return answer;
}

function mayTruncate(inode: Inode): number {
  if (inode.kind === 'dir') return -E.EISDIR;
  return inode.kind === 'reg' ? 0 : -E.EINVAL;
}

/** Sets the size of an open file. @source fs/open.c do_ftruncate() v6.12 */
export function* sys_ftruncate(task: Task, file: File, size: number): Op<number> {
  if (size < 0) return -E.EINVAL;
  if (isPathFile(file)) return -E.EBADF;
  const inode = file.f_inode;
  if (inode.kind !== 'reg' || !canWrite(file)) return -E.EINVAL;
  if (hasFlag(inode, S_APPEND)) return -E.EPERM;
  yield* sb_start_write(inode.i_sb);
  const answer = yield* do_truncate(task, inode, size);
  yield* sb_end_write(inode.i_sb);
  return answer;
}

/** Gives a file to a user. @source fs/open.c chown_common() v6.12 */
export function* sys_chown(task: Task, name: string, uid: number): Op<number> {
  return yield* changeAttributes(task, name, (inode) => {
    if (!capable(task) && (task.uid !== inode.i_uid || uid !== inode.i_uid)) return -E.EPERM;
    inode.i_uid = uid;
    return 0;
  });
}

/** Sets the permission bits. @source fs/open.c chmod_common() v6.12 */
export function* sys_chmod(task: Task, name: string, mode: number): Op<number> {
  return yield* changeAttributes(task, name, (inode) => {
    if (!capable(task) && task.uid !== inode.i_uid) return -E.EPERM;
    inode.i_mode = mode;
    return 0;
  });
}

/** @source fs/attr.c notify_change() setattr_prepare() v6.12 */
function* changeAttributes(task: Task, name: string, change: (inode: Inode) => number): Op<number> {
  const path = path_lookup(task, name, { follow: true });
  if (IS_ERR(path)) return path;
  const { inode } = path;
  let answer = mnt_want_write(path.mount);
  if (answer === 0) {
    yield* sb_start_write(inode.i_sb);
    yield* lock(inode.i_rwsem);
    answer = hasFlag(inode, S_IMMUTABLE | S_APPEND) ? -E.EPERM : change(inode);
    if (answer === 0) yield* mark_inode_dirty(inode);
    yield* unlock(inode.i_rwsem);
    yield* sb_end_write(inode.i_sb);
  }
  yield* path_put(path);
  return answer;
}

/** Allocates, frees or moves space of a file. @source fs/open.c vfs_fallocate() v6.12 */
export function* vfs_fallocate(
  task: Task,
  file: File,
  range: { readonly mode: FallocateMode; readonly offset: number; readonly length: number },
): Op<number> {
  const { mode, offset, length } = range;
  if (isPathFile(file)) return -E.EBADF;
  if (offset < 0 || length <= 0) return -E.EINVAL;
  const error = mayAllocate(file, mode);
  if (error !== 0) return error;
  if (offset + length > MAX_LFS_FILESIZE) return -E.EFBIG;
  const { f_op } = file;
  if (f_op.fallocate === undefined) return -E.EOPNOTSUPP;
  yield* file_start_write(file);
  const answer = yield* f_op.fallocate(task, file, mode, offset, length);
  yield* file_end_write(file);
  return answer;
}

function mayAllocate(file: File, mode: FallocateMode): number {
  const inode = file.f_inode;
  if (!canWrite(file)) return -E.EBADF;
  const appends = mode === 'alloc' || mode === 'keep-size';
  if (!appends && hasFlag(inode, S_APPEND)) return -E.EPERM;
  if (hasFlag(inode, S_IMMUTABLE)) return -E.EPERM;
  if (hasFlag(inode, S_SWAPFILE)) return -E.ETXTBSY;
  if (inode.kind === 'fifo') return -E.ESPIPE;
  if (inode.kind === 'dir') return -E.EISDIR;
  return inode.kind === 'reg' || inode.kind === 'blk' ? 0 : -E.ENODEV;
}
