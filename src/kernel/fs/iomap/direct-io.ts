// Reads and writes that go past the page cache, as BIOs on the caller's own pages.
// @source fs/iomap/direct-io.c v6.12

import { assert } from '../../../base/index.ts';
import type { IovIter, Kiocb } from '../../include/linux/fs.ts';
import type { IomapOps } from '../../include/linux/iomap.ts';
import type { Task } from '../../linux.ts';
import type { Op } from '../../steps.ts';

/** Bits of what a direct write came upon. @source include/linux/iomap.h IOMAP_DIO_UNWRITTEN v6.12 */
export const IOMAP_DIO_UNWRITTEN = 1;
export const IOMAP_DIO_COW = 2;

/** What the caller wants of a direct I/O. */
export interface DioOptions {
  /** The filesystem's part of the end: `size` bytes were moved, or `error` came. Error number or 0. */
  end_io?(iocb: Kiocb, size: number, error: number, flags: number): Op<number>;
  /** IOMAP_DIO_OVERWRITE_ONLY: -EAGAIN where more than written blocks would be touched. */
  readonly overwrite_only?: true;
}

/**
 * Direct read or write at `iocb.ki_pos`: bytes moved, or an error number; -ENOTBLK where the page
 * cache could not be dropped and the caller is to write through it.
 * @source fs/iomap/direct-io.c iomap_dio_rw() v6.12
 */
export function* iomap_dio_rw(
  task: Task,
  iocb: Kiocb,
  iter: IovIter,
  ops: IomapOps,
  options: DioOptions = {},
): Op<number> {
  assert(false, `not yet ${task.pid} ${iocb.ki_pos} ${iter.count} ${typeof ops} ${typeof options}`);
}
