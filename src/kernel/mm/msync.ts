// msync(): fsync() of what a range of addresses shows.
// @source mm/msync.c v6.12

import { E } from '../include/linux/errno.ts';
import { VM_LOCKED, VM_SHARED, type Vma } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import { get, lock, type Op, unlock } from '../steps.ts';
import { find_vma } from './mmap.ts';

/** Flags of msync(). MS_SYNC waits; MS_ASYNC does nothing but look for holes. */
export interface MsyncRequest {
  readonly start: number;
  readonly length: number;
  readonly mode: 'sync' | 'async' | 'invalidate';
}

/** 0, -ENOMEM where the range has a hole, or what the file's fsync() says. */
export function* sys_msync(task: Task, request: MsyncRequest): Op<number> {
  const { mm } = task;
  const { PAGE_SIZE } = mm.linux;
  if (request.start % PAGE_SIZE !== 0) return -E.EINVAL;
  let { start } = request;
  const end = start + Math.ceil(request.length / PAGE_SIZE) * PAGE_SIZE;
  let unmapped = 0;
  while (start < end) {
    yield* lock(mm.mmap_lock, 'shared');
    const vma = yield* find_vma(mm, start);
    const flags = vma === undefined ? 0 : yield* get(vma.vm_flags);
    yield* unlock(mm.mmap_lock, 'shared');
    if (vma === undefined) return -E.ENOMEM;
    if (start < vma.vm_start) {
      if (request.mode === 'async' || vma.vm_start >= end) return -E.ENOMEM;
      start = vma.vm_start;
      unmapped = -E.ENOMEM;
    }
    if (request.mode === 'invalidate' && (flags & VM_LOCKED) !== 0) return -E.EBUSY;
    if (request.mode === 'sync' && (flags & VM_SHARED) !== 0) {
      const error = yield* syncPart(task, vma, { start, end: Math.min(end, vma.vm_end) });
      if (error !== 0) return error;
    }
    start = vma.vm_end;
  }
  return unmapped;
}

function* syncPart(
  task: Task,
  vma: Vma,
  range: { readonly start: number; readonly end: number },
): Op<number> {
  const file = vma.vm_file;
  if (file === undefined) return 0;
  const first = range.start - vma.vm_start + vma.vm_pgoff * task.mm.linux.PAGE_SIZE;
  const last = first + range.end - range.start - 1;
  // vfs_fsync_range() with datasync.
  if (file.f_op.fsync === undefined) return -E.EINVAL;
  return yield* file.f_op.fsync(task, file, first, last, true);
}
