// User memory of reads and writes, piece by piece.

import { assert } from '../../base/index.ts';
import type { IovIter } from '../include/linux/fs.ts';
import type { Linux, Task } from '../linux.ts';

/** A buffer that a write takes its bytes from: given, or one byte again and again. */
export function iovBytes(
  linux: Linux,
  contents: Uint8Array | { readonly byte: number; readonly length: number },
  misaligned = 0,
): IovIter {
  void linux;
  void contents;
  void misaligned;
  assert(false, 'not written yet');
}

/** A buffer that a read fills. */
export function iovSink(
  linux: Linux,
  length: number,
  misaligned = 0,
): IovIter & { bytes(): Uint8Array } {
  void linux;
  void length;
  void misaligned;
  assert(false, 'not written yet');
}

/** A buffer inside a mapping of the process: copies go through its addresses, with faults. */
export function iovUser(
  task: Task,
  address: number,
  length: number,
  direction: 'source' | 'dest',
): IovIter {
  void task;
  void address;
  void length;
  void direction;
  assert(false, 'not written yet');
}
