// What mm and the drivers ask about the data cache, under the kernel's names, handed to the port.
// @source Documentation/core-api/cachetlb.rst v6.12

import type { AddressSpace, Folio, Pte, Vma } from '../include/linux/mm.ts';
import { type Linux, subsystem } from '../linux.ts';
import type { Omittable } from '../omit.ts';
import { maintain, type Op } from '../steps.ts';
import { type CachePort, generic, type UserHighpageCopy, type UserPageCopy } from './cache-port.ts';
import { kernelPlace } from './map.ts';
import { cachePort } from './ports.ts';

/** The port's functions, looked up once. */
class ChosenPort {
  readonly port: CachePort;
  constructor(linux: Linux) {
    this.port = without(cachePort(linux), linux.omitted);
  }
}

// To show what a function is for, a kernel can be run without it.
function without(port: CachePort, omitted: Linux['omitted']): CachePort {
  if (omitted.size === 0) return port;
  const has = (name: Omittable) => omitted.has(name);
  return {
    ...port,
    ...(has('flush_dcache_page') ? { flush_dcache_folio: generic.flush_dcache_folio } : {}),
    ...(has('flush_cache_page') ? { flush_cache_page: generic.flush_cache_page } : {}),
    ...(has('flush_cache_range') ? { flush_cache_range: generic.flush_cache_range } : {}),
    ...(has('update_mmu_cache') ? { update_mmu_cache: generic.update_mmu_cache } : {}),
    ...(has('copy_user_page')
      ? { copy_user_page: generic.copy_user_page, copy_user_highpage: generic.copy_user_highpage }
      : {}),
  };
}

function portOf(linux: Linux): CachePort {
  return subsystem(linux, ChosenPort).port;
}

/**
 * The kernel has stored to a page-cache folio, or is about to read one that users may have written
 * to. `mapping` is that of a file; undefined for anonymous memory. Before 6.12 it is done page by
 * page, each with flags of its own.
 */
export function flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  const port = portOf(linux);
  return linux.is_6_12 || folio.order === 0
    ? port.flush_dcache_folio(linux, mapping, folio)
    : flushEachPage(port, linux, { mapping, folio });
}

function* flushEachPage(
  port: CachePort,
  linux: Linux,
  { mapping, folio }: { readonly mapping: AddressSpace | undefined; readonly folio: Folio },
): Op<void> {
  for (let i = 0; i < 2 ** folio.order; i++) {
    const page = { pfn: folio.pfn + i, index: folio.index + i, order: 0 };
    yield* port.flush_dcache_folio(linux, mapping, page);
  }
}

/** Whether flush_dcache_folio() does anything; where not, compilers leave out all about it. */
export function flushesDcache(linux: Linux): boolean {
  return portOf(linux).flush_dcache_folio !== generic.flush_dcache_folio;
}

/** A PTE of `vma` at `address`, which maps `pfn`, is about to be changed or taken away. */
export function flush_cache_page(linux: Linux, vma: Vma, address: number, pfn: number): Op<void> {
  return portOf(linux).flush_cache_page(linux, vma, address, pfn);
}

/** All PTEs between two addresses of `vma` are about to be changed or taken away. */
export function flush_cache_range(linux: Linux, vma: Vma, start: number, end: number): Op<void> {
  return portOf(linux).flush_cache_range(linux, vma, start, end);
}

/** get_user_pages() gives the kernel a page of the user's own, which caches may have. */
export function flush_anon_page(linux: Linux, vma: Vma, pfn: number, address: number): Op<void> {
  return portOf(linux).flush_anon_page(linux, vma, pfn, address);
}

/** A PTE has been made: what was deferred about its page is done now. */
export function update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  return portOf(linux).update_mmu_cache(linux, vma, address, pte);
}

/** Copies a page that the user will see at `vaddr`. `to` and `from` are kernel addresses. */
export function copy_user_page(linux: Linux, copy: UserPageCopy): Op<void> {
  return portOf(linux).copy_user_page(linux, copy);
}

/** As copy_user_page(), between page frames; `vma` has the source, and will have the copy. */
export function copy_user_highpage(linux: Linux, copy: UserHighpageCopy): Op<void> {
  return portOf(linux).copy_user_highpage(linux, copy);
}

/** Clears a page that the user will see at `vaddr`. */
export function clear_user_highpage(linux: Linux, pfn: number, vaddr: number): Op<void> {
  return portOf(linux).clear_user_highpage(linux, pfn, vaddr);
}

/** The end of a temporary mapping: parisc flushes it. @source
 * include/linux/highmem-internal.h ARCH_HAS_FLUSH_ON_KUNMAP v6.12 */
export function kunmap_local(linux: Linux, kaddr: number): Op<void> {
  return portOf(linux).kunmap_local(linux, kaddr);
}

/** Whether the port empties the data cache when another address space is loaded. */
export function flushesOnSwitch(linux: Linux): boolean {
  return portOf(linux).flushesOnSwitch(linux);
}

/** Writes the lines of a range back as far as persistence asks; empty without ARCH_HAS_PMEM_API. */
export function* arch_wb_cache_pmem(linux: Linux, kaddr: number, length: number): Op<void> {
  if (!linux.config.ARCH_HAS_PMEM_API || linux.omitted.has('dax_flush')) return;
  yield* perPage(linux, { kaddr, length, what: 'persist' });
}

/** Drops the lines of a range; empty without ARCH_HAS_PMEM_API. */
export function* arch_invalidate_pmem(linux: Linux, kaddr: number, length: number): Op<void> {
  if (linux.config.ARCH_HAS_PMEM_API) yield* perPage(linux, { kaddr, length, what: 'invalidate' });
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
