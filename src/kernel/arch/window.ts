// Kernel addresses of a page beside the linear map: every frame has a window of every colour, and
// the same again past the cache. A real kernel makes such a mapping where it needs one, as
// kmap_coherent() and TLBTEMP do; here the addresses are always there.

import type { Linux } from '../linux.ts';
import type { Place } from '../steps.ts';

/** Beyond every linear map. */
export const WINDOWS = 2 ** 50;

/** Largest unit of congruence that any port knows: SHM_COLOUR of parisc. */
const UNIT = 2 ** 22;

/** Addresses of one frame: a unit of cached ones, and one of those that bypass the cache. */
const STRIDE = 2 * UNIT;

/** Where the kernel reaches byte `paddr` at an address congruent to `like`, whatever the unit. */
export function windowAddress(
  linux: Linux,
  what: { readonly paddr: number; readonly like: number; readonly attribute?: 'uncached' },
): number {
  const { paddr, like, attribute } = what;
  const pfn = Math.floor(paddr / linux.PAGE_SIZE);
  const page = Math.floor((like % UNIT) / linux.PAGE_SIZE) * linux.PAGE_SIZE;
  const half = attribute === undefined ? 0 : UNIT;
  return WINDOWS + pfn * STRIDE + half + page + (paddr - pfn * linux.PAGE_SIZE);
}

/** The memory behind an address of a window. */
export function windowPlace(linux: Linux, vaddr: number): Place {
  const pfn = Math.floor((vaddr - WINDOWS) / STRIDE);
  const inFrame = vaddr - WINDOWS - pfn * STRIDE;
  const place = { vaddr, paddr: pfn * linux.PAGE_SIZE + (inFrame % linux.PAGE_SIZE) };
  return inFrame < UNIT ? place : { ...place, attribute: 'uncached' };
}
