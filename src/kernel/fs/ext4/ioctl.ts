// Attribute flags of ext4 files: what users see of them, and which changes are refused.
// @source fs/ext4/ioctl.c ext4_fileattr_set() ext4_ioctl_setflags() v6.12

import { E } from '../../include/linux/errno.ts';
import {
  type FileAttr,
  type FileAttrChange,
  type Inode,
  S_DAX,
  S_IMMUTABLE,
} from '../../include/linux/fs.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import type { Task } from '../../linux.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { fileattr_fill_flags } from '../ioctl.ts';
import { d_mark_dontcache, mark_inode_dirty } from '../inode.ts';
import {
  EXT4_CASEFOLD_FL,
  EXT4_DAX_FL,
  EXT4_DAX_MUT_EXCL,
  EXT4_EXTENTS_FL,
  EXT4_FL_USER_MODIFIABLE,
  EXT4_FL_USER_VISIBLE,
  EXT4_IMMUTABLE_FL,
  EXT4_INLINE_DATA_FL,
  EXT4_JOURNAL_DATA_FL,
  EXT4_PROJINHERIT_FL,
  ext4_mask_flags,
} from './flags.ts';
import { ext4_set_inode_flags } from './inode-flags.ts';
import { EXT4_MOUNT_DAX_ALWAYS, EXT4_MOUNT2_DAX_NEVER } from './mount-flags.ts';
import { EXT4_SB } from './sb.ts';

const END = Number.MAX_SAFE_INTEGER;

/** @source fs/ext4/ioctl.c ext4_fileattr_get() v6.12 */
export function ext4_fileattr_get(inode: Inode): FileAttr {
  const visible = inode.fsflags.peek() & EXT4_FL_USER_VISIBLE;
  return fileattr_fill_flags(inode.kind === 'reg' ? visible & ~EXT4_PROJINHERIT_FL : visible);
}

/** 0 or an error number. @source fs/ext4/ioctl.c ext4_fileattr_set() v6.12 */
export function* ext4_fileattr_set(task: Task, inode: Inode, change: FileAttrChange): Op<number> {
  if ((change.flags & ~EXT4_FL_USER_VISIBLE) !== 0) return -E.EOPNOTSUPP;
  const flags = change.flags & EXT4_FL_USER_MODIFIABLE;
  if (ext4_mask_flags(inode.kind, flags) !== flags) return -E.EOPNOTSUPP;
  const old = yield* get(inode.fsflags);
  // An immutable inode can lose the flag, and nothing else can change at the same time.
  if ((old & EXT4_IMMUTABLE_FL) !== 0 && (flags & EXT4_IMMUTABLE_FL) !== 0) {
    if ((old & ~EXT4_IMMUTABLE_FL) !== (flags & ~EXT4_IMMUTABLE_FL)) return -E.EPERM;
  }
  return yield* ext4_ioctl_setflags(task, inode, flags);
}

/** @source fs/ext4/ioctl.c ext4_dax_dontcache() v6.12 */
function* ext4_dax_dontcache(inode: Inode, flags: number): Op<void> {
  const sb = EXT4_SB(inode.i_sb);
  if (inode.kind === 'dir') return;
  if (sb.test_opt2(EXT4_MOUNT2_DAX_NEVER) || sb.test_opt(EXT4_MOUNT_DAX_ALWAYS)) return;
  const old = yield* get(inode.fsflags);
  if (((old ^ flags) & EXT4_DAX_FL) !== 0) yield* d_mark_dontcache(inode);
}

/**
 * Whether a change keeps DAX and what excludes it apart. Directories may have their names inside.
 * @source fs/ext4/ioctl.c dax_compatible() v6.12
 */
function dax_compatible(inode: Inode, old: number, flags: number): boolean {
  const ignored = inode.kind === 'dir' ? EXT4_INLINE_DATA_FL : 0;
  const excluded = EXT4_DAX_MUT_EXCL & ~ignored;
  if ((flags & EXT4_DAX_FL) !== 0 && (old & excluded) !== 0) return false;
  return (flags & excluded) === 0 || (old & EXT4_DAX_FL) === 0;
}

/**
 * @source fs/ext4/ioctl.c ext4_ioctl_setflags() v6.12. A file in DAX does not change how its data
 * is journalled; the other flags of the same call are set by then.
 */
function* ext4_ioctl_setflags(task: Task, inode: Inode, flags: number): Op<number> {
  const old = yield* get(inode.fsflags);
  const changed = flags ^ old;
  if ((changed & EXT4_JOURNAL_DATA_FL) !== 0 && task.uid !== 0) return -E.EPERM;
  if (!dax_compatible(inode, old, flags)) return -E.EOPNOTSUPP;
  if ((changed & EXT4_CASEFOLD_FL) !== 0) {
    if (!EXT4_SB(inode.i_sb).has('casefold')) return -E.EOPNOTSUPP;
    if (inode.kind !== 'dir') return -E.ENOTDIR;
    if (inode.entries.size > 0) return -E.ENOTEMPTY;
  }
  const becomesImmutable = (flags & EXT4_IMMUTABLE_FL) !== 0 && inode.kind === 'reg';
  if (becomesImmutable && ((yield* get(inode.i_flags)) & S_IMMUTABLE) === 0) {
    const error = yield* filemap_write_and_wait_range(inode.i_mapping, 0, END);
    if (error < 0) return error;
  }
  yield* ext4_dax_dontcache(inode, flags);
  const later = EXT4_JOURNAL_DATA_FL | EXT4_EXTENTS_FL;
  const settable = EXT4_FL_USER_MODIFIABLE & ~later;
  yield* set(inode.fsflags, 0, (old & ~settable) | (flags & settable));
  yield* ext4_set_inode_flags(inode);
  yield* mark_inode_dirty(inode);
  if ((changed & EXT4_JOURNAL_DATA_FL) !== 0) {
    if (((yield* get(inode.i_flags)) & S_DAX) !== 0) return -E.EBUSY;
    const error = yield* ext4_change_inode_journal_flag(inode, flags);
    if (error < 0) return error;
  }
  return (changed & EXT4_EXTENTS_FL) === 0 ? 0 : yield* migrate(inode, flags);
}

/** @source fs/ext4/inode.c ext4_change_inode_journal_flag() v6.12; without a journal it stays */
function* ext4_change_inode_journal_flag(inode: Inode, flags: number): Op<number> {
  if (!EXT4_SB(inode.i_sb).hasJournal) return 0;
  const on = flags & EXT4_JOURNAL_DATA_FL;
  const { invalidate_lock } = inode.i_mapping;
  if (on !== 0) {
    yield* lock(invalidate_lock);
    const error = yield* filemap_write_and_wait_range(inode.i_mapping, 0, END);
    if (error < 0) {
      yield* unlock(invalidate_lock);
      return error;
    }
  }
  const old = yield* get(inode.fsflags);
  yield* set(inode.fsflags, 0, (old & ~EXT4_JOURNAL_DATA_FL) | on);
  if (on !== 0) yield* unlock(invalidate_lock);
  yield* mark_inode_dirty(inode);
  return 0;
}

/**
 * Changes between extents and indirect blocks. @source fs/ext4/migrate.c ext4_ext_migrate()
 * ext4_ind_migrate() v6.12; files that one extent holds, which ours are taken to be, can go back
 */
function* migrate(inode: Inode, flags: number): Op<number> {
  const sb = EXT4_SB(inode.i_sb);
  if (!sb.has('extent')) return -E.EINVAL;
  const on = flags & EXT4_EXTENTS_FL;
  if (on === 0 && sb.has('bigalloc')) return -E.EOPNOTSUPP;
  yield* set(inode.fsflags, 0, ((yield* get(inode.fsflags)) & ~EXT4_EXTENTS_FL) | on);
  yield* mark_inode_dirty(inode);
  return 0;
}
