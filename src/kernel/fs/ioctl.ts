// Attribute flags by ioctl: FS_IOC_FSGETXATTR, FS_IOC_GETFLAGS and the calls that set them.
// @source fs/ioctl.c v6.12

import { E, IS_ERR } from '../include/linux/errno.ts';
import type { File, FileAttr, FileAttrChange, Inode } from '../include/linux/fs.ts';
import {
  FS_APPEND_FL,
  FS_DAX_FL,
  FS_IMMUTABLE_FL,
  FS_NOATIME_FL,
  FS_NODUMP_FL,
  FS_PROJINHERIT_FL,
  FS_SYNC_FL,
  FS_XFLAG_APPEND,
  FS_XFLAG_COWEXTSIZE,
  FS_XFLAG_DAX,
  FS_XFLAG_EXTSIZE,
  FS_XFLAG_EXTSZINHERIT,
  FS_XFLAG_IMMUTABLE,
  FS_XFLAG_NOATIME,
  FS_XFLAG_NODUMP,
  FS_XFLAG_PROJINHERIT,
  FS_XFLAG_SYNC,
} from '../include/uapi/linux/fs.ts';
import type { Task } from '../linux.ts';
import { type Op, lock, unlock } from '../steps.ts';
import { isPathFile } from './file_table.ts';
import { mnt_want_write } from './mount-state.ts';
import { capable, inode_owner_or_capable } from './permission.ts';
import { s_dax_change_begin, s_dax_change_end } from './s_dax/aops.ts';
import { sb_end_write, sb_start_write } from './super.ts';

/** Flags that both calls have: the same thing in two numberings. */
const COMMON: readonly (readonly [xflag: number, flag: number])[] = [
  [FS_XFLAG_SYNC, FS_SYNC_FL],
  [FS_XFLAG_IMMUTABLE, FS_IMMUTABLE_FL],
  [FS_XFLAG_APPEND, FS_APPEND_FL],
  [FS_XFLAG_NODUMP, FS_NODUMP_FL],
  [FS_XFLAG_NOATIME, FS_NOATIME_FL],
  [FS_XFLAG_DAX, FS_DAX_FL],
  [FS_XFLAG_PROJINHERIT, FS_PROJINHERIT_FL],
];

/** Flags that FS_IOC_FSSETXATTR knows too. @source include/linux/fileattr.h v6.12 */
export const FS_COMMON_FL = COMMON.reduce((bits, [, flag]) => bits | flag, 0);
/** Flags that FS_IOC_SETFLAGS knows too. @source include/linux/fileattr.h v6.12 */
export const FS_XFLAG_COMMON = COMMON.reduce((bits, [xflag]) => bits | xflag, 0);

/**
 * Attributes that a filesystem knows by FS_XFLAG_*.
 * @source fs/ioctl.c fileattr_fill_xflags() v6.12
 */
export function fileattr_fill_xflags(xflags: number): FileAttr {
  const flags = COMMON.filter(([xflag]) => (xflags & xflag) !== 0);
  return { fsx_xflags: xflags, flags: flags.reduce((bits, [, flag]) => bits | flag, 0) };
}

/** Attributes that a filesystem knows by FS_*_FL. @source fs/ioctl.c fileattr_fill_flags() v6.12 */
export function fileattr_fill_flags(flags: number): FileAttr {
  const xflags = COMMON.filter(([, flag]) => (flags & flag) !== 0);
  return { flags, fsx_xflags: xflags.reduce((bits, [xflag]) => bits | xflag, 0) };
}

/**
 * Attributes of an inode; -ENOTTY where its filesystem has none, as the ioctls answer.
 * @source fs/ioctl.c vfs_fileattr_get() v6.12
 */
export function vfs_fileattr_get(inode: Inode): FileAttr | number {
  const { i_op } = inode;
  return i_op.fileattr_get === undefined ? -E.ENOTTY : i_op.fileattr_get(inode);
}

/**
 * Changes attributes: 0 or an error number. What the call that was used does not know stays.
 * @source fs/ioctl.c vfs_fileattr_set() v6.12
 */
export function* vfs_fileattr_set(task: Task, inode: Inode, change: FileAttrChange): Op<number> {
  const { i_op } = inode;
  if (i_op.fileattr_set === undefined) return -E.ENOTTY;
  if (!inode_owner_or_capable(task, inode)) return -E.EPERM;
  yield* s_dax_change_begin(inode);
  yield* lock(inode.i_rwsem);
  let answer = 0;
  const old = vfs_fileattr_get(inode);
  if (IS_ERR(old)) answer = old;
  else {
    const whole = withMissingBits(change, old);
    answer = fileattr_set_prepare(task, inode, { old, change: whole });
    if (answer === 0) {
      answer = yield* i_op.fileattr_set(task, inode, withoutSizeHints(whole));
    }
  }
  yield* unlock(inode.i_rwsem);
  yield* s_dax_change_end(inode);
  return answer;
}

function withMissingBits(change: FileAttrChange, old: FileAttr): FileAttrChange {
  if (change.by === 'flags') {
    return { ...change, fsx_xflags: change.fsx_xflags | (old.fsx_xflags & ~FS_XFLAG_COMMON) };
  }
  return { ...change, flags: change.flags | (old.flags & ~FS_COMMON_FL) };
}

/** @source fs/ioctl.c fileattr_set_prepare() v6.12 */
function fileattr_set_prepare(
  task: Task,
  inode: Inode,
  { old, change }: { readonly old: FileAttr; readonly change: FileAttrChange },
): number {
  const kept = FS_APPEND_FL | FS_IMMUTABLE_FL;
  if (((old.flags ^ change.flags) & kept) !== 0 && !capable(task)) return -E.EPERM;
  const xflags = change.fsx_xflags;
  const isFile = inode.kind === 'reg';
  const isDirectory = inode.kind === 'dir';
  if ((xflags & FS_XFLAG_EXTSIZE) !== 0 && !isFile) return -E.EINVAL;
  if ((xflags & FS_XFLAG_EXTSZINHERIT) !== 0 && !isDirectory) return -E.EINVAL;
  if ((xflags & FS_XFLAG_COWEXTSIZE) !== 0 && !isFile && !isDirectory) return -E.EINVAL;
  return (xflags & FS_XFLAG_DAX) !== 0 && !isFile && !isDirectory ? -E.EINVAL : 0;
}

/** Sizes of extents are not modelled: they are 0, which turns the flags off. */
function withoutSizeHints(change: FileAttrChange): FileAttrChange {
  const hints = FS_XFLAG_EXTSIZE | FS_XFLAG_EXTSZINHERIT | FS_XFLAG_COWEXTSIZE;
  return { ...change, fsx_xflags: change.fsx_xflags & ~hints };
}

/** FS_IOC_FSGETXATTR. @source fs/ioctl.c ioctl_fsgetxattr() v6.12 */
export function ioctl_fsgetxattr(_task: Task, file: File): FileAttr | number {
  return isPathFile(file) ? -E.EBADF : vfs_fileattr_get(file.f_inode);
}

/** FS_IOC_FSSETXATTR. @source fs/ioctl.c ioctl_fssetxattr() v6.12 */
export function* ioctl_fssetxattr(
  task: Task,
  file: File,
  wanted: { readonly fsx_xflags: number },
): Op<number> {
  const change = fileattr_fill_xflags(wanted.fsx_xflags);
  return yield* setByFile(task, file, { by: 'xflags', ...change });
}

/** FS_IOC_GETFLAGS: the flags, or an error number. @source fs/ioctl.c ioctl_getflags() v6.12 */
export function ioctl_getflags(_task: Task, file: File): number {
  if (isPathFile(file)) return -E.EBADF;
  const attributes = vfs_fileattr_get(file.f_inode);
  return IS_ERR(attributes) ? attributes : attributes.flags;
}

/** FS_IOC_SETFLAGS. @source fs/ioctl.c ioctl_setflags() v6.12 */
export function* ioctl_setflags(task: Task, file: File, flags: number): Op<number> {
  return yield* setByFile(task, file, { by: 'flags', ...fileattr_fill_flags(flags) });
}

/** A read-only mount answers before anything else is looked at. */
function* setByFile(task: Task, file: File, change: FileAttrChange): Op<number> {
  if (isPathFile(file)) return -E.EBADF;
  const error = mnt_want_write(file.f_path.mount);
  if (error !== 0) return error;
  const { i_sb } = file.f_inode;
  yield* sb_start_write(i_sb);
  const answer = yield* vfs_fileattr_set(task, file.f_inode, change);
  yield* sb_end_write(i_sb);
  return answer;
}
