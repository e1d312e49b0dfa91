// Page table entries of file mappings, and of a process's own pages: made and taken away.
// @source mm/memory.c v6.12

import { update_mmu_cache } from '../arch/cacheflush.ts';
import { type Pte, VM_SHARED, VM_WRITE, type Vma } from '../include/linux/mm.ts';
import { get, type Op, set } from '../steps.ts';

/** Whether all bits of `flags` (VM_*) are set. */
export function* vmaHas(vma: Vma, flags: number): Op<boolean> {
  return ((yield* get(vma.vm_flags)) & flags) === flags;
}

/**
 * Whether the first store to each page of the mapping shall fault, so that the file's side hears
 * of it. @source mm/mmap.c vma_wants_writenotify() v6.12
 */
export function* vma_wants_writenotify(vma: Vma): Op<boolean> {
  if (!(yield* vmaHas(vma, VM_WRITE | VM_SHARED))) return false;
  const { vm_ops } = vma;
  if (vm_ops?.page_mkwrite !== undefined || vm_ops?.pfn_mkwrite !== undefined) return true;
  return vma.vm_file?.f_inode.i_sb.s_bdev !== undefined;
}

/** The PTE of a page of a file: writable after a write fault, or where nobody wants to know. */
export function* filePte(
  vma: Vma,
  page: { readonly pfn: number; readonly write: boolean },
): Op<Pte> {
  const writable = yield* vmaHas(vma, VM_WRITE | (page.write ? 0 : VM_SHARED));
  const write = writable && (page.write || !(yield* vma_wants_writenotify(vma)));
  return { pfn: page.pfn, write, dirty: page.write };
}

/** Sets a PTE that was not present, or changes its rights, as set_pte_at() with what follows. */
export function* setPte(vma: Vma, address: number, pte: Pte): Op<void> {
  const { linux, ptes } = vma.vm_mm;
  yield* set(ptes, Math.floor(address / linux.PAGE_SIZE), pte);
  yield* update_mmu_cache(linux, vma, address, pte);
}

/** The PTE at a user address. */
export function getPte(vma: Vma, address: number): Op<Pte | undefined> {
  const { linux, ptes } = vma.vm_mm;
  return get(ptes, Math.floor(address / linux.PAGE_SIZE));
}
