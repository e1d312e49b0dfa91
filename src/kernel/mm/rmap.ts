// From a page to the PTEs that map it.
// @source mm/rmap.c v6.12

import { flush_cache_page, flush_cache_range } from '../arch/cacheflush.ts';
import { type AddressSpace, type Folio, VM_SHARED, type Vma } from '../include/linux/mm.ts';
import { get, type Op, scan, set } from '../steps.ts';
import { folio_nr_pages } from './folio-state.ts';
import { vmaHas } from './pte.ts';

/**
 * Bytes that one PMD entry maps: 2 MiB.
 * @source arch/x86/include/asm/pgtable_64_types.h PMD_SIZE v6.12
 */
export const PMD_SIZE = 2 ** 21;

/** Pages of a file that follow each other in memory. */
export interface PageRange {
  readonly pfn: number;
  readonly nr_pages: number;
  /** Page index in the file of the first. */
  readonly pgoff: number;
}

/**
 * Write-protects and cleans the PTEs of one mapping that map the pages; user caches are written
 * back first, by flush_cache_page(). How many PTEs it was.
 * @source mm/rmap.c pfn_mkclean_range() page_vma_mkclean_one() v6.12
 */
export function* pfn_mkclean_range(pages: PageRange, vma: Vma): Op<number> {
  if (!(yield* vmaHas(vma, VM_SHARED))) return 0;
  const { linux, ptes } = vma.vm_mm;
  const { PAGE_SIZE } = linux;
  let cleaned = 0;
  for (const vpn of yield* vpnsOf(vma, pages)) {
    const pte = yield* get(ptes, vpn);
    if (pte === undefined || !isOneOf(pte.pfn, pages)) continue;
    if (!pte.dirty && !pte.write) continue;
    const address = vpn * PAGE_SIZE;
    if (pte.pmd !== true) yield* flush_cache_page(linux, vma, address, pte.pfn);
    else if (address % PMD_SIZE === 0) {
      yield* flush_cache_range(linux, vma, address, address + PMD_SIZE);
    }
    yield* set(ptes, vpn, { ...pte, write: false, dirty: false });
    cleaned++;
  }
  return cleaned;
}

/** Write-protects and cleans the PTEs of a folio in shared mappings. @source mm/rmap.c v6.12 */
export function* folio_mkclean(mapping: AddressSpace, folio: Folio): Op<number> {
  const vmas = yield* get(mapping.i_mmap);
  if (vmas.length === 0) return 0;
  let cleaned = 0;
  for (const vma of vmas) cleaned += yield* pfn_mkclean_range(pagesOf(folio), vma);
  return cleaned;
}

/** Whether any PTE maps a page of the folio. @source include/linux/mm.h folio_mapped() v6.12 */
export function* folio_mapped(mapping: AddressSpace, folio: Folio): Op<boolean> {
  const vmas = yield* get(mapping.i_mmap);
  if (vmas.length === 0) return false;
  const pages = pagesOf(folio);
  for (const vma of vmas) {
    for (const vpn of yield* vpnsOf(vma, pages)) {
      const pte = yield* get(vma.vm_mm.ptes, vpn);
      if (pte !== undefined && isOneOf(pte.pfn, pages)) return true;
    }
  }
  return false;
}

function pagesOf(folio: Folio): PageRange {
  return { pfn: folio.pfn, nr_pages: folio_nr_pages(folio), pgoff: folio.index };
}

function isOneOf(pfn: number, pages: PageRange): boolean {
  return pfn >= pages.pfn && pfn < pages.pfn + pages.nr_pages;
}

/** Virtual page numbers with a PTE where the mapping shows those pages of the file. */
function vpnsOf(vma: Vma, pages: PageRange): Op<readonly number[]> {
  const { linux, ptes } = vma.vm_mm;
  const first = vma.vm_start / linux.PAGE_SIZE;
  const last = vma.vm_end / linux.PAGE_SIZE - 1;
  const from = first + pages.pgoff - vma.vm_pgoff;
  return scan(ptes, {
    start: Math.max(first, from),
    end: Math.min(last, from + pages.nr_pages - 1),
  });
}
