// MIPS: flushes of page-cache pages, deferred while nobody maps the file. PG_arch_1 is
// PG_dcache_dirty here: set means that a flush is owed.

import type { AddressSpace, Folio, Pte, Vma } from '../../../include/linux/mm.ts';
import { VM_EXEC } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { get, type Op } from '../../../steps.ts';
import {
  clear_bit,
  flushColour,
  flushKernel,
  flushKernelFolio,
  mapping_mapped,
  PageAnon,
  pages_do_alias,
  pageUnder,
  pfn_valid,
  set_bit,
  test_bit,
} from '../../cache-ops.ts';
import { pfnToKaddr } from '../../map.ts';
import { cpu_has_dc_aliases } from '../include/asm/cpu-features.ts';
import { probe_pcache } from './c-r4k.ts';

/** Whether the kernel believes that the data cache aliases. */
export function hasAliases(linux: Linux): boolean {
  const { reports } = linux.machine.machine;
  return reports.kind === 'mips' && cpu_has_dc_aliases(reports, linux.PAGE_SIZE) === 1;
}

/** The unit of congruence in bytes. @source arch/mips/mm/c-r4k.c r4k_cache_init() v6.12 */
export function shm_align(linux: Linux): number {
  const { reports } = linux.machine.machine;
  if (reports.kind !== 'mips' || !hasAliases(linux)) return linux.PAGE_SIZE;
  return Math.max(probe_pcache(reports, linux.PAGE_SIZE).waysize, linux.PAGE_SIZE);
}

/** @source arch/mips/include/asm/cacheflush.h flush_dcache_folio() v6.12 */
export function* flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (hasAliases(linux)) yield* __flush_dcache_pages(linux, mapping, folio);
  // For instruction fetches: owed to the first executable mapping.
  else yield* set_bit(linux, folio);
}

/** @source arch/mips/mm/cache.c __flush_dcache_pages() v6.12, __flush_dcache_page() v6.1 */
function* __flush_dcache_pages(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (mapping !== undefined && !(yield* mapping_mapped(mapping))) {
    yield* set_bit(linux, folio);
    return;
  }
  // Only the kernel's own address: users of the file are of the same colour as each other, and it
  // is for the caller that they be written back where the kernel is about to read.
  yield* flushKernelFolio(linux, folio);
}

/** @source arch/mips/mm/cache.c __flush_anon_page() v6.12 */
export function* flush_anon_page(linux: Linux, vma: Vma, pfn: number, address: number): Op<void> {
  if (!hasAliases(linux) || !(yield* PageAnon(linux, vma, address))) return;
  const kaddr = pfnToKaddr(linux, pfn);
  if (!pages_do_alias(kaddr, address, shm_align(linux))) return;
  const owed = yield* test_bit(linux, { pfn, index: 0, order: 0 });
  if (!owed) yield* flushColour(linux, pfn, address);
  else yield* flushKernel(linux, kaddr, linux.PAGE_SIZE);
}

/** @source arch/mips/mm/cache.c __update_cache() v6.12 */
export function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  if (!pfn_valid(linux, pte.pfn)) return;
  const { folio } = yield* pageUnder(linux, vma, address, pte);
  if (!(yield* test_bit(linux, folio))) return;
  const exec = ((yield* get(vma.vm_flags)) & VM_EXEC) !== 0;
  const page = Math.floor(address / linux.PAGE_SIZE) * linux.PAGE_SIZE;
  const first = page - (pte.pfn - folio.pfn) * linux.PAGE_SIZE;
  for (let i = 0; i < 2 ** folio.order; i++) {
    const kaddr = pfnToKaddr(linux, folio.pfn + i);
    if (exec || pages_do_alias(kaddr, first + i * linux.PAGE_SIZE, shm_align(linux))) {
      yield* flushKernel(linux, kaddr, linux.PAGE_SIZE);
    }
  }
  yield* clear_bit(linux, folio);
}
