// Pages of user memory that a device works on.

import { assert } from '../../base/index.ts';
import type { BioVec } from '../include/linux/blkdev.ts';
import type { Linux, Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** Pins user memory: its pieces in physical memory, or -EFAULT. `write`: the device will store. */
export function* pin_user_pages(
  task: Task,
  request: { readonly address: number; readonly length: number; readonly write: boolean },
): Op<readonly BioVec[] | number> {
  void task;
  void request;
  assert(false, 'not written yet');
}

/** Releases pinned pages; `dirty`: a device stored to them. */
export function* unpin_user_pages(linux: Linux, vecs: readonly BioVec[], dirty: boolean): Op<void> {
  void linux;
  void vecs;
  void dirty;
  assert(false, 'not written yet');
}
