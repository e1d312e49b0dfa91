// Block devices: disks, queues, partitions, BIOs.
// @source include/linux/blkdev.h include/linux/blk_types.h v6.12

import type { Lock, Shared } from '../../shared.ts';
import type { Op } from '../../steps.ts';
import type { Linux } from '../../linux.ts';
import type { AddressSpace, Folio } from './mm.ts';

/** Sectors are 512 bytes, whatever the logical block size. */
export const SECTOR_SHIFT = 9;

/** Bits of `RequestQueue.features`; 6.1 calls them queue flags (QUEUE_FLAG_DAX). */
export const BLK_FEAT_WRITE_CACHE = 1;
export const BLK_FEAT_FUA = 2;
export const BLK_FEAT_ROTATIONAL = 4;
export const BLK_FEAT_SYNCHRONOUS = 8;
export const BLK_FEAT_DAX = 16;

/** What a disk tells about itself, and what users see below /sys/block/NAME/queue. */
export interface RequestQueue {
  readonly features: Shared<number>;
  readonly logical_block_size: number;
  readonly physical_block_size: number;
  readonly io_min: number;
  readonly io_opt: number;
}

/** A piece of physical memory that a BIO moves; within one page. */
export interface BioVec {
  readonly paddr: number;
  readonly lengthBytes: number;
  /** Whose page-cache page it is, for flush_dcache_page(); absent: a page of nobody's file. */
  readonly mapping?: AddressSpace;
  readonly folio?: Folio;
}

/** A request for a block device. `zero` writes zeroes over `sectors`. */
export interface Bio {
  readonly op: 'read' | 'write' | 'flush' | 'zero' | 'discard';
  readonly bdev: BlockDevice;
  /** In sectors from the start of `bdev`, which may be a partition. */
  readonly sector: number;
  readonly sectors: number;
  /** Empty for all but read and write; else as many bytes as `sectors` has. */
  readonly vecs: readonly BioVec[];
  readonly fua?: true;
}

/** A file below /sys/block/NAME that users read and write. */
export interface SysfsAttribute {
  show(): string | number;
  store?(text: string): number;
}

/** What a driver does for its disk. */
export interface BlockDeviceOperations {
  /** 0, or a negative error number once the BIO has ended. `bio.sector` is of the whole disk. */
  submit_bio(bio: Bio): Op<number>;
  /** The last one who had the disk open has closed it. */
  release?(): void;
}

/** A disk. */
export interface Gendisk {
  /** `pmem0`, `dm-0`, `ram1`, `loop0`. */
  readonly disk_name: string;
  readonly major: number;
  readonly first_minor: number;
  readonly queue: RequestQueue;
  readonly fops: BlockDeviceOperations;
  /** In sectors. */
  readonly capacity: Shared<number>;
  readonly part0: BlockDevice;
  readonly partitions: Map<number, BlockDevice>;
  /** Read-only, as /sys/block/NAME/ro has it. */
  ro: boolean;
  /** By path below /sys/block/NAME, e.g. `dax/write_cache`. */
  readonly attributes: Map<string, SysfsAttribute>;
}

/** A disk or a partition of it. */
export interface BlockDevice {
  /** `pmem0`, `pmem0p1`, `dm-0`. */
  readonly name: string;
  readonly bd_disk: Gendisk;
  readonly bd_start_sect: number;
  readonly bd_nr_sectors: Shared<number>;
  /** Who has it open exclusively (a mounted filesystem, dm, loop), or undefined. */
  bd_holder: object | undefined;
  /** Holds of the holder: a filesystem mounted twice holds twice. */
  bd_holders: number;
  /** A frozen (dm-suspended) filesystem waits here. */
  readonly freeze: Lock;
}

/** Registers disks and finds devices by path. Implemented in block/genhd.ts. */
export interface BlockLayer {
  readonly linux: Linux;
  /** By name without `/dev/`. */
  readonly disks: Map<string, Gendisk>;
  /** Links below /dev: `role/fsdax0` -> `pmem0`, `mapper/t` -> `dm-0`. */
  readonly links: Map<string, string>;
}
