// Names that are made: files, directories, fifos, symbolic and hard links.
// @source fs/namei.c v6.12

import { E, IS_ERR } from '../include/linux/errno.ts';
import {
  type Dentry,
  type File,
  type FileKind,
  I_LINKABLE,
  type Inode,
  S_APPEND,
  S_IMMUTABLE,
} from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import { d_alloc, d_lookup, dput } from './dcache.ts';
import { ihold, mark_inode_dirty } from './inode.ts';
import { mnt_want_write } from './mount-state.ts';
import {
  type Parent,
  linuxOf,
  parent_put,
  path_lookup,
  path_parent,
  path_put,
} from './namei-walk.ts';
import { hasFlag, inode_owner_or_capable, may_create } from './permission.ts';

/** What a new name stands for. */
interface NewName {
  readonly kind: FileKind;
  readonly mode: number;
  /** Of a symbolic link. */
  readonly target: string;
  /** Answer where the filesystem cannot make such a thing. */
  readonly missing: number;
}

/** Makes a directory. @source fs/namei.c do_mkdirat() v6.12 */
export function sys_mkdir(task: Task, path: string, mode: number): number {
  return create(task, path, { kind: 'dir', mode, target: '', missing: -E.EPERM });
}

/** Makes a fifo. @source fs/namei.c do_mknodat() v6.12 */
export function sys_mknod_fifo(task: Task, path: string, mode: number): number {
  return create(task, path, { kind: 'fifo', mode, target: '', missing: -E.EPERM });
}

/** Makes a symbolic link at `path`. @source fs/namei.c do_symlinkat() v6.12 */
export function sys_symlink(task: Task, target: string, path: string): number {
  if (target === '') return -E.ENOENT;
  return create(task, path, { kind: 'lnk', mode: 0o777, target, missing: -E.EPERM });
}

function create(task: Task, path: string, what: NewName): number {
  const parent = path_parent(task, path);
  if (IS_ERR(parent)) return parent;
  const error = filename_create(parent, what.kind === 'dir');
  const dentry = error === 0 ? createNamed(task, parent, what) : error;
  parent_put(task, parent);
  if (IS_ERR(dentry)) return dentry;
  linuxOf(task).now(dput(dentry));
  return 0;
}

/**
 * Whether a name can be made: -EEXIST comes before -EROFS.
 * @source fs/namei.c filename_create() v6.12
 */
function filename_create(parent: Parent, isDirectory: boolean): number {
  const { last } = parent;
  if (last === '/' || last === '.' || last === '..') return -E.EEXIST;
  if (last.length > 255) return -E.ENAMETOOLONG;
  if (parent.dentry.d_inode.entries.has(last)) return -E.EEXIST;
  if (parent.trailing && !isDirectory) return -E.ENOENT;
  return mnt_want_write(parent.mount);
}

/**
 * Makes an inode with a name that is not there yet; the dentry is held.
 * @source fs/namei.c vfs_create() vfs_mkdir() vfs_mknod() vfs_symlink() v6.12
 */
export function createNamed(task: Task, parent: Parent, what: NewName): Dentry | number {
  const directory = parent.dentry.d_inode;
  const error = mnt_want_write(parent.mount) || may_create(task, directory, false);
  if (error !== 0) return error;
  const { i_op } = directory;
  if (i_op.create === undefined) return what.missing;
  const inode = i_op.create(task, directory, what.kind, what.mode, what.target);
  if (IS_ERR(inode)) return inode;
  if (what.kind === 'dir') directory.i_nlink++;
  return addName(task, parent, inode);
}

/** Puts a name into a directory; the reference of the inode passes to the dentry, which is held. */
function addName(task: Task, parent: Parent, inode: Inode): Dentry {
  const directory = parent.dentry.d_inode;
  directory.entries.set(parent.last, inode.i_ino);
  const linux = linuxOf(task);
  linux.now(mark_inode_dirty(directory));
  linux.now(mark_inode_dirty(inode));
  return d_alloc(parent.dentry, parent.last, inode);
}

/** A further name for a file; links are not followed. @source fs/namei.c do_linkat() v6.12 */
export function sys_link(task: Task, from: string, to: string): number {
  const old = path_lookup(task, from, { follow: false });
  if (IS_ERR(old)) return old;
  const answer = linkTo(task, { inode: old.inode, mount: old.mount }, to);
  linuxOf(task).now(path_put(old));
  return answer;
}

/**
 * A name for an open file, which may have none (AT_EMPTY_PATH).
 * @source fs/namei.c do_linkat() v6.12
 */
export function sys_linkat_fd(task: Task, file: File, path: string): number {
  return linkTo(task, { inode: file.f_inode, mount: file.f_path.mount }, path);
}

function linkTo(
  task: Task,
  old: { readonly inode: Inode; readonly mount: Parent['mount'] },
  path: string,
): number {
  const parent = path_parent(task, path);
  if (IS_ERR(parent)) return parent;
  let error = filename_create(parent, false);
  if (error === 0 && old.mount !== parent.mount) error = -E.EXDEV;
  if (error === 0 && !may_linkat(task, old.inode)) error = -E.EPERM;
  if (error === 0) error = vfs_link(task, parent, old.inode);
  parent_put(task, parent);
  return error;
}

/**
 * With fs.protected_hardlinks only files that one owns, or may read and write, can be linked.
 * @source fs/namei.c may_linkat() safe_hardlink_source() v6.12
 */
function may_linkat(task: Task, inode: Inode): boolean {
  if (inode_owner_or_capable(task, inode)) return true;
  return inode.kind === 'reg' && (inode.i_mode & 0o6) === 0o6;
}

/** @source fs/namei.c vfs_link() v6.12 */
function vfs_link(task: Task, parent: Parent, inode: Inode): number {
  const directory = parent.dentry.d_inode;
  const error = may_create(task, directory, false);
  if (error !== 0) return error;
  if (hasFlag(inode, S_APPEND | S_IMMUTABLE)) return -E.EPERM;
  if (directory.i_op.create === undefined || inode.kind === 'dir') return -E.EPERM;
  const linkable = (inode.i_state.peek() & I_LINKABLE) !== 0;
  if (inode.i_nlink === 0 && !linkable) return -E.ENOENT;
  inode.i_nlink++;
  inode.i_state.poke(0, inode.i_state.peek() & ~I_LINKABLE);
  ihold(inode);
  linuxOf(task).now(dput(addName(task, parent, inode)));
  return 0;
}

/** Whether a directory has a name; the name is not held. */
export function nameExists(task: Task, parent: Parent): boolean {
  const found = d_lookup(parent.dentry, parent.last);
  if (found === undefined || IS_ERR(found)) return false;
  linuxOf(task).now(dput(found));
  return true;
}
