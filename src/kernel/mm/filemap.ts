// The page cache: folios of a file, found, added and removed, and questions about ranges of them.
// The pages of a folio are page frames of RAM; the kernel touches them through its linear map.

import { free_pages, alloc_pages } from './page_alloc.ts';
import { E } from '../include/linux/errno.ts';
import type { Kiocb } from '../include/linux/fs.ts';
import {
  type AddressSpace,
  type Folio,
  PAGECACHE_TAG_DIRTY,
  type PageCacheEntry,
  PG_dirty,
  PG_uptodate,
} from '../include/linux/mm.ts';
import { call, fails, fillRun, get, getRun, type Op, scan, set, update } from '../steps.ts';
import {
  blockBytes,
  blocksUptodate,
  dirtyRuns,
  folio_lock,
  folio_next_index,
  folio_nr_pages,
  folio_pos,
  folio_size,
  folio_test_uptodate,
  folio_unlock,
  forgetBlocks,
  linuxOf,
  markBlocksDirty,
  markBlocksUptodate,
} from './folio-state.ts';
import { do_writepages } from './page-writeback.ts';
import { invalidate_inode_pages2_range } from './truncate.ts';

export {
  filemap_dirty_folio,
  folio_lock,
  folio_mark_uptodate,
  folio_test_dirty,
  folio_test_uptodate,
  folio_unlock,
} from './folio-state.ts';

/** The folio at a page index of the file. DAX entries are none. @source mm/filemap.c v6.12 */
export function* filemap_get_folio(mapping: AddressSpace, index: number): Op<Folio | undefined> {
  const entry = yield* get(mapping.i_pages, index);
  return entry?.kind === 'folio' ? entry.folio : undefined;
}

/**
 * A new folio at the index, which is a multiple of its size, with whatever its page frames hold:
 * -ENOMEM, or -EEXIST where any of its pages is there already.
 * @source mm/filemap.c filemap_alloc_folio() __filemap_add_folio() v6.12
 */
export function* filemap_add_folio(
  mapping: AddressSpace,
  place: { readonly index: number; readonly order: number },
): Op<Folio | number> {
  const { index, order } = place;
  const linux = linuxOf(mapping);
  if (yield* fails('filemap_alloc_folio')) return -E.ENOMEM;
  const count = 1 << order;
  const pages = order === 0 ? [] : yield* getRun(mapping.i_pages, { first: index, count });
  if (pages.some(isFolio)) return -E.EEXIST;
  const pfn = alloc_pages(linux, order);
  if (pfn < 0) return pfn;
  const folio: Folio = { pfn, index, order };
  const entry: PageCacheEntry = { kind: 'folio', folio };
  // Nobody else knows the page frames yet: no step.
  for (let n = 0; n < count; n++) linux.page_flags.poke(pfn + n, 0);
  if (order > 0) {
    yield* fillRun(mapping.i_pages, { first: index, count }, entry);
    return folio;
  }
  const there = yield* update(mapping.i_pages, index, (page) => (isFolio(page) ? page : entry));
  if (!isFolio(there)) return folio;
  free_pages(linux, pfn, order);
  return -E.EEXIST;
}

/** Value entries are none: the page cache takes those of DAX for its own, and stores over them. */
function isFolio(entry: PageCacheEntry | undefined): boolean {
  return entry?.kind === 'folio';
}

/** The folio at the index, made where there is none. @source mm/filemap.c v6.12 */
export function* __filemap_get_folio(
  mapping: AddressSpace,
  place: { readonly index: number; readonly order: number },
): Op<Folio | number> {
  const found = yield* filemap_get_folio(mapping, place.index);
  if (found !== undefined) return found;
  for (let order = orderAt(mapping, place); order > 0; order--) {
    const index = Math.floor(place.index / 2 ** order) * 2 ** order;
    const made = yield* filemap_add_folio(mapping, { index, order });
    if (typeof made !== 'number') return made;
  }
  return yield* filemap_add_folio(mapping, { index: place.index, order: 0 });
}

/** Largest order of a folio. @source include/linux/pagemap.h MAX_PAGECACHE_ORDER v6.12 */
export const MAX_PAGECACHE_ORDER = 9;

/**
 * The order that may stand at the index: no larger than its alignment; 6.1 makes no folio of two
 * pages. @source mm/filemap.c __filemap_get_folio() v6.12
 */
function orderAt(
  mapping: AddressSpace,
  place: { readonly index: number; readonly order: number },
): number {
  if (!mapping.large_folios) return 0;
  let order = Math.min(place.order, MAX_PAGECACHE_ORDER);
  while (order > 0 && place.index % 2 ** order !== 0) order--;
  return order;
}

/** Takes a folio out of the page cache and frees its memory. @source mm/filemap.c v6.12 */
export function* filemap_remove_folio(mapping: AddressSpace, folio: Folio): Op<void> {
  const linux = linuxOf(mapping);
  const count = folio_nr_pages(folio);
  yield* set(mapping.tags, folio.index, 0);
  yield* forgetBlocks(mapping, folio);
  const frames = { first: folio.pfn, count };
  yield* fillRun(mapping.i_pages, { first: folio.index, count }, undefined);
  yield* fillRun(linux.page_flags, frames, 0);
  const pins = yield* getRun(linux.page_pins, frames);
  // Whoever still pins a page of it keeps the memory; it is not given back then.
  if (!pins.some((number) => number > 0)) free_pages(linux, folio.pfn, folio.order);
}

/** Folios that have a page from index `start` to `end`, both included, each once, in order. */
export function* foliosIn(mapping: AddressSpace, start: number, end: number): Op<readonly Folio[]> {
  const folios: Folio[] = [];
  let next = start;
  for (const index of yield* scan(mapping.i_pages, { start, end })) {
    const folio = index < next ? undefined : yield* filemap_get_folio(mapping, index);
    if (folio === undefined) continue;
    folios.push(folio);
    next = folio_next_index(folio);
  }
  return folios;
}

/** Whether bytes `start` to `end` (included) have a page in the cache. @source mm/filemap.c */
export function* filemap_range_has_page(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<boolean> {
  if (end < start) return false;
  const { PAGE_SIZE } = linuxOf(mapping);
  const first = Math.floor(start / PAGE_SIZE);
  return (yield* foliosIn(mapping, first, Math.floor(end / PAGE_SIZE))).length > 0;
}

/**
 * Writes dirty pages and DAX entries of bytes `start` to `end` (included): 0 or an error number.
 * @source mm/filemap.c filemap_write_and_wait_range() v6.12
 */
export function* filemap_write_and_wait_range(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<number> {
  if (end < start) return 0;
  // mapping_needs_writeback() asks for any entry; without a tag the filesystem finds nothing to do.
  const tagged = yield* scan(mapping.tags, { start: 0, end: Number.POSITIVE_INFINITY });
  if (tagged.length === 0) return 0;
  return yield* call(do_writepages(mapping, { start, end, sync: true }));
}

/**
 * Before direct I/O writes `count` bytes: their pages are written and dropped.
 * @source mm/filemap.c kiocb_invalidate_pages() v6.12
 */
export function* kiocb_invalidate_pages(iocb: Kiocb, count: number): Op<number> {
  const mapping = iocb.ki_filp.f_inode.i_mapping;
  const end = iocb.ki_pos + count - 1;
  const error = yield* filemap_write_and_wait_range(mapping, iocb.ki_pos, end);
  if (error !== 0) return error;
  const { PAGE_SIZE } = linuxOf(mapping);
  const first = Math.floor(iocb.ki_pos / PAGE_SIZE);
  return yield* invalidate_inode_pages2_range(mapping, first, Math.floor(end / PAGE_SIZE));
}

/**
 * Pages of the cache from byte `start` to `end` (included), and how many of them are dirty. A folio
 * counts with all its pages in the range. @source mm/filemap.c filemap_cachestat() v6.12
 */
export function* filemap_cachestat(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<{ readonly nr_cache: number; readonly nr_dirty: number }> {
  const { PAGE_SIZE } = linuxOf(mapping);
  const first = Math.floor(start / PAGE_SIZE);
  const last = Math.floor(end / PAGE_SIZE);
  let nr_cache = 0;
  let nr_dirty = 0;
  for (const folio of yield* foliosIn(mapping, first, last)) {
    const from = Math.max(folio.index, first);
    const pages = Math.min(folio_next_index(folio), last + 1) - from;
    nr_cache += pages;
    const tags = yield* get(mapping.tags, folio.index);
    if ((tags & PAGECACHE_TAG_DIRTY) !== 0) nr_dirty += pages;
  }
  return { nr_cache, nr_dirty };
}

/**
 * First offset of data, or of a hole, from `start` on, according to the page cache: what is cached
 * over unwritten blocks is data. `end` where there is no hole before it; -ENXIO for no data.
 * @source mm/filemap.c mapping_seek_hole_data() v6.12
 */
export function* mapping_seek_hole_data(
  mapping: AddressSpace,
  start: number,
  end: number,
  whence: 'data' | 'hole',
): Op<number> {
  if (end <= start) return -E.ENXIO;
  const { PAGE_SIZE } = linuxOf(mapping);
  const seekData = whence === 'data';
  let at = start;
  const last = Math.floor((end - 1) / PAGE_SIZE);
  for (const index of yield* scan(mapping.i_pages, {
    start: Math.floor(start / PAGE_SIZE),
    end: last,
  })) {
    const page = index * PAGE_SIZE;
    if (at < page) {
      if (!seekData) return Math.min(at, end);
      at = page;
    }
    if (at >= page + PAGE_SIZE) continue;
    at = yield* seekInPage(mapping, { index, at, seekData });
    if (at < page + PAGE_SIZE) return Math.min(at, end);
    if (at >= end) break;
  }
  if (seekData) return -E.ENXIO;
  return Math.min(at, end);
}

/** The offset in this page, or its end. @source mm/filemap.c folio_seek_hole_data() v6.12 */
function* seekInPage(
  mapping: AddressSpace,
  query: { readonly index: number; readonly at: number; readonly seekData: boolean },
): Op<number> {
  const { index, seekData } = query;
  const { PAGE_SIZE } = linuxOf(mapping);
  const end = (index + 1) * PAGE_SIZE;
  const folio = yield* filemap_get_folio(mapping, index);
  // DAX entries are data as folios are that are up to date.
  if (folio === undefined) return seekData ? query.at : end;
  if (yield* folio_test_uptodate(mapping, folio)) return seekData ? query.at : end;
  const bytes = blockBytes(mapping.host);
  yield* folio_lock(mapping, folio);
  let { at } = query;
  while (at < end) {
    const block = Math.floor(at / bytes) * bytes;
    const range = { pos: block, length: bytes };
    if ((yield* blocksUptodate(mapping, folio, range)) === seekData) break;
    at = block + bytes;
  }
  yield* folio_unlock(mapping, folio);
  return at;
}

/**
 * Replaces a large folio by folios of one page in the same page frames; the caller holds its lock,
 * which stays the lock of the first of them.
 * @source mm/huge_memory.c split_huge_page_to_list() v6.1 split_huge_page_to_list_to_order() v6.12
 */
export function* split_folio(mapping: AddressSpace, folio: Folio): Op<void> {
  const linux = linuxOf(mapping);
  const flags = yield* get(linux.page_flags, folio.pfn);
  const dirty = (flags & PG_dirty) === 0 ? [] : yield* dirtyRuns(mapping, folio);
  const uptodate = yield* uptodatePages(mapping, folio);
  yield* set(mapping.tags, folio.index, 0);
  yield* forgetBlocks(mapping, folio);
  for (let n = 0; n < folio_nr_pages(folio); n++) {
    const one: Folio = { pfn: folio.pfn + n, index: folio.index + n, order: 0 };
    yield* set(linux.page_flags, one.pfn, flags & ~(PG_dirty | PG_uptodate));
    yield* set(mapping.i_pages, one.index, { kind: 'folio', folio: one });
    const page = folioRange(mapping, one);
    if (uptodate.has(one.index)) yield* markBlocksUptodate(mapping, one, page);
    for (const run of dirty) {
      const pos = Math.max(run.pos, page.pos);
      const end = Math.min(run.pos + run.length, page.pos + page.length);
      if (pos < end) yield* markBlocksDirty(mapping, one, { pos, length: end - pos });
    }
  }
}

/** Indices of the pages of a folio that are up to date with all of their blocks. */
function* uptodatePages(mapping: AddressSpace, folio: Folio): Op<ReadonlySet<number>> {
  const { PAGE_SIZE } = linuxOf(mapping);
  const pages = new Set<number>();
  for (let index = folio.index; index < folio_next_index(folio); index++) {
    const range = { pos: index * PAGE_SIZE, length: PAGE_SIZE };
    if (yield* blocksUptodate(mapping, folio, range)) pages.add(index);
  }
  return pages;
}

/** Bytes of the file that a folio covers. */
export function folioRange(
  mapping: AddressSpace,
  folio: Folio,
): { readonly pos: number; readonly length: number } {
  const linux = linuxOf(mapping);
  return { pos: folio_pos(linux, folio), length: folio_size(linux, folio) };
}
