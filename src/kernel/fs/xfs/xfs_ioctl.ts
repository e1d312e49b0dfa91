// Attribute flags of XFS files: FS_IOC_FSGETXATTR, FS_IOC_GETFLAGS and the calls that set them.
// @source fs/xfs/xfs_ioctl.c v6.12

import { E } from '../../include/linux/errno.ts';
import { type FileAttr, type FileAttrChange, type Inode, S_DAX } from '../../include/linux/fs.ts';
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
  FS_XFLAG_HASATTR,
  FS_XFLAG_IMMUTABLE,
  FS_XFLAG_NOATIME,
  FS_XFLAG_NODUMP,
  FS_XFLAG_PREALLOC,
  FS_XFLAG_PROJINHERIT,
  FS_XFLAG_REALTIME,
  FS_XFLAG_RTINHERIT,
  FS_XFLAG_SYNC,
} from '../../include/uapi/linux/fs.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { d_mark_dontcache, mark_inode_dirty } from '../inode.ts';
import { fileattr_fill_xflags } from '../ioctl.ts';
import { xfs_inode_has_filedata } from './libxfs/xfs_bmap.ts';
import { s_dax_switch } from '../s_dax/switch.ts';
import type { XfsOperations } from './xfs_operations.ts';
import { DIFLAG_IFLAGS, iflagsOf, xfs_inode_should_enable_dax } from './xfs_iops.ts';
import {
  XFS_DIFLAG2_DAX,
  XFS_DIFLAG2_REFLINK,
  XFS_DIFLAG_APPEND,
  XFS_DIFLAG_FILESTREAM,
  XFS_DIFLAG_IMMUTABLE,
  XFS_DIFLAG_NOATIME,
  XFS_DIFLAG_NODEFRAG,
  XFS_DIFLAG_NODUMP,
  XFS_DIFLAG_NOSYMLINKS,
  XFS_DIFLAG_PREALLOC,
  XFS_DIFLAG_PROJINHERIT,
  XFS_DIFLAG_REALTIME,
  XFS_DIFLAG_RTINHERIT,
  XFS_DIFLAG_SYNC,
  XFS_HAS_ATTR_FORK,
  xfs_has,
  XFS_I,
  type XfsInode,
  type XfsMount,
} from './xfs_mount.ts';

// What user space sets, for directories only or for files only where the table says so.
const pairs: readonly {
  readonly xflag: number;
  readonly diflag: number;
  readonly only?: 'dir' | 'reg';
}[] = [
  { xflag: FS_XFLAG_REALTIME, diflag: XFS_DIFLAG_REALTIME, only: 'reg' },
  { xflag: FS_XFLAG_IMMUTABLE, diflag: XFS_DIFLAG_IMMUTABLE },
  { xflag: FS_XFLAG_APPEND, diflag: XFS_DIFLAG_APPEND },
  { xflag: FS_XFLAG_SYNC, diflag: XFS_DIFLAG_SYNC },
  { xflag: FS_XFLAG_NOATIME, diflag: XFS_DIFLAG_NOATIME },
  { xflag: FS_XFLAG_NODUMP, diflag: XFS_DIFLAG_NODUMP },
  { xflag: FS_XFLAG_RTINHERIT, diflag: XFS_DIFLAG_RTINHERIT, only: 'dir' },
  { xflag: FS_XFLAG_PROJINHERIT, diflag: XFS_DIFLAG_PROJINHERIT, only: 'dir' },
  { xflag: 0x400, diflag: XFS_DIFLAG_NOSYMLINKS, only: 'dir' },
  { xflag: 0x2000, diflag: XFS_DIFLAG_NODEFRAG },
  { xflag: 0x4000, diflag: XFS_DIFLAG_FILESTREAM },
  { xflag: FS_XFLAG_DAX, diflag: XFS_DIFLAG2_DAX },
];

/** Flags of an inode as FS_XFLAG_*. @source fs/xfs/libxfs/xfs_inode_util.c xfs_ip2xflags() v6.12 */
export function xfs_ip2xflags(fsflags: number): number {
  let xflags = (fsflags & XFS_DIFLAG_PREALLOC) === 0 ? 0 : FS_XFLAG_PREALLOC;
  for (const { xflag, diflag } of pairs) if ((fsflags & diflag) !== 0) xflags |= xflag;
  if ((fsflags & XFS_HAS_ATTR_FORK) !== 0) xflags |= FS_XFLAG_HASATTR;
  return xflags >>> 0;
}

/**
 * Flags of an inode that is asked to have `xflags`: what user space has no say in stays.
 * @source fs/xfs/libxfs/xfs_inode_util.c xfs_flags2diflags() xfs_flags2diflags2() v6.12
 */
export function xfs_flags2diflags(inode: Inode, fsflags: number, xflags: number): number {
  const kept = XFS_DIFLAG_PREALLOC | XFS_DIFLAG2_REFLINK | XFS_HAS_ATTR_FORK;
  let flags = fsflags & kept;
  for (const { xflag, diflag, only } of pairs) {
    if ((xflags & xflag) !== 0 && (only === undefined || only === inode.kind)) flags |= diflag;
  }
  return flags;
}

/** FS_IOC_FSGETXATTR and FS_IOC_GETFLAGS. @source fs/xfs/xfs_ioctl.c xfs_fileattr_get() v6.12 */
export function xfs_fileattr_get(inode: Inode): FileAttr | number {
  if (inode.kind !== 'reg' && inode.kind !== 'dir') return -E.ENOTTY;
  return fileattr_fill_xflags(xfs_ip2xflags(inode.fsflags.peek()));
}

/** What FS_IOC_SETFLAGS may name. @source fs/xfs/xfs_ioctl.c xfs_fileattr_set() v6.12 */
const SETTABLE_FL =
  FS_IMMUTABLE_FL |
  FS_APPEND_FL |
  FS_NOATIME_FL |
  FS_NODUMP_FL |
  FS_SYNC_FL |
  FS_DAX_FL |
  FS_PROJINHERIT_FL;

/**
 * FS_IOC_FSSETXATTR and FS_IOC_SETFLAGS: 0 or an error number. A change of the DAX flag makes the
 * inode leave memory early, also where the call fails afterwards.
 * @source fs/xfs/xfs_ioctl.c xfs_fileattr_set() v6.12
 */
export function* xfs_fileattr_set(
  mp: XfsMount,
  ops: XfsOperations,
  inode: Inode,
  change: FileAttrChange,
): Op<number> {
  if (inode.kind !== 'reg' && inode.kind !== 'dir') return -E.ENOTTY;
  if (change.by === 'flags' && (change.flags & ~SETTABLE_FL) !== 0) return -E.EOPNOTSUPP;
  const ip = XFS_I(mp, inode);
  const refused = yield* xfs_ioctl_setattr_prepare_dax(ip, ops, change.fsx_xflags);
  if (refused < 0) return refused;
  if (inode.i_sb.ro) return -E.EROFS;
  yield* lock(ip.i_lock);
  const error = yield* xfs_ioctl_setattr_xflags(ip, change.fsx_xflags);
  yield* unlock(ip.i_lock);
  return error;
}

// Other designs change the mode here, or refuse to.
// @source fs/xfs/xfs_ioctl.c xfs_ioctl_setattr_prepare_dax() v6.12
function* xfs_ioctl_setattr_prepare_dax(
  ip: XfsInode,
  ops: XfsOperations,
  xflags: number,
): Op<number> {
  const inode = ip.vfs;
  const mp = ip.i_mount;
  if (inode.kind === 'dir' || mp.options.dax !== 'inode') return 0;
  const fsflags = yield* get(inode.fsflags);
  const wants = (xflags & FS_XFLAG_DAX) !== 0;
  if (wants === ((fsflags & XFS_DIFLAG2_DAX) !== 0)) return 0;
  switch (mp.linux.s_dax.takes_effect) {
    case 'never':
      return -E.EINVAL;
    case 'at-once': {
      const asked = wants ? fsflags | XFS_DIFLAG2_DAX : fsflags & ~XFS_DIFLAG2_DAX;
      const dax = xfs_inode_should_enable_dax(mp, { kind: inode.kind, fsflags: asked });
      const a_ops = dax ? ops.dax_aops : ops.aops;
      return yield* s_dax_switch(inode, { dax, a_ops });
    }
    default:
      yield* d_mark_dontcache(inode);
      return 0;
  }
}

// 6.1 refuses the DAX flag for files with shared blocks.
// @source fs/xfs/xfs_ioctl.c xfs_ioctl_setattr_xflags() v6.12, v6.1
function* xfs_ioctl_setattr_xflags(ip: XfsInode, xflags: number): Op<number> {
  const mp = ip.i_mount;
  const inode = ip.vfs;
  const wantsRealtime = (xflags & FS_XFLAG_REALTIME) !== 0;
  let fsflags = yield* get(inode.fsflags);
  if (wantsRealtime !== ((fsflags & XFS_DIFLAG_REALTIME) !== 0)) {
    if (yield* xfs_inode_has_filedata(ip)) return -E.EINVAL;
    const bothDax =
      mp.m_ddev_targp.bt_daxdev !== undefined &&
      (mp.m_rtdev_targp === undefined || mp.m_rtdev_targp.bt_daxdev !== undefined);
    if (((yield* get(inode.i_flags)) & S_DAX) !== 0 && !bothDax) return -E.EINVAL;
  }
  if (wantsRealtime) {
    if (mp.image.external.rt !== true) return -E.EINVAL;
    fsflags &= ~XFS_DIFLAG2_REFLINK;
  }
  const wantsDax = (xflags & FS_XFLAG_DAX) !== 0;
  if (!mp.linux.is_6_12 && wantsDax && (fsflags & XFS_DIFLAG2_REFLINK) !== 0) return -E.EINVAL;
  const wanted = xfs_flags2diflags(inode, fsflags, xflags);
  // Inodes of version 4 filesystems have no second word of flags.
  if ((wanted & XFS_DIFLAG2_DAX) !== 0 && !xfs_has(mp, 'crc')) return -E.EINVAL;
  yield* set(inode.fsflags, 0, wanted);
  const iflags = (yield* get(inode.i_flags)) & ~DIFLAG_IFLAGS;
  yield* set(inode.i_flags, 0, iflags | iflagsOf(wanted));
  yield* mark_inode_dirty(inode);
  return 0;
}
