// Direct access to the memory of a device by files, without a page cache: read and write, faults,
// writeback, truncation. None of these functions calls flush_dcache_page() or its like: what a
// virtually indexed cache makes of that is what this model is for.
// @source fs/dax.c v6.12, v6.1

import { assert } from '../../base/index.ts';
import type { DaxDevice } from '../include/linux/dax.ts';
import type { File, Inode, IovIter, Kiocb } from '../include/linux/fs.ts';
import type { IomapOps } from '../include/linux/iomap.ts';
import type { AddressSpace, VmFault, VmFaultRequest } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** Reads or writes at `iocb.ki_pos`, which moves on: bytes, or an error number. */
export function* dax_iomap_rw(task: Task, iocb: Kiocb, iter: IovIter, ops: IomapOps): Op<number> {
  assert(false, [task, iocb, iter, ops].length.toString());
}

/** Handles a fault; NEEDDSYNC asks for dax_finish_sync_fault(). */
export function* dax_iomap_fault(
  request: VmFaultRequest,
  order: 'pte' | 'pmd',
  ops: IomapOps,
): Op<VmFault> {
  assert(false, [request, order, ops].length.toString());
}

/** Second half of a synchronous fault: metadata to the medium, then a writable PTE. */
export function* dax_finish_sync_fault(
  request: VmFaultRequest,
  order: 'pte' | 'pmd',
  pfn: number,
): Op<VmFault> {
  assert(false, [request, order, pfn].length.toString());
}

/** Writes back tagged entries from byte `start` to byte `end`, for WB_SYNC_ALL. */
export function* dax_writeback_mapping_range(
  mapping: AddressSpace,
  dax_dev: DaxDevice,
  start: number,
  end: number,
): Op<number> {
  assert(false, [mapping, dax_dev, start, end].length.toString());
}

/** Unmaps pages of the range and gives the pfn of one that somebody has pinned. */
export function* dax_layout_busy_page_range(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<number | undefined> {
  assert(false, [mapping, start, end].length.toString());
}

/** As dax_layout_busy_page_range() for the whole file. */
export function* dax_layout_busy_page(mapping: AddressSpace): Op<number | undefined> {
  assert(false, [mapping].length.toString());
}

/** Truncation: deletes the entry at a page index, dirty or not. Whether there was one. */
export function* dax_delete_mapping_entry(mapping: AddressSpace, index: number): Op<boolean> {
  assert(false, [mapping, index].length.toString());
}

/** Deletes the entries of pages `start` to `end`. */
export function* dax_delete_mapping_range(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<void> {
  assert(false, [mapping, start, end].length.toString());
}

/** Deletes the entry at a page index unless it is dirty. Whether it did. */
export function* dax_invalidate_mapping_entry_sync(
  mapping: AddressSpace,
  index: number,
): Op<boolean> {
  assert(false, [mapping, index].length.toString());
}

/** Zeroes written blocks of a range. 0 or an error number. */
export function* dax_zero_range(inode: Inode, pos: number, len: number, ops: IomapOps): Op<number> {
  assert(false, [inode, pos, len, ops].length.toString());
}

/** Zeroes the rest of the block at `pos`, unless `pos` is a block boundary. */
export function* dax_truncate_page(inode: Inode, pos: number, ops: IomapOps): Op<number> {
  assert(false, [inode, pos, ops].length.toString());
}

/** Gives a range of shared blocks copies of its own. 0 or an error number. */
export function* dax_file_unshare(
  inode: Inode,
  pos: number,
  len: number,
  ops: IomapOps,
): Op<number> {
  assert(false, [inode, pos, len, ops].length.toString());
}

/** Whether two ranges hold the same bytes, or an error number. */
export function* dax_dedupe_file_range_compare(
  request: {
    readonly src: Inode;
    readonly srcoff: number;
    readonly dest: Inode;
    readonly dstoff: number;
    readonly len: number;
  },
  ops: IomapOps,
): Op<boolean | number> {
  assert(false, [request, ops].length.toString());
}

/** Checks before a remap of DAX files: bytes to remap (0: nothing to do), or an error number. */
export function* dax_remap_file_range_prep(
  task: Task,
  request: {
    readonly file_in: File;
    readonly pos_in: number;
    readonly file_out: File;
    readonly pos_out: number;
    readonly len: number;
    readonly dedupe: boolean;
  },
  ops: IomapOps,
): Op<number> {
  assert(false, [task, request, ops].length.toString());
}
