// Readahead: which folios are made, and of what order, when a page of a file is missing. That
// shows: a folio of four pages that user space stores to is dirty as a whole.
// @source mm/readahead.c v6.12, v6.1

import type { File } from '../include/linux/fs.ts';
import { type AddressSpace, type Folio, PG_readahead } from '../include/linux/mm.ts';
import { type Linux, subsystem } from '../linux.ts';
import { Shared } from '../shared.ts';
import { get, lock, type Op, set, unlock } from '../steps.ts';
import { filemap_add_folio, filemap_get_folio, MAX_PAGECACHE_ORDER } from './filemap.ts';
import { read_pages } from './filemap-io.ts';
import { changePageFlags, folio_next_index, linuxOf } from './folio-state.ts';

/** What an open file remembers of its readahead, in pages. @source include/linux/fs.h v6.12 */
export interface FileRaState {
  readonly start: number;
  readonly size: number;
  readonly async_size: number;
  /** Byte after the last read, or -1. */
  readonly prev_pos: number;
  readonly mmap_miss: number;
}

const UNREAD: FileRaState = { start: 0, size: 0, async_size: 0, prev_pos: -1, mmap_miss: 0 };

class ReadaheadStates {
  readonly byFile = new WeakMap<File, Shared<FileRaState>>();
}

/** The readahead state of an open file: `file->f_ra`. */
export function f_ra(file: File): Shared<FileRaState> {
  const { byFile } = subsystem(file.f_inode.i_sb.linux, ReadaheadStates);
  const known = byFile.get(file);
  if (known !== undefined) return known;
  const made = new Shared(`f_ra of inode ${file.f_inode.i_ino}`, UNREAD);
  byFile.set(file, made);
  return made;
}

/** A readahead that is asked for. @source include/linux/pagemap.h v6.12 */
export interface ReadaheadControl {
  readonly mapping: AddressSpace;
  readonly ra: Shared<FileRaState>;
  /** Page index where it begins. */
  readonly index: number;
}

/** VM_READAHEAD_PAGES, the window of a device without a wish. @source include/linux/mm.h v6.12 */
export function ra_pages(linux: Linux): number {
  return (128 * 1024) / linux.PAGE_SIZE;
}

/** Largest request in pages: BLK_DEF_MAX_SECTORS. @source include/linux/blkdev.h v6.12 */
function io_pages(linux: Linux): number {
  return (2560 * 512) / linux.PAGE_SIZE;
}

/** @source mm/readahead.c ractl_max_pages() v6.12 */
function ractl_max_pages(linux: Linux, req_size: number): number {
  const max = ra_pages(linux);
  return req_size > max ? Math.max(max, Math.min(req_size, io_pages(linux))) : max;
}

/** @source mm/readahead.c get_init_ra_size() v6.12 */
function get_init_ra_size(size: number, max: number): number {
  const rounded = 2 ** Math.ceil(Math.log2(size));
  if (rounded <= max / 32) return rounded * 4;
  return rounded <= max / 4 ? rounded * 2 : max;
}

/** @source mm/readahead.c get_next_ra_size() v6.12 */
function get_next_ra_size(size: number, max: number): number {
  if (size < max / 16) return 4 * size;
  return size <= max / 2 ? 2 * size : max;
}

/** A page is missing: reads it with what follows. @source mm/readahead.c v6.12, v6.1 */
export function* page_cache_sync_ra(ractl: ReadaheadControl, req_count: number): Op<void> {
  const linux = linuxOf(ractl.mapping);
  if (!linux.is_6_12) {
    yield* ondemand_readahead(ractl, undefined, req_count);
    return;
  }
  const { index } = ractl;
  const ra = yield* get(ractl.ra);
  const max = ractl_max_pages(linux, req_count);
  if (index === 0 || req_count > max || isNext(linux, ra, index)) {
    const size = get_init_ra_size(req_count, max);
    const async_size = size > req_count ? size - req_count : Math.floor(size / 2);
    yield* readWindow(ractl, { start: index, size, async_size }, 0);
    return;
  }
  const miss = yield* page_cache_prev_miss(ractl.mapping, { index: index - 1, max });
  const contig = index - miss - 1;
  if (contig <= req_count) {
    yield* do_page_cache_ra(ractl, { nr: req_count, lookahead: 0 });
    return;
  }
  // No page is missing before: -1 stands for ULONG_MAX.
  const size = Math.min((miss < 0 ? 2 * contig : contig) + req_count, max);
  yield* readWindow(ractl, { start: index, size, async_size: 1 }, 0);
}

/** A marked folio is read: the next window is. @source mm/readahead.c v6.12, v6.1 */
export function* page_cache_async_ra(
  ractl: ReadaheadControl,
  folio: Folio,
  req_count: number,
): Op<void> {
  const { mapping, index } = ractl;
  const linux = linuxOf(mapping);
  yield* changePageFlags(linux, folio.pfn, { clear: PG_readahead });
  if (!linux.is_6_12) {
    yield* ondemand_readahead(ractl, folio, req_count);
    return;
  }
  const ra = yield* get(ractl.ra);
  const max = ractl_max_pages(linux, req_count);
  if (index === expectedIndex(ra, folio)) {
    const size = Math.max(ra.size, get_next_ra_size(ra.size, max));
    const window = { start: ra.start + ra.size, size, async_size: size };
    yield* readWindow(ractl, window, folio.order);
    return;
  }
  const window = yield* windowAfterMark(ractl, { req_count, max });
  if (window !== undefined) yield* readWindow(ractl, window, folio.order);
}

interface Window {
  readonly start: number;
  readonly size: number;
  readonly async_size: number;
}

/** Where a marked folio of this window stands. */
function expectedIndex(ra: FileRaState, folio: Folio): number {
  const mark = ra.start + ra.size - ra.async_size;
  return Math.floor(mark / 2 ** folio.order) * 2 ** folio.order;
}

/** Whether `index` follows, or repeats, the page read last. */
function isNext(linux: Linux, ra: FileRaState, index: number): boolean {
  if (ra.prev_pos < 0) return false;
  const step = index - Math.floor(ra.prev_pos / linux.PAGE_SIZE);
  return step === 0 || step === 1;
}

/** A marked folio of another stream: what is cached after it tells the window. */
function* windowAfterMark(
  ractl: ReadaheadControl,
  asked: { readonly req_count: number; readonly max: number },
): Op<Window | undefined> {
  const { max } = asked;
  let start = ractl.index + 1;
  for (let n = 0; n < max; n++) {
    if ((yield* filemap_get_folio(ractl.mapping, start)) === undefined) break;
    start++;
  }
  if (start - ractl.index > max) return undefined;
  const size = get_next_ra_size(start - ractl.index + asked.req_count, max);
  return { start, size, async_size: size };
}

/** The index of the next missing page at or before `index`; -1 where none is missing. */
function* page_cache_prev_miss(
  mapping: AddressSpace,
  from: { readonly index: number; readonly max: number },
): Op<number> {
  let { index } = from;
  for (let n = 1; n <= from.max; n++, index--) {
    if (index < 0 || (yield* filemap_get_folio(mapping, index)) === undefined) return index;
    if (n === from.max) return index;
  }
  return index;
}

/** @source mm/readahead.c ondemand_readahead() v6.1 */
function* ondemand_readahead(
  ractl: ReadaheadControl,
  folio: Folio | undefined,
  req_size: number,
): Op<void> {
  const linux = linuxOf(ractl.mapping);
  const max = ractl_max_pages(linux, req_size);
  const order = folio?.order ?? 0;
  const window = yield* demandedWindow(ractl, { folio, req_size, max });
  if (window === undefined) return;
  if (window === 'as-asked') {
    yield* do_page_cache_ra(ractl, { nr: req_size, lookahead: 0 });
    return;
  }
  yield* readWindow(ractl, mergedWindow(ractl.index, window, max), order);
}

/** The window that 6.1 chooses; `as-asked` for a small random read. */
function* demandedWindow(
  ractl: ReadaheadControl,
  asked: { readonly folio: Folio | undefined; readonly req_size: number; readonly max: number },
): Op<Window | 'as-asked' | undefined> {
  const { folio, req_size, max } = asked;
  const { index, mapping } = ractl;
  const initial = (): Window => {
    const size = get_init_ra_size(req_size, max);
    return { start: index, size, async_size: size > req_size ? size - req_size : size };
  };
  if (index === 0) return initial();
  const ra = yield* get(ractl.ra);
  const expected = expectedIndex(ra, folio ?? { pfn: 0, index, order: 0 });
  if (index === expected || index === ra.start + ra.size) {
    const size = Math.max(ra.size, get_next_ra_size(ra.size, max));
    return { start: ra.start + ra.size, size, async_size: size };
  }
  if (folio !== undefined) return yield* windowAfterMark(ractl, { req_count: req_size, max });
  if (req_size > max || isNext(linuxOf(mapping), ra, index)) return initial();
  const miss = yield* page_cache_prev_miss(mapping, { index: index - 1, max });
  const history = index - 1 - miss;
  if (history <= req_size) return 'as-asked';
  const pages = history >= index ? 2 * history : history;
  return { start: index, size: Math.min(pages + req_size, max), async_size: 1 };
}

/** A window that begins with its own mark takes the next one in at once. */
function mergedWindow(index: number, window: Window, max: number): Window {
  const { start, size, async_size } = window;
  if (index !== start || size !== async_size) return window;
  const more = get_next_ra_size(size, max);
  if (size + more <= max) return { start, size: size + more, async_size: more };
  return { start, size: max, async_size: Math.floor(max / 2) };
}

/** Remembers the window and reads it. */
function* readWindow(ractl: ReadaheadControl, window: Window, order: number): Op<void> {
  yield* set(ractl.ra, 0, { ...(yield* get(ractl.ra)), ...window });
  yield* page_cache_ra_order({ ...ractl, index: window.start }, order);
}

/**
 * Makes and reads folios for the remembered window, of the given order or, from there, two more.
 * @source mm/readahead.c page_cache_ra_order() v6.12, v6.1
 */
export function* page_cache_ra_order(ractl: ReadaheadControl, order: number): Op<void> {
  const { mapping } = ractl;
  const linux = linuxOf(mapping);
  const ra = yield* get(ractl.ra);
  const isize = yield* get(mapping.host.i_size);
  if (mapping.large_folios && ra.size >= 4) {
    const limit = Math.min(Math.floor((isize - 1) / linux.PAGE_SIZE), ractl.index + ra.size - 1);
    const mark = ractl.index + ra.size - ra.async_size;
    yield* lock(mapping.invalidate_lock, 'shared');
    const folios: Folio[] = [];
    let wanted = Math.min(order + 2, MAX_PAGECACHE_ORDER, Math.floor(Math.log2(ra.size)));
    let index = ractl.index;
    while (index <= limit) {
      const at = orderFor(linux, { index, limit, wanted });
      const folio = yield* ra_alloc_folio(mapping, { index, order: at, mark });
      if (folio === undefined) {
        wanted = -1;
        break;
      }
      folios.push(folio);
      index = folio_next_index(folio);
    }
    if (!linux.is_6_12 && index > limit) yield* growWindow(ractl.ra, index - limit - 1);
    yield* read_pages(mapping, folios);
    yield* unlock(mapping.invalidate_lock, 'shared');
    if (wanted >= 0) return;
  }
  yield* do_page_cache_ra(ractl, { nr: ra.size, lookahead: ra.async_size });
}

/** The order of a folio at an index of a window. 6.1 makes no folio of two pages. */
function orderFor(
  linux: Linux,
  at: { readonly index: number; readonly limit: number; readonly wanted: number },
): number {
  const noPairs = (order: number) => (order === 1 && !linux.is_6_12 ? 0 : order);
  let order = at.wanted;
  if (at.index % 2 ** order !== 0) {
    while (at.index % 2 ** order !== 0) order--;
    order = noPairs(order);
  }
  while (order > 0 && at.index + 2 ** order - 1 > at.limit) order = noPairs(order - 1);
  return order;
}

/** 6.1 counts what the last folio has beyond the limit. */
function* growWindow(ra: Shared<FileRaState>, pages: number): Op<void> {
  const { size, async_size, ...rest } = yield* get(ra);
  yield* set(ra, 0, { ...rest, size: size + pages, async_size: async_size + pages });
}

/** A new folio of a window, marked where the next window shall be asked for. */
function* ra_alloc_folio(
  mapping: AddressSpace,
  at: { readonly index: number; readonly order: number; readonly mark: number },
): Op<Folio | undefined> {
  const folio = yield* filemap_add_folio(mapping, at);
  if (typeof folio === 'number') return undefined;
  const mark = Math.floor(at.mark / 2 ** at.order) * 2 ** at.order;
  if (at.index === mark) yield* changePageFlags(linuxOf(mapping), folio.pfn, { set: PG_readahead });
  return folio;
}

/** Reads missing pages one by one, none beyond the end of the file. @source mm/readahead.c v6.12 */
function* do_page_cache_ra(
  ractl: ReadaheadControl,
  ask: { readonly nr: number; readonly lookahead: number },
): Op<void> {
  const { mapping, index } = ractl;
  const linux = linuxOf(mapping);
  const isize = yield* get(mapping.host.i_size);
  if (isize === 0) return;
  const last = Math.floor((isize - 1) / linux.PAGE_SIZE);
  if (index > last) return;
  // The kernel compares with the distance to the last page, which is one less than the pages left.
  const nr = ask.nr > last - index ? last - index + 1 : ask.nr;
  yield* page_cache_ra_unbounded(ractl, { nr, lookahead: ask.lookahead });
}

/** @source mm/readahead.c page_cache_ra_unbounded() v6.12 */
function* page_cache_ra_unbounded(
  ractl: ReadaheadControl,
  ask: { readonly nr: number; readonly lookahead: number },
): Op<void> {
  const { mapping, index } = ractl;
  yield* lock(mapping.invalidate_lock, 'shared');
  let run: Folio[] = [];
  for (let i = 0; i < ask.nr; i++) {
    const folio = yield* ra_alloc_folio(mapping, {
      index: index + i,
      order: 0,
      mark: index + ask.nr - ask.lookahead,
    });
    if (folio !== undefined) {
      run.push(folio);
      continue;
    }
    yield* read_pages(mapping, run);
    run = [];
  }
  yield* read_pages(mapping, run);
  yield* unlock(mapping.invalidate_lock, 'shared');
}

/**
 * Reads a window around a page that a fault misses.
 * @source mm/filemap.c do_sync_mmap_readahead() v6.12
 */
export function* readAround(ractl: ReadaheadControl): Op<void> {
  const size = ra_pages(linuxOf(ractl.mapping));
  const start = Math.max(0, ractl.index - size / 2);
  yield* readWindow(ractl, { start, size, async_size: size / 4 }, 0);
}
