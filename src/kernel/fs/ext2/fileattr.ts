// Attribute flags in ext's own bits, which are those of chattr, told in both ways that users ask.
// @source fs/ioctl.c fileattr_fill_flags() v6.12

import type { FileAttr } from '../../include/linux/fs.ts';
import {
  FS_APPEND_FL,
  FS_DAX_FL,
  FS_IMMUTABLE_FL,
  FS_NOATIME_FL,
  FS_NODUMP_FL,
  FS_PROJINHERIT_FL,
  FS_SYNC_FL,
  FS_XFLAG_APPEND,
  FS_XFLAG_DAX,
  FS_XFLAG_IMMUTABLE,
  FS_XFLAG_NOATIME,
  FS_XFLAG_NODUMP,
  FS_XFLAG_PROJINHERIT,
  FS_XFLAG_SYNC,
} from '../../include/uapi/linux/fs.ts';

const pairs: readonly (readonly [number, number])[] = [
  [FS_SYNC_FL, FS_XFLAG_SYNC],
  [FS_IMMUTABLE_FL, FS_XFLAG_IMMUTABLE],
  [FS_APPEND_FL, FS_XFLAG_APPEND],
  [FS_NODUMP_FL, FS_XFLAG_NODUMP],
  [FS_NOATIME_FL, FS_XFLAG_NOATIME],
  [FS_DAX_FL, FS_XFLAG_DAX],
  [FS_PROJINHERIT_FL, FS_XFLAG_PROJINHERIT],
];

/** Flags as FS_IOC_GETFLAGS and as FS_IOC_FSGETXATTR tell them. */
export function fileattr_fill_flags(flags: number): FileAttr {
  let fsx_xflags = 0;
  for (const [flag, xflag] of pairs) if ((flags & flag) !== 0) fsx_xflags |= xflag;
  return { flags, fsx_xflags };
}
