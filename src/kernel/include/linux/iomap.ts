// What a filesystem says about a range of a file: where it is on the device.
// @source include/linux/iomap.h v6.12

import type { Op } from '../../steps.ts';
import type { BlockDevice } from './blkdev.ts';
import type { DaxDevice } from './dax.ts';
import type { Inode } from './fs.ts';

/** Bits of what a mapping is asked for. @source include/linux/iomap.h IOMAP_WRITE v6.12 */
export const IOMAP_WRITE = 1;
export const IOMAP_ZERO = 2;
export const IOMAP_REPORT = 4;
export const IOMAP_FAULT = 8;
export const IOMAP_DIRECT = 16;
export const IOMAP_NOWAIT = 32;
export const IOMAP_OVERWRITE_ONLY = 64;
export const IOMAP_UNSHARE = 128;
export const IOMAP_DAX = 256;

/** Bits of what a mapping is. */
export const IOMAP_F_NEW = 1;
export const IOMAP_F_DIRTY = 2;
export const IOMAP_F_SHARED = 4;

/** One extent of a file. Offsets and lengths in bytes. */
export interface Iomap {
  readonly type: 'hole' | 'delalloc' | 'mapped' | 'unwritten' | 'inline';
  readonly offset: number;
  readonly length: number;
  /** Byte on `bdev` where the extent starts; -1 (IOMAP_NULL_ADDR) for a hole or delalloc. */
  readonly addr: number;
  readonly flags: number;
  readonly bdev: BlockDevice | undefined;
  readonly dax_dev: DaxDevice | undefined;
  /** CoW: where the old contents are; absent where there is nothing else to read. */
  readonly srcmap?: Iomap;
  /** Contents of an inline file. */
  readonly inline_data?: Uint8Array;
}

/** How paths shared by filesystems ask one filesystem. Lengths in bytes. */
export interface IomapOps {
  /** The extent at `pos`, at most `length` long, allocated where `flags` ask for it. */
  iomap_begin(inode: Inode, pos: number, length: number, flags: number): Op<Iomap | number>;
  /** `written` of `length` bytes were done; the filesystem may trim or convert. */
  iomap_end?(
    inode: Inode,
    pos: number,
    length: number,
    written: number,
    flags: number,
    iomap: Iomap,
  ): Op<number>;
}
