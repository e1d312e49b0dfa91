// Nios II: flushes by index, of no more than the size that the device tree gives for the cache.
// PG_arch_1 is PG_dcache_clean.

import type { AddressSpace, Folio, Pte, Vma } from '../../../include/linux/mm.ts';
import { VM_MAYSHARE } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { get, maintain, type Op } from '../../../steps.ts';
import {
  clear_bit,
  flushEverything,
  folioBytes,
  isLoaded,
  mapping_mapped,
  mappingsOf,
  pageUnder,
  pfn_valid,
  pteAt,
  set_bit,
  test_and_set_bit,
} from '../../cache-ops.ts';
import { type CachePort, generic } from '../../cache-port.ts';
import { __pa, pfnToKaddr } from '../../map.ts';
import { NIOS2_DCACHE_SIZE } from '../include/asm/cache.ts';

/**
 * `flushd` empties a place of the direct-mapped cache whatever line is there. A range as large as
 * the cache empties it all; of a smaller one the model flushes the lines of the range and leaves
 * others that happen to be in their places, which is less.
 * @source arch/nios2/mm/cacheflush.c __flush_dcache() v6.12
 */
function* __flush_dcache(
  linux: Linux,
  range: { readonly vaddr: number; readonly paddr: number; readonly length: number },
): Op<void> {
  const { reports, dcache } = linux.machine.machine;
  const believed = reports.kind === 'nios2' ? NIOS2_DCACHE_SIZE(reports) : 0;
  const length = Math.min(range.length, believed);
  if (dcache !== undefined && length >= dcache.sizeBytes) {
    yield* flushEverything(linux);
    return;
  }
  for (let done = 0; done < length; done += linux.PAGE_SIZE) {
    const place = { vaddr: range.vaddr + done, paddr: range.paddr + done };
    yield* maintain('flush', place, Math.min(linux.PAGE_SIZE, length - done));
  }
}

/** @source arch/nios2/mm/cacheflush.c __flush_dcache_folio() v6.12 */
function __flush_dcache_folio(linux: Linux, folio: Folio): Op<void> {
  const paddr = folio.pfn * linux.PAGE_SIZE;
  const vaddr = pfnToKaddr(linux, folio.pfn);
  return __flush_dcache(linux, { vaddr, paddr, length: folioBytes(linux, folio) });
}

/** @source arch/nios2/mm/cacheflush.c flush_aliases() v6.12 */
function* flush_aliases(linux: Linux, mapping: AddressSpace, folio: Folio): Op<void> {
  for (const { vma, address, page } of yield* mappingsOf(linux, mapping, folio)) {
    if (!(yield* isLoaded(linux, vma.vm_mm))) continue;
    if (((yield* get(vma.vm_flags)) & VM_MAYSHARE) === 0) continue;
    const paddr = (folio.pfn + page) * linux.PAGE_SIZE;
    yield* __flush_dcache(linux, { vaddr: address, paddr, length: linux.PAGE_SIZE });
  }
}

/** @source arch/nios2/mm/cacheflush.c flush_dcache_folio() v6.12, flush_dcache_page() v6.1 */
function* flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (folio.pfn === linux.zero_pfn) return;
  if (mapping !== undefined && !(yield* mapping_mapped(mapping))) {
    yield* clear_bit(linux, folio);
    return;
  }
  yield* __flush_dcache_folio(linux, folio);
  if (mapping !== undefined) yield* flush_aliases(linux, mapping, folio);
  yield* set_bit(linux, folio);
}

/** @source arch/nios2/mm/cacheflush.c update_mmu_cache_range() v6.12 */
function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  if (!pfn_valid(linux, pte.pfn) || pte.pfn === linux.zero_pfn) return;
  const { folio, mapping } = yield* pageUnder(linux, vma, address, pte);
  if (!(yield* test_and_set_bit(linux, folio))) yield* __flush_dcache_folio(linux, folio);
  if (mapping !== undefined) yield* flush_aliases(linux, mapping, folio);
}

/** By address, whether or not anything is mapped there. @source arch/nios2/mm/cacheflush.c
 * flush_cache_range() v6.12 */
function* flush_cache_range(linux: Linux, vma: Vma, start: number, end: number): Op<void> {
  const { reports } = linux.machine.machine;
  const believed = reports.kind === 'nios2' ? NIOS2_DCACHE_SIZE(reports) : 0;
  const last = Math.min(end, start + believed);
  if (last - start >= (linux.machine.machine.dcache?.sizeBytes ?? Infinity)) {
    yield* flushEverything(linux);
    return;
  }
  for (let address = start; address < last; address += linux.PAGE_SIZE) {
    const pte = yield* pteAt(linux, vma.vm_mm, address);
    const length = Math.min(linux.PAGE_SIZE, last - address);
    const paddr = (pte?.pfn ?? 0) * linux.PAGE_SIZE;
    if (pte !== undefined) yield* maintain('flush', { vaddr: address, paddr }, length);
  }
}

/** A flush of the user's address, the act, and a flush of the kernel's. */
function* between(
  linux: Linux,
  page: { readonly kaddr: number; readonly vaddr: number },
  act: Op<void>,
): Op<void> {
  const length = linux.PAGE_SIZE;
  const paddr = __pa(linux, page.kaddr);
  yield* __flush_dcache(linux, { vaddr: page.vaddr, paddr, length });
  yield* act;
  yield* __flush_dcache(linux, { vaddr: page.kaddr, paddr, length });
}

/** The port of Nios II. @source arch/nios2/mm/cacheflush.c copy_user_page() v6.12 */
export const nios2: CachePort = {
  ...generic,
  flush_dcache_folio,
  flush_cache_page: (linux, _vma, address, pfn) => {
    const vaddr = Math.floor(address / linux.PAGE_SIZE) * linux.PAGE_SIZE;
    const paddr = pfn * linux.PAGE_SIZE;
    return __flush_dcache(linux, { vaddr, paddr, length: linux.PAGE_SIZE });
  },
  flush_cache_range,
  update_mmu_cache,
  copy_user_page: (linux, copy) =>
    between(linux, { kaddr: copy.to, vaddr: copy.vaddr }, generic.copy_user_page(linux, copy)),
  copy_user_highpage: (linux, copy) =>
    between(
      linux,
      { kaddr: pfnToKaddr(linux, copy.to), vaddr: copy.vaddr },
      generic.copy_user_highpage(linux, copy),
    ),
  clear_user_highpage: (linux, pfn, vaddr) =>
    between(
      linux,
      { kaddr: pfnToKaddr(linux, pfn), vaddr },
      generic.clear_user_highpage(linux, pfn, vaddr),
    ),
};
