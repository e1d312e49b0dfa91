// Entries of the page cache of DAX files: how a fault takes the place of a page, puts the page
// frame there, and how truncation and invalidation wait for it and take it away.
//
// C locks an entry by a bit of its value, which it tests and sets under the i_pages lock. Here the
// entry has a lock of its own, and every section that C runs under the i_pages lock runs under it:
// nobody changes an entry that another one has locked, so the two come to the same.
// @source fs/dax.c v6.12, v6.1

import type { IomapIter } from './iomap/iter.ts';
import { iomapOf } from './iomap/iter.ts';
import type { Inode } from '../include/linux/fs.ts';
import { S_DAX } from '../include/linux/fs.ts';
import { IOMAP_F_DIRTY, IOMAP_F_SHARED, IOMAP_WRITE } from '../include/linux/iomap.ts';
import type { AddressSpace, PageCacheEntry, Vma, VmFault } from '../include/linux/mm.ts';
import { PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_TOWRITE, VM_SYNC } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { unmap_mapping_pages } from '../mm/memory.ts';
import type { Lock } from '../shared.ts';
import { fillRun, get, getRun, lock, type Op, scan, set, setRun, unlock } from '../steps.ts';

/** Page size order of the two kinds of entries and faults. */
export type DaxOrder = 'pte' | 'pmd';

/** A DAX entry of the page cache. */
export type DaxEntry = Extract<PageCacheEntry, { kind: 'dax' }>;

/** A locked place in the page cache, and what stands there. */
export interface LockedEntry {
  /** Page index that was asked for; for a PMD its first one. */
  readonly index: number;
  entry: DaxEntry;
  readonly lock: Lock;
}

/** Last page index of a scan to the end of any file. */
export const MAX_INDEX = Number.MAX_SAFE_INTEGER;

/** The kernel that a mapping belongs to. */
export function linuxOf(mapping: AddressSpace): Linux {
  return mapping.host.i_sb.linux;
}

/** Pages of a huge (PMD) entry. @source fs/dax.c PG_PMD_NR v6.12 */
export function PG_PMD_NR(linux: Linux): number {
  return 2 ** 21 / linux.PAGE_SIZE;
}

/** The first page index of the PMD range around `index`. */
export function pmdStart(linux: Linux, index: number): number {
  return index - (index % PG_PMD_NR(linux));
}

/** Whether the file is accessed directly now. @source include/linux/dax.h dax_mapping() v6.12 */
export function* dax_mapping(inode: Inode): Op<boolean> {
  return ((yield* get(inode.i_flags)) & S_DAX) !== 0;
}

/**
 * Waits until nobody has the entry around `index` locked, and locks it. What stands there may be
 * nothing, or a folio.
 * @source fs/dax.c get_unlocked_entry() dax_lock_entry() v6.12
 */
export function* lock_entry(
  mapping: AddressSpace,
  index: number,
): Op<{ readonly entry: PageCacheEntry | undefined; readonly lock: Lock }> {
  // The lock of a PMD entry is that of its first index; which it is can change while one waits.
  let key = index;
  for (;;) {
    const held = mapping.entry_lock(key);
    yield* lock(held);
    const entry = yield* get(mapping.i_pages, index);
    const isPmd = entry?.kind === 'dax' && entry.pmd;
    const should = isPmd ? pmdStart(linuxOf(mapping), index) : index;
    if (should === key) return { entry, lock: held };
    yield* unlock(held);
    key = should;
  }
}

/** Gives a locked entry back; others that wait for it go on. */
export function dax_unlock_entry(held: LockedEntry): Op<void> {
  return unlock(held.lock);
}

/**
 * The entry at `index`, locked; an empty one where there was none. PTE entries are never joined to
 * a PMD, and a PMD that maps nothing of the device gives way to a PTE.
 * @source fs/dax.c grab_mapping_entry() v6.12
 */
export function* grab_mapping_entry(
  mapping: AddressSpace,
  index: number,
  order: DaxOrder,
): Op<LockedEntry | VmFault> {
  if (order === 'pmd') return yield* grabPmd(mapping, index);
  for (;;) {
    const { entry, lock: held } = yield* lock_entry(mapping, index);
    if (entry === undefined) {
      const empty: DaxEntry = { kind: 'dax', pfn: 0, pmd: false, zero: false, empty: true };
      yield* set(mapping.i_pages, index, empty);
      return { index, entry: empty, lock: held };
    }
    if (entry.kind === 'folio') {
      yield* unlock(held);
      return { kind: 'SIGBUS' };
    }
    if (!entry.pmd || !(entry.zero || entry.empty)) return { index, entry, lock: held };
    yield* downgrade(mapping, index, entry);
    yield* unlock(held);
  }
}

function* downgrade(mapping: AddressSpace, index: number, entry: DaxEntry): Op<void> {
  const linux = linuxOf(mapping);
  const start = pmdStart(linux, index);
  if (entry.zero) yield* unmap_mapping_pages(mapping, start, PG_PMD_NR(linux), false);
  yield* dax_disassociate_entry(mapping, entry);
  yield* storeEntry(mapping, { index, pmd: true, entry: undefined });
}

function* grabPmd(mapping: AddressSpace, index: number): Op<LockedEntry | VmFault> {
  const linux = linuxOf(mapping);
  const start = pmdStart(linux, index);
  const held = mapping.entry_lock(start);
  yield* lock(held);
  const end = start + PG_PMD_NR(linux) - 1;
  for (const key of yield* scan(mapping.i_pages, { start, end })) {
    const entry = yield* get(mapping.i_pages, key);
    if (entry === undefined) continue;
    if (entry.kind === 'dax' && entry.pmd) return { index: start, entry, lock: held };
    yield* unlock(held);
    return entry.kind === 'dax' ? { kind: 'FALLBACK' } : { kind: 'SIGBUS' };
  }
  const empty: DaxEntry = { kind: 'dax', pfn: 0, pmd: true, zero: false, empty: true };
  yield* storeEntry(mapping, { index: start, pmd: true, entry: empty });
  return { index: start, entry: empty, lock: held };
}

/** Puts an entry, or nothing, at one index or at all those of a PMD. */
function* storeEntry(
  mapping: AddressSpace,
  what: { readonly index: number; readonly pmd: boolean; readonly entry: DaxEntry | undefined },
): Op<void> {
  if (!what.pmd) return yield* set(mapping.i_pages, what.index, what.entry);
  const linux = linuxOf(mapping);
  const run = { first: pmdStart(linux, what.index), count: PG_PMD_NR(linux) };
  yield* fillRun(mapping.i_pages, run, what.entry);
}

/** Where the tags of an entry are: for a PMD at its first index. */
export function tagIndex(mapping: AddressSpace, entry: DaxEntry, index: number): number {
  return entry.pmd ? pmdStart(linuxOf(mapping), index) : index;
}

/** Sets tags of a locked entry. @source include/linux/xarray.h xas_set_mark() v6.12 */
export function* set_mark(mapping: AddressSpace, index: number, tags: number): Op<void> {
  const before = yield* get(mapping.tags, index);
  if ((before & tags) !== tags) yield* set(mapping.tags, index, before | tags);
}

/** Clears tags of a locked entry. @source include/linux/xarray.h xas_clear_mark() v6.12 */
export function* clear_mark(mapping: AddressSpace, index: number, tags: number): Op<void> {
  const before = yield* get(mapping.tags, index);
  if ((before & tags) !== 0) yield* set(mapping.tags, index, before & ~tags);
}

/**
 * Pages of the device that an entry maps: none for zero pages and empty entries.
 * @source fs/dax.c dax_entry_size() for_each_mapped_pfn() v6.12
 */
export function mappedPfns(
  linux: Linux,
  entry: DaxEntry,
): { readonly pfn: number; readonly count: number } {
  if (entry.zero || entry.empty) return { pfn: entry.pfn, count: 0 };
  return { pfn: entry.pfn, count: entry.pmd ? PG_PMD_NR(linux) : 1 };
}

/** What C tells by WARN_ON_ONCE(): our pages disagree with what the entry expects. */
function WARN_ON(linux: Linux, holds: boolean, where: string): void {
  const line = `WARNING: at fs/dax.c ${where}`;
  if (holds && !linux.dmesg.includes(line)) linux.dmesg.push(line);
}

// The entry's pages now belong to the file, or are shared by one entry more.
// @source fs/dax.c dax_associate_entry() v6.12
function* dax_associate_entry(mapping: AddressSpace, entry: DaxEntry, shared: boolean): Op<void> {
  const linux = linuxOf(mapping);
  const { page_mapping, page_share } = linux.dax;
  const { pfn, count } = mappedPfns(linux, entry);
  if (count === 0) return;
  const owners = yield* getRun(page_mapping, { first: pfn, count });
  if (!shared) {
    WARN_ON(
      linux,
      owners.some((one) => one !== undefined),
      'dax_associate_entry()',
    );
    yield* fillRun(page_mapping, { first: pfn, count }, mapping);
    return;
  }
  for (const [i, before] of owners.entries()) {
    const page = pfn + i;
    let share = yield* get(page_share, page);
    if (before !== 'shared') {
      // A page that one file had: its entry counts too.
      if (before !== undefined) share = 1;
      yield* set(page_mapping, page, 'shared');
    }
    yield* set(page_share, page, share + 1);
  }
}

/**
 * The entry goes: its pages lose their file, or one of those that share them.
 * @source fs/dax.c dax_disassociate_entry() v6.12
 */
export function* dax_disassociate_entry(
  mapping: AddressSpace,
  entry: DaxEntry,
  truncates = false,
): Op<void> {
  const linux = linuxOf(mapping);
  const { page_mapping, page_share } = linux.dax;
  const { pfn, count } = mappedPfns(linux, entry);
  if (count === 0) return;
  const pages = { first: pfn, count };
  if (truncates) {
    const pins = yield* getRun(linux.page_pins, pages);
    WARN_ON(
      linux,
      pins.some((number) => number > 0),
      'dax_disassociate_entry() of a page in use',
    );
  }
  const owners = yield* getRun(page_mapping, pages);
  const left: (typeof owners)[number][] = [];
  for (const [i, before] of owners.entries()) {
    let owner: typeof before;
    if (before === 'shared') {
      const share = yield* get(page_share, pfn + i);
      yield* set(page_share, pfn + i, share - 1);
      // 6.1 looks at the count before it takes one away, and so forgets one entry too late.
      // @source fs/dax.c dax_disassociate_entry() v6.1
      if (linux.is_6_12 ? share - 1 > 0 : share > 0) owner = before;
      else yield* set(page_share, pfn + i, 0);
    } else {
      WARN_ON(linux, before !== undefined && before !== mapping, 'dax_disassociate_entry()');
    }
    left.push(owner);
  }
  yield* setRun(page_mapping, pfn, left);
}

/** A write fault of a MAP_SYNC mapping with metadata to be written before the page is shown. */
export function* dax_fault_is_synchronous(iter: IomapIter, vma: Vma): Op<boolean> {
  if ((iter.flags & IOMAP_WRITE) === 0) return false;
  if ((iomapOf(iter).flags & IOMAP_F_DIRTY) === 0) return false;
  return ((yield* get(vma.vm_flags)) & VM_SYNC) !== 0;
}

/**
 * Puts a page frame into the locked entry where that was empty, a zero page, or is shared by
 * reflinks; an entry that maps the device already stays as it is. The DIRTY tag is set by write
 * faults that are not synchronous; in 6.1 by read faults as well.
 * @source fs/dax.c dax_insert_entry() v6.12, v6.1
 */
export function* dax_insert_entry(
  held: LockedEntry,
  vma: Vma,
  iter: IomapIter,
  page: { readonly pfn: number; readonly pmd: boolean; readonly zero: boolean },
): Op<void> {
  const mapping = iter.inode.i_mapping;
  const linux = linuxOf(mapping);
  const write = (iter.flags & IOMAP_WRITE) !== 0;
  const dirty = (write || !linux.is_6_12) && !(yield* dax_fault_is_synchronous(iter, vma));
  const isShared = (iomapOf(iter).flags & IOMAP_F_SHARED) !== 0;
  // 6.1 replaces entries of shared blocks on write faults only.
  // @source fs/dax.c dax_fault_is_cow() v6.1
  const shared = isShared && (write || linux.is_6_12);
  const { entry, index } = held;
  if (shared || (entry.zero && !page.zero)) {
    const start = entry.pmd ? pmdStart(linux, index) : index;
    const nr = entry.pmd ? PG_PMD_NR(linux) : 1;
    yield* unmap_mapping_pages(mapping, start, nr, false);
  }
  if (shared || entry.zero || entry.empty) {
    const made: DaxEntry = { kind: 'dax', ...page };
    yield* dax_disassociate_entry(mapping, entry);
    yield* dax_associate_entry(mapping, made, shared);
    yield* storeEntry(mapping, { index, pmd: page.pmd, entry: made });
    held.entry = made;
  }
  const tags = (dirty ? PAGECACHE_TAG_DIRTY : 0) | (write && shared ? PAGECACHE_TAG_TOWRITE : 0);
  if (tags !== 0) yield* set_mark(mapping, tagIndex(mapping, held.entry, index), tags);
}

// @source fs/dax.c __dax_invalidate_entry() v6.12
function* __dax_invalidate_entry(
  mapping: AddressSpace,
  index: number,
  truncates: boolean,
): Op<boolean> {
  const { entry, lock: held } = yield* lock_entry(mapping, index);
  const gone = entry?.kind === 'dax' && (yield* mayGo(mapping, { index, entry, truncates }));
  if (gone) {
    yield* dax_disassociate_entry(mapping, entry, truncates);
    yield* storeEntry(mapping, { index, pmd: entry.pmd, entry: undefined });
    // An entry takes its tags with it.
    const key = tagIndex(mapping, entry, index);
    yield* clear_mark(mapping, key, PAGECACHE_TAG_DIRTY | PAGECACHE_TAG_TOWRITE);
  }
  yield* unlock(held);
  return gone;
}

function* mayGo(
  mapping: AddressSpace,
  what: { readonly index: number; readonly entry: DaxEntry; readonly truncates: boolean },
): Op<boolean> {
  if (what.truncates) return true;
  const tags = yield* get(mapping.tags, tagIndex(mapping, what.entry, what.index));
  return (tags & (PAGECACHE_TAG_DIRTY | PAGECACHE_TAG_TOWRITE)) === 0;
}

/**
 * Truncation: waits for the entry at a page index and deletes it, dirty or not. Whether there was
 * one. @source fs/dax.c dax_delete_mapping_entry() v6.12
 */
export function dax_delete_mapping_entry(mapping: AddressSpace, index: number): Op<boolean> {
  return __dax_invalidate_entry(mapping, index, true);
}

/** Deletes the entries of page indices `start` to `end`, as a truncation finds them. */
export function* dax_delete_mapping_range(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<void> {
  for (const index of yield* scan(mapping.i_pages, { start, end })) {
    const entry = yield* get(mapping.i_pages, index);
    if (entry?.kind === 'dax') yield* dax_delete_mapping_entry(mapping, index);
  }
}

/**
 * Deletes the entry at a page index unless it is dirty. Whether it did.
 * @source fs/dax.c dax_invalidate_mapping_entry_sync() v6.12
 */
export function dax_invalidate_mapping_entry_sync(
  mapping: AddressSpace,
  index: number,
): Op<boolean> {
  return __dax_invalidate_entry(mapping, index, false);
}

/**
 * Forgets that entries of a range are dirty, for what they map is about to be replaced.
 * @source fs/dax.c __dax_clear_dirty_range() v6.12
 */
export function* __dax_clear_dirty_range(
  mapping: AddressSpace,
  range: { readonly start: number; readonly end: number },
): Op<void> {
  for (const index of yield* scan(mapping.i_pages, range)) {
    const { entry, lock: held } = yield* lock_entry(mapping, index);
    const key = entry?.kind === 'dax' ? tagIndex(mapping, entry, index) : index;
    yield* clear_mark(mapping, key, PAGECACHE_TAG_DIRTY | PAGECACHE_TAG_TOWRITE);
    yield* unlock(held);
  }
}

/**
 * Takes the mappings of bytes `start` to `end` away and gives the pfn of a page of the range that
 * somebody still has: a pin of get_user_pages(). The caller drops its locks, waits, and asks again.
 * @source fs/dax.c dax_layout_busy_page_range() v6.12
 */
export function* dax_layout_busy_page_range(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<number | undefined> {
  const linux = linuxOf(mapping);
  if (!(yield* dax_mapping(mapping.host))) return undefined;
  if ((yield* get(mapping.i_mmap)).length === 0) return undefined;
  const first = Math.floor(start / linux.PAGE_SIZE);
  const last = Math.min(Math.floor(end / linux.PAGE_SIZE), MAX_INDEX);
  yield* unmap_mapping_pages(mapping, first, last - first + 1, false);
  for (const index of yield* scan(mapping.i_pages, { start: first, end: last })) {
    const { entry, lock: held } = yield* lock_entry(mapping, index);
    const busy = entry?.kind === 'dax' ? yield* dax_busy_page(linux, entry) : undefined;
    yield* unlock(held);
    if (busy !== undefined) return busy;
  }
  return undefined;
}

/** The same for the whole file. @source fs/dax.c dax_layout_busy_page() v6.12 */
export function dax_layout_busy_page(mapping: AddressSpace): Op<number | undefined> {
  return dax_layout_busy_page_range(mapping, 0, Number.MAX_SAFE_INTEGER);
}

// @source fs/dax.c dax_busy_page() v6.12
function* dax_busy_page(linux: Linux, entry: DaxEntry): Op<number | undefined> {
  const { pfn, count } = mappedPfns(linux, entry);
  for (let page = pfn; page < pfn + count; page++) {
    if ((yield* get(linux.page_pins, page)) > 0) return page;
  }
  return undefined;
}
