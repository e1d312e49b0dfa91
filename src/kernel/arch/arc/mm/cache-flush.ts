// ARC: until 6.2 a port with flushes for the ARC700 whose cache aliases; since then nothing but
// what instruction fetches need. PG_arch_1 is PG_dc_clean.

import type { AddressSpace, Folio, Pte, Vma } from '../../../include/linux/mm.ts';
import { VM_EXEC } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { get, type Op } from '../../../steps.ts';
import {
  clear_bit,
  copySource,
  flushColour,
  flushEverything,
  flushKernel,
  flushKernelFolio,
  folio_mapped,
  mapping_mapped,
  pages_do_alias,
  pageUnder,
  set_bit,
  test_and_set_bit,
} from '../../cache-ops.ts';
import { type CachePort, generic, type UserHighpageCopy } from '../../cache-port.ts';
import { pfnToKaddr } from '../../map.ts';

/**
 * CONFIG_ARC_CACHE_VIPT_ALIASING of 6.1, which must agree with the hardware: the boot stops else.
 * @source arch/arc/mm/cache.c arc_cache_init_master() v6.1
 */
export function cache_is_vipt_aliasing(linux: Linux): boolean {
  const { reports } = linux.machine.machine;
  if (linux.is_6_12 || reports.kind !== 'arc' || reports.isa !== 'arcompact') return false;
  return (reports.dcacheKiB * 1024) / 4 > linux.PAGE_SIZE;
}

/** @source arch/arc/include/asm/cacheflush.h addr_not_cache_congruent() v6.1: four colours */
function addr_not_cache_congruent(linux: Linux, a: number, b: number): boolean {
  return cache_is_vipt_aliasing(linux) && pages_do_alias(a, b, 4 * linux.PAGE_SIZE);
}

/** @source arch/arc/mm/cache.c flush_dcache_page() v6.1, flush_dcache_folio() v6.12 */
function* flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (!cache_is_vipt_aliasing(linux)) {
    yield* clear_bit(linux, folio);
    return;
  }
  if (mapping === undefined) return;
  if (!(yield* mapping_mapped(mapping))) yield* clear_bit(linux, folio);
  else if (yield* folio_mapped(linux, mapping, folio)) {
    // Users are taken to be of the colour of the file offset. The kernel's own lines stay.
    const vaddr = folio.index * linux.PAGE_SIZE;
    const kaddr = pfnToKaddr(linux, folio.pfn);
    if (addr_not_cache_congruent(linux, kaddr, vaddr)) {
      yield* flushColour(linux, folio.pfn, vaddr);
    }
  }
}

/** @source arch/arc/mm/tlb.c update_mmu_cache() v6.1, update_mmu_cache_range() v6.12 */
function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  if (pte.pfn === linux.zero_pfn) return;
  const exec = ((yield* get(vma.vm_flags)) & VM_EXEC) !== 0;
  if (!exec && !addr_not_cache_congruent(linux, pfnToKaddr(linux, pte.pfn), address)) return;
  const { folio } = yield* pageUnder(linux, vma, address, pte);
  if (!(yield* test_and_set_bit(linux, folio))) yield* flushKernelFolio(linux, folio);
}

/** @source arch/arc/mm/cache.c flush_cache_page() v6.1 */
function* flush_cache_page(linux: Linux, _vma: Vma, address: number, pfn: number): Op<void> {
  if (cache_is_vipt_aliasing(linux)) yield* flushColour(linux, pfn, address);
}

/** @source arch/arc/mm/cache.c flush_cache_range() v6.1 */
function* flush_cache_range(linux: Linux): Op<void> {
  if (cache_is_vipt_aliasing(linux)) yield* flushEverything(linux);
}

/** Whatever kind of page it is. @source arch/arc/mm/cache.c flush_anon_page() v6.1 */
function* flush_anon_page(linux: Linux, _vma: Vma, pfn: number, address: number): Op<void> {
  if (!cache_is_vipt_aliasing(linux)) return;
  yield* flushColour(linux, pfn, address);
  yield* flushKernel(linux, pfnToKaddr(linux, pfn), linux.PAGE_SIZE);
}

/** @source arch/arc/mm/cache.c copy_user_highpage() v6.1 v6.12 */
function* copy_user_highpage(linux: Linux, copy: UserHighpageCopy): Op<void> {
  const kfrom = pfnToKaddr(linux, copy.from);
  const { mapped } = yield* copySource(linux, copy);
  const clean = mapped && addr_not_cache_congruent(linux, kfrom, copy.vaddr);
  if (clean) yield* flushColour(linux, copy.from, copy.vaddr);
  yield* generic.copy_user_highpage(linux, copy);
  const source = { pfn: copy.from, index: 0, order: 0 };
  yield* clear_bit(linux, { pfn: copy.to, index: 0, order: 0 });
  if (clean) {
    yield* flushKernel(linux, kfrom, linux.PAGE_SIZE);
    yield* set_bit(linux, source);
  } else yield* clear_bit(linux, source);
}

/** The port of ARC. */
export const arc: CachePort = {
  ...generic,
  flush_dcache_folio,
  flush_cache_page,
  flush_cache_range,
  flush_anon_page,
  update_mmu_cache,
  copy_user_highpage,
  /** @source arch/arc/mm/cache.c clear_user_page() v6.12 */
  *clear_user_highpage(linux, pfn, vaddr) {
    yield* generic.clear_user_highpage(linux, pfn, vaddr);
    yield* clear_bit(linux, { pfn, index: 0, order: 0 });
  },
};
