// mlock() and munlock().

import { assert } from '../../base/index.ts';
import type { Task } from '../linux.ts';
import type { Op } from '../steps.ts';

/** 0 or an error number. */
export function* sys_mlock(task: Task, start: number, length: number): Op<number> {
  void task;
  void start;
  void length;
  assert(false, 'not written yet');
}

/** 0 or an error number. */
export function* sys_munlock(task: Task, start: number, length: number): Op<number> {
  void task;
  void start;
  void length;
  assert(false, 'not written yet');
}
