// open(): flags, the last part of the path, files that are made, and O_TMPFILE.
// @source fs/namei.c path_openat() v6.12

import { blkdev_open } from '../block/fops.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import {
  type Dentry,
  type File,
  I_LINKABLE,
  type Inode,
  O_ACCMODE,
  O_APPEND,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TMPFILE,
  O_TRUNC,
  O_WRONLY,
  type Path,
  S_APPEND,
} from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import { d_alloc, d_lookup, dget, dput } from './dcache.ts';
import { do_dentry_open, fput } from './file_table.ts';
import { mark_inode_dirty } from './inode.ts';
import { mnt_want_write, mountCounts, mountedAt } from './mount-state.ts';
import { createNamed } from './namei-create.ts';
import {
  type Parent,
  linuxOf,
  parent_put,
  pathBelow,
  pathOf,
  path_lookup,
  path_parent,
  path_put,
  rootDentry,
} from './namei-walk.ts';
import { do_truncate } from './open.ts';
import { MAY_EXEC, MAY_READ, MAY_WRITE, hasFlag, inode_permission } from './permission.ts';

/** O_TMPFILE without the O_DIRECTORY that comes with it. */
const __O_TMPFILE = O_TMPFILE & ~O_DIRECTORY;
const MAXSYMLINKS = 40;

/** What is asked of one open(). */
interface Opening {
  readonly task: Task;
  readonly flags: number;
  readonly mode: number;
}

/**
 * Opens a path: a file, or an error number. Block devices are found below /dev.
 * @source fs/open.c do_sys_openat2() build_open_flags() v6.12
 */
export function do_sys_open(task: Task, path: string, flags: number, mode: number): File | number {
  const bad = checkFlags(task, flags);
  if (bad !== 0) return bad;
  const opening: Opening = { task, flags, mode };
  if ((flags & O_PATH) !== 0) return do_o_path(opening, path);
  if ((flags & __O_TMPFILE) !== 0) return do_tmpfile(opening, path);
  if (path.startsWith('/dev/')) {
    const device = blkdev_open(task, path, flags);
    if (device !== -E.ENOENT) return device;
  }
  return openAt(opening, path, 0);
}

function checkFlags(task: Task, flags: number): number {
  if ((flags & O_PATH) !== 0) return 0;
  const creates = (flags & O_CREAT) !== 0;
  // Before 6.4 this made a regular file, unless O_TMPFILE was meant.
  const refused = linuxOf(task).is_6_12 ? O_DIRECTORY : __O_TMPFILE;
  if (creates && (flags & refused) !== 0) return -E.EINVAL;
  const tmpfile = (flags & __O_TMPFILE) !== 0;
  return tmpfile && (flags & O_ACCMODE) === O_RDONLY ? -E.EINVAL : 0;
}

/** @source fs/namei.c do_o_path() v6.12 */
function do_o_path({ task, flags }: Opening, name: string): File | number {
  const path = path_lookup(task, name, { follow: (flags & O_NOFOLLOW) === 0 });
  if (IS_ERR(path)) return path;
  const isDirectory = path.inode.kind === 'dir';
  if ((flags & O_DIRECTORY) !== 0 && !isDirectory) return putPath(task, path, -E.ENOTDIR);
  return do_dentry_open(task, path, flags & (O_PATH | O_DIRECTORY | O_NOFOLLOW));
}

function putPath(task: Task, path: Path, error: number): number {
  linuxOf(task).now(path_put(path));
  return error;
}

/**
 * A file without a name.
 * @source fs/namei.c do_tmpfile() vfs_tmpfile() v6.12
 */
function do_tmpfile(opening: Opening, name: string): File | number {
  const { task, flags, mode } = opening;
  const path = path_lookup(task, name, { follow: true });
  if (IS_ERR(path)) return path;
  const inode = createTmpfile(task, path, mode);
  if (IS_ERR(inode)) return putPath(task, path, inode);
  if ((flags & O_EXCL) === 0) inode.i_state.poke(0, inode.i_state.peek() | I_LINKABLE);
  mountCounts(path.mount).users++;
  const made = pathOf(path.mount, d_alloc(undefined, `#${inode.i_ino}`, inode));
  putPath(task, path, 0);
  const file = do_dentry_open(task, made, flags & ~O_TMPFILE);
  return IS_ERR(file) ? putPath(task, made, file) : file;
}

function createTmpfile(task: Task, path: Path, mode: number): Inode | number {
  const directory = path.inode;
  if (directory.kind !== 'dir') return -E.ENOTDIR;
  const error = mnt_want_write(path.mount);
  if (error !== 0) return error;
  const refused = inode_permission(task, directory, MAY_WRITE | MAY_EXEC);
  if (refused !== 0) return refused;
  const { i_op } = directory;
  if (i_op.create === undefined) return -E.EOPNOTSUPP;
  const inode = i_op.tmpfile
    ? i_op.tmpfile(task, directory, mode)
    : i_op.create(task, directory, 'reg', mode, '');
  if (IS_ERR(inode)) return inode;
  inode.i_nlink = 0;
  linuxOf(task).now(mark_inode_dirty(inode));
  return inode;
}

function openAt(opening: Opening, name: string, links: number): File | number {
  const { task, flags } = opening;
  if (links > MAXSYMLINKS) return -E.ELOOP;
  const parent = path_parent(task, name);
  if (IS_ERR(parent)) return parent;
  const answer = openLast(opening, parent, { name, links });
  parent_put(task, parent);
  if (typeof answer !== 'string') return answer;
  const target = answer.startsWith('/') ? answer : `${parent.path}/${answer}`;
  return openAt({ ...opening, flags }, target, links + 1);
}

/** A file, an error number, or the target of a link to be followed. */
function openLast(
  opening: Opening,
  parent: Parent,
  walk: { readonly name: string; readonly links: number },
): File | number | string {
  const { task, flags } = opening;
  const creates = (flags & O_CREAT) !== 0;
  const { last } = parent;
  if (last === '/' || last === '.' || last === '..') {
    if (creates) return -E.EISDIR;
    const path = path_lookup(task, walk.name, { follow: true });
    return IS_ERR(path) ? path : do_open(opening, path);
  }
  if (parent.trailing && creates) return -E.EISDIR;
  if (last.length > 255) return -E.ENAMETOOLONG;
  const found = d_lookup(parent.dentry, last);
  if (IS_ERR(found)) return found;
  if (found === undefined) return creates ? openCreated(opening, parent) : -E.ENOENT;
  return openFound(opening, parent, found);
}

function openFound(opening: Opening, parent: Parent, found: Dentry): File | number | string {
  const { task, flags } = opening;
  const linux = linuxOf(task);
  const isLink = found.d_inode.kind === 'lnk';
  const exclusive = (flags & (O_CREAT | O_EXCL)) === (O_CREAT | O_EXCL);
  if (isLink && !exclusive && ((flags & O_NOFOLLOW) === 0 || parent.trailing)) {
    const { target } = found.d_inode;
    linux.now(dput(found));
    return parent.trailing ? `${target}/` : target;
  }
  const over = mountedAt(linux, pathBelow(parent));
  const dentry = over === undefined ? found : dget(rootDentry(over));
  if (over !== undefined) linux.now(dput(found));
  const mount = over ?? parent.mount;
  mountCounts(mount).users++;
  const path = pathOf(mount, dentry);
  if (exclusive) return putPath(task, path, -E.EEXIST);
  if (parent.trailing && path.inode.kind !== 'dir') return putPath(task, path, -E.ENOTDIR);
  return do_open(opening, path);
}

/** @source fs/namei.c lookup_open() v6.12 */
function openCreated(opening: Opening, parent: Parent): File | number {
  const { task, flags, mode } = opening;
  const dentry = createNamed(task, parent, { kind: 'reg', mode, target: '', missing: -E.EACCES });
  if (IS_ERR(dentry)) return dentry;
  mountCounts(parent.mount).users++;
  const path = pathOf(parent.mount, dentry);
  const file = do_dentry_open(task, path, flags);
  return IS_ERR(file) ? putPath(task, path, file) : file;
}

/**
 * Opens what exists. The path's reference becomes the file's.
 * @source fs/namei.c do_open() v6.12
 */
function do_open(opening: Opening, path: Path): File | number {
  const { task, flags } = opening;
  const error = checkExisting(opening, path);
  if (error !== 0) return putPath(task, path, error);
  const file = do_dentry_open(task, path, flags);
  if (IS_ERR(file)) return putPath(task, path, file);
  if ((flags & O_TRUNC) === 0 || path.inode.kind !== 'reg') return file;
  const linux = linuxOf(task);
  const truncated = linux.now(do_truncate(task, path.inode, 0));
  if (truncated >= 0) return file;
  linux.now(fput(file));
  return truncated;
}

function checkExisting({ task, flags }: Opening, path: Path): number {
  const { inode } = path;
  if ((flags & O_CREAT) !== 0 && inode.kind === 'dir') return -E.EISDIR;
  if ((flags & O_DIRECTORY) !== 0 && inode.kind !== 'dir') return -E.ENOTDIR;
  const truncates = (flags & O_TRUNC) !== 0;
  const error = truncates && inode.kind === 'reg' ? mnt_want_write(path.mount) : 0;
  return error !== 0 ? error : may_open(task, inode, flags);
}

/** @source fs/namei.c may_open() v6.12 */
function may_open(task: Task, inode: Inode, flags: number): number {
  const access = flags & O_ACCMODE;
  const truncates = (flags & O_TRUNC) !== 0;
  const reads = access === O_RDONLY || access === O_RDWR;
  const writes = access === O_WRONLY || access === O_RDWR || truncates;
  if (inode.kind === 'lnk') return -E.ELOOP;
  if (inode.kind === 'dir' && writes) return -E.EISDIR;
  const mask = (reads ? MAY_READ : 0) | (writes ? MAY_WRITE : 0);
  const error = inode_permission(task, inode, mask);
  if (error !== 0) return error;
  if (!hasFlag(inode, S_APPEND)) return 0;
  // An append-only file is written at its end, or not at all.
  if (access !== O_RDONLY && (flags & O_APPEND) === 0) return -E.EPERM;
  return truncates && inode.kind === 'reg' ? -E.EPERM : 0;
}
