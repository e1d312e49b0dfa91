// MIPS: pages that the kernel makes for a user, by copying or clearing; and the port as a whole.

import type { Linux } from '../../../linux.ts';
import type { Op } from '../../../steps.ts';
import {
  colouredPlace,
  copyPlaces,
  copySource,
  flushKernel,
  pages_do_alias,
  test_bit,
} from '../../cache-ops.ts';
import { type CachePort, generic, type UserHighpageCopy } from '../../cache-port.ts';
import { kernelPlace, pfnToKaddr } from '../../map.ts';
import { flush_cache_page, flush_cache_range } from './c-r4k-flush.ts';
import {
  flush_anon_page,
  flush_dcache_folio,
  hasAliases,
  shm_align,
  update_mmu_cache,
} from './cache.ts';

/** @source arch/mips/mm/init.c copy_user_highpage() v6.12 */
function* copy_user_highpage(linux: Linux, copy: UserHighpageCopy): Op<void> {
  const kto = pfnToKaddr(linux, copy.to);
  const kfrom = pfnToKaddr(linux, copy.from);
  const { folio, mapped } = yield* copySource(linux, copy);
  const coherent = hasAliases(linux) && mapped && !(yield* test_bit(linux, folio));
  const from = coherent ? colouredPlace(linux, copy.from, copy.vaddr) : kernelPlace(linux, kfrom);
  yield* copyPlaces(linux, kernelPlace(linux, kto), from);
  yield* flushKernel(linux, kto, linux.PAGE_SIZE);
}

/** Flushes the kernel's lines of a page that a user will see under another colour. */
function* flushIfAlias(linux: Linux, kaddr: number, vaddr: number): Op<void> {
  if (pages_do_alias(kaddr, vaddr, shm_align(linux))) {
    yield* flushKernel(linux, kaddr, linux.PAGE_SIZE);
  }
}

/** Ports of MIPS. */
export const mips: CachePort = {
  ...generic,
  flush_dcache_folio,
  flush_cache_page,
  flush_cache_range,
  flush_anon_page,
  update_mmu_cache,
  // MIPS has no such function, nor has it FS_DAX, which asks for it: as copy_user_highpage().
  *copy_user_page(linux, copy) {
    yield* generic.copy_user_page(linux, copy);
    yield* flushIfAlias(linux, copy.to, copy.vaddr);
  },
  copy_user_highpage,
  /** @source arch/mips/include/asm/page.h clear_user_page() v6.12 */
  *clear_user_highpage(linux, pfn, vaddr) {
    yield* generic.clear_user_highpage(linux, pfn, vaddr);
    yield* flushIfAlias(linux, pfnToKaddr(linux, pfn), vaddr);
  },
};
