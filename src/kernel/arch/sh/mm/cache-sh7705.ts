// SH7705 in its 32 KiB mode: every tag is compared, so that the colour does not matter.

import { setCount } from '../../../../hw/index.ts';
import type { AddressSpace, Folio, Vma } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import type { Op } from '../../../steps.ts';
import { clear_bit, flushEverything, flushEveryColour, mapping_mapped } from '../../cache-ops.ts';

/** @source arch/sh/mm/cache-sh7705.c __flush_dcache_page() v6.12 */
function __flush_dcache_page(linux: Linux, pfn: number): Op<void> {
  const { dcache } = linux.machine.machine;
  const wayBytes = dcache === undefined ? 0 : setCount(dcache) * dcache.lineBytes;
  return flushEveryColour(linux, pfn, wayBytes);
}

/** @source arch/sh/mm/cache-sh7705.c sh7705_flush_dcache_folio() v6.12 */
export function* sh7705_flush_dcache_folio(
  linux: Linux,
  mapping: AddressSpace | undefined,
  folio: Folio,
): Op<void> {
  if (mapping !== undefined && !(yield* mapping_mapped(mapping))) {
    yield* clear_bit(linux, folio);
    return;
  }
  for (let i = 0; i < 2 ** folio.order; i++) yield* __flush_dcache_page(linux, folio.pfn + i);
}

/** @source arch/sh/mm/cache-sh7705.c sh7705_flush_cache_page() v6.12 */
export function sh7705_flush_cache_page(
  linux: Linux,
  _vma: Vma,
  _address: number,
  pfn: number,
): Op<void> {
  return __flush_dcache_page(linux, pfn);
}

/** The whole cache. @source arch/sh/mm/cache-sh7705.c sh7705_flush_cache_all() v6.12 */
export function sh7705_flush_cache_range(linux: Linux): Op<void> {
  return flushEverything(linux);
}
