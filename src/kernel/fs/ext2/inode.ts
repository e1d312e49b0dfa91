// Inodes of ext2: read from the medium, made, looked at, changed and dropped. DAX is the mount's
// affair alone; no flag of an inode counts.
// @source fs/ext2/inode.c ext2_iget() fs/ext2/ialloc.c ext2_new_inode() v6.12

import { E } from '../../include/linux/errno.ts';
import {
  type DiskInode,
  type FileAttr,
  type FileAttrChange,
  type FileKind,
  type FileOperations,
  type Inode,
  type InodeOperations,
  type KStat,
  S_APPEND,
  S_DAX,
  S_IMMUTABLE,
  S_SYNC,
  type SuperBlock,
} from '../../include/linux/fs.ts';
import {
  FS_XFLAG_APPEND,
  FS_XFLAG_DAX,
  FS_XFLAG_IMMUTABLE,
  FS_XFLAG_NOATIME,
  FS_XFLAG_NODUMP,
  FS_XFLAG_PROJINHERIT,
  FS_XFLAG_SYNC,
} from '../../include/uapi/linux/fs.ts';
import { truncate_pagecache } from '../../mm/truncate.ts';
import type { Task } from '../../linux.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { dax_truncate_page } from '../dax.ts';
import { newIno } from '../image.ts';
import { mark_inode_dirty, new_inode, type NewInode } from '../inode.ts';
import { dirBytes } from './dir.ts';
import { ext2_aops, ext2_dax_aops, ext2_file_operations, ext2_fsync } from './file.ts';
import { fileattr_fill_flags } from '../ioctl.ts';
import {
  EXT2_APPEND_FL,
  EXT2_FL_INHERITED,
  EXT2_FL_USER_MODIFIABLE,
  EXT2_FL_USER_VISIBLE,
  EXT2_IMMUTABLE_FL,
  ext2_mask_flags,
  EXT2_SYNC_FL,
} from './flags.ts';
import { __ext2_truncate_blocks, ext2_get_block, ext2_iomap_ops } from './map.ts';
import { EXT2_SB, ext2_max_size, type Ext2SuperBlock } from './sb.ts';
import { zeroCachedRange } from './zero.ts';

/** Flags of the VFS that follow from an inode's own and from the mount. */
function inodeFlags(sb: Ext2SuperBlock, kind: FileKind, flags: number): number {
  return (
    ((flags & EXT2_SYNC_FL) === 0 ? 0 : S_SYNC) |
    ((flags & EXT2_APPEND_FL) === 0 ? 0 : S_APPEND) |
    ((flags & EXT2_IMMUTABLE_FL) === 0 ? 0 : S_IMMUTABLE) |
    (sb.test_opt('dax') && kind === 'reg' ? S_DAX : 0)
  );
}

/** @source fs/ext2/inode.c ext2_set_inode_flags() v6.12 */
function* ext2_set_inode_flags(inode: Inode): Op<void> {
  const kept = (yield* get(inode.i_flags)) & ~(S_SYNC | S_APPEND | S_IMMUTABLE | S_DAX);
  const flags = yield* get(inode.fsflags);
  yield* set(inode.i_flags, 0, kept | inodeFlags(EXT2_SB(inode.i_sb), inode.kind, flags));
}

/** @source fs/ext2/inode.c ext2_getattr() v6.12; direct I/O is not reported */
function ext2_getattr(inode: Inode): KStat {
  const own = inode.i_size.peek();
  const size = inode.kind === 'dir' ? Math.max(dirBytes(inode, 0), own) : own;
  return { size, blksize: inode.i_sb.s_blocksize };
}

/** @source fs/ext2/ioctl.c ext2_fileattr_get() v6.12 */
function ext2_fileattr_get(inode: Inode): FileAttr {
  return fileattr_fill_flags(inode.fsflags.peek() & EXT2_FL_USER_VISIBLE);
}

/** Extended flags that have a bit among the old ones. @source include/linux/fileattr.h v6.12 */
const FS_XFLAG_COMMON =
  FS_XFLAG_SYNC |
  FS_XFLAG_IMMUTABLE |
  FS_XFLAG_APPEND |
  FS_XFLAG_NODUMP |
  FS_XFLAG_NOATIME |
  FS_XFLAG_DAX |
  FS_XFLAG_PROJINHERIT;

/**
 * Flags that ext2 does not know are passed over: the DAX flag is taken and forgotten.
 * @source fs/ext2/ioctl.c ext2_fileattr_set() v6.12
 */
function* ext2_fileattr_set(_task: Task, inode: Inode, change: FileAttrChange): Op<number> {
  if (change.by === 'xflags' && (change.fsx_xflags & ~FS_XFLAG_COMMON) !== 0) {
    return -E.EOPNOTSUPP;
  }
  const old = yield* get(inode.fsflags);
  const flags = (old & ~EXT2_FL_USER_MODIFIABLE) | (change.flags & EXT2_FL_USER_MODIFIABLE);
  yield* set(inode.fsflags, 0, flags);
  yield* ext2_set_inode_flags(inode);
  yield* mark_inode_dirty(inode);
  return 0;
}

/**
 * Sets the size. Nobody waits for pages that are pinned: ext2 does not break layouts.
 * @source fs/ext2/inode.c ext2_setsize() v6.12
 */
function* ext2_setsize(_task: Task, inode: Inode, size: number): Op<number> {
  if (size > ext2_max_size(EXT2_SB(inode.i_sb))) return -E.EFBIG;
  if (size === (yield* get(inode.i_size))) return 0;
  if (((yield* get(inode.i_flags)) & (S_APPEND | S_IMMUTABLE)) !== 0) return -E.EPERM;
  const error = yield* zeroTail(inode, size);
  if (error < 0) return error;
  const { invalidate_lock } = inode.i_mapping;
  yield* lock(invalidate_lock);
  yield* set(inode.i_size, 0, size);
  yield* truncate_pagecache(inode, size);
  yield* __ext2_truncate_blocks(inode, size);
  yield* unlock(invalidate_lock);
  yield* mark_inode_dirty(inode);
  return 0;
}

/** The rest of the block that the file will end in is zeroed, if there is such a block. */
function* zeroTail(inode: Inode, size: number): Op<number> {
  if (((yield* get(inode.i_flags)) & S_DAX) !== 0) {
    return yield* dax_truncate_page(inode, size, ext2_iomap_ops);
  }
  const bytes = inode.i_sb.s_blocksize;
  const length = (bytes - (size % bytes)) % bytes;
  return length === 0 ? 0 : yield* zeroCachedRange(inode, { pos: size, length }, ext2_get_block);
}

const fileattr: Pick<InodeOperations, 'getattr' | 'fileattr_get' | 'fileattr_set'> = {
  getattr: ext2_getattr,
  fileattr_get: ext2_fileattr_get,
  fileattr_set: ext2_fileattr_set,
};

/** @source fs/ext2/file.c ext2_file_inode_operations v6.12 */
const ext2_file_inode_operations: InodeOperations = {
  ...fileattr,
  setattr_size: ext2_setsize,
  fiemap: (inode, pos, length) => ext2_get_block.iomap_begin(inode, pos, length, 0),
};

/** @source fs/ext2/namei.c ext2_dir_inode_operations v6.12 */
const ext2_dir_inode_operations: InodeOperations = {
  ...fileattr,
  create: ext2_new_inode,
  no_exchange: true,
};

/** @source fs/ext2/dir.c ext2_dir_operations v6.12 */
const ext2_dir_operations: FileOperations = { fsync: ext2_fsync };

/** Symbolic links, fifos and devices. */
const ext2_special_inode_operations: InodeOperations = { getattr: ext2_getattr };

/** What follows from kind and flags alone. @source fs/ext2/inode.c ext2_set_file_ops() v6.12 */
function commonOf(
  sb: Ext2SuperBlock,
  kind: FileKind,
  fsflags: number,
): Omit<NewInode, 'ino' | 'mode'> {
  const i_flags = inodeFlags(sb, kind, fsflags);
  const common = { kind, i_flags, fsflags };
  if (kind === 'dir') {
    return { ...common, i_op: ext2_dir_inode_operations, i_fop: ext2_dir_operations };
  }
  if (kind !== 'reg') return { ...common, i_op: ext2_special_inode_operations, i_fop: {} };
  return {
    ...common,
    i_op: ext2_file_inode_operations,
    i_fop: ext2_file_operations,
    a_ops: (i_flags & S_DAX) === 0 ? ext2_aops : ext2_dax_aops,
  };
}

/** An inode as the medium has it. @source fs/ext2/inode.c ext2_iget() v6.12 */
export function ext2_iget(superblock: SuperBlock, disk: DiskInode): Inode {
  const sb = EXT2_SB(superblock);
  return new_inode(sb, {
    ...commonOf(sb, disk.kind, disk.flags),
    ino: disk.ino,
    mode: disk.mode,
    uid: disk.uid,
    gid: disk.gid,
    nlink: disk.nlink,
    size: disk.size,
    blocks: disk.blocks,
    entries: disk.entries,
    target: disk.target,
  });
}

/** A new inode in a directory. @source fs/ext2/ialloc.c ext2_new_inode() v6.12 */
function ext2_new_inode(
  task: Task,
  dir: Inode,
  kind: FileKind,
  mode: number,
  target: string,
): Inode | number {
  const sb = EXT2_SB(dir.i_sb);
  if (sb.ro) return -E.EROFS;
  const run = kind === 'dir' ? sb.linux.now(sb.bitmap.take(0, 1)) : undefined;
  if (kind === 'dir' && run === undefined) return -E.ENOSPC;
  const flags = ext2_mask_flags(kind, dir.fsflags.peek() & EXT2_FL_INHERITED);
  return new_inode(sb, {
    ...commonOf(sb, kind, flags),
    ino: newIno(sb),
    mode,
    uid: task.uid,
    gid: task.gid,
    size: kind === 'dir' ? sb.s_blocksize : target.length,
    target,
    blocks: new Map(run === undefined ? [] : [[0, { block: run.block, unwritten: false }]]),
  });
}

/** Blocks of an inode without names go with it. @source fs/ext2/inode.c ext2_evict_inode() v6.12 */
export function* ext2_evict_inode(inode: Inode): Op<void> {
  if (inode.i_nlink === 0) yield* __ext2_truncate_blocks(inode, 0);
}
