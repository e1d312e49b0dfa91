// ARM: pages that the kernel makes for a user, by copying or clearing.

import type { Linux } from '../../../linux.ts';
import { maintain, type Op } from '../../../steps.ts';
import {
  clearPlace,
  colouredPlace,
  copyPlaces,
  copySource,
  flushKernel,
  test_and_set_bit,
} from '../../cache-ops.ts';
import { type CachePort, generic, type UserHighpageCopy } from '../../cache-port.ts';
import { kernelPlace, pfnToKaddr } from '../../map.ts';
import { update_mmu_cache } from './fault-armv.ts';
import {
  __flush_dcache_folio,
  cacheKind,
  flush_anon_page,
  flush_cache_page,
  flush_cache_range,
  flush_dcache_folio,
} from './flush.ts';

/**
 * Virtual tags: the user's lines of the source are written back, and the kernel's old lines of the
 * target dropped, so that stores go to memory (the caches allocate on loads only).
 * @source arch/arm/mm/copypage-v4wb.c v4wb_copy_user_highpage() v6.12
 */
function* v4wb_copy_user_highpage(linux: Linux, copy: UserHighpageCopy): Op<void> {
  const to = kernelPlace(linux, pfnToKaddr(linux, copy.to));
  yield* flush_cache_page(linux, copy.vma, copy.vaddr, copy.from);
  yield* maintain('invalidate', to, linux.PAGE_SIZE);
  yield* copyPlaces(linux, to, kernelPlace(linux, pfnToKaddr(linux, copy.from)));
}

/** @source arch/arm/mm/copypage-v6.c v6_copy_user_highpage_aliasing() v6.12 */
function* v6_copy_user_highpage_aliasing(linux: Linux, copy: UserHighpageCopy): Op<void> {
  const { folio, mapping } = yield* copySource(linux, copy);
  if (!(yield* test_and_set_bit(linux, folio))) {
    yield* __flush_dcache_folio(linux, mapping, folio);
  }
  yield* maintain('invalidate', kernelPlace(linux, pfnToKaddr(linux, copy.to)), linux.PAGE_SIZE);
  yield* copyPlaces(
    linux,
    colouredPlace(linux, copy.to, copy.vaddr),
    colouredPlace(linux, copy.from, copy.vaddr),
  );
}

function* copy_user_highpage(linux: Linux, copy: UserHighpageCopy): Op<void> {
  const kind = cacheKind(linux);
  if (kind === 'vivt') yield* v4wb_copy_user_highpage(linux, copy);
  else if (kind === 'vipt-aliasing') yield* v6_copy_user_highpage_aliasing(linux, copy);
  else yield* generic.copy_user_highpage(linux, copy);
}

/**
 * @source arch/arm/mm/copypage-v4wb.c v4wb_clear_user_highpage() v6.12
 * @source arch/arm/mm/copypage-v6.c v6_clear_user_highpage_aliasing() v6.12
 */
function* clear_user_highpage(linux: Linux, pfn: number, vaddr: number): Op<void> {
  const kernel = kernelPlace(linux, pfnToKaddr(linux, pfn));
  const kind = cacheKind(linux);
  if (kind !== 'vipt-nonaliasing') yield* maintain('invalidate', kernel, linux.PAGE_SIZE);
  const to = kind === 'vipt-aliasing' ? colouredPlace(linux, pfn, vaddr) : kernel;
  yield* clearPlace(linux, to);
}

/** Ports of ARM, from virtual tags to caches that do not alias. */
export const arm: CachePort = {
  ...generic,
  flush_dcache_folio,
  flush_cache_page,
  flush_cache_range,
  flush_anon_page,
  update_mmu_cache,
  // ARM with an MMU has no such function, nor has it FS_DAX, which asks for it: here it leaves the
  // target in memory, as copy_user_highpage() does.
  *copy_user_page(linux, copy) {
    yield* generic.copy_user_page(linux, copy);
    if (cacheKind(linux) !== 'vipt-nonaliasing') {
      yield* flushKernel(linux, copy.to, linux.PAGE_SIZE);
    }
  },
  copy_user_highpage,
  clear_user_highpage,
  // @source arch/arm/mm/proc-arm926.S cpu_arm926_switch_mm v6.12
  flushesOnSwitch: (linux) => cacheKind(linux) === 'vivt',
};
