// From a page to the PTEs that map it.

import { assert } from '../../base/index.ts';
import type { AddressSpace, Folio, Vma } from '../include/linux/mm.ts';
import type { Op } from '../steps.ts';

/** Write-protects and cleans the PTEs that map pages of a DAX file, user caches first: how many. */
export function* pfn_mkclean_range(
  pages: { readonly pfn: number; readonly nr_pages: number; readonly pgoff: number },
  vma: Vma,
): Op<number> {
  void pages;
  void vma;
  assert(false, 'not written yet');
}

/** Write-protects and cleans the PTEs of a folio: how many. */
export function* folio_mkclean(mapping: AddressSpace, folio: Folio): Op<number> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}

/** Whether any PTE maps a page of the folio. */
export function* folio_mapped(mapping: AddressSpace, folio: Folio): Op<boolean> {
  void mapping;
  void folio;
  assert(false, 'not written yet');
}
