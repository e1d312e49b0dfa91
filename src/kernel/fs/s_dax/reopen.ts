// open() of a name that a held directory has, in steps: for programs that close a file and open it
// again while others run. do_sys_open() walks whole paths, before anything races.
// @source fs/namei.c lookup_open() do_open() v6.12

import { E, IS_ERR } from '../../include/linux/errno.ts';
import type { File, Inode, Path } from '../../include/linux/fs.ts';
import type { Task } from '../../linux.ts';
import { type Op, scan, set } from '../../steps.ts';
import { d_lookup } from '../dcache.ts';
import { do_dentry_open } from '../file_table.ts';
import { mountCounts } from '../mount-state.ts';
import { pathOf } from '../namei-walk.ts';

/** The file of that name below a held directory, open; or an error number. */
export function* open_child(
  task: Task,
  directory: Path,
  name: string,
  flags: number,
): Op<File | number> {
  const { mount, dentry: parent } = directory;
  if (parent === undefined) return -E.ENOTDIR;
  const known = new Set(mount.sb.inodes.values());
  const dentry = d_lookup(parent, name);
  if (dentry === undefined) return -E.ENOENT;
  if (IS_ERR(dentry)) return dentry;
  const inode = dentry.d_inode;
  if (!known.has(inode)) yield* showNewInode(inode);
  mountCounts(mount).users++;
  return do_dentry_open(task, pathOf(mount, dentry), flags);
}

/** What was read from the medium becomes known to all: the inode may have been here before. */
function* showNewInode(inode: Inode): Op<void> {
  const { i_mapping, blocks } = inode;
  const made = new Map(blocks.entries());
  for (const cell of [inode.i_flags, inode.i_state, inode.fsflags, inode.i_size]) {
    yield* set(cell, 0, cell.peek());
  }
  yield* set(i_mapping.a_ops, 0, i_mapping.a_ops.peek());
  const all = { start: 0, end: Number.MAX_SAFE_INTEGER };
  const keys = new Set([...(yield* scan(blocks, all)), ...made.keys()]);
  for (const key of keys) yield* set(blocks, key, made.get(key));
}
