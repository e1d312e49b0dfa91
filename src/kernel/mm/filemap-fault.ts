// The page cache: faults on mappings of files.
// @source mm/filemap.c v6.12, v6.1

import { update_mmu_cache } from '../arch/cacheflush.ts';
import { aops_down_read, aops_up_read, folio_mark_dirty } from '../fs/s_dax/aops.ts';
import { E } from '../include/linux/errno.ts';
import type { File } from '../include/linux/fs.ts';
import {
  type AddressSpace,
  type Folio,
  PG_readahead,
  type VmFault,
  type VmFaultRequest,
  type VmOperations,
  type Vma,
} from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import { get, lock, noSteps, type Op, set, unlock } from '../steps.ts';
import { __filemap_get_folio, filemap_get_folio } from './filemap.ts';
import { filemap_read_folio } from './filemap-io.ts';
import {
  filemap_dirty_folio,
  folio_lock,
  folio_pos,
  folio_test_uptodate,
  folio_unlock,
  linuxOf,
  testPageFlags,
} from './folio-state.ts';
import { filePte } from './pte.ts';
import { f_ra, page_cache_async_ra, ra_pages, readAround } from './readahead.ts';

/** The cached contents of the file that a mapping shows. */
function mappingOf(vma: Vma): AddressSpace | undefined {
  return vma.vm_file?.f_inode.i_mapping;
}

/**
 * The page, with its folio locked; SIGBUS beyond the end of the file or where it cannot be read.
 * @source mm/filemap.c filemap_fault() v6.12
 */
export function* filemap_fault(request: VmFaultRequest): Op<VmFault> {
  const { vma, pgoff } = request;
  const file = vma.vm_file;
  if (file === undefined) return { kind: 'SIGBUS' };
  const mapping = file.f_inode.i_mapping;
  if (pgoff >= (yield* pagesOf(mapping))) return { kind: 'SIGBUS' };
  const cached = yield* filemap_get_folio(mapping, pgoff);
  if (cached === undefined) yield* do_sync_mmap_readahead(file, pgoff);
  else yield* do_async_mmap_readahead(file, cached, pgoff);
  for (;;) {
    const folio = yield* __filemap_get_folio(mapping, { index: pgoff, order: 0 });
    if (folio === -E.EEXIST) continue;
    if (typeof folio === 'number') return { kind: 'OOM' };
    yield* folio_lock(mapping, folio);
    if ((yield* filemap_get_folio(mapping, pgoff)) !== folio) {
      yield* folio_unlock(mapping, folio);
      continue;
    }
    if (!(yield* folio_test_uptodate(mapping, folio))) {
      // The lock order is invalidate_lock before the folio's.
      yield* folio_unlock(mapping, folio);
      if ((yield* readForFault(mapping, folio)) < 0) return { kind: 'SIGBUS' };
      continue;
    }
    if (pgoff >= (yield* pagesOf(mapping))) {
      yield* folio_unlock(mapping, folio);
      return { kind: 'SIGBUS' };
    }
    return { kind: 'LOCKED', folio, pfn: folio.pfn + pgoff - folio.index };
  }
}

/** Reads a folio that is not up to date, if it is still there. */
function* readForFault(mapping: AddressSpace, folio: Folio): Op<number> {
  yield* lock(mapping.invalidate_lock, 'shared');
  yield* folio_lock(mapping, folio);
  const there = (yield* filemap_get_folio(mapping, folio.index)) === folio;
  let error = 0;
  if (there) error = yield* filemap_read_folio(mapping, folio);
  else yield* folio_unlock(mapping, folio);
  yield* unlock(mapping.invalidate_lock, 'shared');
  return error;
}

/** Pages up to the end of the file. */
function* pagesOf(mapping: AddressSpace): Op<number> {
  const { PAGE_SIZE } = linuxOf(mapping);
  return Math.ceil((yield* get(mapping.host.i_size)) / PAGE_SIZE);
}

/** More misses than this in a row and nothing is read around a fault. @source mm/filemap.c v6.12 */
const MMAP_LOTSAMISS = 100;

/** Reads around a missing page. @source mm/filemap.c do_sync_mmap_readahead() v6.12 */
function* do_sync_mmap_readahead(file: File, pgoff: number): Op<void> {
  const ra = f_ra(file);
  const state = yield* get(ra);
  const mmap_miss = Math.min(state.mmap_miss + 1, MMAP_LOTSAMISS * 10);
  yield* set(ra, 0, { ...state, mmap_miss });
  if (mmap_miss > MMAP_LOTSAMISS) return;
  yield* readAround({ mapping: file.f_inode.i_mapping, ra, index: pgoff });
}

/** Reads on where a marked folio is met. @source mm/filemap.c do_async_mmap_readahead() v6.12 */
function* do_async_mmap_readahead(file: File, folio: Folio, pgoff: number): Op<void> {
  const ra = f_ra(file);
  const state = yield* get(ra);
  if (state.mmap_miss > 0) yield* set(ra, 0, { ...state, mmap_miss: state.mmap_miss - 1 });
  const mapping = file.f_inode.i_mapping;
  if (!(yield* testPageFlags(linuxOf(mapping), folio.pfn, PG_readahead))) return;
  const pages = ra_pages(linuxOf(mapping));
  yield* page_cache_async_ra({ mapping, ra, index: pgoff }, folio, pages);
}

/** Bytes around a read fault whose cached pages are mapped too. @source mm/memory.c v6.12 */
const fault_around_bytes = 65536;

/**
 * Maps cached pages around a read fault that are up to date and not mapped yet.
 * @source mm/memory.c do_fault_around() v6.12, mm/filemap.c filemap_map_pages() v6.12
 */
export function* filemap_map_pages(request: VmFaultRequest): Op<void> {
  const { vma, pgoff } = request;
  const mapping = mappingOf(vma);
  if (mapping === undefined) return;
  const linux = linuxOf(mapping);
  const { PAGE_SIZE } = linux;
  const around = Math.max(1, fault_around_bytes / PAGE_SIZE);
  const vpn = Math.floor(request.address / PAGE_SIZE);
  const from = Math.max(Math.floor(vpn / around) * around, vma.vm_start / PAGE_SIZE);
  const to = Math.min(Math.floor(vpn / around) * around + around, vma.vm_end / PAGE_SIZE);
  const fileEnd = yield* pagesOf(mapping);
  for (let at = from; at < to; at++) {
    const index = pgoff + at - vpn;
    if (index >= fileEnd) return;
    const folio = yield* filemap_get_folio(mapping, index);
    if (folio === undefined || !(yield* folio_test_uptodate(mapping, folio))) continue;
    if (yield* testPageFlags(linux, folio.pfn, PG_readahead)) continue;
    if ((yield* get(vma.vm_mm.ptes, at)) !== undefined) continue;
    const pte = yield* filePte(vma, { pfn: folio.pfn + index - folio.index, write: false });
    yield* set(vma.vm_mm.ptes, at, pte);
    yield* update_mmu_cache(linux, vma, at * PAGE_SIZE, pte);
  }
}

/**
 * First write to a page of a shared mapping where no space is to be found: it is dirty then.
 * @source mm/filemap.c filemap_page_mkwrite() v6.12
 */
export function* filemap_page_mkwrite(request: VmFaultRequest, folio: Folio): Op<VmFault> {
  const mapping = mappingOf(request.vma);
  if (mapping === undefined) return { kind: 'SIGBUS' };
  const { s_writers } = mapping.host.i_sb;
  yield* lock(s_writers, 'shared');
  yield* folio_lock(mapping, folio);
  let answer: VmFault = { kind: 'NOPAGE' };
  if ((yield* filemap_get_folio(mapping, folio.index)) === folio) {
    yield* filemap_dirty_folio(mapping, folio);
    answer = { kind: 'LOCKED', folio, pfn: folio.pfn };
  } else yield* folio_unlock(mapping, folio);
  yield* unlock(s_writers, 'shared');
  return answer;
}

/**
 * First write to a page of a shared mapping: the filesystem's `page_mkwrite` finds space for the
 * folio up to the end of the file, then it is dirty.
 * @source fs/buffer.c block_page_mkwrite() v6.12
 */
export function* block_page_mkwrite(request: VmFaultRequest, folio: Folio): Op<VmFault> {
  const mapping = mappingOf(request.vma);
  if (mapping === undefined) return { kind: 'SIGBUS' };
  const { s_writers } = mapping.host.i_sb;
  yield* lock(s_writers, 'shared');
  const answer = yield* mkwriteLocked(mapping, folio);
  yield* unlock(s_writers, 'shared');
  return answer;
}

function* mkwriteLocked(mapping: AddressSpace, folio: Folio): Op<VmFault> {
  const linux = linuxOf(mapping);
  const { host } = mapping;
  yield* folio_lock(mapping, folio);
  const there = (yield* filemap_get_folio(mapping, folio.index)) === folio;
  const pos = folio_pos(linux, folio);
  const size = yield* get(host.i_size);
  if (!there || pos >= size) {
    yield* folio_unlock(mapping, folio);
    return { kind: 'NOPAGE' };
  }
  let error = 0;
  const a_ops = yield* aops_down_read(mapping);
  if (a_ops !== undefined) error = yield* a_ops.page_mkwrite(host, folio);
  yield* aops_up_read(mapping);
  if (error < 0) {
    yield* folio_unlock(mapping, folio);
    return vmf_error(error);
  }
  yield* folio_mark_dirty(mapping, folio);
  return { kind: 'LOCKED', folio, pfn: folio.pfn };
}

/** What an error number means to who touched the page. @source include/linux/mm.h v6.12 */
export function vmf_error(error: number): VmFault {
  switch (error) {
    case -E.EFAULT:
    case -E.EAGAIN:
      return { kind: 'NOPAGE' };
    case -E.ENOMEM:
      return { kind: 'OOM' };
    default:
      return { kind: 'SIGBUS' };
  }
}

/** What mappings of files in the page cache do without a filesystem's help. */
export const generic_file_vm_ops: VmOperations = {
  fault: filemap_fault,
  map_pages: filemap_map_pages,
  page_mkwrite: filemap_page_mkwrite,
};

/** mmap() of files in the page cache. @source mm/filemap.c generic_file_mmap() v6.12 */
export function generic_file_mmap(_task: Task, _file: File, vma: Vma): Op<Vma | number> {
  return noSteps({ ...vma, vm_ops: generic_file_vm_ops });
}
