// Names in memory (dentries): found, held, kept while unused, moved and dropped. A name holds its
// inode, so an inode stays in memory at least as long as one of its names does.
// @source fs/dcache.c v6.12

import { assert } from '../../base/index.ts';
import { IS_ERR } from '../include/linux/errno.ts';
import type { Dentry, Inode, SuperBlock } from '../include/linux/fs.ts';
import type { Op } from '../steps.ts';
import { aliasesOf, childrenOf, forgetDentry } from './dcache-state.ts';
import { iget, iput } from './inode.ts';
import { superState } from './super-state.ts';

/**
 * A name for an inode, with one reference for the caller. The caller's reference of the inode
 * passes to the dentry. Without `parent`: a root, or a file of O_TMPFILE.
 * @source fs/dcache.c d_alloc() d_instantiate() v6.12
 */
export function d_alloc(parent: Dentry | undefined, name: string, inode: Inode): Dentry {
  const dentry: Dentry = {
    d_parent: parent,
    d_name: name,
    d_inode: inode,
    d_count: 1,
    hashed: parent !== undefined,
    dontcache: false,
  };
  aliasesOf(inode).add(dentry);
  if (parent !== undefined) {
    dget(parent);
    const names = childrenOf(parent);
    assert(!names.has(name), `${name} is in memory once`);
    names.set(name, dentry);
  }
  return dentry;
}

/**
 * The name in a directory, with a reference; undefined where the directory has none.
 * @source fs/namei.c lookup_one_qstr_excl() v6.12
 */
export function d_lookup(parent: Dentry, name: string): Dentry | undefined | number {
  const cached = childrenOf(parent).get(name);
  if (cached !== undefined) return dget(cached);
  const directory = parent.d_inode;
  const ino = directory.entries.get(name);
  if (ino === undefined) return undefined;
  const inode = iget(directory.i_sb, ino);
  return IS_ERR(inode) ? inode : d_alloc(parent, name, inode);
}

/** One reference more. @source include/linux/dcache.h dget() v6.12 */
export function dget(dentry: Dentry): Dentry {
  dentry.d_count++;
  return dentry;
}

/**
 * One reference fewer. An unused name stays in memory unless it was removed, or marked by
 * d_mark_dontcache().
 * @source fs/dcache.c dput() retain_dentry() v6.12
 */
export function* dput(dentry: Dentry): Op<void> {
  assert(dentry.d_count > 0, `${dentry.d_name} is held when it is put`);
  dentry.d_count--;
  if (dentry.d_count > 0) return;
  if (dentry.hashed && !dentry.dontcache) return;
  yield* dentry_kill(dentry);
}

/** A name leaves memory, and its reference of the inode with it. */
function* dentry_kill(dentry: Dentry): Op<void> {
  const { d_parent } = dentry;
  d_drop(dentry);
  forgetDentry(dentry);
  yield* iput(dentry.d_inode);
  if (d_parent !== undefined) yield* dput(d_parent);
}

/** A name is no longer found; its users keep it. @source fs/dcache.c d_drop() v6.12 */
export function d_drop(dentry: Dentry): void {
  const { d_parent } = dentry;
  if (d_parent !== undefined && dentry.hashed) childrenOf(d_parent).delete(dentry.d_name);
  dentry.hashed = false;
}

/**
 * A name has another place now. The caller has removed what was there.
 * @source fs/dcache.c d_move() v6.12
 */
export function* d_move(dentry: Dentry, parent: Dentry, name: string): Op<void> {
  const former = dentry.d_parent;
  if (former !== undefined) childrenOf(former).delete(dentry.d_name);
  dget(parent);
  dentry.d_parent = parent;
  dentry.d_name = name;
  childrenOf(parent).set(name, dentry);
  if (former !== undefined) yield* dput(former);
}

/** Two names change places. @source fs/dcache.c d_exchange() v6.12 */
export function d_exchange(one: Dentry, other: Dentry): void {
  const [parentOfOne, nameOfOne] = [one.d_parent, one.d_name];
  const [parentOfOther, nameOfOther] = [other.d_parent, other.d_name];
  assert(parentOfOne !== undefined, 'a name that is exchanged is no root');
  assert(parentOfOther !== undefined, 'a name that is exchanged is no root');
  // Each directory loses one name and gains one: the references stay what they are.
  one.d_parent = parentOfOther;
  one.d_name = nameOfOther;
  other.d_parent = parentOfOne;
  other.d_name = nameOfOne;
  childrenOf(parentOfOther).set(nameOfOther, one);
  childrenOf(parentOfOne).set(nameOfOne, other);
}

/** Whether `dentry` is `above`, or below it. @source fs/dcache.c is_subdir() v6.12 */
export function is_subdir(dentry: Dentry, above: Dentry): boolean {
  for (let at: Dentry | undefined = dentry; at !== undefined; at = at.d_parent) {
    if (at === above) return true;
  }
  return false;
}

/**
 * All unused names of a superblock leave memory, from the leaves up; their inodes stay.
 * @source fs/dcache.c shrink_dcache_sb() v6.12
 */
export function* shrink_dcache_sb(sb: SuperBlock): Op<void> {
  const { s_root } = superState(sb);
  if (s_root === undefined) return;
  yield* shrinkBelow(s_root);
}

function* shrinkBelow(directory: Dentry): Op<void> {
  for (const dentry of childrenOf(directory).values()) {
    // Held while its own names go, so that it does not go under our feet.
    dget(dentry);
    yield* shrinkBelow(dentry);
    dentry.d_count--;
    if (dentry.d_count === 0) yield* dentry_kill(dentry);
  }
}

/** The root's name: it holds the root inode as long as the filesystem is mounted. */
export function d_make_root(root: Inode): Dentry {
  const dentry = d_alloc(undefined, '/', root);
  dentry.hashed = true;
  return dentry;
}

/**
 * The last mount has gone: every name does.
 * @source fs/dcache.c shrink_dcache_for_umount() v6.12
 */
export function* shrink_dcache_for_umount(sb: SuperBlock): Op<void> {
  const state = superState(sb);
  const { s_root } = state;
  if (s_root === undefined) return;
  yield* shrinkBelow(s_root);
  state.s_root = undefined;
  s_root.hashed = false;
  yield* dput(s_root);
}
