// Names that are removed.
// @source fs/namei.c v6.12

import { E, IS_ERR } from '../include/linux/errno.ts';
import type { Dentry } from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';
import { d_drop, d_lookup, dput } from './dcache.ts';
import { mark_inode_dirty } from './inode.ts';
import { mnt_want_write, mountedAt } from './mount-state.ts';
import { type Parent, linuxOf, parent_put, pathBelow, path_parent } from './namei-walk.ts';
import { may_delete } from './permission.ts';
import { sb_end_write, sb_start_write } from './super.ts';

/** Removes the name of a file. @source fs/namei.c do_unlinkat() v6.12 */
export function* sys_unlink(task: Task, path: string): Op<number> {
  const parent = path_parent(task, path);
  if (IS_ERR(parent)) return parent;
  const { last } = parent;
  const special = last === '/' || last === '.' || last === '..';
  const answer = special ? -E.EISDIR : yield* removeLast(task, parent, false);
  parent_put(task, parent);
  return answer;
}

/** Removes an empty directory. @source fs/namei.c do_rmdir() v6.12 */
export function* sys_rmdir(task: Task, path: string): Op<number> {
  const parent = path_parent(task, path);
  if (IS_ERR(parent)) return parent;
  const answer = yield* removeDirectory(task, parent);
  parent_put(task, parent);
  return answer;
}

function* removeDirectory(task: Task, parent: Parent): Op<number> {
  if (parent.last === '/') return -E.EBUSY;
  if (parent.last === '.') return -E.EINVAL;
  if (parent.last === '..') return -E.ENOTEMPTY;
  return yield* removeLast(task, parent, true);
}

function* removeLast(task: Task, parent: Parent, asDirectory: boolean): Op<number> {
  const error = mnt_want_write(parent.mount);
  if (error !== 0) return error;
  const { sb } = parent.mount;
  yield* sb_start_write(sb);
  const answer = yield* removeFound(task, parent, asDirectory);
  yield* sb_end_write(sb);
  return answer;
}

function* removeFound(task: Task, parent: Parent, asDirectory: boolean): Op<number> {
  const victim = d_lookup(parent.dentry, parent.last);
  if (victim === undefined) return -E.ENOENT;
  if (IS_ERR(victim)) return victim;
  const refused = mayRemove(task, parent, victim, asDirectory);
  if (refused === 0) yield* removeName(parent.dentry, victim);
  yield* dput(victim);
  return refused;
}

function mayRemove(task: Task, parent: Parent, victim: Dentry, asDirectory: boolean): number {
  if (!asDirectory && parent.trailing) {
    return victim.d_inode.kind === 'dir' ? -E.EISDIR : -E.ENOTDIR;
  }
  const refused = may_delete(task, parent.dentry.d_inode, victim.d_inode, asDirectory);
  if (refused !== 0) return refused;
  if (mountedAt(linuxOf(task), pathBelow(parent)) !== undefined) return -E.EBUSY;
  return victim.d_inode.entries.size > 0 ? -E.ENOTEMPTY : 0;
}

/**
 * Takes a held name out of its directory; the file goes with its last user.
 * @source fs/namei.c vfs_unlink() vfs_rmdir() v6.12
 */
export function* removeName(directory: Dentry, victim: Dentry): Op<void> {
  const inode = victim.d_inode;
  directory.d_inode.entries.delete(victim.d_name);
  if (inode.kind === 'dir') {
    inode.i_nlink = 0;
    directory.d_inode.i_nlink--;
  } else {
    inode.i_nlink--;
  }
  yield* mark_inode_dirty(directory.d_inode);
  yield* mark_inode_dirty(inode);
  d_drop(victim);
}
