// How a page that a user is about to see becomes zero, by the kernel's address: once by the page
// allocator where it zeroes all that it gives out, and once by the port, which knows at which
// address the user will see it. A change that left the second out where the first had been done
// (5708d96da20b) broke processors with aliases; the mend asks the predicates (6.13).

import { clear_user_highpage } from '../arch/cacheflush.ts';
import { kernelZero, pfnToKaddr } from '../arch/map.ts';
import type { Vma } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { fails, type Op } from '../steps.ts';
import { alloc_pages } from './page_alloc.ts';

/** What a kernel does about pages for users. */
export interface UserZeroing {
  /** The allocator zeroes pages: the kernel parameter, or CONFIG_INIT_ON_ALLOC_DEFAULT_ON. */
  readonly init_on_alloc: boolean;
  /**
   * `always`: the port zeroes every page again, as up to 6.12. `skip`: not where the allocator has
   * done it. `ask`: that, but for processors whose caches alias, as from 6.13 on.
   */
  readonly rule: 'always' | 'skip' | 'ask';
  /** The two predicates, which only `ask` asks. */
  readonly cpu_dcache_is_aliasing: boolean;
  readonly cpu_icache_is_aliasing: boolean;
}

/** A kernel of 6.12 whose allocator leaves pages as they are. */
export const defaultZeroing: UserZeroing = {
  init_on_alloc: false,
  rule: 'always',
  cpu_dcache_is_aliasing: false,
  cpu_icache_is_aliasing: false,
};

/**
 * Whether a page that has just been allocated for a user still has to be zeroed by the port. No
 * release in our trees has this function: it stands in 7.3, and came with 6.13.
 * @source include/linux/mm.h user_alloc_needs_zeroing() v7.3, kernel-policies.md section 2
 */
export function user_alloc_needs_zeroing(linux: Linux): boolean {
  const { init_on_alloc, rule, ...predicate } = linux.zeroing;
  if (!init_on_alloc || rule === 'always') return true;
  if (rule === 'skip') return false;
  return predicate.cpu_dcache_is_aliasing || predicate.cpu_icache_is_aliasing;
}

/**
 * A page frame for a process's own page, with what it held before, or zeroed by the kernel's
 * address: -1 where there is none. @source mm/mempolicy.c vma_alloc_folio() v6.12
 */
export function* vma_alloc_folio(vma: Vma): Op<number> {
  if (yield* fails('vma_alloc_folio')) return -1;
  const { linux } = vma.vm_mm;
  const pfn = alloc_pages(linux, 0);
  if (pfn >= 0) yield* post_alloc_hook(linux, pfn);
  return pfn;
}

/** @source mm/page_alloc.c post_alloc_hook() kernel_init_pages() v6.12 */
function* post_alloc_hook(linux: Linux, pfn: number): Op<void> {
  if (!linux.zeroing.init_on_alloc) return;
  yield* kernelZero(linux, pfnToKaddr(linux, pfn), linux.PAGE_SIZE);
}

/**
 * A zeroed page for the user of `vma` at `vaddr`: -1 where there is none. arm64, s390, x86 and
 * alpha have the allocator zero it, which on caches without aliases is the same.
 * @source include/linux/highmem.h vma_alloc_zeroed_movable_folio() v6.12
 */
export function* vma_alloc_zeroed_movable_folio(vma: Vma, vaddr: number): Op<number> {
  const { linux } = vma.vm_mm;
  const pfn = yield* vma_alloc_folio(vma);
  if (pfn >= 0 && user_alloc_needs_zeroing(linux)) yield* clear_user_highpage(linux, pfn, vaddr);
  return pfn;
}
