// Dirty folios and their way to the device.
// @source mm/page-writeback.c v6.12

import { iomap_iter, iomapIterOf, iomapOf } from '../fs/iomap/iter.ts';
import { aops_down_read, aops_up_read } from '../fs/s_dax/aops.ts';
import type { IomapOps } from '../include/linux/iomap.ts';
import {
  type AddressSpace,
  type Folio,
  PAGECACHE_TAG_DIRTY,
  PAGECACHE_TAG_TOWRITE,
  PG_dirty,
} from '../include/linux/mm.ts';
import { get, getRun, noSteps, type Op, scan, setRun, update } from '../steps.ts';
import { filemap_get_folio, folioRange } from './filemap.ts';
import { foliosBio, zeroFolioRange } from './filemap-io.ts';
import {
  blockBytes,
  type ByteRange,
  clearBlocksDirty,
  clearTag,
  dirtyRuns,
  filemap_dirty_folio,
  folio_lock,
  folio_next_index,
  folio_nr_pages,
  folio_unlock,
  linuxOf,
} from './folio-state.ts';
import { folio_mkclean } from './rmap.ts';

/** Bytes of a file to write, the last included, and whether the caller waits (WB_SYNC_ALL). */
export interface WritebackRange {
  readonly start: number;
  readonly end: number;
  readonly sync: boolean;
}

/**
 * Calls `write` for each folio of the range that was dirty when this began. The folio is locked,
 * clean and write-protected then; errors do not stop a write that is waited for.
 * @source mm/page-writeback.c write_cache_pages() v6.12
 */
export function* write_cache_pages(
  mapping: AddressSpace,
  range: WritebackRange,
  write: (folio: Folio) => Op<number>,
): Op<number> {
  const { PAGE_SIZE } = linuxOf(mapping);
  const start = Math.floor(range.start / PAGE_SIZE);
  const end = Math.floor(range.end / PAGE_SIZE);
  const indices = yield* tag_pages_for_writeback(mapping, start, end);
  let error = 0;
  for (const index of indices) {
    const folio = yield* lockDirtyFolio(mapping, index);
    if (folio === undefined) continue;
    const one = yield* write(folio);
    if (error === 0) error = one;
    yield* folio_unlock(mapping, folio);
    if (error < 0 && !range.sync) break;
  }
  return error;
}

/** Marks what is dirty now, so that a writer that goes on for ever does not keep the caller. */
function* tag_pages_for_writeback(
  mapping: AddressSpace,
  start: number,
  end: number,
): Op<readonly number[]> {
  const indices: number[] = [];
  const marked = PAGECACHE_TAG_DIRTY | PAGECACHE_TAG_TOWRITE;
  // A large folio is tagged at its first index, which may lie before the range.
  const first = (yield* filemap_get_folio(mapping, start))?.index ?? start;
  // xa_lock protects the tags of a batch.
  for (const run of runsOf(yield* scan(mapping.tags, { start: first, end }), TAG_BATCH)) {
    const tags = yield* getRun(mapping.tags, run);
    yield* setRun(
      mapping.tags,
      run.first,
      tags.map((tag) => ((tag & marked) === 0 ? tag : tag | PAGECACHE_TAG_TOWRITE)),
    );
    for (const [i, tag] of tags.entries()) if ((tag & marked) !== 0) indices.push(run.first + i);
  }
  return indices;
}

/** Indices that are tagged in one go. @source include/linux/xarray.h XA_CHECK_SCHED v6.12 */
const TAG_BATCH = 4096;

/** Ascending numbers as runs of neighbours, of at most `most` each. */
function runsOf(
  numbers: readonly number[],
  most: number,
): readonly { readonly first: number; readonly count: number }[] {
  const runs: { first: number; count: number }[] = [];
  let last = { first: Number.NEGATIVE_INFINITY, count: 0 };
  for (const number of numbers) {
    if (number === last.first + last.count && last.count < most) last.count++;
    else {
      last = { first: number, count: 1 };
      runs.push(last);
    }
  }
  return runs;
}

/**
 * Takes the dirty mark off a locked folio that is about to be written; false: it was clean. PTEs
 * are write-protected, so that the next store is heard of.
 * @source mm/page-writeback.c folio_clear_dirty_for_io() v6.12
 */
export function* folio_clear_dirty_for_io(mapping: AddressSpace, folio: Folio): Op<boolean> {
  if ((yield* folio_mkclean(mapping, folio)) > 0) yield* filemap_dirty_folio(mapping, folio);
  const { page_flags } = linuxOf(mapping);
  const flags = yield* update(page_flags, folio.pfn, (bits) => bits & ~PG_dirty);
  if ((flags & PG_dirty) === 0) return false;
  yield* clearTag(mapping, folio.index, PAGECACHE_TAG_DIRTY | PAGECACHE_TAG_TOWRITE);
  return true;
}

/** How a filesystem finds the places of dirty blocks. */
export interface WritebackMap {
  readonly ops: IomapOps;
  readonly flags: number;
}

/** Folios that follow each other are written together, up to this many pages. */
const BATCH_PAGES = 256;

/**
 * Writes the dirty folios of a range to where the filesystem says they are, neighbours together:
 * one extent and one BIO for as many as it goes.
 * @source fs/iomap/buffered-io.c iomap_writepages() v6.12, fs/ext4/inode.c ext4_writepages() v6.12
 */
export function* iomap_writepages(
  mapping: AddressSpace,
  range: WritebackRange,
  map: WritebackMap,
): Op<number> {
  let batch: Folio[] = [];
  let pages = 0;
  let error = 0;
  const flush = function* (): Op<void> {
    const one = yield* writeFolios(mapping, batch, map);
    if (error === 0) error = one;
    for (const folio of batch) yield* folio_unlock(mapping, folio);
    batch = [];
    pages = 0;
  };
  const { PAGE_SIZE } = linuxOf(mapping);
  const start = Math.floor(range.start / PAGE_SIZE);
  const end = Math.floor(range.end / PAGE_SIZE);
  for (const index of yield* tag_pages_for_writeback(mapping, start, end)) {
    const last = batch.at(-1);
    const follows = last !== undefined && folio_next_index(last) === index;
    if (last !== undefined && (!follows || pages >= BATCH_PAGES)) yield* flush();
    if (error < 0 && !range.sync) break;
    const folio = yield* lockDirtyFolio(mapping, index);
    if (folio === undefined) continue;
    batch.push(folio);
    pages += folio_nr_pages(folio);
  }
  if (batch.length > 0) yield* flush();
  return error;
}

/** The folio at an index, locked and taken off its dirty mark; undefined if it is clean or gone. */
function* lockDirtyFolio(mapping: AddressSpace, index: number): Op<Folio | undefined> {
  const folio = yield* filemap_get_folio(mapping, index);
  if (folio === undefined) return undefined;
  yield* folio_lock(mapping, folio);
  if ((yield* filemap_get_folio(mapping, index)) === folio) {
    if (yield* folio_clear_dirty_for_io(mapping, folio)) return folio;
    yield* clearTag(mapping, folio.index, PAGECACHE_TAG_TOWRITE);
  }
  yield* folio_unlock(mapping, folio);
  return undefined;
}

/**
 * Writes the dirty blocks of one folio, locked and taken off its dirty mark, for
 * write_cache_pages().
 */
export function writeFolioBlocks(
  mapping: AddressSpace,
  folio: Folio,
  map: WritebackMap,
): Op<number> {
  return writeFolios(mapping, [folio], map);
}

/**
 * Writes the dirty blocks of locked folios that follow each other; what lies beyond the end of the
 * file is zeroed and not written. Holes are passed over: their space was given up meanwhile.
 * @source fs/iomap/buffered-io.c iomap_writepage_map() v6.12, fs/ext4/page-io.c v6.12
 */
function* writeFolios(
  mapping: AddressSpace,
  folios: readonly Folio[],
  map: WritebackMap,
): Op<number> {
  let error = 0;
  for (const run of yield* runsToWrite(mapping, folios)) {
    const iter = iomapIterOf(mapping.host, { pos: run.pos, len: run.length, flags: map.flags });
    for (;;) {
      const more = yield* iomap_iter(iter, map.ops);
      if (more < 0) error = more;
      if (more <= 0) break;
      const iomap = iomapOf(iter);
      const to = Math.min(run.pos + run.length, iomap.offset + iomap.length);
      const range = { pos: iter.pos, length: to - iter.pos };
      if (iomap.type === 'mapped' || iomap.type === 'unwritten') {
        const one = yield* foliosBio(mapping, folios, { op: 'write', iomap, range });
        if (one < 0) error = one;
      }
      iter.processed = range.length;
    }
  }
  for (const folio of folios) {
    yield* clearBlocksDirty(mapping, folio, folioRange(mapping, folio));
  }
  return error;
}

/** Runs of dirty blocks up to the end of the file. */
function* runsToWrite(mapping: AddressSpace, folios: readonly Folio[]): Op<readonly ByteRange[]> {
  const isize = yield* get(mapping.host.i_size);
  const bytes = blockBytes(mapping.host);
  const lastBlockEnd = Math.ceil(isize / bytes) * bytes;
  const runs: { pos: number; length: number }[] = [];
  for (const folio of folios) {
    const { pos, length } = folioRange(mapping, folio);
    if (isize > pos && isize < pos + length) {
      yield* zeroFolioRange(mapping, folio, { pos: isize, length: pos + length - isize });
    }
    for (const run of yield* dirtyRuns(mapping, folio)) {
      const here = Math.min(run.pos + run.length, lastBlockEnd) - run.pos;
      if (here <= 0) continue;
      const last = runs.at(-1);
      if (last !== undefined && last.pos + last.length === run.pos) last.length += here;
      else runs.push({ pos: run.pos, length: here });
    }
  }
  return runs;
}

/** Hands dirty pages and DAX entries to the filesystem. @source mm/page-writeback.c v6.12 */
export function* do_writepages(mapping: AddressSpace, range: WritebackRange): Op<number> {
  const a_ops = yield* aops_down_read(mapping);
  const { start, end, sync } = range;
  const error = yield* a_ops?.writepages(mapping.host, start, end, sync) ?? noSteps(0);
  yield* aops_up_read(mapping);
  return error;
}
