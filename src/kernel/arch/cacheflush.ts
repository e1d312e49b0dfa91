// What a port does about its data cache where mm asks for it. The generic answer is: nothing.
// @source Documentation/core-api/cachetlb.rst v6.12

import type { AddressSpace, Folio, Pte, Vma } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { maintain, type Op } from '../steps.ts';
import { kernelCopy, kernelPlace } from './map.ts';

/**
 * The kernel has stored to a page-cache folio, or is about to read one that users may have written
 * to. `mapping` is that of a file; undefined for anonymous memory.
 */
export function* flush_dcache_folio(
  _linux: Linux,
  _mapping: AddressSpace | undefined,
  _folio: Folio,
): Op<void> {}

/** A PTE of `vma` at `address`, which maps `pfn`, is about to be changed or taken away. */
export function* flush_cache_page(
  _linux: Linux,
  _vma: Vma,
  _address: number,
  _pfn: number,
): Op<void> {}

/** All PTEs between two addresses of `vma` are about to be changed or taken away. */
export function* flush_cache_range(
  _linux: Linux,
  _vma: Vma,
  _start: number,
  _end: number,
): Op<void> {}

/** get_user_pages() gives the kernel a page of anonymous memory that the user may have in caches. */
export function* flush_anon_page(
  _linux: Linux,
  _vma: Vma,
  _pfn: number,
  _address: number,
): Op<void> {}

/** A PTE has been made: what was deferred about its page is done now. */
export function* update_mmu_cache(
  _linux: Linux,
  _vma: Vma,
  _address: number,
  _pte: Pte,
): Op<void> {}

/** Writes the lines of a range back as far as persistence asks; empty without ARCH_HAS_PMEM_API. */
export function* arch_wb_cache_pmem(linux: Linux, kaddr: number, length: number): Op<void> {
  if (linux.config.ARCH_HAS_PMEM_API) yield* perPage(linux, { kaddr, length, what: 'persist' });
}

/** Drops the lines of a range; empty without ARCH_HAS_PMEM_API. */
export function* arch_invalidate_pmem(linux: Linux, kaddr: number, length: number): Op<void> {
  if (linux.config.ARCH_HAS_PMEM_API) yield* perPage(linux, { kaddr, length, what: 'invalidate' });
}

/** Copies a page that the user will see at `vaddr`. `to` and `from` are kernel addresses. */
export function* copy_user_page(
  linux: Linux,
  copy: { readonly to: number; readonly from: number; readonly vaddr: number },
): Op<void> {
  yield* kernelCopy(linux, { to: copy.to, from: copy.from, length: linux.PAGE_SIZE });
}

/** The alignment in bytes that shared mappings of one page get to each other: SHMLBA. */
export function shmColour(linux: Linux): number {
  return linux.PAGE_SIZE;
}

function* perPage(
  linux: Linux,
  range: {
    readonly kaddr: number;
    readonly length: number;
    readonly what: 'persist' | 'invalidate';
  },
): Op<void> {
  const { kaddr, length, what } = range;
  for (let done = 0; done < length; ) {
    const left = linux.PAGE_SIZE - ((kaddr + done) % linux.PAGE_SIZE);
    const here = Math.min(length - done, left);
    yield* maintain(what, kernelPlace(linux, kaddr + done), here);
    done += here;
  }
}
