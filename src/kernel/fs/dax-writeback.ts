// fsync() of DAX files: entries that write faults have tagged are write-protected in all mappings,
// which flushes the user's lines where the port does that, and then flushed by the kernel's
// address. What write() stored has no tag and is not looked at.
// @source fs/dax.c v6.12

import { pfnToKaddr } from '../arch/map.ts';
import { dax_flush } from '../drivers/dax/super.ts';
import type { DaxDevice } from '../include/linux/dax.ts';
import { E } from '../include/linux/errno.ts';
import type { AddressSpace } from '../include/linux/mm.ts';
import { PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_TOWRITE } from '../include/linux/mm.ts';
import { pfn_mkclean_range } from '../mm/rmap.ts';
import { get, type Op, scan, unlock } from '../steps.ts';
import {
  clear_mark,
  type DaxEntry,
  linuxOf,
  lock_entry,
  MAX_INDEX,
  PG_PMD_NR,
  pmdStart,
  set_mark,
  tagIndex,
} from './dax-entry.ts';

/**
 * Writes back the tagged entries from byte `start` to byte `end` of the file, both included, as a
 * caller with WB_SYNC_ALL does; one that does not wait has nothing to do. 0 or an error number.
 * @source fs/dax.c dax_writeback_mapping_range() v6.12
 */
export function* dax_writeback_mapping_range(
  mapping: AddressSpace,
  dax_dev: DaxDevice,
  start: number,
  end: number,
): Op<number> {
  const linux = linuxOf(mapping);
  if (mapping.host.i_blkbits !== linux.PAGE_SHIFT) return -E.EIO;
  // The tags of a huge entry stand at its first index.
  const first = pmdStart(linux, Math.floor(start / linux.PAGE_SIZE));
  const range = { start: first, end: Math.min(Math.floor(end / linux.PAGE_SIZE), MAX_INDEX) };
  const asked = Math.floor(start / linux.PAGE_SIZE);
  for (const index of yield* tag_pages_for_writeback(mapping, range, asked)) {
    const error = yield* dax_writeback_one(mapping, dax_dev, index);
    if (error < 0) return error;
  }
  return 0;
}

// What is dirty now is what will be written: later writers do not keep us for ever.
// @source mm/page-writeback.c tag_pages_for_writeback() v6.12
function* tag_pages_for_writeback(
  mapping: AddressSpace,
  range: { readonly start: number; readonly end: number },
  asked: number,
): Op<readonly number[]> {
  const marked: number[] = [];
  for (const index of yield* scan(mapping.tags, range)) {
    const { entry, lock: held } = yield* lock_entry(mapping, index);
    const reaches = index >= asked || (entry?.kind === 'dax' && entry.pmd);
    const tags = yield* get(mapping.tags, index);
    if (reaches && (tags & PAGECACHE_TAG_DIRTY) !== 0) {
      yield* set_mark(mapping, index, PAGECACHE_TAG_TOWRITE);
    }
    if (reaches && (tags & (PAGECACHE_TAG_DIRTY | PAGECACHE_TAG_TOWRITE)) !== 0) marked.push(index);
    yield* unlock(held);
  }
  return marked;
}

// @source fs/dax.c dax_writeback_one() v6.12
function* dax_writeback_one(mapping: AddressSpace, dax_dev: DaxDevice, index: number): Op<number> {
  const { entry, lock: held } = yield* lock_entry(mapping, index);
  const tags = yield* get(mapping.tags, index);
  // Punched out meanwhile, or another fsync has done it.
  if (entry?.kind === 'dax' && (tags & PAGECACHE_TAG_TOWRITE) !== 0) {
    yield* clear_mark(mapping, tagIndex(mapping, entry, index), PAGECACHE_TAG_TOWRITE);
    yield* cleanAndFlush(mapping, dax_dev, { index, entry });
    yield* clear_mark(mapping, tagIndex(mapping, entry, index), PAGECACHE_TAG_DIRTY);
  }
  yield* unlock(held);
  return 0;
}

function* cleanAndFlush(
  mapping: AddressSpace,
  dax_dev: DaxDevice,
  what: { readonly index: number; readonly entry: DaxEntry },
): Op<void> {
  const linux = linuxOf(mapping);
  const { pfn, pmd } = what.entry;
  const nr_pages = pmd ? PG_PMD_NR(linux) : 1;
  const pgoff = pmd ? pmdStart(linux, what.index) : what.index;
  for (const vma of yield* get(mapping.i_mmap)) {
    const vmaPages = (vma.vm_end - vma.vm_start) / linux.PAGE_SIZE;
    if (vma.vm_pgoff >= pgoff + nr_pages || vma.vm_pgoff + vmaPages <= pgoff) continue;
    yield* pfn_mkclean_range({ pfn, nr_pages, pgoff }, vma);
  }
  yield* dax_flush(linux, dax_dev, pfnToKaddr(linux, pfn), nr_pages * linux.PAGE_SIZE);
}
