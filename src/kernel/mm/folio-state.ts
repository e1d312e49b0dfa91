// What is known of a folio: its flags, and which of its blocks are up to date or dirty where that
// does not hold for the folio as a whole. The latter stands in buffer heads or in the record that
// iomap keeps beside a folio; here it is one table for both.

import { assert } from '../../base/index.ts';
import { pfnToKaddr } from '../arch/map.ts';
import type { Inode } from '../include/linux/fs.ts';
import type { AddressSpace, Folio } from '../include/linux/mm.ts';
import { PAGECACHE_TAG_DIRTY, PG_dirty, PG_uptodate } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { fillRun, get, lock, type Op, set, unlock, update } from '../steps.ts';

/** The kernel that an address space belongs to. */
export function linuxOf(mapping: AddressSpace): Linux {
  return mapping.host.i_sb.linux;
}

/** Pages of a folio. @source include/linux/mm.h folio_nr_pages() v6.12 */
export function folio_nr_pages(folio: Folio): number {
  return 1 << folio.order;
}

/** Bytes of a folio. @source include/linux/mm.h folio_size() v6.12 */
export function folio_size(linux: Linux, folio: Folio): number {
  return linux.PAGE_SIZE << folio.order;
}

/** First byte of the file in the folio. @source include/linux/pagemap.h folio_pos() v6.12 */
export function folio_pos(linux: Linux, folio: Folio): number {
  return linux.PAGE_SIZE * folio.index;
}

/** Page index after the folio. @source include/linux/pagemap.h folio_next_index() v6.12 */
export function folio_next_index(folio: Folio): number {
  return folio.index + folio_nr_pages(folio);
}

/** Kernel address of byte `pos` of the file, which is in the folio. */
export function folioKaddr(linux: Linux, folio: Folio, pos: number): number {
  const offset = pos - folio_pos(linux, folio);
  assert(offset >= 0 && offset < folio_size(linux, folio), 'the byte is in the folio');
  return pfnToKaddr(linux, folio.pfn) + offset;
}

/** Takes the lock of a folio. @source mm/filemap.c __folio_lock() v6.12 */
export function folio_lock(mapping: AddressSpace, folio: Folio): Op<void> {
  return lock(mapping.entry_lock(folio.index));
}

/** Releases the lock of a folio. @source mm/filemap.c folio_unlock() v6.12 */
export function folio_unlock(mapping: AddressSpace, folio: Folio): Op<void> {
  return unlock(mapping.entry_lock(folio.index));
}

/** Whether all of `flags` (PG_*) are set. */
export function* testPageFlags(linux: Linux, pfn: number, flags: number): Op<boolean> {
  return ((yield* get(linux.page_flags, pfn)) & flags) === flags;
}

/** Sets and clears flags (PG_*) of a page frame. */
export function* changePageFlags(
  linux: Linux,
  pfn: number,
  change: { readonly set?: number; readonly clear?: number },
): Op<void> {
  const [cleared, added] = [change.clear ?? 0, change.set ?? 0];
  yield* update(linux.page_flags, pfn, (flags) => (flags & ~cleared) | added);
}

/** Whether the contents of the whole folio are the file's. */
export function folio_test_uptodate(mapping: AddressSpace, folio: Folio): Op<boolean> {
  return testPageFlags(linuxOf(mapping), folio.pfn, PG_uptodate);
}

/** The contents of the whole folio are the file's now. */
export function folio_mark_uptodate(mapping: AddressSpace, folio: Folio): Op<void> {
  return changePageFlags(linuxOf(mapping), folio.pfn, { set: PG_uptodate });
}

/** Whether the folio is newer than the medium. */
export function folio_test_dirty(mapping: AddressSpace, folio: Folio): Op<boolean> {
  return testPageFlags(linuxOf(mapping), folio.pfn, PG_dirty);
}

/** Bytes of the smallest piece of a page whose state is kept: a block, a page at most. */
export function blockBytes(inode: Inode): number {
  return Math.min(1 << inode.i_blkbits, inode.i_sb.linux.PAGE_SIZE);
}

/** A range of bytes of a file. */
export interface ByteRange {
  readonly pos: number;
  readonly length: number;
}

/** Bits of dirty blocks stand above those of blocks that are up to date. */
const DIRTY_SHIFT = 16;

/** Whether every block that the range touches is up to date; the range is in the folio. */
export function* blocksUptodate(
  mapping: AddressSpace,
  folio: Folio,
  range: ByteRange,
): Op<boolean> {
  if (yield* folio_test_uptodate(mapping, folio)) return true;
  if (isOneBlock(mapping, folio)) return false;
  for (const { index, mask } of masksOf(mapping, range)) {
    if (((yield* get(mapping.block_state, index)) & mask) !== mask) return false;
  }
  return true;
}

/** Every block that the range touches is up to date now; the folio is if all of its blocks are. */
export function* markBlocksUptodate(
  mapping: AddressSpace,
  folio: Folio,
  range: ByteRange,
): Op<void> {
  const linux = linuxOf(mapping);
  const whole = range.length >= folio_size(linux, folio) || isOneBlock(mapping, folio);
  if (!whole) {
    if (yield* folio_test_uptodate(mapping, folio)) return;
    for (const { index, mask } of masksOf(mapping, range)) {
      const state = yield* get(mapping.block_state, index);
      yield* set(mapping.block_state, index, state | mask);
    }
    const all = { pos: folio_pos(linux, folio), length: folio_size(linux, folio) };
    if (!(yield* blocksUptodate(mapping, folio, all))) return;
  }
  yield* folio_mark_uptodate(mapping, folio);
}

/**
 * The blocks that the range touches are newer than the medium, and so is the folio. Whether that
 * is news of the folio.
 */
export function* markBlocksDirty(
  mapping: AddressSpace,
  folio: Folio,
  range: ByteRange,
): Op<boolean> {
  const linux = linuxOf(mapping);
  if (!isOneBlock(mapping, folio)) {
    if (range.length >= folio_size(linux, folio)) {
      yield* set(mapping.block_state, allDirtyKey(folio), 1);
    } else yield* setDirtyBits(mapping, folio, range);
  }
  const flags = yield* update(linux.page_flags, folio.pfn, (bits) => bits | PG_dirty);
  if ((flags & PG_dirty) !== 0) return false;
  yield* setTag(mapping, folio.index, PAGECACHE_TAG_DIRTY);
  return true;
}

/**
 * Blocks that were written to the whole folio, or to a part of one: up to date, and newer than the
 * medium. Whether the latter is news of the folio.
 */
export function* markBlocksWritten(
  mapping: AddressSpace,
  folio: Folio,
  range: ByteRange,
): Op<boolean> {
  const linux = linuxOf(mapping);
  const single = isOneBlock(mapping, folio);
  if (!single && range.length < folio_size(linux, folio)) {
    yield* markBlocksUptodate(mapping, folio, range);
    return yield* markBlocksDirty(mapping, folio, range);
  }
  if (!single) yield* set(mapping.block_state, allDirtyKey(folio), 1);
  const both = PG_uptodate | PG_dirty;
  const flags = yield* update(linux.page_flags, folio.pfn, (bits) => bits | both);
  if ((flags & PG_dirty) !== 0) return false;
  yield* setTag(mapping, folio.index, PAGECACHE_TAG_DIRTY);
  return true;
}

function* setDirtyBits(mapping: AddressSpace, folio: Folio, range: ByteRange): Op<void> {
  if ((yield* get(mapping.block_state, allDirtyKey(folio))) !== 0) return;
  for (const { index, mask } of masksOf(mapping, range)) {
    const state = yield* get(mapping.block_state, index);
    yield* set(mapping.block_state, index, state | (mask << DIRTY_SHIFT));
  }
}

/** The folio with all of its blocks is newer than the medium. Whether that is news. */
export function* filemap_dirty_folio(mapping: AddressSpace, folio: Folio): Op<boolean> {
  const linux = linuxOf(mapping);
  const range = { pos: folio_pos(linux, folio), length: folio_size(linux, folio) };
  return yield* markBlocksDirty(mapping, folio, range);
}

/** Runs of bytes whose blocks are dirty, of a folio that was dirty when its mark was taken off. */
export function* dirtyRuns(mapping: AddressSpace, folio: Folio): Op<readonly ByteRange[]> {
  const linux = linuxOf(mapping);
  const whole = { pos: folio_pos(linux, folio), length: folio_size(linux, folio) };
  if (isOneBlock(mapping, folio)) return [whole];
  if ((yield* get(mapping.block_state, allDirtyKey(folio))) !== 0) return [whole];
  const runs: { pos: number; length: number }[] = [];
  const bytes = blockBytes(mapping.host);
  for (let index = folio.index; index < folio_next_index(folio); index++) {
    const dirty = (yield* get(mapping.block_state, index)) >>> DIRTY_SHIFT;
    for (let block = 0; block < linux.PAGE_SIZE / bytes; block++) {
      if ((dirty & (1 << block)) === 0) continue;
      const pos = index * linux.PAGE_SIZE + block * bytes;
      const last = runs.at(-1);
      if (last !== undefined && last.pos + last.length === pos) last.length += bytes;
      else runs.push({ pos, length: bytes });
    }
  }
  return runs;
}

/** No block of the range is dirty any more. The folio's own mark is the caller's affair. */
export function* clearBlocksDirty(mapping: AddressSpace, folio: Folio, range: ByteRange): Op<void> {
  if (isOneBlock(mapping, folio)) return;
  const linux = linuxOf(mapping);
  const all = (yield* get(mapping.block_state, allDirtyKey(folio))) !== 0;
  if (all) yield* set(mapping.block_state, allDirtyKey(folio), 0);
  if (range.length >= folio_size(linux, folio)) {
    if (all) return;
  } else if (all) {
    const whole = { pos: folio_pos(linux, folio), length: folio_size(linux, folio) };
    yield* setDirtyBits(mapping, folio, whole);
  }
  for (const { index, mask } of masksOf(mapping, range)) {
    const state = yield* get(mapping.block_state, index);
    yield* set(mapping.block_state, index, state & ~(mask << DIRTY_SHIFT));
  }
}

/** Forgets the blocks of a folio that goes, or becomes several. */
export function* forgetBlocks(mapping: AddressSpace, folio: Folio): Op<void> {
  if (isOneBlock(mapping, folio)) return;
  yield* set(mapping.block_state, allDirtyKey(folio), 0);
  const count = folio_nr_pages(folio);
  yield* fillRun(mapping.block_state, { first: folio.index, count }, 0);
}

/** Such a folio needs no record of its blocks: its own flags tell. */
function isOneBlock(mapping: AddressSpace, folio: Folio): boolean {
  return folio.order === 0 && blockBytes(mapping.host) === linuxOf(mapping).PAGE_SIZE;
}

/** Where `block_state` has, for all blocks of a folio at once, that they are dirty. */
function allDirtyKey(folio: Folio): number {
  return -1 - folio.index;
}

/** Sets a PAGECACHE_TAG_* of an index. */
export function setTag(mapping: AddressSpace, index: number, tag: number): Op<number> {
  return update(mapping.tags, index, (tags) => tags | tag);
}

/** Clears PAGECACHE_TAG_* of an index. */
export function clearTag(mapping: AddressSpace, index: number, tag: number): Op<number> {
  return update(mapping.tags, index, (tags) => tags & ~tag);
}

/** For each page that the range touches the bits of the blocks that it touches there. */
function masksOf(
  mapping: AddressSpace,
  range: ByteRange,
): readonly { readonly index: number; readonly mask: number }[] {
  const { PAGE_SIZE } = linuxOf(mapping);
  const bytes = blockBytes(mapping.host);
  assert(PAGE_SIZE / bytes <= DIRTY_SHIFT, 'the blocks of a page fit into one cell');
  const end = range.pos + range.length;
  const masks: { readonly index: number; readonly mask: number }[] = [];
  for (let index = Math.floor(range.pos / PAGE_SIZE); index * PAGE_SIZE < end; index++) {
    const page = index * PAGE_SIZE;
    const from = Math.floor((Math.max(range.pos, page) - page) / bytes);
    const to = Math.ceil((Math.min(end, page + PAGE_SIZE) - page) / bytes);
    masks.push({ index, mask: ((1 << (to - from)) - 1) << from });
  }
  return masks;
}
