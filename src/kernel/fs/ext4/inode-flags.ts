// What attribute flags of an ext4 inode mean for the VFS; above all, when a file is in DAX.
// @source fs/ext4/inode.c ext4_set_inode_flags() ext4_should_enable_dax() v6.12

import {
  type Inode,
  S_APPEND,
  S_DAX,
  S_ENCRYPTED,
  S_IMMUTABLE,
  S_SYNC,
  S_VERITY,
} from '../../include/linux/fs.ts';
import { get, type Op, set } from '../../steps.ts';
import {
  EXT4_APPEND_FL,
  EXT4_DAX_FL,
  EXT4_ENCRYPT_FL,
  EXT4_IMMUTABLE_FL,
  EXT4_INLINE_DATA_FL,
  EXT4_SYNC_FL,
  EXT4_VERITY_FL,
} from './flags.ts';
import { EXT4_MOUNT_DAX_ALWAYS, EXT4_MOUNT2_DAX_NEVER } from './mount-flags.ts';
import { EXT4_SB, ext4_inode_journal_mode } from './sb.ts';

/** What the decision about DAX looks at: also of an inode that is not in memory yet. */
export type InodeFacts = Pick<Inode, 'i_sb' | 'kind'>;

/** Whether an inode that comes into memory with these flags is in DAX. */
export function ext4_should_enable_dax(inode: InodeFacts, flags: number): boolean {
  const sb = EXT4_SB(inode.i_sb);
  if (sb.test_opt2(EXT4_MOUNT2_DAX_NEVER)) return false;
  if (inode.kind !== 'reg') return false;
  const encrypted = (flags & EXT4_ENCRYPT_FL) !== 0;
  if (ext4_inode_journal_mode(inode, flags, encrypted) === 'journal') return false;
  if ((flags & (EXT4_INLINE_DATA_FL | EXT4_ENCRYPT_FL | EXT4_VERITY_FL)) !== 0) return false;
  if (!sb.bdevIsDax) return false;
  return sb.test_opt(EXT4_MOUNT_DAX_ALWAYS) || (flags & EXT4_DAX_FL) !== 0;
}

const pairs: readonly (readonly [number, number])[] = [
  [EXT4_SYNC_FL, S_SYNC],
  [EXT4_APPEND_FL, S_APPEND],
  [EXT4_IMMUTABLE_FL, S_IMMUTABLE],
  [EXT4_ENCRYPT_FL, S_ENCRYPTED],
  [EXT4_VERITY_FL, S_VERITY],
];

/** The VFS's flags that attribute flags stand for, without S_DAX. */
function flagsFor(flags: number): number {
  let answer = 0;
  for (const [flag, s] of pairs) if ((flags & flag) !== 0) answer |= s;
  return answer;
}

/** All of the VFS's flags for an inode that comes into memory. */
export function initialFlags(inode: InodeFacts, flags: number): number {
  return flagsFor(flags) | (ext4_should_enable_dax(inode, flags) ? S_DAX : 0);
}

/**
 * Flags of the VFS follow those of an inode in memory; S_DAX stays as it was when the inode came.
 * @source fs/ext4/inode.c ext4_set_inode_flags() v6.12, called without `init`
 */
export function* ext4_set_inode_flags(inode: Inode): Op<void> {
  const managed = pairs.reduce((all, [, s]) => all | s, 0);
  const kept = (yield* get(inode.i_flags)) & ~managed;
  yield* set(inode.i_flags, 0, kept | flagsFor(yield* get(inode.fsflags)));
}
