// MIPS with an R4000-style cache: what is flushed when page table entries change.

import type { Vma } from '../../../include/linux/mm.ts';
import { VM_EXEC } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { get, type Op } from '../../../steps.ts';
import {
  flushColour,
  flushEverything,
  flushKernel,
  flushUser,
  isLoaded,
  pageUnder,
  pteAt,
  test_bit,
} from '../../cache-ops.ts';
import { pfnToKaddr } from '../../map.ts';
import { hasAliases } from './cache.ts';

/** The whole cache, whatever the range. @source arch/mips/mm/c-r4k.c
 * local_r4k_flush_cache_range() v6.12 */
export function* flush_cache_range(linux: Linux, vma: Vma): Op<void> {
  const exec = ((yield* get(vma.vm_flags)) & VM_EXEC) !== 0;
  if (hasAliases(linux) || exec) yield* flushEverything(linux);
}

/**
 * By user address in the loaded address space. Else by a kernel mapping of the same colour, but
 * only for a folio that counts its mappings: for a DAX page it is the kernel's own colour.
 * @source arch/mips/mm/c-r4k.c local_r4k_flush_cache_page() v6.12
 */
export function* flush_cache_page(linux: Linux, vma: Vma, address: number, pfn: number): Op<void> {
  const exec = ((yield* get(vma.vm_flags)) & VM_EXEC) !== 0;
  if (!hasAliases(linux) && !exec) return;
  const pte = yield* pteAt(linux, vma.vm_mm, address);
  if (pte === undefined) return;
  if (yield* isLoaded(linux, vma.vm_mm)) {
    yield* flushUser(linux, pfn, address);
    return;
  }
  const { folio, counted } = yield* pageUnder(linux, vma, address, pte);
  const coherent = hasAliases(linux) && counted && !(yield* test_bit(linux, folio));
  if (coherent) yield* flushColour(linux, pfn, address);
  else yield* flushKernel(linux, pfnToKaddr(linux, pfn), linux.PAGE_SIZE);
}
