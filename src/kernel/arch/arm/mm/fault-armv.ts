// ARM: what happens when a page table entry is made.

import type { AddressSpace, Pte, Vma } from '../../../include/linux/mm.ts';
import { VM_EXEC, VM_MAYSHARE } from '../../../include/linux/mm.ts';
import type { Linux } from '../../../linux.ts';
import { get, type Op, set } from '../../../steps.ts';
import {
  flushUser,
  isLoaded,
  mappingsOf,
  pageUnder,
  pfn_valid,
  pteAt,
  test_and_set_bit,
} from '../../cache-ops.ts';
import { __flush_dcache_folio, cacheKind } from './flush.ts';

/**
 * The deferred flush of the kernel's lines, and for virtual tags the remedy for several shared
 * mappings in one address space. From ARMv6 on it is done where the entry is set.
 * @source arch/arm/mm/fault-armv.c update_mmu_cache_range() v6.12, update_mmu_cache() v6.1
 * @source arch/arm/mm/flush.c __sync_icache_dcache() v6.12
 */
export function* update_mmu_cache(linux: Linux, vma: Vma, address: number, pte: Pte): Op<void> {
  const kind = cacheKind(linux);
  const exec = ((yield* get(vma.vm_flags)) & VM_EXEC) !== 0;
  if (kind === 'vipt-nonaliasing' && !exec) return;
  if (!pfn_valid(linux, pte.pfn) || pte.pfn === linux.zero_pfn) return;
  const { folio, mapping } = yield* pageUnder(linux, vma, address, pte);
  const flushed = kind === 'vipt-nonaliasing' ? undefined : mapping;
  if (!(yield* test_and_set_bit(linux, folio))) yield* __flush_dcache_folio(linux, flushed, folio);
  if (mapping !== undefined && kind === 'vivt') {
    yield* make_coherent(linux, mapping, { vma, address, pfn: pte.pfn });
  }
}

/**
 * Where one address space has a page of a file at several addresses, all of them stop using the
 * cache. @source arch/arm/mm/fault-armv.c make_coherent() v6.12
 */
function* make_coherent(
  linux: Linux,
  mapping: AddressSpace,
  made: { readonly vma: Vma; readonly address: number; readonly pfn: number },
): Op<void> {
  const { vma, address, pfn } = made;
  const index = vma.vm_pgoff + Math.floor((address - vma.vm_start) / linux.PAGE_SIZE);
  let aliases = 0;
  for (const other of yield* mappingsOf(linux, mapping, { pfn, index, order: 0 })) {
    if (other.vma.vm_mm !== vma.vm_mm || other.vma === vma) continue;
    if (((yield* get(other.vma.vm_flags)) & VM_MAYSHARE) === 0) continue;
    if (yield* do_adjust_pte(linux, other.vma, other.address, pfn)) aliases++;
  }
  if (aliases > 0) yield* do_adjust_pte(linux, vma, address, pfn);
}

/**
 * Makes an entry uncached, with a flush before; tells whether there is an entry.
 * @source arch/arm/mm/fault-armv.c do_adjust_pte() v6.12
 */
function* do_adjust_pte(linux: Linux, vma: Vma, address: number, pfn: number): Op<boolean> {
  const pte = yield* pteAt(linux, vma.vm_mm, address);
  if (pte === undefined) return false;
  if (pte.attribute !== 'uncached') {
    if (yield* isLoaded(linux, vma.vm_mm)) yield* flushUser(linux, pfn, address);
    const key = Math.floor(address / linux.PAGE_SIZE);
    yield* set(vma.vm_mm.ptes, key, { ...pte, attribute: 'uncached' });
  }
  return true;
}
