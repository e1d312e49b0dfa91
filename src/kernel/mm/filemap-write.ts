// The page cache: buffered writes.

import { assert } from '../../base/index.ts';
import type { AddressSpaceOperations, IovIter, Kiocb } from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** Writes through the page cache. Bytes, or an error number; the position moves. */
export function* generic_perform_write(
  task: Task,
  iocb: Kiocb,
  iter: IovIter,
  aops: AddressSpaceOperations,
): Op<number> {
  void task;
  void iocb;
  void iter;
  void aops;
  assert(false, 'not written yet');
}
