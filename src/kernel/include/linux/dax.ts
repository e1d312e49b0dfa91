// DAX devices.
// @source include/linux/dax.h drivers/dax/super.c v6.12

import type { Shared } from '../../shared.ts';
import type { Op } from '../../steps.ts';

/** Bits of `DaxDevice.flags`. @source drivers/dax/super.c enum dax_device_flags v6.12 */
export const DAXDEV_ALIVE = 1;
export const DAXDEV_WRITE_CACHE = 2;
export const DAXDEV_SYNC = 4;
export const DAXDEV_NOCACHE = 8;
export const DAXDEV_NOMC = 16;

/** Why dax_direct_access() is called. */
export type DaxAccessMode = 'DAX_ACCESS' | 'DAX_RECOVERY_WRITE';

/** Memory of a dax device: kernel address and page frame of the first page, and how many follow. */
export interface DirectAccess {
  /** Kernel virtual address in bytes. */
  readonly kaddr: number;
  readonly pfn: number;
  readonly nr_pages: number;
}

/** What a driver does for a dax device; answers are error numbers where they are numbers. */
export interface DaxOperations {
  direct_access(pgoff: number, nr_pages: number, mode: DaxAccessMode): Op<DirectAccess | number>;
  zero_page_range(pgoff: number, nr_pages: number): Op<number>;
  /** Bytes written although memory was poisoned; absent where the driver has none. */
  recovery_write?(pgoff: number, kaddr: number, bytes: Uint8Array): Op<number>;
}

/** A dax device: an inode of the internal filesystem "dax". Identity counts. */
export interface DaxDevice {
  readonly minor: number;
  readonly flags: Shared<number>;
  /** Absent for device-dax: the kernel never touches its memory by itself. */
  readonly ops: DaxOperations | undefined;
  /** Who was told about memory failures: a filesystem. */
  readonly holder: Shared<object | undefined>;
  /** References of its inode. */
  readonly i_count: Shared<number>;
}
