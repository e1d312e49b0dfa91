// sparc64: a write-through data cache with two colours. PG_arch_1 is PG_dcache_dirty: set means
// that a flush is owed. When page table entries change only register windows are flushed.

import type { AddressSpace, Folio, Pte, Vma } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import type { Op } from '../../../steps.ts';
import {
  clear_bit,
  clearPlace,
  colouredPlace,
  copyPlaces,
  flushEveryColour,
  mapping_mapped,
  pageUnder,
  pfn_valid,
  set_bit,
  test_bit,
} from '../../cache-ops.ts';
import { type CachePort, generic } from '../../cache-port.ts';
import { __pa } from '../../map.ts';
import { L1DCACHE_SIZE } from '../include/asm/spitfire.ts';

/** sun4v: the hypervisor's CPUs have no aliases. */
function isHypervisor(linux: Linux): boolean {
  const { reports } = linux.machine.machine;
  return reports.kind !== 'sparc64' || reports.tlbType === 'hypervisor';
}

/**
 * Lines are found by their physical tag, under every colour.
 * @source arch/sparc/mm/init_64.c flush_dcache_folio_impl() v6.12
 * @source arch/sparc/mm/ultra.S __flush_dcache_page v6.12
 */
function* flush_dcache_folio_impl(linux: Linux, folio: Folio): Op<void> {
  for (let i = 0; i < 2 ** folio.order; i++) {
    yield* flushEveryColour(linux, folio.pfn + i, L1DCACHE_SIZE);
  }
}

/** @source arch/sparc/mm/init_64.c flush_dcache_folio() v6.12, flush_dcache_page() v6.1 */
function* flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (isHypervisor(linux) || folio.pfn === linux.zero_pfn) return;
  // Which CPU owes the flush is not kept: maintenance reaches every CPU here.
  if (mapping !== undefined && !(yield* mapping_mapped(mapping))) yield* set_bit(linux, folio);
  else yield* flush_dcache_folio_impl(linux, folio);
}

/** @source arch/sparc/mm/init_64.c update_mmu_cache_range() flush_dcache() v6.12 */
function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  if (isHypervisor(linux) || !pfn_valid(linux, pte.pfn)) return;
  const { folio } = yield* pageUnder(linux, vma, address, pte);
  if (!(yield* test_bit(linux, folio))) return;
  yield* flush_dcache_folio_impl(linux, folio);
  yield* clear_bit(linux, folio);
}

/** Both pages through temporary mappings of the user's colour. @source
 * arch/sparc/lib/copy_page.S copy_user_page v6.12 */
function* copyColoured(
  linux: Linux,
  copy: { readonly to: number; readonly from: number; readonly vaddr: number },
): Op<void> {
  yield* copyPlaces(
    linux,
    colouredPlace(linux, copy.to, copy.vaddr),
    colouredPlace(linux, copy.from, copy.vaddr),
  );
}

/** The port of sparc64. */
export const sparc64: CachePort = {
  ...generic,
  flush_dcache_folio,
  update_mmu_cache,
  *copy_user_page(linux, copy) {
    if (isHypervisor(linux)) yield* generic.copy_user_page(linux, copy);
    else {
      const to = __pa(linux, copy.to) / linux.PAGE_SIZE;
      const from = __pa(linux, copy.from) / linux.PAGE_SIZE;
      yield* copyColoured(linux, { to, from, vaddr: copy.vaddr });
    }
  },
  *copy_user_highpage(linux, copy) {
    if (isHypervisor(linux)) yield* generic.copy_user_highpage(linux, copy);
    else yield* copyColoured(linux, copy);
  },
  /** @source arch/sparc/lib/clear_page.S clear_user_page v6.12 */
  *clear_user_highpage(linux, pfn, vaddr) {
    if (isHypervisor(linux)) yield* generic.clear_user_highpage(linux, pfn, vaddr);
    else yield* clearPlace(linux, colouredPlace(linux, pfn, vaddr));
  },
};
