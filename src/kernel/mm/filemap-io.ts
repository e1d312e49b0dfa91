// Folios filled from the device: read_folio and readahead of filesystems that tell their extents.
// One text for what ext2 and ext4 do by buffer heads and XFS by iomap: holes, unwritten blocks and
// what lies beyond the end of the file are zeroes, the rest is read.
// @source fs/mpage.c fs/iomap/buffered-io.c v6.12

import { present } from '../../base/index.ts';
import { flush_dcache_folio } from '../arch/cacheflush.ts';
import { kernelStore, kernelZero } from '../arch/map.ts';
import { submit_bio } from '../block/bio.ts';
import { iomap_iter, iomapIterOf, iomapOf } from '../fs/iomap/iter.ts';
import { aops_down_read, aops_up_read, readsPages } from '../fs/s_dax/aops.ts';
import { type BioVec, SECTOR_SHIFT } from '../include/linux/blkdev.ts';
import { E } from '../include/linux/errno.ts';
import { IOMAP_F_NEW, type Iomap, type IomapOps } from '../include/linux/iomap.ts';
import type { AddressSpace, Folio } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { get, type Op } from '../steps.ts';
import {
  blockBytes,
  blocksUptodate,
  type ByteRange,
  folio_lock,
  folio_nr_pages,
  folio_pos,
  folio_size,
  folio_unlock,
  folioKaddr,
  linuxOf,
  markBlocksUptodate,
} from './folio-state.ts';

/**
 * Fills a folio that the caller has locked, and unlocks it: 0 or an error number.
 * @source mm/filemap.c filemap_read_folio() v6.12
 */
export function* filemap_read_folio(mapping: AddressSpace, folio: Folio): Op<number> {
  const error = yield* fillFolios(mapping, [folio]);
  yield* folio_unlock(mapping, folio);
  return error;
}

/** Fills folios that follow each other and are new. @source mm/readahead.c read_pages() v6.12 */
export function* read_pages(mapping: AddressSpace, folios: readonly Folio[]): Op<void> {
  if (folios.length === 0) return;
  for (const folio of folios) yield* folio_lock(mapping, folio);
  // Errors are met again by whoever needs the page.
  yield* fillFolios(mapping, folios);
  for (const folio of folios) yield* folio_unlock(mapping, folio);
}

/** Reads what is not up to date of folios that follow each other and are locked. */
function* fillFolios(mapping: AddressSpace, folios: readonly Folio[]): Op<number> {
  const aops = present(yield* aops_down_read(mapping), 'what is done for the pages of a file');
  const { iomap } = readsPages(aops, 'filemap_read_folio');
  const error = yield* fillByExtents(mapping, folios, iomap);
  yield* aops_up_read(mapping);
  return error;
}

function* fillByExtents(
  mapping: AddressSpace,
  folios: readonly Folio[],
  ops: IomapOps,
): Op<number> {
  const linux = linuxOf(mapping);
  const { host } = mapping;
  const first = present(folios[0], 'a folio to fill');
  const pos = folio_pos(linux, first);
  const len = folios.reduce((sum, folio) => sum + folio_size(linux, folio), 0);
  const iter = iomapIterOf(host, { pos, len, flags: 0 });
  let error = 0;
  for (;;) {
    const more = yield* iomap_iter(iter, ops);
    if (more < 0) return more;
    if (more === 0) return error;
    const iomap = iomapOf(iter);
    const end = Math.min(iter.pos + iter.len, iomap.offset + iomap.length);
    for (const folio of folios) {
      const from = Math.max(iter.pos, folio_pos(linux, folio));
      const to = Math.min(end, folio_pos(linux, folio) + folio_size(linux, folio));
      if (from >= to) continue;
      const range = { pos: from, length: to - from };
      const one = yield* fillRange(mapping, folio, { iomap, range });
      if (one < 0) error = one;
    }
    iter.processed = end - iter.pos;
  }
}

/** Fills the blocks of a range of one folio, all in one extent, that are not up to date. */
export function* fillRange(
  mapping: AddressSpace,
  folio: Folio,
  what: { readonly iomap: Iomap; readonly range: ByteRange },
): Op<number> {
  const { iomap, range } = what;
  if (iomap.type === 'inline') return yield* fillInline(mapping, folio, iomap);
  const bytes = blockBytes(mapping.host);
  const end = range.pos + range.length;
  for (let pos = range.pos; pos < end; ) {
    if (yield* blocksUptodate(mapping, folio, { pos, length: bytes })) {
      pos += bytes - (pos % bytes);
      continue;
    }
    const zero = yield* needsZeroing(mapping, iomap, pos);
    let to = pos + bytes - (pos % bytes);
    while (to < end && (yield* needsZeroing(mapping, iomap, to)) === zero) {
      if (yield* blocksUptodate(mapping, folio, { pos: to, length: bytes })) break;
      to += bytes;
    }
    const run = { pos, length: Math.min(to, end) - pos };
    if (zero) yield* zeroFolioRange(mapping, folio, run);
    else {
      const error = yield* foliosBio(mapping, [folio], { op: 'read', iomap, range: run });
      if (error < 0) return error;
    }
    yield* markBlocksUptodate(mapping, folio, run);
    pos = to;
  }
  return 0;
}

/**
 * Whether a block has no contents on the device that count.
 * @source fs/iomap/buffered-io.c iomap_block_needs_zeroing() v6.12
 */
export function* needsZeroing(mapping: AddressSpace, iomap: Iomap, pos: number): Op<boolean> {
  if (iomap.type !== 'mapped' || (iomap.flags & IOMAP_F_NEW) !== 0) return true;
  return pos >= (yield* get(mapping.host.i_size));
}

/** Zeroes bytes of a folio through the kernel's address. @source include/linux/highmem.h v6.12 */
export function* zeroFolioRange(mapping: AddressSpace, folio: Folio, range: ByteRange): Op<void> {
  if (range.length <= 0) return;
  const linux = linuxOf(mapping);
  yield* kernelZero(linux, folioKaddr(linux, folio, range.pos), range.length);
  yield* flush_dcache_folio(linux, mapping, folio);
}

/** @source fs/iomap/buffered-io.c iomap_read_inline_data() v6.12 */
function* fillInline(mapping: AddressSpace, folio: Folio, iomap: Iomap): Op<number> {
  const linux = linuxOf(mapping);
  // The extent may begin inside the folio, behind blocks of the file.
  const start = Math.max(folio_pos(linux, folio), iomap.offset);
  const whole = { pos: start, length: folio_pos(linux, folio) + folio_size(linux, folio) - start };
  if (yield* blocksUptodate(mapping, folio, whole)) return 0;
  const data = iomap.inline_data ?? new Uint8Array();
  const here = data.subarray(start - iomap.offset).subarray(0, whole.length);
  if (here.length > 0) yield* kernelStore(linux, folioKaddr(linux, folio, start), here.slice());
  const rest = { pos: start + here.length, length: whole.length - here.length };
  yield* zeroFolioRange(mapping, folio, rest);
  if (rest.length === 0) yield* flush_dcache_folio(linux, mapping, folio);
  yield* markBlocksUptodate(mapping, folio, whole);
  return 0;
}

/** Moves bytes of folios that follow each other, all in one extent, between memory and device. */
export function* foliosBio(
  mapping: AddressSpace,
  folios: readonly Folio[],
  what: { readonly op: 'read' | 'write'; readonly iomap: Iomap; readonly range: ByteRange },
): Op<number> {
  const { op, iomap, range } = what;
  const linux = linuxOf(mapping);
  if (iomap.bdev === undefined) return -E.EIO;
  const from = iomap.addr + range.pos - iomap.offset;
  // Only the last block of a file may end within a sector: whole sectors move.
  const length = Math.ceil(range.length / 2 ** SECTOR_SHIFT) * 2 ** SECTOR_SHIFT;
  const vecs: BioVec[] = [];
  for (const folio of folios) addFolioVecs(linux, vecs, { folio, pos: range.pos, length });
  return yield* submit_bio(linux, {
    op,
    bdev: iomap.bdev,
    sector: from / 2 ** SECTOR_SHIFT,
    sectors: length / 2 ** SECTOR_SHIFT,
    vecs,
  });
}

/** Adds the pieces of page frames that hold a range of the file, as far as the folio has it. */
function addFolioVecs(
  linux: Linux,
  vecs: BioVec[],
  range: { readonly folio: Folio; readonly pos: number; readonly length: number },
): void {
  const { PAGE_SIZE } = linux;
  const { folio, pos, length } = range;
  const base = folio_pos(linux, folio);
  const end = Math.min(pos + length - base, folio_nr_pages(folio) * PAGE_SIZE);
  for (let offset = Math.max(0, pos - base); offset < end; ) {
    const lengthBytes = Math.min(PAGE_SIZE - (offset % PAGE_SIZE), end - offset);
    vecs.push({ paddr: folio.pfn * PAGE_SIZE + offset, lengthBytes });
    offset += lengthBytes;
  }
}
