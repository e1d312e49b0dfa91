// What the VFS keeps beside a superblock: its root in memory, how often it is mounted, metadata
// that no commit has taken to the medium yet, and the blocks in use.

import type { Dentry, DiskInode, SuperBlock } from '../include/linux/fs.ts';
import { type Linux, subsystem } from '../linux.ts';
import { Shared } from '../shared.ts';

/** State of one superblock. */
export interface SuperState {
  /** Root dentry, as long as it is mounted. */
  s_root: Dentry | undefined;
  /** Mounts. */
  s_active: number;
  /** SB_ACTIVE: unused inodes stay in memory. */
  active: boolean;
  /** Frozen by a suspended device: SB_FREEZE_COMPLETE. */
  frozen: boolean;
  /** Inodes dropped from memory before a commit, by number; `gone`: deleted. */
  readonly pending: Map<number, DiskInode | 'gone'>;
  /** Users of each block, once they have been counted. */
  readonly users: Shared<number>;
  /** No block below this one is free. */
  readonly firstFree: Shared<number>;
  counted: boolean;
  /** For filesystems without an image. */
  nextIno: number;
}

class SuperStates {
  readonly bySuper = new Map<SuperBlock, SuperState>();
}

/** First inode number of filesystems without an image, beyond their root. */
const FIRST_INO = 2;

/** The state of a superblock, made when first asked for. */
export function superState(sb: SuperBlock): SuperState {
  const { bySuper } = subsystem(sb.linux, SuperStates);
  const found = bySuper.get(sb);
  if (found !== undefined) return found;
  const made: SuperState = {
    s_root: undefined,
    s_active: 0,
    active: true,
    frozen: false,
    pending: new Map(),
    users: new Shared(`users of blocks of ${sb.s_bdev?.name ?? sb.s_type.name}`, 0),
    firstFree: new Shared(`first free block of ${sb.s_bdev?.name ?? sb.s_type.name}`, 0),
    counted: false,
    nextIno: FIRST_INO,
  };
  bySuper.set(sb, made);
  return made;
}

/**
 * Superblocks in use, in the order in which they came up: those that are mounted, and those of
 * block devices, which have their pages without a mount.
 */
export function superBlocks(linux: Linux): readonly SuperBlock[] {
  const all = [...subsystem(linux, SuperStates).bySuper];
  return all.filter(([sb, { s_active }]) => s_active > 0 || hasDevice(sb)).map(([sb]) => sb);
}

function hasDevice(sb: SuperBlock): boolean {
  for (const inode of sb.inodes.values()) if (inode.kind === 'blk') return true;
  return false;
}

/** Forgets a superblock whose last mount has gone. */
export function forgetSuper(sb: SuperBlock): void {
  subsystem(sb.linux, SuperStates).bySuper.delete(sb);
}
