// rename() and the exchange of two names.
// @source fs/namei.c v6.12

import { E, IS_ERR } from '../include/linux/errno.ts';
import type { Dentry, Inode } from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';
import { d_exchange, d_lookup, d_move, dput, is_subdir } from './dcache.ts';
import { mark_inode_dirty } from './inode.ts';
import { mnt_want_write, mountedAt } from './mount-state.ts';
import { removeName } from './namei-remove.ts';
import { type Parent, linuxOf, parent_put, pathBelow, path_parent } from './namei-walk.ts';
import { MAY_WRITE, inode_permission, may_create, may_delete } from './permission.ts';
import { sb_end_write, sb_start_write } from './super.ts';

/** Two ends of a rename. */
interface Ends {
  readonly task: Task;
  readonly from: Parent;
  readonly to: Parent;
  readonly exchange: boolean;
}

/**
 * Gives a file another name, whose former file loses it; or exchanges two names.
 * @source fs/namei.c do_renameat2() v6.12
 */
export function* sys_rename(
  task: Task,
  from: string,
  to: string,
  how: { readonly exchange: boolean },
): Op<number> {
  const source = path_parent(task, from);
  if (IS_ERR(source)) return source;
  const target = path_parent(task, to);
  if (IS_ERR(target)) {
    parent_put(task, source);
    return target;
  }
  const ends: Ends = { task, from: source, to: target, exchange: how.exchange };
  let answer = checkEnds(ends);
  if (answer === 0) {
    yield* sb_start_write(source.mount.sb);
    answer = yield* renameBetween(ends);
    yield* sb_end_write(source.mount.sb);
  }
  parent_put(task, source);
  parent_put(task, target);
  return answer;
}

function checkEnds({ from, to }: Ends): number {
  if (from.mount !== to.mount) return -E.EXDEV;
  if (['/', '.', '..'].some((name) => name === from.last || name === to.last)) return -E.EBUSY;
  return mnt_want_write(from.mount);
}

function* renameBetween(ends: Ends): Op<number> {
  const { from, to } = ends;
  const old = d_lookup(from.dentry, from.last);
  if (old === undefined) return -E.ENOENT;
  if (IS_ERR(old)) return old;
  const target = d_lookup(to.dentry, to.last);
  const answer = IS_ERR(target) ? target : yield* renameFound(ends, old, target);
  if (target !== undefined && !IS_ERR(target)) yield* dput(target);
  yield* dput(old);
  return answer;
}

function* renameFound(ends: Ends, old: Dentry, target: Dentry | undefined): Op<number> {
  const error = checkPlaces(ends, old, target);
  if (error !== 0) return error;
  if (target !== undefined && old.d_inode === target.d_inode) return 0;
  const refused = vfs_rename_checks(ends, old, target);
  if (refused !== 0) return refused;
  if (ends.exchange && target !== undefined) yield* exchange(ends, old, target);
  else yield* move(ends, old, target);
  return 0;
}

/** Slashes, and directories that would come to lie in themselves. */
function checkPlaces(
  { from, to, exchange: swaps }: Ends,
  old: Dentry,
  target: Dentry | undefined,
): number {
  if (swaps && target === undefined) return -E.ENOENT;
  if (swaps && to.trailing && target?.d_inode.kind !== 'dir') return -E.ENOTDIR;
  if (old.d_inode.kind !== 'dir' && (from.trailing || (!swaps && to.trailing))) {
    return -E.ENOTDIR;
  }
  if (is_subdir(to.dentry, old)) return -E.EINVAL;
  if (target !== undefined && is_subdir(from.dentry, target)) {
    return swaps ? -E.EINVAL : -E.ENOTEMPTY;
  }
  return 0;
}

/** @source fs/namei.c vfs_rename() v6.12 */
function vfs_rename_checks(ends: Ends, old: Dentry, target: Dentry | undefined): number {
  const { task, from, to, exchange: swaps } = ends;
  const isDirectory = old.d_inode.kind === 'dir';
  const [fromDir, toDir] = [from.dentry.d_inode, to.dentry.d_inode];
  const error = may_delete(task, fromDir, old.d_inode, isDirectory);
  if (error !== 0) return error;
  const refused = mayReplace(ends, target, isDirectory);
  if (refused !== 0) return refused;
  if (fromDir.i_op.create === undefined) return -E.EPERM;
  if (fromDir !== toDir) {
    const moved = [old, ...(swaps && target !== undefined ? [target] : [])];
    for (const { d_inode } of moved) {
      const denied = d_inode.kind === 'dir' ? inode_permission(task, d_inode, MAY_WRITE) : 0;
      if (denied !== 0) return denied;
    }
  }
  const linux = linuxOf(task);
  const mounts = [from, to].map((end) => mountedAt(linux, pathBelow(end)));
  if (mounts.some((mount) => mount !== undefined)) return -E.EBUSY;
  if (swaps) return fromDir.i_op.no_exchange === true ? -E.EINVAL : 0;
  return target !== undefined && target.d_inode.entries.size > 0 ? -E.ENOTEMPTY : 0;
}

function mayReplace(
  { task, to, exchange: swaps }: Ends,
  target: Dentry | undefined,
  isDirectory: boolean,
) {
  const directory = to.dentry.d_inode;
  if (target === undefined) return may_create(task, directory, false);
  const asDirectory = swaps ? target.d_inode.kind === 'dir' : isDirectory;
  return may_delete(task, directory, target.d_inode, asDirectory);
}

function* move({ from, to }: Ends, old: Dentry, target: Dentry | undefined): Op<void> {
  if (target !== undefined) yield* removeName(to.dentry, target);
  const [fromDir, toDir] = [from.dentry.d_inode, to.dentry.d_inode];
  fromDir.entries.delete(from.last);
  toDir.entries.set(to.last, old.d_inode.i_ino);
  if (old.d_inode.kind === 'dir') {
    fromDir.i_nlink--;
    toDir.i_nlink++;
  }
  yield* touched([fromDir, toDir, old.d_inode]);
  yield* d_move(old, to.dentry, to.last);
}

function* exchange({ from, to }: Ends, old: Dentry, target: Dentry): Op<void> {
  const [fromDir, toDir] = [from.dentry.d_inode, to.dentry.d_inode];
  fromDir.entries.set(from.last, target.d_inode.i_ino);
  toDir.entries.set(to.last, old.d_inode.i_ino);
  if (old.d_inode.kind === 'dir') {
    fromDir.i_nlink--;
    toDir.i_nlink++;
  }
  if (target.d_inode.kind === 'dir') {
    toDir.i_nlink--;
    fromDir.i_nlink++;
  }
  yield* touched([fromDir, toDir, old.d_inode, target.d_inode]);
  d_exchange(old, target);
}

function* touched(inodes: readonly Inode[]): Op<void> {
  for (const inode of inodes) yield* mark_inode_dirty(inode);
}
