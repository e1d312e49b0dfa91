// The page cache: faults.

import { assert } from '../../base/index.ts';
import type { File } from '../include/linux/fs.ts';
import type { Folio, VmFault, VmFaultRequest, Vma } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** A fault on a mapping of the page cache. */
export function* filemap_fault(request: VmFaultRequest): Op<VmFault> {
  void request;
  assert(false, 'not written yet');
}

/** Maps cached pages around a read fault. */
export function* filemap_map_pages(request: VmFaultRequest): Op<void> {
  void request;
  assert(false, 'not written yet');
}

/** First write to a page of a shared mapping of a file without space to reserve. */
export function* filemap_page_mkwrite(request: VmFaultRequest, folio: Folio): Op<VmFault> {
  void request;
  void folio;
  assert(false, 'not written yet');
}

/** First write to a page of a shared mapping, with space reserved by the filesystem's `page_mkwrite`. */
export function* block_page_mkwrite(request: VmFaultRequest, folio: Folio): Op<VmFault> {
  void request;
  void folio;
  assert(false, 'not written yet');
}

/** mmap() of files in the page cache. */
export function generic_file_mmap(task: Task, file: File, vma: Vma): Vma | number {
  void task;
  void file;
  void vma;
  assert(false, 'not written yet');
}
