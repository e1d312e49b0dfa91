// m68k: the 68030's small virtual cache is emptied as a whole, and only for the loaded address
// space; the physical caches of 68040, 68060 and ColdFire are pushed for the kernel's stores.

import type { AddressSpace, Folio, Vma } from '../../../../include/linux/mm.ts';
import type { Linux } from '../../../../linux.ts';
import type { Op } from '../../../../steps.ts';
import { flushEverything, flushKernel, folioBytes, isLoaded } from '../../../cache-ops.ts';
import { type CachePort, generic } from '../../../cache-port.ts';
import { pfnToKaddr } from '../../../map.ts';

function CPU_IS_020_OR_030(linux: Linux): boolean {
  return linux.machine.machine.id.startsWith('m68030');
}

/** On a 68030 only the instruction cache. @source arch/m68k/include/asm/cacheflush_mm.h
 * __flush_pages_to_ram() v6.12 */
function* __flush_pages_to_ram(linux: Linux, kaddr: number, length: number): Op<void> {
  if (!CPU_IS_020_OR_030(linux)) yield* flushKernel(linux, kaddr, length);
}

/** @source arch/m68k/include/asm/cacheflush_mm.h flush_dcache_folio() v6.12 */
function flush_dcache_folio(
  linux: Linux,
  _mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  return __flush_pages_to_ram(linux, pfnToKaddr(linux, folio.pfn), folioBytes(linux, folio));
}

/** @source arch/m68k/include/asm/cacheflush_mm.h flush_cache_range() flush_cache_page() v6.12 */
function* flush_cache_range(linux: Linux, vma: Vma): Op<void> {
  if (CPU_IS_020_OR_030(linux) && (yield* isLoaded(linux, vma.vm_mm))) {
    yield* flushEverything(linux);
  }
}

/** The port of m68k. @source arch/m68k/include/asm/page_mm.h copy_user_page() v6.12 */
export const m68k: CachePort = {
  ...generic,
  flush_dcache_folio,
  flush_cache_page: flush_cache_range,
  flush_cache_range,
  *copy_user_page(linux, copy) {
    yield* generic.copy_user_page(linux, copy);
    yield* __flush_pages_to_ram(linux, copy.to, linux.PAGE_SIZE);
  },
  *copy_user_highpage(linux, copy) {
    yield* generic.copy_user_highpage(linux, copy);
    yield* __flush_pages_to_ram(linux, pfnToKaddr(linux, copy.to), linux.PAGE_SIZE);
  },
  *clear_user_highpage(linux, pfn, vaddr) {
    yield* generic.clear_user_highpage(linux, pfn, vaddr);
    yield* __flush_pages_to_ram(linux, pfnToKaddr(linux, pfn), linux.PAGE_SIZE);
  },
  // @source arch/m68k/include/asm/mmu_context.h switch_mm_0230() v6.12
  flushesOnSwitch: CPU_IS_020_OR_030,
};
