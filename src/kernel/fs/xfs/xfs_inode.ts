// Inodes made, read and dropped.
// @source fs/xfs/xfs_inode.c fs/xfs/libxfs/xfs_inode_util.c v6.12

import type { DiskInode, FileKind, Inode, SuperBlock } from '../../include/linux/fs.ts';
import type { Linux, Task } from '../../linux.ts';
import { lock, type Op, unlock } from '../../steps.ts';
import { newIno } from '../image.ts';
import { mark_inode_dirty, new_inode } from '../inode.ts';
import {
  xfs_can_free_eofblocks,
  xfs_free_eofblocks,
  xfs_itruncate_extents,
} from './xfs_bmap_util.ts';
import { daxFlagOf, iflagsOf } from './xfs_iops.ts';
import { MAX_LFS_FILESIZE } from './xfs_iomap.ts';
import {
  newXfsInode,
  XFS_DIFLAG2_DAX,
  XFS_DIFLAG_FILESTREAM,
  XFS_DIFLAG_NOATIME,
  XFS_DIFLAG_NODUMP,
  XFS_DIFLAG_PROJINHERIT,
  XFS_DIFLAG_REALTIME,
  XFS_DIFLAG_RTINHERIT,
  XFS_DIFLAG_SYNC,
  XFS_HAS_ATTR_FORK,
  xfs_has,
  XFS_I,
  type XfsMount,
} from './xfs_mount.ts';
import { xfs_inode_has_cow_data, xfs_reflink_cancel_cow_range } from './xfs_reflink.ts';
import type { XfsOperations } from './xfs_operations.ts';

const S_ISGID = 0o2000;

/**
 * Flags that a new file or directory gets from its directory; nothing else gets any.
 * @source fs/xfs/libxfs/xfs_inode_util.c xfs_inode_inherit_flags() xfs_inode_inherit_flags2() v6.12
 */
export function xfs_inode_inherit_flags(mp: XfsMount, kind: FileKind, parent: number): number {
  if (kind !== 'dir' && kind !== 'reg') return 0;
  // Sync, noatime and nodump by the defaults of fs.xfs.inherit_*; nosymlinks and nodefrag not.
  const always =
    XFS_DIFLAG_NOATIME |
    XFS_DIFLAG_NODUMP |
    XFS_DIFLAG_SYNC |
    XFS_DIFLAG_FILESTREAM |
    XFS_DIFLAG2_DAX;
  const flags = parent & always;
  if (kind === 'dir') return flags | (parent & (XFS_DIFLAG_RTINHERIT | XFS_DIFLAG_PROJINHERIT));
  const isRealtime = (parent & XFS_DIFLAG_RTINHERIT) !== 0 && mp.image.external.rt === true;
  return flags | (isRealtime ? XFS_DIFLAG_REALTIME : 0);
}

/**
 * Whether new inodes get room for a security attribute at once: some security module keeps data
 * with every superblock. Of the modelled kernels that of 6.12 has one, that of 6.1 none.
 * @source fs/xfs/xfs_iops.c xfs_create_need_xattr() v6.12
 */
export function xfs_create_need_xattr(linux: Linux): boolean {
  return linux.is_6_12;
}

/** A new inode, not yet in a directory. @source fs/xfs/xfs_iops.c xfs_generic_create() v6.12 */
export function xfs_generic_create(
  mp: XfsMount,
  ops: XfsOperations,
  made: {
    readonly task: Task;
    readonly dir: Inode;
    readonly kind: FileKind;
    readonly mode: number;
    readonly target: string;
    readonly tmpfile: boolean;
  },
): Inode {
  const { task, dir, kind } = made;
  const ofGroup = (dir.i_mode & S_ISGID) !== 0;
  const isGrpid = mp.options.switches.has('grpid');
  let fsflags = xfs_inode_inherit_flags(mp, kind, dir.fsflags.peek());
  if (!made.tmpfile && xfs_create_need_xattr(mp.linux)) fsflags |= XFS_HAS_ATTR_FORK;
  // Version 4 inodes have no second word of flags.
  if (!xfs_has(mp, 'crc')) fsflags &= ~XFS_DIFLAG2_DAX;
  const inode = xfs_setup_inode(mp, ops, dir.i_sb, {
    ino: newIno(dir.i_sb),
    kind,
    mode: ofGroup && kind === 'dir' ? made.mode | S_ISGID : made.mode,
    uid: task.uid,
    gid: ofGroup || isGrpid ? dir.i_gid : task.gid,
    size: kind === 'lnk' ? made.target.length : 0,
    flags: fsflags,
    target: made.target,
  });
  mp.linux.now(mark_inode_dirty(inode));
  return inode;
}

type SetUp = Pick<
  DiskInode,
  'ino' | 'kind' | 'mode' | 'uid' | 'gid' | 'size' | 'flags' | 'target'
> &
  Partial<Pick<DiskInode, 'nlink' | 'blocks' | 'entries'>>;

/**
 * An inode in memory, as it was made or as the medium has it; here S_DAX is decided.
 * @source fs/xfs/xfs_iops.c xfs_setup_inode() xfs_setup_iops() v6.12
 */
export function xfs_setup_inode(
  mp: XfsMount,
  ops: XfsOperations,
  sb: SuperBlock,
  made: SetUp,
): Inode {
  const { flags, kind, ...rest } = made;
  const dax = daxFlagOf(mp, { kind, fsflags: flags });
  const aops = dax === 0 ? ops.aops : ops.dax_aops;
  const inode = new_inode(sb, {
    ...rest,
    kind,
    i_op: ops.i_op,
    i_fop: kind === 'reg' ? ops.file : ops.directory,
    i_flags: iflagsOf(flags) | dax,
    fsflags: flags,
    a_ops: kind === 'reg' ? aops : undefined,
    large_folios: true,
  });
  newXfsInode(mp, inode);
  return inode;
}

/**
 * An inode leaves memory: copies under way and blocks behind the end go; of a file without links
 * all blocks do.
 * @source fs/xfs/xfs_inode.c xfs_inactive() v6.12
 */
export function* xfs_inactive(mp: XfsMount, inode: Inode): Op<void> {
  const ip = XFS_I(mp, inode);
  if (!inode.i_sb.ro && inode.kind === 'reg') {
    if (yield* xfs_inode_has_cow_data(ip)) {
      yield* xfs_reflink_cancel_cow_range(ip, { pos: 0, count: MAX_LFS_FILESIZE }, true);
    }
    if (inode.i_nlink === 0) {
      yield* lock(ip.i_lock);
      yield* xfs_itruncate_extents(ip, 0);
      yield* unlock(ip.i_lock);
    } else if (yield* xfs_can_free_eofblocks(ip)) yield* xfs_free_eofblocks(ip);
  }
  mp.inodes.delete(inode.i_ino);
}
