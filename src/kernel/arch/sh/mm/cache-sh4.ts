// SH-4: flushes by colour, with a match of the physical tag.

import type { AddressSpace, Folio, Vma } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import type { Op } from '../../../steps.ts';
import {
  clear_bit,
  flushColour,
  flushEverything,
  flushKernel,
  flushKernelFolio,
  isLoaded,
  mapping_mapped,
  pageUnder,
  pteAt,
  test_bit,
} from '../../cache-ops.ts';
import { pfnToKaddr } from '../../map.ts';

/**
 * Without CONFIG_SMP: deferred while nobody maps the file, else the kernel's own colour.
 * @source arch/sh/mm/cache-sh4.c sh4_flush_dcache_folio() v6.12, sh4_flush_dcache_page() v6.1
 */
export function* sh4_flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (mapping !== undefined && !(yield* mapping_mapped(mapping))) yield* clear_bit(linux, folio);
  else yield* flushKernelFolio(linux, folio);
}

/**
 * The user's colour in the loaded address space. Else that of a kernel mapping, which is the user's
 * only for a folio that counts its mappings and has been flushed: not for a DAX page.
 * @source arch/sh/mm/cache-sh4.c sh4_flush_cache_page() v6.12
 */
export function* sh4_flush_cache_page(
  linux: Linux,
  vma: Vma,
  address: number,
  pfn: number,
): Op<void> {
  const pte = yield* pteAt(linux, vma.vm_mm, address);
  if (pte === undefined) return;
  if (yield* isLoaded(linux, vma.vm_mm)) {
    yield* flushColour(linux, pfn, address);
    return;
  }
  const { folio, counted } = yield* pageUnder(linux, vma, address, pte);
  if (counted && (yield* test_bit(linux, folio))) yield* flushColour(linux, pfn, address);
  else yield* flushKernel(linux, pfnToKaddr(linux, pfn), linux.PAGE_SIZE);
}

/** The whole cache. @source arch/sh/mm/cache-sh4.c sh4_flush_cache_range() v6.12 */
export function sh4_flush_cache_range(linux: Linux): Op<void> {
  return flushEverything(linux);
}
