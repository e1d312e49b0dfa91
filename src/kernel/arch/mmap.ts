// Where mmap() puts a mapping: the highest hole, coloured where the port colours.

import { E } from '../include/linux/errno.ts';
import type { MmStruct } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { addressLayout } from './layout.ts';

/** What is to be mapped. Lengths in bytes, `pgoff` in pages. */
export interface UnmappedAreaRequest {
  readonly length: number;
  readonly pgoff: number;
  readonly shared: boolean;
  readonly hasFile: boolean;
  /** Alignment modulo which address and file offset shall agree: PMD_SIZE for huge mappings. */
  readonly align?: number;
}

/** Bytes kept below the top for the stack, and below the lowest address for nobody. */
const STACK_GAP = 128 * 2 ** 20;
const MMAP_MIN_ADDR = 0x10000;

/**
 * The start of the highest hole of user space that takes the mapping; -ENOMEM.
 * @source mm/mmap.c generic_get_unmapped_area_topdown() v6.12
 */
export function arch_get_unmapped_area(
  linux: Linux,
  mm: MmStruct,
  request: UnmappedAreaRequest,
): number {
  const length = Math.ceil(request.length / linux.PAGE_SIZE) * linux.PAGE_SIZE;
  const align = request.align ?? linux.PAGE_SIZE;
  const offset = (request.pgoff * linux.PAGE_SIZE) % align;
  const { TASK_SIZE } = addressLayout(linux.machine.machine);
  let end = TASK_SIZE - STACK_GAP;
  for (const vma of [...mm.vmas.peek()].toReversed()) {
    const start = highest({ end, length, align, offset });
    if (start >= vma.vm_end) return start;
    end = Math.min(end, vma.vm_start);
  }
  const start = highest({ end, length, align, offset });
  return start >= MMAP_MIN_ADDR ? start : -E.ENOMEM;
}

/** The highest address congruent to `offset` from which `length` bytes end at or below `end`. */
function highest(hole: {
  readonly end: number;
  readonly length: number;
  readonly align: number;
  readonly offset: number;
}): number {
  const last = hole.end - hole.length - hole.offset;
  return Math.floor(last / hole.align) * hole.align + hole.offset;
}
