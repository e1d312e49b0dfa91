// Dirty folios and their way to the device.

import { assert } from '../../base/index.ts';
import type { AddressSpace, Folio } from '../include/linux/mm.ts';
import type { Op } from '../steps.ts';

/** Calls `write` for each dirty folio of a range of bytes (inclusive), cleaned and write-protected. */
export function* write_cache_pages(
  mapping: AddressSpace,
  range: { readonly start: number; readonly end: number; readonly sync: boolean },
  write: (folio: Folio) => Op<number>,
): Op<number> {
  void mapping;
  void range;
  void write;
  assert(false, 'not written yet');
}

/** Clears the dirty mark before writing; false: it was clean. PTEs are write-protected. */
export function* folio_clear_dirty_for_io(mapping: AddressSpace, folio: Folio): Op<boolean> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}

/** Hands dirty pages of a range of bytes (inclusive) to the filesystem. */
export function* do_writepages(
  mapping: AddressSpace,
  range: { readonly start: number; readonly end: number; readonly sync: boolean },
): Op<number> {
  void mapping;
  void range;
  assert(false, 'not written yet');
}
