// mlock() and munlock().
// @source mm/mlock.c v6.12

import { E } from '../include/linux/errno.ts';
import { S_DAX } from '../include/linux/fs.ts';
import { VM_LOCKED, type Vma } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import { get, lock, type Op, unlock } from '../steps.ts';
import { splitVma } from './mmap.ts';
import { mm_populate } from './populate.ts';

/** Locks a range and faults it in: 0, or -ENOMEM where something is not mapped or cannot be. */
export function* sys_mlock(task: Task, start: number, length: number): Op<number> {
  const { PAGE_SIZE } = task.mm.linux;
  const first = start - (start % PAGE_SIZE);
  const bytes = Math.ceil((length + start - first) / PAGE_SIZE) * PAGE_SIZE;
  const error = yield* apply_vma_lock_flags(task, { start: first, bytes, locked: true });
  if (error < 0) return error;
  const filled = yield* mm_populate(task, { start: first, length: bytes, ignoreErrors: false });
  return __mlock_posix_error_return(filled);
}

/** 0, or -ENOMEM where something is not mapped. */
export function* sys_munlock(task: Task, start: number, length: number): Op<number> {
  const { PAGE_SIZE } = task.mm.linux;
  const first = start - (start % PAGE_SIZE);
  const bytes = Math.ceil((length + start - first) / PAGE_SIZE) * PAGE_SIZE;
  return yield* apply_vma_lock_flags(task, { start: first, bytes, locked: false });
}

/** POSIX has other numbers for these. @source mm/mlock.c v6.12 */
function __mlock_posix_error_return(error: number): number {
  if (error === -E.EFAULT) return -E.ENOMEM;
  return error === -E.ENOMEM ? -E.EAGAIN : error;
}

function* apply_vma_lock_flags(
  task: Task,
  range: { readonly start: number; readonly bytes: number; readonly locked: boolean },
): Op<number> {
  const { mm } = task;
  if (range.bytes === 0) return 0;
  const end = range.start + range.bytes;
  yield* lock(mm.mmap_lock);
  let at = range.start;
  for (const vma of yield* get(mm.vmas)) {
    if (vma.vm_end <= at || at >= end) continue;
    if (vma.vm_start > at) break;
    const last = Math.min(end, vma.vm_end);
    yield* mlock_fixup(vma, { start: at, end: last, locked: range.locked });
    at = last;
  }
  yield* unlock(mm.mmap_lock);
  return at < end ? -E.ENOMEM : 0;
}

/** Mappings of DAX files are never marked as locked. @source mm/mlock.c mlock_fixup() v6.12 */
function* mlock_fixup(
  vma: Vma,
  range: { readonly start: number; readonly end: number; readonly locked: boolean },
): Op<void> {
  const old = yield* get(vma.vm_flags);
  const flags = range.locked ? old | VM_LOCKED : old & ~VM_LOCKED;
  const inode = vma.vm_file?.f_inode;
  const dax = inode !== undefined && ((yield* get(inode.i_flags)) & S_DAX) !== 0;
  if (flags === old || dax) return;
  yield* splitVma(vma, { start: range.start, end: range.end, flags });
}
