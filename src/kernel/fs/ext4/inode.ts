// Inodes of ext4: read from the medium, made, looked at, and dropped.
// @source fs/ext4/inode.c ext4_iget() fs/ext4/ialloc.c __ext4_new_inode() v6.12

import { E } from '../../include/linux/errno.ts';
import type {
  DiskInode,
  FileKind,
  FileOperations,
  Inode,
  InodeOperations,
  KStat,
  SuperBlock,
} from '../../include/linux/fs.ts';
import type { Task } from '../../linux.ts';
import type { Op } from '../../steps.ts';
import { dirBytes } from '../ext2/dir.ts';
import { newIno } from '../image.ts';
import { new_inode, type NewInode } from '../inode.ts';
import { aopsFor } from './aops.ts';
import { ext4_dio_alignment, ext4_file_operations } from './file.ts';
import {
  EXT4_ENCRYPT_FL,
  EXT4_EXTENTS_FL,
  EXT4_FL_INHERITED,
  EXT4_INLINE_DATA_FL,
  ext4_mask_flags,
} from './flags.ts';
import { initialFlags } from './inode-flags.ts';
import { EXT4_MIN_INLINE_DATA_SIZE, mayBeInline } from './inline.ts';
import { ext4_fileattr_get, ext4_fileattr_set } from './ioctl.ts';
import { ext4_iomap_report_ops } from './iomap.ts';
import { EXT4_I, EXT4_SB, type Ext4SuperBlock } from './sb.ts';
import { ext4_sync_file } from './sync.ts';
import { ext4_setattr_size, freeFrom } from './truncate.ts';

/** Bytes that memory of a direct transfer is aligned to: the device's dma_alignment. */
const DMA_ALIGNMENT_BYTES = 512;

/** @source fs/ext4/inode.c ext4_getattr() v6.12 */
function ext4_getattr(inode: Inode): KStat {
  const { linux, s_blocksize, s_bdev } = EXT4_SB(inode.i_sb);
  const size = inode.kind === 'dir' ? directoryBytes(inode) : inode.i_size.peek();
  if (inode.kind !== 'reg') return { size, blksize: s_blocksize };
  const align = linux.now(ext4_dio_alignment(inode));
  const dio =
    align === 1
      ? {
          mem_align: DMA_ALIGNMENT_BYTES,
          offset_align: s_bdev.bd_disk.queue.logical_block_size,
        }
      : { mem_align: align, offset_align: align };
  return { size, blksize: s_blocksize, dio };
}

/** Names stand in the inode while they fit, else in blocks, each with a checksum at its end. */
function directoryBytes(inode: Inode): number {
  if ((inode.fsflags.peek() & EXT4_INLINE_DATA_FL) !== 0) return inode.i_size.peek();
  const tail = EXT4_SB(inode.i_sb).has('metadata_csum') ? 12 : 0;
  return Math.max(dirBytes(inode, tail), inode.i_size.peek());
}

/** @source fs/ext4/file.c ext4_file_inode_operations v6.12 */
const ext4_file_inode_operations: InodeOperations = {
  setattr_size: ext4_setattr_size,
  getattr: ext4_getattr,
  fiemap: (inode, pos, length) => ext4_iomap_report_ops.iomap_begin(inode, pos, length, 0),
  fileattr_get: ext4_fileattr_get,
  fileattr_set: ext4_fileattr_set,
};

/** @source fs/ext4/namei.c ext4_dir_inode_operations v6.12 */
const ext4_dir_inode_operations: InodeOperations = {
  create: ext4_new_inode,
  getattr: ext4_getattr,
  fileattr_get: ext4_fileattr_get,
  fileattr_set: ext4_fileattr_set,
};

/** @source fs/ext4/dir.c ext4_dir_operations v6.12 */
const ext4_dir_operations: FileOperations = { fsync: ext4_sync_file };

/** Symbolic links, fifos and devices. @source fs/ext4/namei.c v6.12 */
const ext4_special_inode_operations: InodeOperations = { getattr: ext4_getattr };

function operationsFor(kind: FileKind): Pick<NewInode, 'i_op' | 'i_fop'> {
  switch (kind) {
    case 'reg':
      return { i_op: ext4_file_inode_operations, i_fop: ext4_file_operations };
    case 'dir':
      return { i_op: ext4_dir_inode_operations, i_fop: ext4_dir_operations };
    default:
      return { i_op: ext4_special_inode_operations, i_fop: {} };
  }
}

/** What follows from kind and flags alone. */
function commonOf(
  sb: Ext4SuperBlock,
  kind: FileKind,
  fsflags: number,
): Omit<NewInode, 'ino' | 'mode'> {
  const i_flags = initialFlags({ i_sb: sb, kind }, fsflags);
  return {
    kind,
    ...operationsFor(kind),
    i_flags,
    fsflags,
    ...(kind === 'reg' ? { a_ops: aopsFor(i_flags) } : {}),
  };
}

/** An inode as the medium has it. @source fs/ext4/inode.c __ext4_iget() v6.12 */
export function ext4_iget(superblock: SuperBlock, disk: DiskInode): Inode {
  const sb = EXT4_SB(superblock);
  const inode = new_inode(sb, {
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
    inline: disk.inline,
  });
  // A file that has come from the medium without contents inside does not get any.
  EXT4_I(inode).may_inline_data.poke(0, (disk.flags & EXT4_INLINE_DATA_FL) !== 0);
  return inode;
}

/** Flags of a new inode. @source fs/ext4/ialloc.c __ext4_new_inode() v6.12 */
function newFlags(sb: Ext4SuperBlock, dir: Inode, kind: FileKind): number {
  const parent = dir.fsflags.peek();
  let flags = ext4_mask_flags(kind, parent & EXT4_FL_INHERITED);
  const isEncrypted = sb.dummyEncryption !== undefined || (parent & EXT4_ENCRYPT_FL) !== 0;
  const hasContents = kind === 'reg' || kind === 'dir' || kind === 'lnk';
  if (hasContents && isEncrypted) flags |= EXT4_ENCRYPT_FL;
  return flags;
}

/** A new inode in a directory. @source fs/ext4/ialloc.c __ext4_new_inode() v6.12 */
export function ext4_new_inode(
  task: Task,
  dir: Inode,
  kind: FileKind,
  mode: number,
  target: string,
): Inode | number {
  const sb = EXT4_SB(dir.i_sb);
  if (sb.ro) return -E.EROFS;
  const flags = newFlags(sb, dir, kind);
  // Links of up to 59 bytes stand where block numbers would.
  const hasExtents = kind === 'reg' || kind === 'dir' || (kind === 'lnk' && target.length >= 60);
  const common = commonOf(sb, kind, flags);
  const inode = new_inode(sb, {
    ...common,
    // Whether blocks are found through extents is decided after whether the file is in DAX.
    fsflags: flags | (hasExtents && sb.has('extent') ? EXT4_EXTENTS_FL : 0),
    ino: newIno(sb),
    mode,
    uid: task.uid,
    gid: task.gid,
    size: target.length,
    target,
  });
  if (kind === 'reg') EXT4_I(inode).may_inline_data.poke(0, mayBeInline(inode));
  const error = kind === 'dir' ? ext4_init_new_dir(sb, inode) : 0;
  if (error < 0) {
    sb.inodes.delete(inode.i_ino);
    return error;
  }
  return inode;
}

/** Room for names, in the inode or in a block. @source fs/ext4/namei.c ext4_init_new_dir() v6.12 */
function ext4_init_new_dir(sb: Ext4SuperBlock, inode: Inode): number {
  if (mayBeInline(inode)) {
    inode.fsflags.poke(0, inode.fsflags.peek() | EXT4_INLINE_DATA_FL);
    inode.i_size.poke(0, EXT4_MIN_INLINE_DATA_SIZE);
    return 0;
  }
  const run = sb.linux.now(sb.bitmap.take(0, 1));
  if (run === undefined) return -E.ENOSPC;
  inode.blocks.poke(0, { block: run.block, unwritten: false });
  inode.i_size.poke(0, sb.s_blocksize);
  return 0;
}

/** Blocks of an inode without names go with it. @source fs/ext4/inode.c ext4_evict_inode() v6.12 */
export function* ext4_evict_inode(inode: Inode): Op<void> {
  if (inode.i_nlink === 0) yield* freeFrom(inode, 0);
}
