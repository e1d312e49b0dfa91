// From path names to dentries: mounts crossed, symbolic links followed, search permission asked.
// @source fs/namei.c v6.12

import { assert, present } from '../../base/index.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { Dentry, Mount, Path } from '../include/linux/fs.ts';
import type { Linux, Task } from '../linux.ts';
import type { Op } from '../steps.ts';
import { d_lookup, dget, dput } from './dcache.ts';
import { mountCounts, mountedAt } from './mount-state.ts';
import { MAY_EXEC, inode_permission } from './permission.ts';
import { activateSuper } from './super.ts';
import { superState } from './super-state.ts';

/** Longest name and path, in bytes; and how many links one walk follows. */
const NAME_MAX = 255;
const PATH_MAX = 4096;
const MAXSYMLINKS = 40;

/** Where a walk stands: a held name, its mount, and its path, which mounts are found by. */
interface Position {
  mount: Mount;
  dentry: Dentry;
  path: string;
}

/** The last part of a path, in the directory that it names. `.` and `..` stand for themselves. */
export interface Parent {
  readonly mount: Mount;
  /** The directory, held: parent_put() releases it. */
  readonly dentry: Dentry;
  /** Absolute path of the directory. */
  readonly path: string;
  readonly last: string;
  /** The path ended in a slash: only a directory is meant. */
  readonly trailing: boolean;
}

/** State of one walk. */
interface Walk {
  readonly task: Task;
  readonly at: Position;
  links: number;
}

/**
 * The file at a path, held until path_put(); or an error number.
 * @source fs/namei.c filename_lookup() v6.12
 */
export function path_lookup(
  task: Task,
  path: string,
  how: { readonly follow: boolean },
): Path | number {
  const walk = startWalk(task);
  const error = checkPath(path) || walkAll(walk, path, how.follow);
  const { mount, dentry } = walk.at;
  if (error !== 0) {
    task_put(task, dentry);
    return error;
  }
  mountCounts(mount).users++;
  return pathOf(mount, dentry);
}

/**
 * The directory of a path's last part, which need not exist.
 * @source fs/namei.c filename_parentat() v6.12
 */
export function path_parent(task: Task, path: string): Parent | number {
  const bad = checkPath(path);
  if (bad !== 0) return bad;
  const walk = startWalk(task);
  const parts = path.split('/').filter((part) => part !== '');
  const last = parts.at(-1) ?? '/';
  const error = walkParts(walk, parts.slice(0, -1), true) || searchable(walk);
  if (error !== 0) {
    task_put(task, walk.at.dentry);
    return error;
  }
  return { ...walk.at, last, trailing: path.endsWith('/') };
}

/** Releases what path_parent() gave. */
export function parent_put(task: Task, parent: Parent): void {
  task_put(task, parent.dentry);
}

/** Absolute path of a name in a directory: what mounts there are found by. */
export function pathBelow(parent: Parent): string {
  return join(parent.path, parent.last);
}

/** The path of a held name, whose reference it takes. */
export function pathOf(mount: Mount, dentry: Dentry): Path {
  const { d_inode, d_parent, d_name } = dentry;
  return { mount, inode: d_inode, parent: d_parent?.d_inode, name: d_name, dentry };
}

/** One user more of a path. @source fs/namei.c path_get() v6.12 */
export function path_get(path: Path): Path {
  mountCounts(path.mount).users++;
  if (path.dentry !== undefined) dget(path.dentry);
  return path;
}

/** One user fewer. @source fs/namei.c path_put() v6.12 */
export function* path_put(path: Path): Op<void> {
  mountCounts(path.mount).users--;
  if (path.dentry !== undefined) yield* dput(path.dentry);
}

/** The root of what is mounted on `/`, and of every other mount on top of it. */
export function rootDentry(mount: Mount): Dentry {
  const { sb } = mount;
  // The root filesystem is put into the table of mounts by whoever boots the kernel.
  if (superState(sb).s_root === undefined) activateSuper(sb);
  return present(superState(sb).s_root, 'the root of a mount');
}

function startWalk(task: Task): Walk {
  return { task, at: rootPosition(linuxOf(task)), links: 0 };
}

function rootPosition(linux: Linux): Position {
  const mount = mountedAt(linux, '/');
  assert(mount !== undefined, 'a root filesystem is mounted');
  return { mount, dentry: dget(rootDentry(mount)), path: '/' };
}

/** The kernel that a task runs on. */
export function linuxOf(task: Task): Linux {
  return task.mm.linux;
}

function task_put(task: Task, dentry: Dentry): void {
  linuxOf(task).now(dput(dentry));
}

function checkPath(path: string): number {
  if (path === '') return -E.ENOENT;
  return path.length >= PATH_MAX ? -E.ENAMETOOLONG : 0;
}

function walkAll(walk: Walk, path: string, follow: boolean): number {
  const parts = path.split('/').filter((part) => part !== '');
  const error = walkParts(walk, parts, follow || path.endsWith('/'));
  if (error !== 0) return error;
  const isDirectory = walk.at.dentry.d_inode.kind === 'dir';
  return path.endsWith('/') && !isDirectory ? -E.ENOTDIR : 0;
}

/** Walks down; a link is followed unless it is the last part and `follow` is false. */
function walkParts(walk: Walk, parts: readonly string[], follow: boolean): number {
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const error = searchable(walk) || step(walk, part, follow || !isLast);
    if (error !== 0) return error;
  }
  return 0;
}

function searchable({ task, at }: Walk): number {
  if (at.dentry.d_inode.kind !== 'dir') return -E.ENOTDIR;
  return inode_permission(task, at.dentry.d_inode, MAY_EXEC);
}

function step(walk: Walk, part: string, follow: boolean): number {
  if (part === '.') return 0;
  if (part === '..') return stepUp(walk);
  if (part.length > NAME_MAX) return -E.ENAMETOOLONG;
  const { at } = walk;
  const found = d_lookup(at.dentry, part);
  if (found === undefined) return -E.ENOENT;
  if (IS_ERR(found)) return found;
  if (found.d_inode.kind === 'lnk' && follow) {
    const { target } = found.d_inode;
    task_put(walk.task, found);
    return followLink(walk, target);
  }
  moveTo(walk, { mount: at.mount, dentry: found, path: join(at.path, part) });
  return 0;
}

function stepUp(walk: Walk): number {
  const { at } = walk;
  const parts = at.path.split('/').filter((part) => part !== '');
  const above = parts.slice(0, -1);
  const task = walk.task;
  const start = rootPosition(linuxOf(task));
  task_put(task, at.dentry);
  Object.assign(at, start);
  for (const part of above) {
    const error = step(walk, part, false);
    if (error !== 0) return error;
  }
  return 0;
}

function followLink(walk: Walk, target: string): number {
  walk.links++;
  if (walk.links > MAXSYMLINKS) return -E.ELOOP;
  if (target.startsWith('/')) {
    const start = rootPosition(linuxOf(walk.task));
    task_put(walk.task, walk.at.dentry);
    Object.assign(walk.at, start);
  }
  return walkAll(walk, target, true);
}

/** Moves on, onto whatever is mounted there. */
function moveTo(walk: Walk, next: Position): void {
  const { task, at } = walk;
  const over = mountedAt(linuxOf(task), next.path);
  const former = at.dentry;
  if (over === undefined) {
    Object.assign(at, next);
  } else {
    Object.assign(at, { mount: over, dentry: dget(rootDentry(over)), path: next.path });
    task_put(task, next.dentry);
  }
  task_put(task, former);
}

function join(path: string, part: string): string {
  return path === '/' ? `/${part}` : `${path}/${part}`;
}
