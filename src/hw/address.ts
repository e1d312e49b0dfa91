// Addresses, set indices and colours as kinds of number that do not mix.
// Index and colour are taken from the low bits of an address as described in
// Documentation/core-api/cachetlb.rst: the set repeats every way, the colour every way of pages.

import { assert, brand } from '../base/index.ts';
import type { Brand } from '../base/index.ts';
import { colours, waySizeBytes } from './dcache.ts';
import type { Dcache } from './dcache.ts';

/** A virtual address in bytes: user or kernel. */
export type Vaddr = Brand<'Vaddr'>;

/** A physical address in bytes. */
export type Paddr = Brand<'Paddr'>;

/** Number of a cache set, 0 to sets - 1. */
export type SetIndex = Brand<'SetIndex'>;

/** Colour of a page, 0 to colours - 1: which part of a way the page falls into. */
export type Colour = Brand<'Colour'>;

/** `bytes` as a virtual address; asserts that it is a whole number of at least 0. */
export function vaddr(bytes: number): Vaddr {
  assert(Number.isSafeInteger(bytes), 'a virtual address is a whole number');
  assert(bytes >= 0, 'a virtual address is not negative');
  return brand<'Vaddr'>(bytes);
}

/** `bytes` as a physical address; asserts that it is a whole number of at least 0. */
export function paddr(bytes: number): Paddr {
  assert(Number.isSafeInteger(bytes), 'a physical address is a whole number');
  assert(bytes >= 0, 'a physical address is not negative');
  return brand<'Paddr'>(bytes);
}

/** Number of sets of the cache: way size / line size. */
export function setCount(dcache: Dcache): number {
  const sets = waySizeBytes(dcache) / dcache.lineBytes;
  assert(Number.isInteger(sets), 'a way is a whole number of lines');
  return sets;
}

/**
 * The set that an access picks. A virtually indexed cache takes it from the virtual address, a
 * physically indexed one from the physical address: pass the address the cache looks at.
 * Where the number of sets is not a power of two (PA-8700) the remainder is a simplification.
 */
export function setIndexOf(dcache: Dcache, address: Vaddr | Paddr): SetIndex {
  return brand<'SetIndex'>(Math.floor(address / dcache.lineBytes) % setCount(dcache));
}

/** The colour of the page that holds `address`; always 0 where way size <= page size. */
export function colourOf(dcache: Dcache, pageBytes: number, address: Vaddr): Colour {
  return brand<'Colour'>(Math.floor(address / pageBytes) % colours(dcache, pageBytes));
}
