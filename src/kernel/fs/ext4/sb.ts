// The superblock of a mounted ext4 and what it knows of an inode beyond what every inode has.
// @source fs/ext4/ext4.h struct ext4_sb_info struct ext4_inode_info v6.12

import { assert, present } from '../../../base/index.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import type { DaxDevice } from '../../include/linux/dax.ts';
import type {
  DiskImage,
  FileSystemType,
  Inode,
  SuperBlock,
  SuperOperations,
} from '../../include/linux/fs.ts';
import type { Linux } from '../../linux.ts';
import { Lock, Shared } from '../../shared.ts';
import { BlockBitmap } from '../ext2/balloc.ts';
import { EXT4_EXTENTS_FL, EXT4_JOURNAL_DATA_FL } from './flags.ts';
import {
  EXT4_MOUNT_DATA_FLAGS,
  EXT4_MOUNT_DELALLOC,
  EXT4_MOUNT_JOURNAL_DATA,
  EXT4_MOUNT_ORDERED_DATA,
} from './mount-flags.ts';
import { EXT4_DEF_LI_WAIT_MULT, type Ext4Number } from './options.ts';

/** As which type the driver was asked to mount: it registers itself for the older ones too. */
export type Ext4Type = 'ext2' | 'ext3' | 'ext4';

/** What mkfs and tune2fs leave in a superblock, where nobody says otherwise. */
export const EXT4_NUMBER_DEFAULTS: ReadonlyMap<Ext4Number, number> = new Map([
  ['s_commit_interval', 5],
  ['s_stripe', 0],
  ['s_max_batch_time', 15_000],
  ['s_min_batch_time', 0],
  ['s_want_extra_isize', 32],
  ['s_inode_readahead_blks', 32],
  ['s_max_dir_size_kb', 0],
  ['s_li_wait_mult', EXT4_DEF_LI_WAIT_MULT],
  ['s_resuid', 0],
  ['s_resgid', 0],
  ['s_sb_block', 1],
]);

/** What a mount is made of. */
export interface Ext4SuperSetup {
  readonly linux: Linux;
  readonly s_type: FileSystemType;
  readonly type: Ext4Type;
  readonly s_bdev: BlockDevice;
  readonly s_daxdev: DaxDevice | undefined;
  /** Byte of the DAX device where the block device starts. */
  readonly s_dax_part_off: number;
  readonly ro: boolean;
  readonly image: DiskImage;
  readonly s_op: SuperOperations;
}

/** A mounted ext4, ext3 or ext2 of this driver. Identity counts. */
export class Ext4SuperBlock implements SuperBlock {
  readonly linux: Linux;
  readonly s_type: FileSystemType;
  readonly type: Ext4Type;
  readonly s_bdev: BlockDevice;
  readonly s_daxdev: DaxDevice | undefined;
  readonly s_dax_part_off: number;
  ro: boolean;
  readonly s_blocksize: number;
  readonly image: DiskImage;
  readonly inodes = new Map<number, Inode>();
  readonly free_blocks: Shared<number>;
  readonly bitmap: BlockBitmap;
  /** Clusters promised to delayed allocation. */
  readonly s_dirtyclusters_counter: Shared<number>;
  /** Clusters that only what must not fail may take. */
  s_resv_clusters = 0;
  readonly s_op: SuperOperations;
  readonly root: number;
  readonly s_writers: Lock;
  /** EXT4_MOUNT_* and EXT4_MOUNT2_*, and what of them the medium asks for. */
  s_mount_opt = 0;
  s_mount_opt2 = 0;
  s_def_mount_opt = 0;
  s_def_mount_opt2 = 0;
  readonly numbers = new Map<Ext4Number, number>();
  /** Journalled quota files by `usr` and `grp`. */
  readonly s_qf_names = new Map<'usr' | 'grp', string>();
  s_jquota_fmt: string | undefined;
  dummyEncryption: string | undefined;
  inlinecrypt = false;
  /** EXT4_FLAGS_BDEV_IS_DAX: device and block size allow DAX. */
  bdevIsDax = false;
  /** There is a journal and it is in use. */
  hasJournal = false;
  /** Blocks to a cluster: 1 but for bigalloc. */
  readonly s_cluster_ratio: number;
  /** What ext4 keeps of inodes in memory. */
  readonly infos = new Map<Inode, Ext4InodeInfo>();

  constructor(setup: Ext4SuperSetup) {
    this.linux = setup.linux;
    this.s_type = setup.s_type;
    this.type = setup.type;
    this.s_bdev = setup.s_bdev;
    this.s_daxdev = setup.s_daxdev;
    this.s_dax_part_off = setup.s_dax_part_off;
    this.ro = setup.ro;
    this.image = setup.image;
    this.s_blocksize = setup.image.block_size;
    this.s_op = setup.s_op;
    this.root = setup.image.root;
    this.free_blocks = new Shared(`free blocks of ${setup.s_bdev.name}`, 0);
    this.s_dirtyclusters_counter = new Shared(`dirty clusters of ${setup.s_bdev.name}`, 0);
    this.s_writers = new Lock(`s_writers of ${setup.s_bdev.name}`);
    this.s_cluster_ratio = setup.image.features.has('bigalloc') ? 16 : 1;
    this.bitmap = new BlockBitmap(setup.image, this.free_blocks, this.s_cluster_ratio);
    for (const [name, number] of EXT4_NUMBER_DEFAULTS) this.numbers.set(name, number);
  }

  /** A feature of the filesystem, as mkfs spells it. */
  has(feature: string): boolean {
    return this.image.features.has(feature);
  }

  /** All bits are set. */
  test_opt(bits: number): boolean {
    return (this.s_mount_opt & bits) !== 0;
  }

  test_opt2(bits: number): boolean {
    return (this.s_mount_opt2 & bits) !== 0;
  }

  number(name: Ext4Number): number {
    return present(this.numbers.get(name), name);
  }

  /** Blocks to a group, and groups. */
  get s_groups_count(): number {
    const perGroup = this.s_blocksize * 8 * this.s_cluster_ratio;
    return Math.ceil(this.image.block_count / perGroup);
  }

  /** What this driver keeps of an inode. */
  info(inode: Inode): Ext4InodeInfo {
    const found = this.infos.get(inode);
    if (found !== undefined) return found;
    const made = new Ext4InodeInfo(inode.i_ino);
    this.infos.set(inode, made);
    return made;
  }
}

/** What ext4 keeps of an inode in memory only. */
export class Ext4InodeInfo {
  /** EXT4_STATE_MAY_INLINE_DATA: a write may go into the inode. */
  readonly may_inline_data: Shared<boolean>;
  /** Protects the map of blocks. */
  readonly i_data_sem: Lock;
  constructor(ino: number) {
    this.may_inline_data = new Shared(`may_inline_data of inode ${ino}`, false);
    this.i_data_sem = new Lock(`i_data_sem of inode ${ino}`);
  }
}

/** The superblock as this driver knows it. */
export function EXT4_SB(sb: SuperBlock): Ext4SuperBlock {
  assert(sb instanceof Ext4SuperBlock, 'the superblock is of ext4');
  return sb;
}

/** The inode as this driver knows it. */
export function EXT4_I(inode: Inode): Ext4InodeInfo {
  return EXT4_SB(inode.i_sb).info(inode);
}

/**
 * How data of an inode is journalled. `flags` are those of the inode. A file's own flag counts
 * only without delayed allocation.
 * @source fs/ext4/ext4_jbd2.c ext4_inode_journal_mode() v6.12
 */
export function ext4_inode_journal_mode(
  inode: { readonly i_sb: SuperBlock; readonly kind: Inode['kind'] },
  flags: number,
  encrypted = false,
): 'writeback' | 'ordered' | 'journal' {
  const sb = EXT4_SB(inode.i_sb);
  if (!sb.hasJournal) return 'writeback';
  const mode = sb.s_mount_opt & EXT4_MOUNT_DATA_FLAGS;
  const own = (flags & EXT4_JOURNAL_DATA_FL) !== 0 && !sb.test_opt(EXT4_MOUNT_DELALLOC);
  if (inode.kind !== 'reg' || mode === EXT4_MOUNT_JOURNAL_DATA || own) {
    return inode.kind === 'reg' && encrypted ? 'ordered' : 'journal';
  }
  return mode === EXT4_MOUNT_ORDERED_DATA ? 'ordered' : 'writeback';
}

/** Whether blocks are found through extents. */
export function usesExtents(flags: number): boolean {
  return (flags & EXT4_EXTENTS_FL) !== 0;
}
