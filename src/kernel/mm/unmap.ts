// PTEs taken away: of a range of a file in all processes, or of a range of addresses of one.
// @source mm/memory.c v6.12

import { flush_cache_range } from '../arch/cacheflush.ts';
import { folio_mark_dirty } from '../fs/s_dax/aops.ts';
import type { AddressSpace, Pte, Vma } from '../include/linux/mm.ts';
import { get, type Op, scan, set } from '../steps.ts';
import { filemap_get_folio } from './filemap.ts';
import { free_pages } from './page_alloc.ts';
import { PMD_SIZE } from './rmap.ts';

/**
 * Unmaps bytes `start` to `start + len` of a file everywhere, in whole pages outwards; `len` 0: to
 * the end. Copies in private mappings go only if `even_cows`.
 * @source mm/memory.c unmap_mapping_range() v6.12
 */
export function* unmap_mapping_range(
  mapping: AddressSpace,
  start: number,
  len: number,
  even_cows: boolean,
): Op<void> {
  const { PAGE_SIZE } = mapping.host.i_sb.linux;
  const nr = Math.ceil(len / PAGE_SIZE);
  yield* unmap_mapping_pages(mapping, Math.floor(start / PAGE_SIZE), nr, even_cows);
}

/** Unmaps `nr` pages of a file everywhere; 0: all from `start` on. @source mm/memory.c v6.12 */
export function* unmap_mapping_pages(
  mapping: AddressSpace,
  start: number,
  nr: number,
  even_cows: boolean,
): Op<void> {
  const { PAGE_SIZE } = mapping.host.i_sb.linux;
  const end = nr <= 0 ? Number.POSITIVE_INFINITY : start + nr;
  for (const vma of yield* get(mapping.i_mmap)) {
    const first = vma.vm_start + Math.max(0, start - vma.vm_pgoff) * PAGE_SIZE;
    const last = Math.min(vma.vm_end, vma.vm_start + (end - vma.vm_pgoff) * PAGE_SIZE);
    if (first < last) yield* unmap_page_range(vma, { start: first, end: last, even_cows });
  }
}

/**
 * Takes away the PTEs of a range of user addresses. Caches of the mapping are flushed before:
 * tlb_start_vma() does it for the whole mapping.
 * @source mm/memory.c unmap_page_range() v6.12, include/asm-generic/tlb.h tlb_start_vma() v6.12
 */
export function* unmap_page_range(
  vma: Vma,
  range: { readonly start: number; readonly end: number; readonly even_cows: boolean },
): Op<void> {
  const { linux, ptes } = vma.vm_mm;
  const { PAGE_SIZE } = linux;
  yield* flush_cache_range(linux, vma, vma.vm_start, vma.vm_end);
  const vpns = yield* scan(ptes, {
    start: range.start / PAGE_SIZE,
    end: range.end / PAGE_SIZE - 1,
  });
  for (const vpn of vpns) {
    const pte = yield* get(ptes, vpn);
    if (pte === undefined || (pte.anon === true && !range.even_cows)) continue;
    if (pte.pmd === true) yield* zapHuge(vma, vpn);
    else yield* zapPte(vma, vpn, pte);
  }
}

/** A 2 MiB entry goes as a whole: parts of a file's mapping are faulted in again. */
function* zapHuge(vma: Vma, vpn: number): Op<void> {
  const { linux, ptes } = vma.vm_mm;
  const pages = PMD_SIZE / linux.PAGE_SIZE;
  const first = Math.floor(vpn / pages) * pages;
  for (let at = first; at < first + pages; at++) yield* set(ptes, at, undefined);
}

function* zapPte(vma: Vma, vpn: number, pte: Pte): Op<void> {
  const { linux, ptes } = vma.vm_mm;
  yield* set(ptes, vpn, undefined);
  if (pte.anon === true) {
    const pinned = (yield* get(linux.page_pins, pte.pfn)) > 0;
    yield* set(linux.page_flags, pte.pfn, 0);
    if (!pinned) free_pages(linux, pte.pfn, 0);
    return;
  }
  const mapping = vma.vm_file?.f_inode.i_mapping;
  if (!pte.dirty || pte.devmap === true || mapping === undefined) return;
  // What the PTE knew of stores is handed to the folio.
  const pgoff = vma.vm_pgoff + vpn - vma.vm_start / linux.PAGE_SIZE;
  const folio = yield* filemap_get_folio(mapping, pgoff);
  if (folio !== undefined && folio.pfn + pgoff - folio.index === pte.pfn) {
    yield* folio_mark_dirty(mapping, folio);
  }
}
