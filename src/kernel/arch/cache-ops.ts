// What the ports' functions are made of: maintenance through kernel addresses, through user
// addresses and through addresses of a wished colour; flags of folios; who maps what.

import type { AddressSpace, Folio, Pte, Vma } from '../include/linux/mm.ts';
import { PG_arch_1 } from '../include/linux/mm.ts';
import { type Linux, subsystem } from '../linux.ts';
import type { MmStruct } from '../include/linux/mm.ts';
import { get, load, maintain, type Op, type Place, set, store } from '../steps.ts';
import { kernelPlace, pfnToKaddr } from './map.ts';
import { ArchState } from './state.ts';

/** Largest unit of congruence that any port knows: SHM_COLOUR of parisc. */
const LARGEST_UNIT = 2 ** 22;

/** Writes back and drops the lines of the kernel's own addresses. */
export function* flushKernel(linux: Linux, kaddr: number, length: number): Op<void> {
  for (let done = 0; done < length; ) {
    const left = linux.PAGE_SIZE - ((kaddr + done) % linux.PAGE_SIZE);
    const here = Math.min(length - done, left);
    yield* maintain('flush', kernelPlace(linux, kaddr + done), here);
    done += here;
  }
}

/** Writes back and drops the lines of the kernel's addresses of a folio. */
export function flushKernelFolio(linux: Linux, folio: Folio): Op<void> {
  return flushKernel(linux, pfnToKaddr(linux, folio.pfn), folioBytes(linux, folio));
}

/**
 * Page `pfn` at a kernel address in the window that ports keep for such mappings (FLUSH_ALIAS of
 * arm, kmap_coherent() of mips and sh, TLBTEMP of xtensa and sparc, the alias space of parisc):
 * congruent to `vaddr`, whatever the unit of congruence.
 */
export function colouredPlace(linux: Linux, pfn: number, vaddr: number): Place {
  const page = Math.floor(vaddr / linux.PAGE_SIZE) * linux.PAGE_SIZE;
  const window = linux.PAGE_OFFSET - 2 * LARGEST_UNIT;
  return { vaddr: window + (page % LARGEST_UNIT), paddr: pfn * linux.PAGE_SIZE };
}

/** Writes back and drops the lines of a page that are of the colour of `vaddr`. */
export function flushColour(linux: Linux, pfn: number, vaddr: number): Op<void> {
  return maintain('flush', colouredPlace(linux, pfn, vaddr), linux.PAGE_SIZE);
}

/** Writes back and drops the lines of a page under every colour: a search by physical tag. */
export function* flushEveryColour(linux: Linux, pfn: number, wayBytes: number): Op<void> {
  for (let vaddr = 0; vaddr < Math.max(wayBytes, linux.PAGE_SIZE); vaddr += linux.PAGE_SIZE) {
    yield* flushColour(linux, pfn, vaddr);
  }
}

/** Writes back and drops the lines of a page under the user's own address. */
export function flushUser(linux: Linux, pfn: number, address: number): Op<void> {
  const vaddr = Math.floor(address / linux.PAGE_SIZE) * linux.PAGE_SIZE;
  return maintain('flush', { vaddr, paddr: pfn * linux.PAGE_SIZE }, linux.PAGE_SIZE);
}

/** Writes back and drops the whole data cache. */
export function flushEverything(linux: Linux): Op<void> {
  return maintain('flush-all', { vaddr: linux.PAGE_OFFSET, paddr: 0 }, 0);
}

/** Copies a page between two places, by loads and stores through the cache. */
export function* copyPlaces(linux: Linux, to: Place, from: Place): Op<void> {
  yield* store(to, yield* load(from, linux.PAGE_SIZE));
}

/** The page of zeroes, through the cache. */
export function clearPlace(linux: Linux, to: Place): Op<void> {
  return store(to, subsystem(linux, ArchState).zeroes);
}

/** Bytes of a folio. */
export function folioBytes(linux: Linux, folio: Folio): number {
  return linux.PAGE_SIZE * 2 ** folio.order;
}

/** Whether PG_arch_1 of a folio is set. */
export function* test_bit(linux: Linux, folio: Folio): Op<boolean> {
  return ((yield* get(linux.page_flags, folio.pfn)) & PG_arch_1) !== 0;
}

/** Sets PG_arch_1 of a folio. */
export function* set_bit(linux: Linux, folio: Folio): Op<void> {
  const flags = yield* get(linux.page_flags, folio.pfn);
  yield* set(linux.page_flags, folio.pfn, flags | PG_arch_1);
}

/** Clears PG_arch_1 of a folio. */
export function* clear_bit(linux: Linux, folio: Folio): Op<void> {
  const flags = yield* get(linux.page_flags, folio.pfn);
  yield* set(linux.page_flags, folio.pfn, flags & ~PG_arch_1);
}

/** Sets PG_arch_1 of a folio and tells whether it was set. */
export function* test_and_set_bit(linux: Linux, folio: Folio): Op<boolean> {
  const was = yield* test_bit(linux, folio);
  if (!was) yield* set_bit(linux, folio);
  return was;
}

/** The file is mapped by someone. @source include/linux/fs.h mapping_mapped() v6.12 */
export function* mapping_mapped(mapping: AddressSpace): Op<boolean> {
  return (yield* get(mapping.i_mmap)).length > 0;
}

/** Mappings of the file that have the folio, each with the address at which the folio starts. */
export function* mappingsOf(
  linux: Linux,
  mapping: AddressSpace,
  folio: Folio,
): Op<readonly { readonly vma: Vma; readonly address: number; readonly page: number }[]> {
  const pages = 2 ** folio.order;
  const found: { vma: Vma; address: number; page: number }[] = [];
  for (const vma of yield* get(mapping.i_mmap)) {
    for (let page = 0; page < pages; page++) {
      const address = vma.vm_start + (folio.index + page - vma.vm_pgoff) * linux.PAGE_SIZE;
      if (address >= vma.vm_start && address < vma.vm_end) found.push({ vma, address, page });
    }
  }
  return found;
}

/**
 * Some page table entry counts as a mapping of the folio. Pages of a DAX device have no folio that
 * counts: for them the answer is no.
 * @source include/linux/mm.h folio_mapped() v6.12; mm/memory.c insert_pfn() v6.12
 */
export function* folio_mapped(linux: Linux, mapping: AddressSpace, folio: Folio): Op<boolean> {
  for (const { vma, address, page } of yield* mappingsOf(linux, mapping, folio)) {
    const pte = yield* get(vma.vm_mm.ptes, address / linux.PAGE_SIZE);
    if (pte?.pfn === folio.pfn + page && pte.devmap === undefined) return true;
  }
  return false;
}

/** A page as a port sees it from one of its mappings. */
export interface PageView {
  readonly folio: Folio;
  /** folio_flush_mapping(): that of a file; undefined for memory of the process's own. */
  readonly mapping: AddressSpace | undefined;
  /** The entry counts as a mapping: not so for pages of a DAX device. */
  readonly counted: boolean;
}

/**
 * The folio of the page that `pte` maps at `address`; before 6.12 each page has its own flags, so
 * it is the page alone.
 * @source include/linux/pagemap.h folio_flush_mapping() v6.12
 */
export function* pageUnder(linux: Linux, vma: Vma, address: number, pte: Pte): Op<PageView> {
  const index = vma.vm_pgoff + Math.floor((address - vma.vm_start) / linux.PAGE_SIZE);
  const folio: Folio = { pfn: pte.pfn, index, order: 0 };
  const mapping = vma.vm_file?.f_inode.i_mapping;
  if (mapping === undefined || pte.anon) return { folio, mapping: undefined, counted: true };
  if (pte.devmap) return { folio, mapping, counted: false };
  const entry = yield* get(mapping.i_pages, index);
  if (entry?.kind !== 'folio' || !linux.is_6_12) return { folio, mapping, counted: true };
  return { folio: entry.folio, mapping, counted: true };
}

/** Whether a CPU has the address space loaded; caches tell no address spaces apart. */
export function* isLoaded(linux: Linux, mm: MmStruct): Op<boolean> {
  const { active_mm } = subsystem(linux, ArchState);
  for (const cpu of linux.machine.cpus) {
    if ((yield* get(active_mm, cpu.id)) === mm) return true;
  }
  return false;
}

/** The entry of a page table for a user address. */
export function pteAt(linux: Linux, mm: MmStruct, address: number): Op<Pte | undefined> {
  return get(mm.ptes, Math.floor(address / linux.PAGE_SIZE));
}

/** Frames of RAM and of devices with a memory map: all that the model has. */
export function pfn_valid(linux: Linux, pfn: number): boolean {
  const paddr = pfn * linux.PAGE_SIZE;
  return linux.machine.memory.ranges.some((r) => paddr >= r.base && paddr < r.base + r.bytes);
}

/** Whether two addresses are of different colours. @source asm/page.h pages_do_alias() v6.12 */
export function pages_do_alias(a: number, b: number, unitBytes: number): boolean {
  return a % unitBytes !== b % unitBytes;
}

/**
 * The source of a copy that a user asks for at `vaddr`: its folio, and whether anyone maps it. It
 * may be mapped elsewhere and not here.
 */
export function* copySource(
  linux: Linux,
  copy: { readonly vma: Vma; readonly vaddr: number; readonly from: number },
): Op<PageView & { readonly mapped: boolean }> {
  const pte = yield* pteAt(linux, copy.vma.vm_mm, copy.vaddr);
  const here = pte?.pfn === copy.from;
  const page: Pte = here ? pte : { pfn: copy.from, write: false, dirty: false };
  const view = yield* pageUnder(linux, copy.vma, copy.vaddr, page);
  if (!view.counted) return { ...view, mapped: false };
  const elsewhere =
    view.mapping !== undefined && (yield* folio_mapped(linux, view.mapping, view.folio));
  return { ...view, mapped: here || elsewhere };
}

/** Memory of the process's own: what get_user_pages() flushes. @source
 * include/linux/page-flags.h PageAnon() v6.12 */
export function* PageAnon(linux: Linux, vma: Vma, address: number): Op<boolean> {
  return (yield* pteAt(linux, vma.vm_mm, address))?.anon === true;
}
