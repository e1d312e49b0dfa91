// What mm asks a port about its data cache. The answer of a port without anything to do, which is
// that of include/asm-generic/cacheflush.h, and the base of all others.
// @source Documentation/core-api/cachetlb.rst v6.12

import type { AddressSpace, Folio, Pte, Vma } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { noSteps, type Op } from '../steps.ts';
import { kernelCopy, kernelZero, pfnToKaddr } from './map.ts';

/** Kernel addresses of two pages, and the user address at which the first will be seen. */
export interface UserPageCopy {
  readonly to: number;
  readonly from: number;
  readonly vaddr: number;
}

/** Page frames of two pages, and where the user of `vma` sees (or will see) both. */
export interface UserHighpageCopy extends UserPageCopy {
  readonly vma: Vma;
}

/** The functions that a port may have in place of the generic ones, under the kernel's names. */
export interface CachePort {
  readonly flush_dcache_folio: (
    linux: Linux,
    mapping: AddressSpace | undefined,
    folio: Folio,
  ) => Op<void>;
  readonly flush_cache_page: (linux: Linux, vma: Vma, address: number, pfn: number) => Op<void>;
  readonly flush_cache_range: (linux: Linux, vma: Vma, start: number, end: number) => Op<void>;
  readonly flush_anon_page: (linux: Linux, vma: Vma, pfn: number, address: number) => Op<void>;
  readonly update_mmu_cache: (linux: Linux, vma: Vma, address: number, pte: Pte) => Op<void>;
  readonly copy_user_page: (linux: Linux, copy: UserPageCopy) => Op<void>;
  readonly copy_user_highpage: (linux: Linux, copy: UserHighpageCopy) => Op<void>;
  readonly clear_user_highpage: (linux: Linux, pfn: number, vaddr: number) => Op<void>;
  readonly kunmap_local: (linux: Linux, kaddr: number) => Op<void>;
  /** Caches that tell no address spaces apart are emptied when another one is loaded. */
  readonly flushesOnSwitch: (linux: Linux) => boolean;
}

/** Nothing to do: no aliases, or none that the port knows of. */
export const generic: CachePort = {
  flush_dcache_folio: () => noSteps<void>(undefined),
  *flush_cache_page() {},
  *flush_cache_range() {},
  *flush_anon_page() {},
  *update_mmu_cache() {},
  *copy_user_page(linux, { to, from }) {
    yield* kernelCopy(linux, { to, from, length: linux.PAGE_SIZE });
  },
  *copy_user_highpage(linux, { to, from }) {
    yield* kernelCopy(linux, {
      to: pfnToKaddr(linux, to),
      from: pfnToKaddr(linux, from),
      length: linux.PAGE_SIZE,
    });
  },
  *clear_user_highpage(linux, pfn) {
    yield* kernelZero(linux, pfnToKaddr(linux, pfn), linux.PAGE_SIZE);
  },
  *kunmap_local() {},
  flushesOnSwitch: () => false,
};
