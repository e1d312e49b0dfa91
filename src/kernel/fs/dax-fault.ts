// Faults on mappings of DAX files. No data moves but for copies on write: a page frame of the
// device goes into the page tables, and the entry of the page cache remembers it for fsync().
// @source fs/dax.c v6.12, v6.1

import { present } from '../../base/index.ts';
import { clear_user_highpage, copy_user_page } from '../arch/cacheflush.ts';
import { pfnToKaddr } from '../arch/map.ts';
import { dax_direct_access, dax_read_lock, dax_read_unlock } from '../drivers/dax/super.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { File } from '../include/linux/fs.ts';
import type { IomapOps } from '../include/linux/iomap.ts';
import { IOMAP_DAX, IOMAP_F_SHARED, IOMAP_FAULT, IOMAP_WRITE } from '../include/linux/iomap.ts';
import type { Vma, VmFault, VmFaultRequest } from '../include/linux/mm.ts';
import { PAGECACHE_TAG_DIRTY, VM_SHARED } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import { vmf_insert_mixed, vmf_insert_pfn_pmd } from '../mm/memory.ts';
import { get, type Op, scan, unlock } from '../steps.ts';
import {
  dax_iomap_copy_around,
  dax_iomap_cow_copy,
  dax_iomap_direct_access,
  dax_iomap_pgoff,
} from './dax-access.ts';
import {
  type DaxOrder,
  dax_fault_is_synchronous,
  dax_insert_entry,
  dax_unlock_entry,
  grab_mapping_entry,
  lock_entry,
  type LockedEntry,
  PG_PMD_NR,
  pmdStart,
  set_mark,
  tagIndex,
} from './dax-entry.ts';
import {
  iomap_iter,
  iomap_iter_srcmap,
  iomap_length,
  type IomapIter,
  iomapIterOf,
  iomapOf,
} from './iomap/iter.ts';
import { kernelAccess } from './remedies-access.ts';

const NOPAGE: VmFault = { kind: 'NOPAGE' };
const SIGBUS: VmFault = { kind: 'SIGBUS' };
const FALLBACK: VmFault = { kind: 'FALLBACK' };

/**
 * Handles a fault on a page, or on a huge page. NEEDDSYNC: the caller is to call
 * dax_finish_sync_fault(); FALLBACK: it is to try pages.
 * @source fs/dax.c dax_iomap_fault() v6.12
 */
export function dax_iomap_fault(
  request: VmFaultRequest,
  order: DaxOrder,
  ops: IomapOps,
): Op<VmFault> {
  return order === 'pte' ? dax_iomap_pte_fault(request, ops) : dax_iomap_pmd_fault(request, ops);
}

// @source fs/dax.c dax_iomap_pte_fault() v6.12
function* dax_iomap_pte_fault(request: VmFaultRequest, ops: IomapOps): Op<VmFault> {
  const { vma } = request;
  const inode = fileOf(vma).f_inode;
  const linux = inode.i_sb.linux;
  const pos = request.pgoff * linux.PAGE_SIZE;
  // The filesystem keeps truncation away.
  if (pos >= (yield* get(inode.i_size))) return SIGBUS;
  const write = request.write && request.cow_page === undefined;
  const held = yield* grab_mapping_entry(inode.i_mapping, request.pgoff, 'pte');
  if ('kind' in held) return held;
  // A huge page has been mapped meanwhile: the access is tried again.
  const vpn = Math.floor(request.address / linux.PAGE_SIZE);
  if ((yield* get(vma.vm_mm.ptes, vpn))?.pmd) {
    yield* dax_unlock_entry(held);
    return NOPAGE;
  }
  const flags = IOMAP_DAX | IOMAP_FAULT | (write ? IOMAP_WRITE : 0);
  const iter = iomapIterOf(inode, { pos, len: linux.PAGE_SIZE, flags });
  let result: VmFault | undefined;
  let error = yield* iomap_iter(iter, ops);
  for (; error > 0; error = yield* iomap_iter(iter, ops)) {
    if (iomap_length(iter) < linux.PAGE_SIZE) {
      iter.processed = -E.EIO;
      continue;
    }
    result = yield* dax_fault_iter(request, iter, held, 'pte');
    if (!isFaultError(result)) iter.processed = linux.PAGE_SIZE;
  }
  yield* dax_unlock_entry(held);
  return result ?? dax_fault_return(error);
}

// @source fs/dax.c dax_iomap_pmd_fault() v6.12
function* dax_iomap_pmd_fault(request: VmFaultRequest, ops: IomapOps): Op<VmFault> {
  const inode = fileOf(request.vma).f_inode;
  const linux = inode.i_sb.linux;
  // FS_DAX_PMD depends on it. @source fs/Kconfig FS_DAX_PMD v6.12
  if (!linux.config.TRANSPARENT_HUGEPAGE) return FALLBACK;
  const index = pmdStart(linux, request.pgoff);
  const max_pgoff = Math.ceil((yield* get(inode.i_size)) / linux.PAGE_SIZE);
  if (index >= max_pgoff) return SIGBUS;
  if (yield* dax_fault_check_fallback(linux, request, max_pgoff)) return FALLBACK;
  const held = yield* grab_mapping_entry(inode.i_mapping, request.pgoff, 'pmd');
  if ('kind' in held) return held;
  if (yield* hasPages(linux, request)) {
    yield* dax_unlock_entry(held);
    return NOPAGE;
  }
  const bytes = PG_PMD_NR(linux) * linux.PAGE_SIZE;
  const flags = IOMAP_DAX | IOMAP_FAULT | (request.write ? IOMAP_WRITE : 0);
  const iter = iomapIterOf(inode, { pos: index * linux.PAGE_SIZE, len: bytes, flags });
  let result: VmFault = FALLBACK;
  while ((yield* iomap_iter(iter, ops)) > 0) {
    // Nothing is processed, which ends the walk.
    if (iomap_length(iter) < bytes) continue;
    result = yield* dax_fault_iter(request, iter, held, 'pmd');
    if (result.kind !== 'FALLBACK') iter.processed = bytes;
  }
  yield* dax_unlock_entry(held);
  return result;
}

// A huge page must lie in the address space as it lies in the file, within mapping and file.
// @source fs/dax.c dax_fault_check_fallback() v6.12
function* dax_fault_check_fallback(
  linux: Linux,
  request: VmFaultRequest,
  max_pgoff: number,
): Op<boolean> {
  const { vma, pgoff } = request;
  const vpn = Math.floor(request.address / linux.PAGE_SIZE);
  const nr = PG_PMD_NR(linux);
  if (pgoff % nr !== vpn % nr) return true;
  if (request.write && ((yield* get(vma.vm_flags)) & VM_SHARED) === 0) return true;
  const start = pmdStart(linux, vpn) * linux.PAGE_SIZE;
  if (start < vma.vm_start) return true;
  if (start + nr * linux.PAGE_SIZE > vma.vm_end) return true;
  return pmdStart(linux, pgoff) + nr - 1 >= max_pgoff;
}

// Whether pages of the range are mapped one by one: the huge page has lost the race.
function* hasPages(linux: Linux, request: VmFaultRequest): Op<boolean> {
  const { ptes } = request.vma.vm_mm;
  const start = pmdStart(linux, Math.floor(request.address / linux.PAGE_SIZE));
  const keys = yield* scan(ptes, { start, end: start + PG_PMD_NR(linux) - 1 });
  const [first] = keys;
  if (first === undefined) return false;
  const pte = yield* get(ptes, first);
  return pte !== undefined && pte.pmd !== true;
}

/**
 * What both kinds of faults do with the extent they found.
 * @source fs/dax.c dax_fault_iter() v6.12, v6.1
 */
function* dax_fault_iter(
  request: VmFaultRequest,
  iter: IomapIter,
  held: LockedEntry,
  order: DaxOrder,
): Op<VmFault> {
  const { vma } = request;
  const linux = iter.inode.i_sb.linux;
  const iomap = iomapOf(iter);
  const pmd = order === 'pmd';
  if (!pmd && request.cow_page !== undefined) {
    return yield* dax_fault_cow_page(linux, request.cow_page, request, iter);
  }
  const write = (iter.flags & IOMAP_WRITE) !== 0;
  if (!write && (iomap.type === 'unwritten' || iomap.type === 'hole')) {
    // A huge zero page may be had or not; here it never is, and pages are tried instead.
    // @source fs/dax.c dax_pmd_load_hole() v6.12
    return pmd ? FALLBACK : yield* dax_load_hole(linux, request, iter, held);
  }
  if (iomap.type !== 'mapped' && (iomap.flags & IOMAP_F_SHARED) === 0) {
    return pmd ? FALLBACK : SIGBUS;
  }
  const size = pmd ? PG_PMD_NR(linux) * linux.PAGE_SIZE : linux.PAGE_SIZE;
  const range = { pos: iter.pos, size, forPfn: true } as const;
  const access = yield* dax_iomap_direct_access(linux, iomap, range);
  if (IS_ERR(access)) return pmd ? FALLBACK : dax_fault_return(access);
  const { pfn, kaddr } = access;
  yield* dax_insert_entry(held, vma, iter, { pfn, pmd, zero: false });
  if (write) {
    const error = yield* copySource(linux, iter, { size, daddr: kaddr });
    if (error !== 0) return dax_fault_return(error);
  }
  if (yield* dax_fault_is_synchronous(iter, vma)) return { kind: 'NEEDDSYNC', pfn };
  return pmd
    ? yield* vmf_insert_pfn_pmd(vma, request.address, pfn, write)
    : yield* vmf_insert_mixed(vma, request.address, pfn, write);
}

// New memory for shared blocks gets the old contents before anyone sees it.
function* copySource(
  linux: Linux,
  iter: IomapIter,
  to: { readonly size: number; readonly daddr: number },
): Op<number> {
  const iomap = iomapOf(iter);
  const { i_mapping } = iter.inode;
  const place = { pos: iter.pos, length: to.size, alignBytes: to.size, daddr: to.daddr };
  const range = { ...place, i_mapping, held: true } as const;
  if (linux.is_6_12) {
    if ((iomap.flags & IOMAP_F_SHARED) === 0) return 0;
    return yield* dax_iomap_copy_around(linux, iomap_iter_srcmap(iter), range);
  }
  const { srcmap } = iomap;
  if (srcmap === undefined || srcmap.addr === iomap.addr) return 0;
  return yield* dax_iomap_cow_copy(linux, srcmap, range);
}

// A load from a hole shows the zero page, read-only: a later store faults again.
// @source fs/dax.c dax_load_hole() v6.12
function* dax_load_hole(
  linux: Linux,
  request: VmFaultRequest,
  iter: IomapIter,
  held: LockedEntry,
): Op<VmFault> {
  const pfn = linux.zero_pfn;
  yield* dax_insert_entry(held, request.vma, iter, { pfn, pmd: false, zero: true });
  return yield* vmf_insert_mixed(request.vma, request.address, pfn, false);
}

// The first store to a page of a private mapping: the contents go to a page of the process's own.
// @source fs/dax.c dax_fault_cow_page() copy_cow_page_dax() v6.12
function* dax_fault_cow_page(
  linux: Linux,
  cow_page: number,
  request: VmFaultRequest,
  iter: IomapIter,
): Op<VmFault> {
  const iomap = iomapOf(iter);
  if (iomap.type === 'hole' || iomap.type === 'unwritten') {
    yield* clear_user_highpage(linux, cow_page, request.address);
    return { kind: 'DONE_COW' };
  }
  if (iomap.type !== 'mapped') return dax_fault_return(-E.EIO);
  yield* dax_read_lock(linux);
  const pgoff = dax_iomap_pgoff(linux, iomap, iter.pos);
  const access = yield* dax_direct_access(linux, iomap.dax_dev, pgoff, 1, 'DAX_ACCESS');
  if (!IS_ERR(access)) {
    const { address: vaddr, pgoff: index } = request;
    const to = pfnToKaddr(linux, cow_page);
    const file = { mapping: iter.inode.i_mapping, pgoff: index, held: true } as const;
    const read = {
      ...file,
      kaddr: access.kaddr,
      lengthBytes: linux.PAGE_SIZE,
      does: 'read',
    } as const;
    yield* kernelAccess(linux, read, (from) => copy_user_page(linux, { to, from, vaddr }));
  }
  yield* dax_read_unlock(linux);
  return IS_ERR(access) ? dax_fault_return(access) : { kind: 'DONE_COW' };
}

// @source fs/dax.c dax_fault_return() v6.12, include/linux/mm.h vmf_error() v6.12
function dax_fault_return(error: number): VmFault {
  if (error === 0) return NOPAGE;
  return error === -E.ENOMEM ? { kind: 'OOM' } : SIGBUS;
}

// @source include/linux/mm_types.h VM_FAULT_ERROR v6.12
function isFaultError({ kind }: VmFault): boolean {
  return kind === 'SIGBUS' || kind === 'OOM' || kind === 'FALLBACK';
}

/**
 * Second half of a synchronous fault: metadata of the range goes to the medium, then the page
 * becomes writable. @source fs/dax.c dax_finish_sync_fault() v6.12
 */
export function* dax_finish_sync_fault(
  request: VmFaultRequest,
  order: DaxOrder,
  pfn: number,
): Op<VmFault> {
  const file = fileOf(request.vma);
  const linux = file.f_inode.i_sb.linux;
  const task = present(
    linux.tasks.find((one) => one.mm === request.vma.vm_mm),
    'the task that faults',
  );
  const pages = order === 'pmd' ? PG_PMD_NR(linux) : 1;
  const start = request.pgoff * linux.PAGE_SIZE;
  // vfs_fsync_range(): a filesystem that maps synchronously has an fsync.
  const { f_op } = file;
  if (f_op.fsync === undefined) return SIGBUS;
  const end = start + pages * linux.PAGE_SIZE - 1;
  if ((yield* f_op.fsync(task, file, start, end, true)) !== 0) return SIGBUS;
  return yield* dax_insert_pfn_mkwrite(request, order, pfn);
}

// The entry is tagged DIRTY whatever the fault was, then a writable PTE or PMD is made.
// @source fs/dax.c dax_insert_pfn_mkwrite() v6.12
function* dax_insert_pfn_mkwrite(
  request: VmFaultRequest,
  order: DaxOrder,
  pfn: number,
): Op<VmFault> {
  const { vma, pgoff, address } = request;
  const mapping = fileOf(vma).f_inode.i_mapping;
  const { entry, lock: held } = yield* lock_entry(mapping, pgoff);
  if (entry?.kind !== 'dax' || entry.pmd !== (order === 'pmd')) {
    // Somebody has split or replaced it: the access is tried again.
    yield* unlock(held);
    return NOPAGE;
  }
  yield* set_mark(mapping, tagIndex(mapping, entry, pgoff), PAGECACHE_TAG_DIRTY);
  const result = entry.pmd
    ? yield* vmf_insert_pfn_pmd(vma, address, pfn, true)
    : yield* vmf_insert_mixed(vma, address, pfn, true);
  yield* unlock(held);
  return result;
}

function fileOf(vma: Vma): File {
  return present(vma.vm_file, 'a mapping of a file');
}
