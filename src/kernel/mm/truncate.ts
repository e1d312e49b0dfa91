// Pages of a file that shrinks, is punched, or is written past the cache. DAX entries are deleted
// by fs/dax.ts.
// @source mm/truncate.c v6.12

import { dax_delete_mapping_entry, dax_invalidate_mapping_entry_sync } from '../fs/dax.ts';
import { E } from '../include/linux/errno.ts';
import { type Inode, S_DAX } from '../include/linux/fs.ts';
import type { AddressSpace, Folio } from '../include/linux/mm.ts';
import { call, get, type Op, scan, set } from '../steps.ts';
import { filemap_get_folio, filemap_remove_folio, foliosIn, split_folio } from './filemap.ts';
import { zeroFolioRange } from './filemap-io.ts';
import {
  blockBytes,
  clearBlocksDirty,
  filemap_dirty_folio,
  folio_lock,
  folio_next_index,
  folio_nr_pages,
  folio_pos,
  folio_size,
  folio_test_dirty,
  folio_unlock,
  linuxOf,
} from './folio-state.ts';
import { folio_mapped, folio_mkclean } from './rmap.ts';
import { unmap_mapping_pages, unmap_mapping_range } from './unmap.ts';

/** Stands for the end of the file, wherever it is. */
const END = Number.POSITIVE_INFINITY;

/** Drops mappings and pages beyond a new size, which i_size already has. @source mm/truncate.c */
export function* truncate_pagecache(inode: Inode, newsize: number): Op<void> {
  const { PAGE_SIZE } = inode.i_sb.linux;
  const hole = Math.ceil(newsize / PAGE_SIZE) * PAGE_SIZE;
  yield* unmap_mapping_range(inode.i_mapping, hole, 0, true);
  yield* truncate_inode_pages_range(inode.i_mapping, newsize, END);
  yield* unmap_mapping_range(inode.i_mapping, hole, 0, true);
}

/** Sets the size of a file; mappings and pages beyond it go. @source mm/truncate.c v6.12 */
export function* truncate_setsize(inode: Inode, newsize: number): Op<void> {
  const old = yield* get(inode.i_size);
  yield* set(inode.i_size, 0, newsize);
  if (newsize > old) yield* pagecache_isize_extended(inode, old, newsize);
  yield* truncate_pagecache(inode, newsize);
}

/** Drops mappings and pages of bytes `lstart` to `lend` (included), which become a hole. */
export function* truncate_pagecache_range(inode: Inode, lstart: number, lend: number): Op<void> {
  const { PAGE_SIZE } = inode.i_sb.linux;
  const start = Math.ceil(lstart / PAGE_SIZE) * PAGE_SIZE;
  const end = Math.floor((lend + 1) / PAGE_SIZE) * PAGE_SIZE;
  // Copies that processes made of private mappings stay.
  if (end - 1 > start) yield* unmap_mapping_range(inode.i_mapping, start, end - start, false);
  yield* truncate_inode_pages_range(inode.i_mapping, lstart, lend);
}

/**
 * Drops pages of bytes `lstart` to `lend` (included; Infinity: to the end). Of a page that lies
 * only in part within them that part is zeroed.
 * @source mm/truncate.c truncate_inode_pages_range() v6.12
 */
export function* truncate_inode_pages_range(
  mapping: AddressSpace,
  lstart: number,
  lend: number,
): Op<void> {
  const { PAGE_SIZE } = linuxOf(mapping);
  const start = Math.ceil(lstart / PAGE_SIZE);
  const end = lend === END ? END : Math.floor((lend + 1) / PAGE_SIZE);
  const edges = [Math.floor(lstart / PAGE_SIZE)];
  if (lend !== END) edges.push(Math.floor(lend / PAGE_SIZE));
  for (const index of edges) {
    const folio = yield* filemap_get_folio(mapping, index);
    if (folio === undefined) continue;
    yield* folio_lock(mapping, folio);
    if ((yield* filemap_get_folio(mapping, index)) === folio) {
      yield* truncate_inode_partial_folio(mapping, folio, { start: lstart, end: lend });
    }
    yield* folio_unlock(mapping, folio);
  }
  let next = start;
  for (const index of yield* scan(mapping.i_pages, { start, end: end - 1 })) {
    // The pages of a large folio go with its first.
    const entry = index < next ? undefined : yield* get(mapping.i_pages, index);
    if (entry === undefined) continue;
    if (entry.kind === 'dax') {
      yield* dax_delete_mapping_entry(mapping, index);
      continue;
    }
    const { folio } = entry;
    yield* folio_lock(mapping, folio);
    if ((yield* filemap_get_folio(mapping, index)) === folio) {
      yield* truncate_inode_folio(mapping, folio);
      next = folio_next_index(folio);
    }
    yield* folio_unlock(mapping, folio);
  }
}

/**
 * Zeroes the part of a locked folio that lies in the range; one that is all within it goes. A large
 * one is split, so that the caller can drop its pages one by one.
 * @source mm/truncate.c truncate_inode_partial_folio() v6.12
 */
function* truncate_inode_partial_folio(
  mapping: AddressSpace,
  folio: Folio,
  range: { readonly start: number; readonly end: number },
): Op<void> {
  const linux = linuxOf(mapping);
  const pos = folio_pos(linux, folio);
  const size = folio_size(linux, folio);
  const from = Math.max(pos, range.start);
  const to = Math.min(pos + size, range.end + 1);
  if (to - from >= size) {
    yield* truncate_inode_folio(mapping, folio);
    return;
  }
  if (to <= from) return;
  yield* zeroFolioRange(mapping, folio, { pos: from, length: to - from });
  // Blocks all within the range have no place on the device any more: they are not written.
  const bytes = blockBytes(mapping.host);
  const first = Math.ceil(from / bytes) * bytes;
  const last = to === pos + size ? to : Math.floor(to / bytes) * bytes;
  if (last > first) yield* clearBlocksDirty(mapping, folio, { pos: first, length: last - first });
  if (folio.order === 0) return;
  if (yield* folio_mapped(mapping, folio)) yield* unmap_mapping_folio(mapping, folio);
  yield* split_folio(mapping, folio);
}

/** Takes a locked folio out of the cache, dirty or not. @source mm/truncate.c v6.12 */
function* truncate_inode_folio(mapping: AddressSpace, folio: Folio): Op<void> {
  if (yield* folio_mapped(mapping, folio)) yield* unmap_mapping_folio(mapping, folio);
  yield* filemap_remove_folio(mapping, folio);
}

/** @source mm/memory.c unmap_mapping_folio() v6.12 */
function* unmap_mapping_folio(mapping: AddressSpace, folio: Folio): Op<void> {
  yield* unmap_mapping_pages(mapping, folio.index, folio_nr_pages(folio), false);
}

/** Drops all pages and entries of an inode that goes. @source mm/truncate.c v6.12 */
export function* truncate_inode_pages_final(mapping: AddressSpace): Op<void> {
  yield* call(truncate_inode_pages_range(mapping, 0, END));
}

/**
 * Drops pages `start` to `end` (page indices, included), mapped ones too: 0, or -EBUSY where one is
 * dirty. @source mm/truncate.c invalidate_inode_pages2_range() v6.12
 */
export function* invalidate_inode_pages2_range(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<number> {
  const indices = yield* scan(mapping.i_pages, { start, end });
  if (indices.length === 0 && !(yield* hasEntries(mapping))) return 0;
  let error = 0;
  let unmapped = false;
  for (const index of indices) {
    const entry = yield* get(mapping.i_pages, index);
    if (entry === undefined) continue;
    if (entry.kind === 'dax') {
      if (!(yield* dax_invalidate_mapping_entry_sync(mapping, index))) error = -E.EBUSY;
      continue;
    }
    const { folio } = entry;
    if (!unmapped && (yield* folio_mapped(mapping, folio))) {
      yield* unmap_mapping_pages(mapping, index, end - index + 1, false);
      unmapped = true;
    }
    yield* folio_lock(mapping, folio);
    if ((yield* filemap_get_folio(mapping, index)) === folio) {
      if (yield* folio_mapped(mapping, folio)) yield* unmap_mapping_folio(mapping, folio);
      if (yield* folio_test_dirty(mapping, folio)) error = -E.EBUSY;
      else yield* filemap_remove_folio(mapping, folio);
    }
    yield* folio_unlock(mapping, folio);
  }
  // Entries first, then page tables: an entry may be mapped again while others are looked at.
  const dax = ((yield* get(mapping.host.i_flags)) & S_DAX) !== 0;
  if (dax) yield* unmap_mapping_pages(mapping, start, end - start + 1, false);
  return error;
}

/** mapping_empty(): whether anything is cached of the file. */
function* hasEntries(mapping: AddressSpace): Op<boolean> {
  return (yield* scan(mapping.i_pages, { start: 0, end: END })).length > 0;
}

/**
 * Drops pages `start` to `end` (included) that are clean and that nobody maps or pins: how many.
 * DAX entries stay. @source mm/truncate.c invalidate_mapping_pages() mapping_evict_folio() v6.12
 */
export function* invalidate_mapping_pages(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<number> {
  const linux = linuxOf(mapping);
  let count = 0;
  for (const folio of yield* foliosIn(mapping, start, end)) {
    // Only folios that lie in the range with all their pages are looked at.
    if (folio.index < start || folio.index + folio_nr_pages(folio) - 1 > end) continue;
    yield* folio_lock(mapping, folio);
    const pinned = (yield* get(linux.page_pins, folio.pfn)) > 0;
    const busy =
      pinned || (yield* folio_test_dirty(mapping, folio)) || (yield* folio_mapped(mapping, folio));
    if (!busy && (yield* filemap_get_folio(mapping, folio.index)) === folio) {
      yield* filemap_remove_folio(mapping, folio);
      count += folio_nr_pages(folio);
    }
    yield* folio_unlock(mapping, folio);
  }
  return count;
}

/**
 * After the size grew: the page with the old end is write-protected, so that the filesystem hears
 * of the first store to the blocks that are now within the file.
 * @source mm/truncate.c pagecache_isize_extended() v6.12
 */
export function* pagecache_isize_extended(inode: Inode, from: number, to: number): Op<void> {
  const { PAGE_SIZE } = inode.i_sb.linux;
  const bytes = 2 ** inode.i_blkbits;
  if (from >= to || bytes >= PAGE_SIZE) return;
  const rounded = Math.ceil(from / bytes) * bytes;
  if (to <= rounded || rounded % PAGE_SIZE === 0) return;
  const mapping = inode.i_mapping;
  const folio = yield* filemap_get_folio(mapping, Math.floor(from / PAGE_SIZE));
  if (folio === undefined) return;
  yield* folio_lock(mapping, folio);
  if ((yield* folio_mkclean(mapping, folio)) > 0) yield* filemap_dirty_folio(mapping, folio);
  yield* folio_unlock(mapping, folio);
}
