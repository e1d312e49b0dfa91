// Who may do what with an inode and with a name in a directory.
// @source fs/namei.c v6.12

import { E } from '../include/linux/errno.ts';
import { type Inode, S_APPEND, S_IMMUTABLE, S_SWAPFILE } from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';

/** Executing, or searching a directory. @source include/linux/fs.h v6.12 */
export const MAY_EXEC = 1;
/** Changing contents, or names in a directory. */
export const MAY_WRITE = 2;
/** Reading contents, or listing a directory. */
export const MAY_READ = 4;

/** Root has every capability, and nobody else has any. */
export function capable(task: Task): boolean {
  return task.uid === 0;
}

/** The owner, or root. @source fs/inode.c inode_owner_or_capable() v6.12 */
export function inode_owner_or_capable(task: Task, inode: Inode): boolean {
  return task.uid === inode.i_uid || capable(task);
}

/** Whether a flag of `i_flags` is set; files of the same name are not changed meanwhile. */
export function hasFlag(inode: Inode, flag: number): boolean {
  return (inode.i_flags.peek() & flag) !== 0;
}

/**
 * 0, -EROFS, -EPERM for writes to immutable files, or -EACCES.
 * @source fs/namei.c inode_permission() v6.12
 */
export function inode_permission(task: Task, inode: Inode, mask: number): number {
  const writes = (mask & MAY_WRITE) !== 0;
  const stored = inode.kind === 'reg' || inode.kind === 'dir' || inode.kind === 'lnk';
  if (writes && inode.i_sb.ro && stored) return -E.EROFS;
  if (writes && hasFlag(inode, S_IMMUTABLE)) return -E.EPERM;
  return generic_permission(task, inode, mask);
}

/** The permission bits. @source fs/namei.c generic_permission() v6.12 */
export function generic_permission(task: Task, inode: Inode, mask: number): number {
  const shift = task.uid === inode.i_uid ? 6 : task.gid === inode.i_gid ? 3 : 0;
  if ((mask & ~(inode.i_mode >> shift) & 7) === 0) return 0;
  if (!capable(task)) return -E.EACCES;
  // Even root executes only what somebody may execute.
  const executes = (mask & MAY_EXEC) !== 0 && inode.kind !== 'dir';
  return executes && (inode.i_mode & 0o111) === 0 ? -E.EACCES : 0;
}

/**
 * Whether a name may be made in a directory. `exists`: it is there.
 * @source fs/namei.c may_create() v6.12
 */
export function may_create(task: Task, directory: Inode, exists: boolean): number {
  if (exists) return -E.EEXIST;
  if (directory.i_nlink === 0) return -E.ENOENT;
  return inode_permission(task, directory, MAY_WRITE | MAY_EXEC);
}

const S_ISVTX = 0o1000;

/**
 * Whether the name of `victim` may be removed from a directory, as that of a directory or not.
 * @source fs/namei.c may_delete() v6.12
 */
export function may_delete(
  task: Task,
  directory: Inode,
  victim: Inode,
  asDirectory: boolean,
): number {
  const error = inode_permission(task, directory, MAY_WRITE | MAY_EXEC);
  if (error !== 0) return error;
  if (hasFlag(directory, S_APPEND)) return -E.EPERM;
  const sticky = (directory.i_mode & S_ISVTX) !== 0 && !capable(task);
  if (sticky && task.uid !== victim.i_uid && task.uid !== directory.i_uid) return -E.EPERM;
  if (hasFlag(victim, S_APPEND | S_IMMUTABLE | S_SWAPFILE)) return -E.EPERM;
  if (asDirectory && victim.kind !== 'dir') return -E.ENOTDIR;
  if (!asDirectory && victim.kind === 'dir') return -E.EISDIR;
  return directory.i_nlink === 0 ? -E.ENOENT : 0;
}
