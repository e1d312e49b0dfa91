// SuperH: what all CPUs of the port share. PG_arch_1 is PG_dcache_clean. Which functions a CPU has
// is in cache-sh4.ts and cache-sh7705.ts; other SH-3 have none.

import type { Pte, Vma } from '../../../include/linux/mm.ts';
import { VM_EXEC } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { get, type Op } from '../../../steps.ts';
import {
  colouredPlace,
  copyPlaces,
  copySource,
  flushColour,
  flushKernel,
  flushKernelFolio,
  PageAnon,
  pages_do_alias,
  pageUnder,
  pfn_valid,
  test_and_set_bit,
  test_bit,
} from '../../cache-ops.ts';
import { type CachePort, generic, type UserHighpageCopy } from '../../cache-port.ts';
import { kernelPlace, pfnToKaddr } from '../../map.ts';
import { n_aliases, type ShReports } from './cache.ts';
import {
  sh4_flush_cache_page,
  sh4_flush_cache_range,
  sh4_flush_dcache_folio,
} from './cache-sh4.ts';
import {
  sh7705_flush_cache_page,
  sh7705_flush_cache_range,
  sh7705_flush_dcache_folio,
} from './cache-sh7705.ts';

function reportsOf(linux: Linux): ShReports {
  const { reports } = linux.machine.machine;
  return reports.kind === 'sh' ? reports : { kind: 'sh', sets: 0, entryShift: 0, shx3: false };
}

/** Colours that the kernel counts; 0: no aliases. */
export function aliases(linux: Linux): number {
  return n_aliases(reportsOf(linux), linux.PAGE_SIZE);
}

/**
 * The unit of congruence in bytes: a way, or a page where that is more.
 * @source arch/sh/kernel/cpu/init.c shm_align_mask v6.12
 */
export function shm_align(linux: Linux): number {
  const { sets, entryShift } = reportsOf(linux);
  return Math.max(sets * 2 ** entryShift, linux.PAGE_SIZE);
}

/** @source arch/sh/mm/cache.c __update_cache() v6.12 */
function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  if (aliases(linux) === 0 || !pfn_valid(linux, pte.pfn)) return;
  const { folio } = yield* pageUnder(linux, vma, address, pte);
  if (!(yield* test_and_set_bit(linux, folio))) yield* flushKernelFolio(linux, folio);
}

/** @source arch/sh/mm/cache.c __flush_anon_page() v6.12 */
function* flush_anon_page(linux: Linux, vma: Vma, pfn: number, address: number): Op<void> {
  if (aliases(linux) === 0 || !(yield* PageAnon(linux, vma, address))) return;
  const kaddr = pfnToKaddr(linux, pfn);
  if (!pages_do_alias(kaddr, address, shm_align(linux))) return;
  if (yield* test_bit(linux, { pfn, index: 0, order: 0 })) {
    yield* flushColour(linux, pfn, address);
  } else yield* flushKernel(linux, kaddr, linux.PAGE_SIZE);
}

/** @source arch/sh/mm/cache.c copy_user_highpage() v6.12 */
function* copy_user_highpage(linux: Linux, copy: UserHighpageCopy): Op<void> {
  const kto = pfnToKaddr(linux, copy.to);
  const { folio, mapped } = yield* copySource(linux, copy);
  const coherent = aliases(linux) > 0 && mapped && (yield* test_bit(linux, folio));
  const from = coherent
    ? colouredPlace(linux, copy.from, copy.vaddr)
    : kernelPlace(linux, pfnToKaddr(linux, copy.from));
  yield* copyPlaces(linux, kernelPlace(linux, kto), from);
  // Taking the coherent mapping away purges it.
  if (coherent) yield* flushColour(linux, copy.from, copy.vaddr);
  const exec = ((yield* get(copy.vma.vm_flags)) & VM_EXEC) !== 0;
  if (exec || pages_do_alias(kto, copy.vaddr, shm_align(linux))) {
    yield* flushKernel(linux, kto, linux.PAGE_SIZE);
  }
}

/** What every SuperH with an MMU has. */
const common: CachePort = {
  ...generic,
  flush_anon_page,
  update_mmu_cache,
  copy_user_highpage,
  /** @source arch/sh/mm/cache.c clear_user_highpage() v6.12 */
  *clear_user_highpage(linux, pfn, vaddr) {
    yield* generic.clear_user_highpage(linux, pfn, vaddr);
    const kaddr = pfnToKaddr(linux, pfn);
    if (pages_do_alias(kaddr, vaddr, shm_align(linux))) {
      yield* flushKernel(linux, kaddr, linux.PAGE_SIZE);
    }
  },
};

/** SH-3 without aliases. @source arch/sh/mm/cache-sh3.c sh3_cache_init() v6.12 */
export const sh3: CachePort = common;

/** SH7705 with 32 KiB. @source arch/sh/mm/cache-sh7705.c sh7705_cache_init() v6.12 */
export const sh7705: CachePort = {
  ...common,
  flush_dcache_folio: sh7705_flush_dcache_folio,
  flush_cache_page: sh7705_flush_cache_page,
  flush_cache_range: sh7705_flush_cache_range,
};

/** SH-4 and SH-4A. @source arch/sh/mm/cache-sh4.c sh4_cache_init() v6.12 */
export const sh4: CachePort = {
  ...common,
  flush_dcache_folio: sh4_flush_dcache_folio,
  flush_cache_page: sh4_flush_cache_page,
  *flush_cache_range(linux) {
    if (aliases(linux) > 0) yield* sh4_flush_cache_range(linux);
  },
};
