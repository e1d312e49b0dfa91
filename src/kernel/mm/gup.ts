// Pages of user memory that a device, or the kernel, works on by their physical address.
// @source mm/gup.c v6.12

import { flush_anon_page, flush_dcache_folio } from '../arch/cacheflush.ts';
import type { BioVec } from '../include/linux/blkdev.ts';
import { E } from '../include/linux/errno.ts';
import type { AddressSpace, Folio, Pte, Vma } from '../include/linux/mm.ts';
import type { Linux, Task } from '../linux.ts';
import { lock, type Op, unlock } from '../steps.ts';
import { filemap_get_folio } from './filemap.ts';
import { filemap_dirty_folio, folio_lock, folio_unlock } from './folio-state.ts';
import { find_vma } from './mmap.ts';
import { pinFrame, unpinFrame } from './pins.ts';
import { faultin_page } from './populate.ts';
import { getPte } from './pte.ts';

/** A piece of a pinned page, and the file that it shows, if it is of the page cache. */
export interface PinnedPiece extends BioVec {
  readonly cache: { readonly mapping: AddressSpace; readonly index: number } | undefined;
}

/**
 * Pins user memory: its pieces in physical memory, each within a page, or -EFAULT. `write`: the
 * device will store, so the pages must be writable and are dirty from now on.
 * @source mm/gup.c __get_user_pages() v6.12
 */
export function* pin_user_pages(
  task: Task,
  request: { readonly address: number; readonly length: number; readonly write: boolean },
): Op<readonly PinnedPiece[] | number> {
  const { mm } = task;
  const { PAGE_SIZE } = mm.linux;
  const pieces: PinnedPiece[] = [];
  yield* lock(mm.mmap_lock, 'shared');
  let failed = false;
  for (let done = 0; done < request.length && !failed; ) {
    const address = request.address + done;
    const lengthBytes = Math.min(PAGE_SIZE - (address % PAGE_SIZE), request.length - done);
    const piece = yield* pinPage(task, { address, lengthBytes, write: request.write });
    if (typeof piece === 'number') failed = true;
    else pieces.push(piece);
    done += lengthBytes;
  }
  yield* unlock(mm.mmap_lock, 'shared');
  if (!failed) return pieces;
  yield* unpin_user_pages(mm.linux, pieces, false);
  return -E.EFAULT;
}

function* pinPage(
  task: Task,
  piece: { readonly address: number; readonly lengthBytes: number; readonly write: boolean },
): Op<PinnedPiece | number> {
  const { linux } = task.mm;
  const { PAGE_SIZE } = linux;
  const vma = yield* find_vma(task.mm, piece.address);
  if (vma === undefined || piece.address < vma.vm_start) return -E.EFAULT;
  const pte = yield* grabPage(vma, piece);
  if (pte === undefined) return -E.EFAULT;
  const index = pageIndex(vma, piece.address);
  const mapping = pte.anon === true ? undefined : vma.vm_file?.f_inode.i_mapping;
  // Whoever has the page by its frame shall see what the user's addresses have in caches.
  yield* flush_anon_page(linux, vma, pte.pfn, piece.address - (piece.address % PAGE_SIZE));
  const page: Folio = { pfn: pte.pfn, index, order: 0 };
  yield* flush_dcache_folio(linux, mapping, page);
  const cached = mapping !== undefined && pte.devmap !== true;
  return {
    paddr: pte.pfn * PAGE_SIZE + (piece.address % PAGE_SIZE),
    lengthBytes: piece.lengthBytes,
    cache: cached ? { mapping, index } : undefined,
  };
}

/** How often a page is looked for that others take away; C goes on for as long as they do. */
const MOST_TRIES = 2;

/**
 * Pins the page that the entry maps, and asks again whether it still does: whoever takes the entry
 * away looks for pins after that. Undefined: there is no page, or it went again and again.
 * @source mm/gup.c gup_fast_pte_range() v6.12, gup_pte_range() v6.1
 */
function* grabPage(
  vma: Vma,
  piece: { readonly address: number; readonly write: boolean },
): Op<Pte | undefined> {
  const { linux } = vma.vm_mm;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const error = yield* faultin_page(vma, piece.address, piece.write);
    if (error < 0) return undefined;
    const pte = yield* getPte(vma, piece.address);
    if (pte === undefined) continue;
    yield* pinFrame(linux, pte.pfn);
    if ((yield* getPte(vma, piece.address))?.pfn === pte.pfn) return pte;
    yield* unpinFrame(linux, pte.pfn);
  }
  return undefined;
}

function pageIndex(vma: Vma, address: number): number {
  const { PAGE_SIZE } = vma.vm_mm.linux;
  return vma.vm_pgoff + Math.floor((address - vma.vm_start) / PAGE_SIZE);
}

/**
 * Releases pinned pages; `dirty`: a device stored to them.
 * @source mm/gup.c unpin_user_pages_dirty_lock() v6.12
 */
export function* unpin_user_pages(
  linux: Linux,
  pieces: readonly PinnedPiece[],
  dirty: boolean,
): Op<void> {
  for (const { paddr, cache } of pieces) {
    const pfn = Math.floor(paddr / linux.PAGE_SIZE);
    if (dirty && cache !== undefined) yield* dirtyPage(cache, pfn);
    yield* unpinFrame(linux, pfn);
  }
}

/** The file's page is dirty, if it is still the file's. */
function* dirtyPage(
  page: { readonly mapping: AddressSpace; readonly index: number },
  pfn: number,
): Op<void> {
  const { mapping, index } = page;
  const folio = yield* filemap_get_folio(mapping, index);
  if (folio === undefined || folio.pfn + index - folio.index !== pfn) return;
  yield* folio_lock(mapping, folio);
  if ((yield* filemap_get_folio(mapping, index)) === folio) {
    yield* filemap_dirty_folio(mapping, folio);
  }
  yield* folio_unlock(mapping, folio);
}
