// Faults, and loads and stores of user space.
// @source mm/memory.c v6.12, v6.1

import {
  type Pte,
  type UserAccess,
  VM_READ,
  VM_WRITE,
  VM_EXEC,
  type Vma,
  type VmFault,
} from '../include/linux/mm.ts';
import { update_mmu_cache } from '../arch/cacheflush.ts';
import { userAttribute } from '../fs/remedies.ts';
import { fault_callout_lock } from '../fs/s_dax/switch.ts';
import type { Task } from '../linux.ts';
import type { Lock } from '../shared.ts';
import { get, load, lock, type Op, scan, set, store, unlock } from '../steps.ts';
import { do_anonymous_page, do_fault, do_wp_page } from './fault.ts';
import { find_vma } from './mmap.ts';
import { getPte, setPte, vmaHas } from './pte.ts';
import { PMD_SIZE } from './rmap.ts';
import { unmap_page_range } from './unmap.ts';

export { unmap_mapping_pages, unmap_mapping_range } from './unmap.ts';

/** Loads user memory as the program does: faults are handled, or end in a signal. */
export function* user_load(
  task: Task,
  address: number,
  length: number,
): Op<UserAccess<Uint8Array>> {
  const { PAGE_SIZE } = task.mm.linux;
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const at = address + done;
    const here = Math.min(length - done, PAGE_SIZE - (at % PAGE_SIZE));
    const access = yield* userPte(task, at, false);
    if (access.kind === 'signal') return access;
    const loaded = yield* load(placeOf(task, at, access.value), here);
    // One page is given as it is: memory may keep whole pages by reference.
    if (here === length) return { kind: 'done', value: loaded };
    bytes.set(loaded, done);
    done += here;
  }
  return { kind: 'done', value: bytes };
}

/** Stores to user memory as the program does; the value is the number of bytes. */
export function* user_store(
  task: Task,
  address: number,
  bytes: Uint8Array,
): Op<UserAccess<number>> {
  const { PAGE_SIZE } = task.mm.linux;
  for (let done = 0; done < bytes.length; ) {
    const at = address + done;
    const here = Math.min(bytes.length - done, PAGE_SIZE - (at % PAGE_SIZE));
    const access = yield* userPte(task, at, true);
    if (access.kind === 'signal') return access;
    const part = here === bytes.length ? bytes : bytes.subarray(done, done + here);
    yield* store(placeOf(task, at, access.value), part);
    done += here;
  }
  return { kind: 'done', value: bytes.length };
}

function placeOf(task: Task, address: number, pte: Pte) {
  const { PAGE_SIZE } = task.mm.linux;
  const place = { vaddr: address, paddr: pte.pfn * PAGE_SIZE + (address % PAGE_SIZE) };
  return pte.attribute === undefined ? place : { ...place, attribute: pte.attribute };
}

/** Faults on one address that did not lead to a PTE: more than any handler asks to try again. */
const MAX_TRIES = 16;

/**
 * The PTE that lets the program access the address, by way of faults where there is none. What the
 * MMU found may be gone when the access goes out, as with a TLB that has not been flushed yet.
 */
function* userPte(task: Task, address: number, write: boolean): Op<UserAccess<Pte>> {
  const { mm } = task;
  const vpn = Math.floor(address / mm.linux.PAGE_SIZE);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const pte = yield* get(mm.ptes, vpn);
    if (pte !== undefined && (!write || pte.write)) {
      if (!write || pte.dirty) return { kind: 'done', value: pte };
      const dirty = { ...pte, dirty: true };
      yield* set(mm.ptes, vpn, dirty);
      return { kind: 'done', value: dirty };
    }
    const outer = yield* fault_callout(task, address);
    if (outer === undefined) yield* lock(mm.mmap_lock, 'shared');
    const fault = yield* do_user_addr_fault(task, address, {
      write,
      isLocked: outer !== undefined,
    });
    yield* unlock(mm.mmap_lock, 'shared');
    if (outer !== undefined) yield* unlock(outer, 'shared');
    if (fault.kind === 'signal') return fault;
  }
  // Only a handler that never maps comes here; the kernel would try for ever.
  return { kind: 'signal', signal: 'SIGBUS', si_code: 2 };
}

/**
 * The lock of an inode that a design has a fault take before mmap_lock, taken, and mmap_lock too.
 * The inode is known once the mapping has been looked up, for which mmap_lock is held and dropped.
 */
function* fault_callout({ mm }: Task, address: number): Op<Lock | undefined> {
  if (mm.linux.s_dax.fault_lock !== 'i_rwsem') return undefined;
  yield* lock(mm.mmap_lock, 'shared');
  const vma = yield* find_vma(mm, address);
  yield* unlock(mm.mmap_lock, 'shared');
  const outer = vma && fault_callout_lock(vma);
  if (outer === undefined) return undefined;
  yield* lock(outer, 'shared');
  yield* lock(mm.mmap_lock, 'shared');
  return outer;
}

/** @source arch/x86/mm/fault.c do_user_addr_fault() v6.12 */
function* do_user_addr_fault(
  task: Task,
  address: number,
  { write, isLocked }: { readonly write: boolean; readonly isLocked: boolean },
): Op<UserAccess<VmFault>> {
  const vma = yield* find_vma(task.mm, address);
  if (vma === undefined || address < vma.vm_start) {
    return { kind: 'signal', signal: 'SIGSEGV', si_code: 1 };
  }
  if (yield* access_error(vma, write)) {
    return { kind: 'signal', signal: 'SIGSEGV', si_code: 2 };
  }
  const fault = yield* isLocked
    ? __handle_mm_fault(vma, address, write)
    : handle_mm_fault(vma, address, write);
  switch (fault.kind) {
    case 'SIGBUS':
    // Out of memory the kernel kills somebody and tries again; here the access ends.
    case 'OOM':
      return { kind: 'signal', signal: 'SIGBUS', si_code: 2 };
    default:
      return { kind: 'done', value: fault };
  }
}

/** Whether the rights of the mapping forbid it. @source arch/x86/mm/fault.c v6.12 */
export function* access_error(vma: Vma, write: boolean): Op<boolean> {
  if (write) return !(yield* vmaHas(vma, VM_WRITE));
  return ((yield* get(vma.vm_flags)) & (VM_READ | VM_EXEC | VM_WRITE)) === 0;
}

/** One fault of a mapping, at any address in a page. @source mm/memory.c v6.12 */
export function* handle_mm_fault(vma: Vma, at: number, write: boolean): Op<VmFault> {
  const callout = fault_callout_lock(vma);
  if (callout === undefined) return yield* __handle_mm_fault(vma, at, write);
  yield* lock(callout, 'shared');
  const fault = yield* __handle_mm_fault(vma, at, write);
  yield* unlock(callout, 'shared');
  return fault;
}

function* __handle_mm_fault(vma: Vma, at: number, write: boolean): Op<VmFault> {
  const { PAGE_SIZE } = vma.vm_mm.linux;
  const address = at - (at % PAGE_SIZE);
  const pgoff = vma.vm_pgoff + (address - vma.vm_start) / PAGE_SIZE;
  const request = { vma, pgoff, address, write };
  let pte = yield* getPte(vma, address);
  if (yield* mayBeHuge(vma, pte, address)) {
    const fault = yield* huge(vma, { address, pgoff, write });
    if (fault.kind !== 'FALLBACK') return fault;
    pte = yield* getPte(vma, address);
  } else if (pte?.pmd === true && write && !pte.write) {
    const fault = yield* huge(vma, { address, pgoff, write });
    if (fault.kind !== 'FALLBACK') return fault;
    yield* __split_huge_pmd(vma, address);
    pte = undefined;
  }
  if (pte === undefined) {
    return yield* vma.vm_ops === undefined ? do_anonymous_page(request) : do_fault(request);
  }
  if (write && !pte.write) return yield* do_wp_page(request, pte);
  return { kind: 'NOPAGE' };
}

/**
 * Whether the filesystem is asked for 2 MiB at once: nothing is mapped yet by their page table.
 * @source mm/memory.c __handle_mm_fault() create_huge_pmd() v6.12
 */
function* mayBeHuge(vma: Vma, pte: Pte | undefined, address: number): Op<boolean> {
  const { linux, ptes } = vma.vm_mm;
  if (pte !== undefined || vma.vm_ops?.huge_fault === undefined) return false;
  if (!linux.config.TRANSPARENT_HUGEPAGE) return false;
  const first = address - (address % PMD_SIZE);
  // The aligned 2 MiB must lie within the mapping. @source include/linux/huge_mm.h v6.12
  if (first < vma.vm_start || first + PMD_SIZE > vma.vm_end) return false;
  const start = first / linux.PAGE_SIZE;
  const end = start + PMD_SIZE / linux.PAGE_SIZE - 1;
  return (yield* scan(ptes, { start, end })).length === 0;
}

function* huge(
  vma: Vma,
  at: { readonly address: number; readonly pgoff: number; readonly write: boolean },
): Op<VmFault> {
  const { vm_ops } = vma;
  if (vm_ops?.huge_fault === undefined) return { kind: 'FALLBACK' };
  return yield* vm_ops.huge_fault({ vma, ...at });
}

/** A huge entry of a file goes; its pages are faulted in one by one. @source mm/huge_memory.c */
function* __split_huge_pmd(vma: Vma, address: number): Op<void> {
  const { PAGE_SIZE } = vma.vm_mm.linux;
  yield* unmap_page_range(vma, { start: address, end: address + PAGE_SIZE, even_cows: false });
}

/**
 * Maps a page frame of a device. A PTE that is there already becomes writable for `write`, if it
 * maps the same frame. @source mm/memory.c insert_pfn() vmf_insert_mixed_mkwrite() v6.12
 */
export function* vmf_insert_mixed(
  vma: Vma,
  address: number,
  pfn: number,
  write: boolean,
): Op<VmFault> {
  if (address < vma.vm_start || address >= vma.vm_end) return { kind: 'SIGBUS' };
  const old = yield* getPte(vma, address);
  const writable = write && (yield* vmaHas(vma, VM_WRITE));
  if (old === undefined) {
    const pte: Pte = { pfn, write: writable, dirty: write, devmap: true };
    yield* setPte(vma, address, { ...pte, ...userAttribute(vma.vm_mm.linux) });
  } else if (write && old.pfn === pfn) {
    yield* setPte(vma, address, { ...old, write: writable, dirty: true });
  }
  return { kind: 'NOPAGE' };
}

/**
 * Maps 2 MiB of a device by one entry; `pfn` is that of their first page, `address` any in them.
 * @source mm/huge_memory.c insert_pfn_pmd() v6.12
 */
export function* vmf_insert_pfn_pmd(
  vma: Vma,
  address: number,
  pfn: number,
  write: boolean,
): Op<VmFault> {
  const { linux, ptes } = vma.vm_mm;
  const first = address - (address % PMD_SIZE);
  if (first < vma.vm_start || first + PMD_SIZE > vma.vm_end) return { kind: 'SIGBUS' };
  const start = first / linux.PAGE_SIZE;
  const old = yield* get(ptes, start);
  if (old !== undefined && (!write || old.pmd !== true || old.pfn !== pfn)) {
    return { kind: 'NOPAGE' };
  }
  const writable = write && (yield* vmaHas(vma, VM_WRITE));
  for (let n = 0; n < PMD_SIZE / linux.PAGE_SIZE; n++) {
    const own = { pfn: pfn + n, write: writable, dirty: write, pmd: true, devmap: true } as const;
    const pte: Pte = { ...own, ...userAttribute(linux) };
    yield* set(ptes, start + n, pte);
    yield* update_mmu_cache(linux, vma, first + n * linux.PAGE_SIZE, pte);
  }
  return { kind: 'NOPAGE' };
}
