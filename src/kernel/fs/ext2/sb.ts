// The superblock of a mounted ext2.
// @source fs/ext2/ext2.h struct ext2_sb_info v6.12

import { assert } from '../../../base/index.ts';
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
import { BlockBitmap } from './balloc.ts';
import type { Ext2Options, Ext2Switch } from './options.ts';

/** What a mount is made of. */
export interface Ext2SuperSetup {
  readonly linux: Linux;
  readonly s_type: FileSystemType;
  readonly s_bdev: BlockDevice;
  readonly s_daxdev: DaxDevice | undefined;
  /** Byte of the DAX device where the block device starts. */
  readonly s_dax_part_off: number;
  readonly ro: boolean;
  readonly image: DiskImage;
  readonly s_op: SuperOperations;
  readonly options: Ext2Options;
}

/** A mounted ext2 of the driver of its own. Identity counts. */
export class Ext2SuperBlock implements SuperBlock {
  readonly linux: Linux;
  readonly s_type: FileSystemType;
  readonly s_bdev: BlockDevice;
  readonly s_daxdev: DaxDevice | undefined;
  readonly s_dax_part_off: number;
  ro: boolean;
  readonly s_blocksize: number;
  readonly image: DiskImage;
  readonly inodes = new Map<number, Inode>();
  readonly free_blocks: Shared<number>;
  readonly bitmap: BlockBitmap;
  readonly s_op: SuperOperations;
  readonly root: number;
  readonly s_writers: Lock;
  options: Ext2Options;
  /** truncate_mutex of inodes in memory. */
  readonly truncateMutexes = new Map<Inode, Lock>();

  constructor(setup: Ext2SuperSetup) {
    this.linux = setup.linux;
    this.s_type = setup.s_type;
    this.s_bdev = setup.s_bdev;
    this.s_daxdev = setup.s_daxdev;
    this.s_dax_part_off = setup.s_dax_part_off;
    this.ro = setup.ro;
    this.image = setup.image;
    this.s_blocksize = setup.image.block_size;
    this.s_op = setup.s_op;
    this.root = setup.image.root;
    this.options = setup.options;
    this.free_blocks = new Shared(`free blocks of ${setup.s_bdev.name}`, 0);
    this.bitmap = new BlockBitmap(setup.image, this.free_blocks);
    this.s_writers = new Lock(`s_writers of ${setup.s_bdev.name}`);
  }

  test_opt(name: Ext2Switch): boolean {
    return this.options.switches.has(name);
  }

  /** Protects the map of an inode's blocks. */
  truncate_mutex(inode: Inode): Lock {
    const found = this.truncateMutexes.get(inode);
    if (found !== undefined) return found;
    const made = new Lock(`truncate_mutex of inode ${inode.i_ino}`);
    this.truncateMutexes.set(inode, made);
    return made;
  }
}

/** The superblock as this driver knows it. */
export function EXT2_SB(sb: SuperBlock): Ext2SuperBlock {
  assert(sb instanceof Ext2SuperBlock, 'the superblock is of ext2');
  return sb;
}

/** Bytes that a file can have: what the double and triple indirect blocks reach. */
export function ext2_max_size(sb: Ext2SuperBlock): number {
  const perBlock = sb.s_blocksize / 4;
  const blocks = 12 + perBlock + perBlock ** 2 + perBlock ** 3;
  // The blocks of a file, with those that hold the numbers, are counted in sectors by 32 bits.
  return Math.min(blocks * sb.s_blocksize, (2 ** 32 - 1) * 512);
}
