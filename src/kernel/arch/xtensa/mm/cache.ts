// Xtensa: where a way of the data cache is larger than a page, flushes through temporary mappings
// of the same colour. PG_arch_1 set means that a flush is owed.

import type { AddressSpace, Folio, Pte, Vma } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { maintain, type Op } from '../../../steps.ts';
import {
  clear_bit,
  clearPlace,
  colouredPlace,
  copyPlaces,
  flushColour,
  flushEverything,
  mapping_mapped,
  pages_do_alias,
  pageUnder,
  pfn_valid,
  set_bit,
  test_bit,
} from '../../cache-ops.ts';
import { type CachePort, generic, type UserHighpageCopy } from '../../cache-port.ts';
import { kernelPlace, pfnToKaddr } from '../../map.ts';
import { DCACHE_WAY_SIZE } from '../include/asm/cache.ts';

/** Way size in bytes where it is more than a page; else 0: none of this is compiled. */
export function aliasingWay(linux: Linux): number {
  const { reports } = linux.machine.machine;
  const way = reports.kind === 'xtensa' ? DCACHE_WAY_SIZE(reports) : 0;
  return way > linux.PAGE_SIZE ? way : 0;
}

/**
 * Both the kernel's colour and that of the file offset, which is where users are.
 * @source arch/xtensa/mm/cache.c flush_dcache_folio() v6.12, flush_dcache_page() v6.1
 */
function* flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (mapping !== undefined && !(yield* mapping_mapped(mapping))) {
    yield* set_bit(linux, folio);
    return;
  }
  const phys = folio.pfn * linux.PAGE_SIZE;
  const position = folio.index * linux.PAGE_SIZE;
  const alias = pages_do_alias(position, phys, aliasingWay(linux));
  if (!alias && mapping === undefined) return;
  for (let i = 0; i < 2 ** folio.order; i++) {
    const offset = i * linux.PAGE_SIZE;
    yield* flushColour(linux, folio.pfn + i, phys + offset);
    if (alias) yield* flushColour(linux, folio.pfn + i, position + offset);
  }
}

/** @source arch/xtensa/mm/cache.c update_mmu_cache_range() v6.12 */
function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  if (!pfn_valid(linux, pte.pfn)) return;
  const { folio } = yield* pageUnder(linux, vma, address, pte);
  if (!(yield* test_bit(linux, folio))) return;
  for (let i = 0; i < 2 ** folio.order; i++) {
    yield* flushColour(linux, folio.pfn + i, (folio.pfn + i) * linux.PAGE_SIZE);
    // The kernel does not move this address on with the page.
    yield* flushColour(linux, folio.pfn + i, address);
  }
  yield* clear_bit(linux, folio);
}

/** Drops the kernel's lines where the user will be of another colour. @source
 * arch/xtensa/mm/cache.c kmap_invalidate_coherent() v6.12 */
function* kmap_invalidate_coherent(linux: Linux, pfn: number, vaddr: number): Op<void> {
  if (!pages_do_alias(pfn * linux.PAGE_SIZE, vaddr, aliasingWay(linux))) return;
  yield* maintain('invalidate', kernelPlace(linux, pfnToKaddr(linux, pfn)), linux.PAGE_SIZE);
}

/** @source arch/xtensa/mm/cache.c copy_user_highpage() v6.12 */
function* copy_user_highpage(linux: Linux, copy: UserHighpageCopy): Op<void> {
  yield* kmap_invalidate_coherent(linux, copy.to, copy.vaddr);
  yield* set_bit(linux, { pfn: copy.to, index: 0, order: 0 });
  yield* copyPlaces(
    linux,
    colouredPlace(linux, copy.to, copy.vaddr),
    colouredPlace(linux, copy.from, copy.vaddr),
  );
}

/** @source arch/xtensa/mm/cache.c clear_user_highpage() v6.12 */
function* clear_user_highpage(linux: Linux, pfn: number, vaddr: number): Op<void> {
  yield* kmap_invalidate_coherent(linux, pfn, vaddr);
  yield* set_bit(linux, { pfn, index: 0, order: 0 });
  yield* clearPlace(linux, colouredPlace(linux, pfn, vaddr));
}

const aliasing: CachePort = {
  ...generic,
  flush_dcache_folio,
  flush_cache_page: (linux, _vma, address, pfn) => flushColour(linux, pfn, address),
  // The whole cache, whatever the range.
  flush_cache_range: (linux) => flushEverything(linux),
  update_mmu_cache,
  copy_user_highpage,
  clear_user_highpage,
};

/** The port of Xtensa; without aliases it has to do for instruction fetches only. */
export function xtensa(linux: Linux): CachePort {
  return aliasingWay(linux) > 0 ? aliasing : generic;
}
