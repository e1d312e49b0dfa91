// Pages faulted in before they are touched: MAP_POPULATE and mlock().
// @source mm/gup.c v6.12

import { E } from '../include/linux/errno.ts';
import { VM_SHARED, VM_WRITE, type VmFault, type Vma } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import { get, lock, type Op, unlock } from '../steps.ts';
import { access_error, handle_mm_fault } from './memory.ts';
import { find_vma } from './mmap.ts';
import { getPte } from './pte.ts';

/**
 * Faults in a range. 0, or the first error number unless errors are ignored.
 * @source mm/gup.c __mm_populate() populate_vma_page_range() v6.12
 */
export function* mm_populate(
  task: Task,
  range: { readonly start: number; readonly length: number; readonly ignoreErrors: boolean },
): Op<number> {
  const { mm } = task;
  const { PAGE_SIZE } = mm.linux;
  const end = range.start + range.length;
  let error = 0;
  yield* lock(mm.mmap_lock, 'shared');
  for (let address = range.start; address < end; ) {
    const vma = yield* find_vma(mm, address);
    if (vma === undefined || vma.vm_start >= end) break;
    address = Math.max(address, vma.vm_start);
    const flags = yield* get(vma.vm_flags);
    // Private writable pages are copied at once; shared ones are not made dirty for nothing.
    const write = (flags & (VM_WRITE | VM_SHARED)) === VM_WRITE;
    const one = yield* faultin_page(vma, address, write);
    if (one < 0 && !range.ignoreErrors) {
      error = one;
      break;
    }
    // populate_vma_page_range() gives a mapping up at its first error.
    address = one < 0 ? vma.vm_end : address + PAGE_SIZE;
  }
  yield* unlock(mm.mmap_lock, 'shared');
  return error;
}

/** Sees that a page is mapped with the rights asked for. @source mm/gup.c v6.12 */
export function* faultin_page(vma: Vma, address: number, write: boolean): Op<number> {
  if (yield* access_error(vma, write)) return -E.EFAULT;
  // A fault may have to be tried again; a handler that never maps is given up.
  for (let tries = 0; tries < 16; tries++) {
    const pte = yield* getPte(vma, address);
    if (pte !== undefined && (!write || pte.write)) return 0;
    const error = vm_fault_to_errno(yield* handle_mm_fault(vma, address, write));
    if (error < 0) return error;
  }
  return -E.EFAULT;
}

/** @source include/linux/mm.h vm_fault_to_errno() v6.12 */
function vm_fault_to_errno(fault: VmFault): number {
  switch (fault.kind) {
    case 'OOM':
      return -E.ENOMEM;
    case 'SIGBUS':
      return -E.EFAULT;
    default:
      return 0;
  }
}
