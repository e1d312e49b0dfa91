// sparc32: the operations of sparc32_cachetlb_ops, by CPU. Nothing is deferred: what the kernel
// stores to a page is flushed at once.

import { never } from '../../../../base/index.ts';
import type { AddressSpace, Folio, Vma } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import type { Op } from '../../../steps.ts';
import { flushEverything, flushKernel, flushUser, folioBytes, pteAt } from '../../cache-ops.ts';
import { type CachePort, generic } from '../../cache-port.ts';
import { pfnToKaddr } from '../../map.ts';
import type { Sparc32Reports } from './srmmu.ts';
import { vac_cache_size } from './srmmu.ts';

function srmmu(linux: Linux): Sparc32Reports['srmmu'] {
  const { reports } = linux.machine.machine;
  return reports.kind === 'sparc32' ? reports.srmmu : 'viking';
}

/**
 * The operation `page_to_ram` for the kernel's own addresses.
 * @source arch/sparc/mm/hypersparc.S hypersparc_flush_page_to_ram v6.12
 * @source arch/sparc/mm/swift.S swift_flush_page_to_ram v6.12: all tags are cleared
 * @source arch/sparc/mm/leon_mm.c leon_flush_page_to_ram() v6.12
 * @source arch/sparc/mm/srmmu.c turbosparc_flush_page_to_ram() v6.12: empty, as are those of
 *   tsunami and viking
 */
function* page_to_ram(linux: Linux, kaddr: number, length: number): Op<void> {
  const cpu = srmmu(linux);
  switch (cpu) {
    case 'hypersparc':
      yield* flushKernel(linux, kaddr, length);
      return;
    case 'swift':
    case 'leon':
      yield* flushEverything(linux);
      return;
    case 'turbosparc':
    case 'tsunami':
    case 'viking':
      return;
    default:
      never(cpu);
  }
}

/** @source arch/sparc/mm/init_32.c sparc_flush_folio_to_ram() v6.12 */
function flush_dcache_folio(
  linux: Linux,
  _mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  return page_to_ram(linux, pfnToKaddr(linux, folio.pfn), folioBytes(linux, folio));
}

/**
 * The operation `cache_page`.
 * @source arch/sparc/mm/hypersparc.S hypersparc_flush_cache_page v6.12: where it is mapped
 * @source arch/sparc/mm/viking.S viking_flush_cache_page v6.12: register windows only
 */
function* flush_cache_page(linux: Linux, vma: Vma, address: number, pfn: number): Op<void> {
  const cpu = srmmu(linux);
  if (cpu === 'viking') return;
  if (cpu !== 'hypersparc') yield* flushEverything(linux);
  else if ((yield* pteAt(linux, vma.vm_mm, address)) !== undefined) {
    yield* flushUser(linux, pfn, address);
  }
}

/**
 * The operation `cache_range`; hyperSPARC clears all user lines for more than four times the cache.
 * @source arch/sparc/mm/hypersparc.S hypersparc_flush_cache_range v6.12
 */
function* flush_cache_range(linux: Linux, vma: Vma, start: number, end: number): Op<void> {
  const cpu = srmmu(linux);
  if (cpu === 'viking') return;
  const { reports } = linux.machine.machine;
  const cacheBytes = reports.kind === 'sparc32' ? vac_cache_size(reports) : 0;
  if (cpu !== 'hypersparc' || end - start >= 4 * cacheBytes) {
    yield* flushEverything(linux);
    return;
  }
  for (let address = start; address < end; address += linux.PAGE_SIZE) {
    const pte = yield* pteAt(linux, vma.vm_mm, address);
    if (pte !== undefined) yield* flushUser(linux, pte.pfn, address);
  }
}

/** The port of sparc32. @source arch/sparc/include/asm/page_32.h copy_user_page() v6.12 */
export const sparc32: CachePort = {
  ...generic,
  flush_dcache_folio,
  flush_cache_page,
  flush_cache_range,
  *copy_user_page(linux, copy) {
    yield* generic.copy_user_page(linux, copy);
    yield* page_to_ram(linux, copy.to, linux.PAGE_SIZE);
  },
  *copy_user_highpage(linux, copy) {
    yield* generic.copy_user_highpage(linux, copy);
    yield* page_to_ram(linux, pfnToKaddr(linux, copy.to), linux.PAGE_SIZE);
  },
  *clear_user_highpage(linux, pfn, vaddr) {
    yield* generic.clear_user_highpage(linux, pfn, vaddr);
    yield* page_to_ram(linux, pfnToKaddr(linux, pfn), linux.PAGE_SIZE);
  },
  // LEON with more than one way, or ways of more than a page.
  // @source arch/sparc/mm/leon_mm.c leon_switch_mm() leon_flush_needed() v6.12
  flushesOnSwitch: (linux) => {
    const { dcache } = linux.machine.machine;
    if (srmmu(linux) !== 'leon' || dcache === undefined) return false;
    return dcache.ways > 1 || dcache.sizeBytes > linux.PAGE_SIZE;
  },
};
