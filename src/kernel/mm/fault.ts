// The kinds of faults: a page of a file that is read, written or copied, a page of the process's
// own, and the first store to a page mapped read-only.
// @source mm/memory.c v6.12, v6.1

import { copy_user_highpage, flush_cache_page, flush_dcache_folio } from '../arch/cacheflush.ts';
import { kernelStore, pfnToKaddr } from '../arch/map.ts';
import { folio_mark_dirty } from '../fs/s_dax/aops.ts';
import { S_SWAPFILE } from '../include/linux/fs.ts';
import {
  type AddressSpace,
  type Folio,
  type Pte,
  VM_MAYSHARE,
  VM_SHARED,
  VM_WRITE,
  type VmFault,
  type VmFaultRequest,
  type Vma,
} from '../include/linux/mm.ts';
import { get, load, type Op } from '../steps.ts';
import { filemap_get_folio } from './filemap.ts';
import { folio_lock, folio_unlock } from './folio-state.ts';
import { free_pages } from './page_alloc.ts';
import { filePte, getPte, setPte, vmaHas } from './pte.ts';
import { vma_alloc_folio, vma_alloc_zeroed_movable_folio } from './zeroing.ts';

const MAPPED: VmFault = { kind: 'NOPAGE' };

/** A fault where no PTE is. @source mm/memory.c do_fault() v6.12 */
export function* do_fault(request: VmFaultRequest): Op<VmFault> {
  if (!request.write) return yield* do_read_fault(request);
  if (yield* vmaHas(request.vma, VM_SHARED)) return yield* do_shared_fault(request);
  return yield* do_cow_fault(request);
}

/** @source mm/memory.c do_read_fault() v6.12 */
function* do_read_fault(request: VmFaultRequest): Op<VmFault> {
  const { vma, address } = request;
  const { vm_ops } = vma;
  if (vm_ops?.map_pages !== undefined) {
    yield* vm_ops.map_pages(request);
    if ((yield* getPte(vma, address)) !== undefined) return MAPPED;
  }
  const fault = yield* callFault(request);
  if (fault.kind !== 'LOCKED') return fault;
  yield* finish_fault(request, fault.pfn);
  yield* unlockFolio(vma, fault.folio);
  return MAPPED;
}

/** A store to a private mapping: the page is copied at once. @source mm/memory.c v6.12 */
function* do_cow_fault(request: VmFaultRequest): Op<VmFault> {
  const { vma, address } = request;
  const { linux } = vma.vm_mm;
  const cow_page = yield* folio_prealloc(vma, address, false);
  if (cow_page < 0) return { kind: 'OOM' };
  const fault = yield* callFault({ ...request, cow_page });
  if (fault.kind === 'LOCKED') {
    yield* copy_user_highpage(linux, { vma, from: fault.pfn, to: cow_page, vaddr: address });
    yield* mapOwn(vma, address, cow_page);
    yield* unlockFolio(vma, fault.folio);
    return MAPPED;
  }
  if (fault.kind === 'DONE_COW') {
    yield* mapOwn(vma, address, cow_page);
    return MAPPED;
  }
  free_pages(linux, cow_page, 0);
  return fault;
}

/** @source mm/memory.c do_shared_fault() v6.12 */
function* do_shared_fault(request: VmFaultRequest): Op<VmFault> {
  const { vma } = request;
  const fault = yield* callFault(request);
  if (fault.kind !== 'LOCKED') return fault;
  const { folio, pfn } = fault;
  if (vma.vm_ops?.page_mkwrite !== undefined) {
    yield* unlockFolio(vma, folio);
    const made = yield* do_page_mkwrite(request, folio);
    if (made.kind !== 'LOCKED') return made;
  }
  yield* finish_fault(request, pfn);
  yield* fault_dirty_shared_page(vma, folio);
  return MAPPED;
}

/** The filesystem's handler, without which a mapping has nothing to show. */
function* callFault(request: VmFaultRequest): Op<VmFault> {
  const { vm_ops } = request.vma;
  return vm_ops === undefined ? { kind: 'SIGBUS' } : yield* vm_ops.fault(request);
}

/** Maps a page of a file, unless somebody was faster. @source mm/memory.c finish_fault() v6.12 */
function* finish_fault(request: VmFaultRequest, pfn: number): Op<void> {
  const { vma, address, write } = request;
  if ((yield* getPte(vma, address)) !== undefined) return;
  yield* setPte(vma, address, yield* filePte(vma, { pfn, write }));
}

/** Tells the filesystem of a store: LOCKED, or why not. @source mm/memory.c v6.12 */
function* do_page_mkwrite(request: VmFaultRequest, folio: Folio): Op<VmFault> {
  const { vma } = request;
  const mapping = mappingOf(vma);
  if (mapping === undefined || vma.vm_ops?.page_mkwrite === undefined) return { kind: 'SIGBUS' };
  if (((yield* get(mapping.host.i_flags)) & S_SWAPFILE) !== 0) return { kind: 'SIGBUS' };
  return yield* vma.vm_ops.page_mkwrite(request, folio);
}

/** The store makes the folio dirty, whoever asks. @source mm/memory.c v6.12 */
function* fault_dirty_shared_page(vma: Vma, folio: Folio): Op<void> {
  const mapping = mappingOf(vma);
  if (mapping === undefined) return;
  yield* folio_mark_dirty(mapping, folio);
  yield* folio_unlock(mapping, folio);
}

/**
 * Memory without a file: the zero page for a load, a zeroed page for a store.
 * @source mm/memory.c do_anonymous_page() v6.12
 */
export function* do_anonymous_page(request: VmFaultRequest): Op<VmFault> {
  const { vma, address, write } = request;
  const { linux } = vma.vm_mm;
  if (yield* vmaHas(vma, VM_SHARED)) return { kind: 'SIGBUS' };
  if (!write) {
    yield* setPte(vma, address, { pfn: linux.zero_pfn, write: false, dirty: false });
    return MAPPED;
  }
  const pfn = yield* folio_prealloc(vma, address, true);
  if (pfn < 0) return { kind: 'OOM' };
  yield* mapOwn(vma, address, pfn);
  return MAPPED;
}

/** A store where a PTE forbids it. @source mm/memory.c do_wp_page() v6.12 */
export function* do_wp_page(request: VmFaultRequest, pte: Pte): Op<VmFault> {
  const { vma } = request;
  const flags = yield* get(vma.vm_flags);
  if ((flags & (VM_SHARED | VM_MAYSHARE)) !== 0) {
    return yield* pte.devmap === true ? wp_pfn_shared(request, pte) : wp_page_shared(request, pte);
  }
  if (pte.anon === true) {
    yield* wp_page_reuse(request, pte);
    return MAPPED;
  }
  return yield* wp_page_copy(request, pte);
}

/** @source mm/memory.c wp_pfn_shared() finish_mkwrite_fault() v6.12 */
function* wp_pfn_shared(request: VmFaultRequest, pte: Pte): Op<VmFault> {
  const { vma, address } = request;
  if (vma.vm_ops?.pfn_mkwrite === undefined) {
    yield* wp_page_reuse(request, pte);
    return MAPPED;
  }
  const fault = yield* vma.vm_ops.pfn_mkwrite(request);
  // With LOCKED or FALLBACK nothing was mapped yet; a handler that maps says NOPAGE.
  if (fault.kind !== 'LOCKED') return fault;
  if ((yield* getPte(vma, address)) === pte) yield* wp_page_reuse(request, pte);
  return MAPPED;
}

/** @source mm/memory.c wp_page_shared() v6.12 */
function* wp_page_shared(request: VmFaultRequest, pte: Pte): Op<VmFault> {
  const { vma, address, pgoff } = request;
  const mapping = mappingOf(vma);
  const folio = mapping === undefined ? undefined : yield* filemap_get_folio(mapping, pgoff);
  if (mapping === undefined || folio === undefined) {
    yield* wp_page_reuse(request, pte);
    return MAPPED;
  }
  if (vma.vm_ops?.page_mkwrite === undefined) {
    yield* wp_page_reuse(request, pte);
    yield* folio_lock(mapping, folio);
  } else {
    const made = yield* do_page_mkwrite(request, folio);
    if (made.kind !== 'LOCKED') return made;
    if ((yield* getPte(vma, address)) !== pte) {
      yield* folio_unlock(mapping, folio);
      return MAPPED;
    }
    yield* wp_page_reuse(request, pte);
  }
  yield* fault_dirty_shared_page(vma, folio);
  return MAPPED;
}

/** The page may be written where it is. @source mm/memory.c wp_page_reuse() v6.12 */
function* wp_page_reuse(request: VmFaultRequest, pte: Pte): Op<void> {
  const { vma, address } = request;
  yield* flush_cache_page(vma.vm_mm.linux, vma, address, pte.pfn);
  const write = yield* vmaHas(vma, VM_WRITE);
  yield* setPte(vma, address, { ...pte, write, dirty: true });
}

/**
 * The process gets a copy of the page. A page frame of a device is read through the address of the
 * user, a page of the cache through that of the kernel.
 * @source mm/memory.c wp_page_copy() __wp_page_copy_user() v6.12
 */
function* wp_page_copy(request: VmFaultRequest, pte: Pte): Op<VmFault> {
  const { vma, address } = request;
  const { linux } = vma.vm_mm;
  const isZero = pte.pfn === linux.zero_pfn;
  const pfn = yield* folio_prealloc(vma, address, isZero);
  if (pfn < 0) return { kind: 'OOM' };
  if (isZero) {
    // The page is zeroed already.
  } else if (pte.devmap === true) {
    const kaddr = pfnToKaddr(linux, pfn);
    const place = { vaddr: address, paddr: pte.pfn * linux.PAGE_SIZE };
    yield* kernelStore(linux, kaddr, yield* load(place, linux.PAGE_SIZE));
    yield* flush_dcache_folio(linux, undefined, { pfn, index: 0, order: 0 });
  } else yield* copy_user_highpage(linux, { vma, from: pte.pfn, to: pfn, vaddr: address });
  if ((yield* getPte(vma, address)) !== pte) {
    free_pages(linux, pfn, 0);
    return MAPPED;
  }
  yield* flush_cache_page(linux, vma, address, pte.pfn);
  yield* mapOwn(vma, address, pfn);
  return MAPPED;
}

/** A page of a process's own: -1 for none. @source mm/memory.c folio_prealloc() v6.12 */
function folio_prealloc(vma: Vma, address: number, need_zero: boolean): Op<number> {
  return need_zero ? vma_alloc_zeroed_movable_folio(vma, address) : vma_alloc_folio(vma);
}

/** Maps a page of the process's own, written already. */
function* mapOwn(vma: Vma, address: number, pfn: number): Op<void> {
  const write = yield* vmaHas(vma, VM_WRITE);
  yield* setPte(vma, address, { pfn, write, dirty: true, anon: true });
}

function mappingOf(vma: Vma): AddressSpace | undefined {
  return vma.vm_file?.f_inode.i_mapping;
}

function* unlockFolio(vma: Vma, folio: Folio): Op<void> {
  const mapping = mappingOf(vma);
  if (mapping !== undefined) yield* folio_unlock(mapping, folio);
}
