// PA-RISC: flushes through an alias space of the same colour. PG_arch_1 is PG_dcache_dirty: set
// means that a flush is owed. PA8800 and PA8900, which need more, are not modelled.

import type { AddressSpace, Folio, Pte, Vma } from '../../../include/linux/mm.ts';
import { VM_SHARED } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { get, type Op } from '../../../steps.ts';
import {
  clear_bit,
  flushColour,
  flushEverything,
  flushKernel,
  flushKernelFolio,
  mapping_mapped,
  mappingsOf,
  PageAnon,
  pageUnder,
  pfn_valid,
  pteAt,
  set_bit,
  test_bit,
} from '../../cache-ops.ts';
import { type CachePort, generic, type UserHighpageCopy } from '../../cache-port.ts';
import { pfnToKaddr } from '../../map.ts';

/** @source arch/parisc/include/asm/shmparam.h SHM_COLOUR v6.12 */
export const SHM_COLOUR = 0x400000;

/** @source arch/parisc/kernel/cache.c __update_cache() v6.12 */
function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  if (!pfn_valid(linux, pte.pfn)) return;
  const { folio, mapping } = yield* pageUnder(linux, vma, address, pte);
  if (mapping === undefined || !(yield* test_bit(linux, folio))) return;
  yield* flushKernelFolio(linux, folio);
  yield* clear_bit(linux, folio);
}

/**
 * The kernel's lines, then one user address of each colour in use: shared mappings of a file are
 * congruent, private ones need not be.
 * @source arch/parisc/kernel/cache.c flush_dcache_folio() v6.12, flush_dcache_page() v6.1
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
  yield* flushKernelFolio(linux, folio);
  if (mapping === undefined) return;
  const done = new Map<number, number>();
  for (const { vma, address, page } of yield* mappingsOf(linux, mapping, folio)) {
    const flushed = done.get(page);
    if (flushed !== undefined && flushed % SHM_COLOUR === address % SHM_COLOUR) continue;
    yield* flushColour(linux, folio.pfn + page, address);
    if (((yield* get(vma.vm_flags)) & VM_SHARED) !== 0) done.set(page, address);
  }
}

/** @source arch/parisc/kernel/cache.c flush_cache_page() __flush_cache_page() v6.12 */
function flush_cache_page(linux: Linux, _vma: Vma, address: number, pfn: number): Op<void> {
  return flushColour(linux, pfn, address);
}

/** 6.1 looks first whether the page is mapped. @source arch/parisc/kernel/cache.c
 * copy_user_highpage() flush_cache_page_if_present() v6.1 */
function* copy_user_highpage(linux: Linux, copy: UserHighpageCopy): Op<void> {
  const present = (yield* pteAt(linux, copy.vma.vm_mm, copy.vaddr)) !== undefined;
  if (linux.is_6_12 || present) yield* flushColour(linux, copy.from, copy.vaddr);
  yield* generic.copy_user_highpage(linux, copy);
  yield* kunmap_local(linux, pfnToKaddr(linux, copy.to));
  yield* kunmap_local(linux, pfnToKaddr(linux, copy.from));
}

/** A temporary mapping goes, and what was cached through it with it. @source
 * arch/parisc/kernel/cache.c kunmap_flush_on_unmap() v6.12 */
function kunmap_local(linux: Linux, kaddr: number): Op<void> {
  const page = Math.floor(kaddr / linux.PAGE_SIZE) * linux.PAGE_SIZE;
  return flushKernel(linux, page, linux.PAGE_SIZE);
}

/** The port of PA-RISC. */
export const parisc: CachePort = {
  ...generic,
  flush_dcache_folio,
  flush_cache_page,
  // The whole cache: ranges are flushed page by page on PA8800 and PA8900 only.
  flush_cache_range: (linux) => flushEverything(linux),
  *flush_anon_page(linux, vma, pfn, address) {
    if (yield* PageAnon(linux, vma, address)) yield* flushColour(linux, pfn, address);
  },
  update_mmu_cache,
  // Without a function of its own, nor FS_DAX, which asks for it: as copy_user_highpage().
  *copy_user_page(linux, copy) {
    yield* generic.copy_user_page(linux, copy);
    yield* kunmap_local(linux, copy.to);
  },
  copy_user_highpage,
  *clear_user_highpage(linux, pfn, vaddr) {
    yield* generic.clear_user_highpage(linux, pfn, vaddr);
    yield* kunmap_local(linux, pfnToKaddr(linux, pfn));
  },
  kunmap_local,
};
