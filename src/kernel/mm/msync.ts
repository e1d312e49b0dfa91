// msync().

import { assert } from '../../base/index.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** 0 or an error number. */
export function* sys_msync(
  task: Task,
  request: {
    readonly start: number;
    readonly length: number;
    readonly mode: 'sync' | 'async' | 'invalidate';
  },
): Op<number> {
  void task;
  void request;
  assert(false, 'not written yet');
}
