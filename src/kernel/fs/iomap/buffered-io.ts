// Reads and writes through the page cache by extents.
// @source fs/iomap/buffered-io.c v6.12

import { assert } from '../../../base/index.ts';
import type { Inode, IovIter, Kiocb } from '../../include/linux/fs.ts';
import type { IomapOps } from '../../include/linux/iomap.ts';
import type { Folio, VmFault, VmFaultRequest } from '../../include/linux/mm.ts';
import type { Task } from '../../linux.ts';
import type { Op } from '../../steps.ts';

/** Writes at `iocb.ki_pos` through the page cache, which moves on: bytes, or an error number. */
export function* iomap_file_buffered_write(
  task: Task,
  iocb: Kiocb,
  iter: IovIter,
  ops: IomapOps,
): Op<number> {
  assert(false, [task, iocb, iter, ops].length.toString());
}

/** Zeroes written blocks of a range in the page cache; holes and clean unwritten ones are left. */
export function* iomap_zero_range(
  inode: Inode,
  pos: number,
  len: number,
  ops: IomapOps,
): Op<number> {
  assert(false, [inode, pos, len, ops].length.toString());
}

/** Zeroes the rest of the block at `pos`, unless `pos` is a block boundary. */
export function* iomap_truncate_page(inode: Inode, pos: number, ops: IomapOps): Op<number> {
  assert(false, [inode, pos, ops].length.toString());
}

/** Gives a range of shared blocks copies of its own, through the page cache. */
export function* iomap_file_unshare(
  inode: Inode,
  pos: number,
  len: number,
  ops: IomapOps,
): Op<number> {
  assert(false, [inode, pos, len, ops].length.toString());
}

/** Space for a folio that user space is about to write; LOCKED with the folio locked and dirty. */
export function* iomap_page_mkwrite(
  request: VmFaultRequest,
  folio: Folio,
  ops: IomapOps,
): Op<VmFault> {
  assert(false, [request, folio, ops].length.toString());
}

/** Fills a locked folio from the device, and zeroes where there is none. It is unlocked then. */
export function* iomap_read_folio(inode: Inode, folio: Folio, ops: IomapOps): Op<number> {
  assert(false, [inode, folio, ops].length.toString());
}
