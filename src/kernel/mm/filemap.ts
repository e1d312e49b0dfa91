// The page cache: folios of a file, found, added and removed.

import { assert } from '../../base/index.ts';
import type { Kiocb } from '../include/linux/fs.ts';
import type { AddressSpace, Folio } from '../include/linux/mm.ts';
import type { Op } from '../steps.ts';

/** The folio at a page index of the file. */
export function* filemap_get_folio(mapping: AddressSpace, index: number): Op<Folio | undefined> {
  void mapping;
  void index;
  assert(false, 'not written yet');
}

/** A folio at the index, made where there is none: -ENOMEM where there is no memory. */
export function* __filemap_get_folio(
  mapping: AddressSpace,
  at: { readonly index: number; readonly order: number },
): Op<Folio | number> {
  void mapping;
  void at;
  assert(false, 'not written yet');
}

/** Takes a folio out of the page cache and frees its memory. */
export function* filemap_remove_folio(mapping: AddressSpace, folio: Folio): Op<void> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}

/** The lock of a folio. */
export function* folio_lock(mapping: AddressSpace, folio: Folio): Op<void> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}

/** Releases the lock of a folio. */
export function* folio_unlock(mapping: AddressSpace, folio: Folio): Op<void> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}

/** Whether the contents of the whole folio are the file's. */
export function* folio_test_uptodate(mapping: AddressSpace, folio: Folio): Op<boolean> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}

/** The contents of the whole folio are the file's now. */
export function* folio_mark_uptodate(mapping: AddressSpace, folio: Folio): Op<void> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}

/** Whether the folio is newer than the medium. */
export function* folio_test_dirty(mapping: AddressSpace, folio: Folio): Op<boolean> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}

/** The folio is newer than the medium: all of its blocks. */
export function* filemap_dirty_folio(mapping: AddressSpace, folio: Folio): Op<boolean> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}

/** Writes dirty pages of bytes `start` to `end` (inclusive) and waits: 0 or an error number. */
export function* filemap_write_and_wait_range(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<number> {
  void mapping;
  void start;
  void end;
  assert(false, 'not written yet');
}

/** Whether the range of bytes has any page in the cache. */
export function* filemap_range_has_page(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<boolean> {
  void mapping;
  void start;
  void end;
  assert(false, 'not written yet');
}

/** Before direct I/O writes over a range: its pages are written and dropped. */
export function* kiocb_invalidate_pages(iocb: Kiocb, count: number): Op<number> {
  void iocb;
  void count;
  assert(false, 'not written yet');
}

/** cachestat(): pages of the range, and how many are dirty. */
export function* filemap_cachestat(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<{ readonly nr_cache: number; readonly nr_dirty: number }> {
  void mapping;
  void start;
  void end;
  assert(false, 'not written yet');
}

/** First offset of data or of a hole according to the page cache of a range of unwritten blocks. */
export function* mapping_seek_hole_data(
  mapping: AddressSpace,
  start: number,
  end: number,
  whence: 'data' | 'hole',
): Op<number> {
  void mapping;
  void start;
  void end;
  void whence;
  assert(false, 'not written yet');
}
