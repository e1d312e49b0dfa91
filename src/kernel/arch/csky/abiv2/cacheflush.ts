// C-SKY, second ABI: a physical cache. What is done is for instruction fetches: the kernel's lines
// are written back, not dropped, when a folio is mapped first. PG_arch_1 is PG_dcache_clean.

import type { AddressSpace, Folio, Pte, Vma } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { maintain, type Op } from '../../../steps.ts';
import { clear_bit, pageUnder, pfn_valid, test_and_set_bit } from '../../cache-ops.ts';
import { type CachePort, generic } from '../../cache-port.ts';
import { kernelPlace, pfnToKaddr } from '../../map.ts';

/** @source arch/csky/abiv2/inc/abi/cacheflush.h flush_dcache_folio() v6.12 */
function flush_dcache_folio(
  linux: Linux,
  _mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  return clear_bit(linux, folio);
}

/** @source arch/csky/abiv2/cacheflush.c update_mmu_cache_range() v6.12 */
function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  if (!pfn_valid(linux, pte.pfn)) return;
  const { folio } = yield* pageUnder(linux, vma, address, pte);
  if (yield* test_and_set_bit(linux, folio)) return;
  for (let i = 0; i < 2 ** folio.order; i++) {
    const place = kernelPlace(linux, pfnToKaddr(linux, folio.pfn + i));
    yield* maintain('clean', place, linux.PAGE_SIZE);
  }
}

/** The port of C-SKY with the second ABI. */
export const cskyAbiv2: CachePort = { ...generic, flush_dcache_folio, update_mmu_cache };
