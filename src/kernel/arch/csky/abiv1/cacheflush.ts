// C-SKY, first ABI (CK610): an aliasing cache, emptied as a whole at every occasion. PG_arch_1 is
// PG_dcache_clean.

import type { AddressSpace, Folio, Pte, Vma } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import type { Op } from '../../../steps.ts';
import {
  clear_bit,
  flushEverything,
  folio_mapped,
  PageAnon,
  pages_do_alias,
  pageUnder,
  pfn_valid,
  set_bit,
  test_and_set_bit,
} from '../../cache-ops.ts';
import { type CachePort, generic } from '../../cache-port.ts';
import { pfnToKaddr } from '../../map.ts';

/** @source arch/csky/abiv1/cacheflush.c flush_dcache_folio() v6.12, flush_dcache_page() v6.1 */
function* flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (folio.pfn === linux.zero_pfn) return;
  if (mapping !== undefined && !(yield* folio_mapped(linux, mapping, folio))) {
    yield* clear_bit(linux, folio);
    return;
  }
  yield* flushEverything(linux);
  yield* set_bit(linux, folio);
}

/** @source arch/csky/abiv1/cacheflush.c update_mmu_cache_range() v6.12 */
function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  if (!pfn_valid(linux, pte.pfn) || pte.pfn === linux.zero_pfn) return;
  const { folio } = yield* pageUnder(linux, vma, address, pte);
  if (!(yield* test_and_set_bit(linux, folio))) yield* flushEverything(linux);
}

/** A page of the user's own is flushed at once, where colours differ. @source
 * arch/csky/abiv1/inc/abi/page.h copy_user_page() v6.12 */
function* flushIfAlias(linux: Linux, kaddr: number, vaddr: number): Op<void> {
  if (pages_do_alias(kaddr, vaddr, 4 * linux.PAGE_SIZE)) yield* flushEverything(linux);
}

/** The port of C-SKY with the first ABI. */
export const cskyAbiv1: CachePort = {
  ...generic,
  flush_dcache_folio,
  flush_cache_page: (linux) => flushEverything(linux),
  flush_cache_range: (linux) => flushEverything(linux),
  *flush_anon_page(linux, vma, _pfn, address) {
    if (yield* PageAnon(linux, vma, address)) yield* flushEverything(linux);
  },
  update_mmu_cache,
  *copy_user_page(linux, copy) {
    yield* generic.copy_user_page(linux, copy);
    yield* flushIfAlias(linux, copy.to, copy.vaddr);
  },
  *copy_user_highpage(linux, copy) {
    yield* generic.copy_user_highpage(linux, copy);
    yield* flushIfAlias(linux, pfnToKaddr(linux, copy.to), copy.vaddr);
  },
  *clear_user_highpage(linux, pfn, vaddr) {
    yield* generic.clear_user_highpage(linux, pfn, vaddr);
    yield* flushIfAlias(linux, pfnToKaddr(linux, pfn), vaddr);
  },
};
