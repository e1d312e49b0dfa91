// swapon().

import { assert } from '../../base/index.ts';
import type { File } from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** 0 or an error number. */
export function* sys_swapon(task: Task, file: File): Op<number> {
  void task;
  void file;
  assert(false, 'not written yet');
}

/** 0 or an error number. */
export function* sys_swapoff(task: Task, file: File): Op<number> {
  void task;
  void file;
  assert(false, 'not written yet');
}
