// mincore().

import { assert } from '../../base/index.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** For each page of the range whether it is in memory, or an error number. */
export function* sys_mincore(
  task: Task,
  start: number,
  length: number,
): Op<readonly boolean[] | number> {
  void task;
  void start;
  void length;
  assert(false, 'not written yet');
}
