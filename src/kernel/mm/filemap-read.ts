// The page cache: buffered reads.

import { assert } from '../../base/index.ts';
import type { IovIter, Kiocb } from '../include/linux/fs.ts';
import type { AddressSpace, Folio } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** Reads through the page cache. Bytes, or an error number. */
export function* filemap_read(task: Task, iocb: Kiocb, iter: IovIter): Op<number> {
  void task;
  void iocb;
  void iter;
  assert(false, 'not written yet');
}

/** read() of filesystems without their own: buffered. Direct reads are the caller's. */
export function* generic_file_read_iter(task: Task, iocb: Kiocb, iter: IovIter): Op<number> {
  void task;
  void iocb;
  void iter;
  assert(false, 'not written yet');
}

/** sendfile() and splice() from the page cache. */
export function* filemap_splice_read(task: Task, iocb: Kiocb, iter: IovIter): Op<number> {
  void task;
  void iocb;
  void iter;
  assert(false, 'not written yet');
}

/** Fills a folio from the device; 0 or an error number. The folio is locked and stays so. */
export function* filemap_read_folio(mapping: AddressSpace, folio: Folio): Op<number> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}
