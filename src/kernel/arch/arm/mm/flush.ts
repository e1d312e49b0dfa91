// ARM: what the kernel flushes, by the kind of cache that it takes its own for.

import { at } from '../../../../base/index.ts';
import type { AddressSpace, Folio, Vma } from '../../../include/linux/mm.ts';
import { VM_MAYSHARE } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { get, type Op } from '../../../steps.ts';
import {
  clear_bit,
  flushColour,
  flushEverything,
  flushKernel,
  flushKernelFolio,
  flushUser,
  folio_mapped,
  isLoaded,
  mappingsOf,
  PageAnon,
  pteAt,
  set_bit,
} from '../../cache-ops.ts';
import { pfnToKaddr } from '../../map.ts';
import { cache_is_vipt_aliasing, cache_is_vivt } from '../include/asm/cachetype.ts';

/** What the kernel takes its cache for. */
export type ArmCacheKind = 'vivt' | 'vipt-aliasing' | 'vipt-nonaliasing';

/** The three questions of asm/cachetype.h as one answer. */
export function cacheKind(linux: Linux): ArmCacheKind {
  const { reports, ports } = linux.machine.machine;
  if (reports.kind !== 'arm') return 'vipt-nonaliasing';
  const port = at(ports, 0);
  if (cache_is_vivt(reports, port) === 1) return 'vivt';
  return cache_is_vipt_aliasing(reports, port) === 1 ? 'vipt-aliasing' : 'vipt-nonaliasing';
}

/**
 * Ranges from this size on are flushed with the whole cache, by CPU.
 * @source arch/arm/mm/proc-arm926.S CACHE_DLIMIT; proc-arm920.S, proc-arm922.S, proc-arm925.S,
 * proc-arm1020.S, proc-xscale.S MAX_AREA_SIZE v6.12
 */
const RANGE_LIMITS: ReadonlyMap<string, number> = new Map([
  ['arm920t', 65536],
  ['arm922t', 8192],
  ['arm925t', 8192],
  ['arm926ej-s', 16384],
  ['arm1020', 32768],
  ['xscale-pxa', 32768],
]);

/** @source arch/arm/mm/flush.c flush_cache_range() v6.12 */
export function* flush_cache_range(linux: Linux, vma: Vma, start: number, end: number): Op<void> {
  const kind = cacheKind(linux);
  if (kind === 'vivt') yield* vivt_flush_cache_range(linux, vma, start, end);
  if (kind === 'vipt-aliasing') yield* flushEverything(linux);
}

/**
 * By user address, and only where the address space is loaded: the cache has been emptied else.
 * @source arch/arm/include/asm/cacheflush.h vivt_flush_cache_range() v6.12
 */
function* vivt_flush_cache_range(linux: Linux, vma: Vma, start: number, end: number): Op<void> {
  if (!(yield* isLoaded(linux, vma.vm_mm))) return;
  if (end - start >= (RANGE_LIMITS.get(linux.machine.machine.id) ?? 16384)) {
    yield* flushEverything(linux);
    return;
  }
  for (let address = start; address < end; address += linux.PAGE_SIZE) {
    const pfn = yield* pfnUnderTag(linux, vma, address);
    if (pfn !== undefined) yield* flushUser(linux, pfn, address);
  }
}

// Virtual tags find a line though its entry is gone: a store may have come between the flush before
// that and the end of the entry. Whose line it can be is what the file still has at that place.
function* pfnUnderTag(linux: Linux, vma: Vma, address: number): Op<number | undefined> {
  const pte = yield* pteAt(linux, vma.vm_mm, address);
  if (pte !== undefined) return pte.pfn;
  const index = vma.vm_pgoff + Math.floor((address - vma.vm_start) / linux.PAGE_SIZE);
  const mapping = vma.vm_file?.f_inode.i_mapping;
  const entry = mapping === undefined ? undefined : yield* get(mapping.i_pages, index);
  if (entry?.kind === 'folio') return entry.folio.pfn + index - entry.folio.index;
  return entry === undefined || entry.zero || entry.empty ? undefined : entry.pfn;
}

/** @source arch/arm/mm/flush.c flush_cache_pages() v6.12, flush_cache_page() v6.1 */
export function* flush_cache_page(linux: Linux, vma: Vma, address: number, pfn: number): Op<void> {
  const kind = cacheKind(linux);
  if (kind === 'vivt' && (yield* isLoaded(linux, vma.vm_mm))) {
    yield* flushUser(linux, pfn, address);
  }
  if (kind === 'vipt-aliasing') yield* flushColour(linux, pfn, address);
}

/** @source arch/arm/mm/flush.c __flush_dcache_folio() v6.12, __flush_dcache_page() v6.1 */
export function* __flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  yield* flushKernelFolio(linux, folio);
  // The colour of the users is that of the file offset, as mmap() colours. It is one page that is
  // flushed there, also of a larger folio.
  if (mapping !== undefined && cacheKind(linux) === 'vipt-aliasing') {
    yield* flushColour(linux, folio.pfn, folio.index * linux.PAGE_SIZE);
  }
}

/** Shared mappings of the loaded address space. @source arch/arm/mm/flush.c
 * __flush_dcache_aliases() v6.12 */
function* __flush_dcache_aliases(linux: Linux, mapping: AddressSpace, folio: Folio): Op<void> {
  for (const { vma, address, page } of yield* mappingsOf(linux, mapping, folio)) {
    if (!(yield* isLoaded(linux, vma.vm_mm))) continue;
    if (((yield* get(vma.vm_flags)) & VM_MAYSHARE) === 0) continue;
    yield* flush_cache_page(linux, vma, address, folio.pfn + page);
  }
}

/**
 * PG_arch_1 is PG_dcache_clean: a folio that nobody maps is flushed when it is mapped.
 * @source arch/arm/mm/flush.c flush_dcache_folio() v6.12, flush_dcache_page() v6.1
 */
export function* flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (folio.pfn === linux.zero_pfn) return;
  const kind = cacheKind(linux);
  if (kind === 'vipt-nonaliasing') {
    yield* clear_bit(linux, folio);
    return;
  }
  if (mapping !== undefined && !(yield* folio_mapped(linux, mapping, folio))) {
    yield* clear_bit(linux, folio);
    return;
  }
  yield* __flush_dcache_folio(linux, mapping, folio);
  if (mapping !== undefined && kind === 'vivt') {
    yield* __flush_dcache_aliases(linux, mapping, folio);
  }
  yield* set_bit(linux, folio);
}

/** @source arch/arm/mm/flush.c __flush_anon_page() v6.12 */
export function* flush_anon_page(linux: Linux, vma: Vma, pfn: number, address: number): Op<void> {
  if (cacheKind(linux) === 'vipt-nonaliasing') return;
  if (!(yield* PageAnon(linux, vma, address))) return;
  yield* flush_cache_page(linux, vma, address, pfn);
  yield* flushKernel(linux, pfnToKaddr(linux, pfn), linux.PAGE_SIZE);
}
