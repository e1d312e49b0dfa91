// Names in memory, by inode: apart from fs/dcache.ts, so that inodes can find their names.

import type { Dentry, Inode } from '../include/linux/fs.ts';
import { subsystem } from '../linux.ts';

class DentryCache {
  readonly aliases = new Map<Inode, Set<Dentry>>();
  readonly children = new Map<Dentry, Map<string, Dentry>>();
}

/** Names of an inode in memory. */
export function aliasesOf(inode: Inode): Set<Dentry> {
  const { aliases } = subsystem(inode.i_sb.linux, DentryCache);
  const found = aliases.get(inode) ?? new Set();
  aliases.set(inode, found);
  return found;
}

/** Names in memory below a directory's. */
export function childrenOf(directory: Dentry): Map<string, Dentry> {
  const { children } = subsystem(directory.d_inode.i_sb.linux, DentryCache);
  const found = children.get(directory) ?? new Map<string, Dentry>();
  children.set(directory, found);
  return found;
}

/** Forgets what was kept for a name that has gone. */
export function forgetDentry(dentry: Dentry): void {
  const { aliases, children } = subsystem(dentry.d_inode.i_sb.linux, DentryCache);
  children.delete(dentry);
  const names = aliases.get(dentry.d_inode);
  names?.delete(dentry);
  if (names?.size === 0) aliases.delete(dentry.d_inode);
}
