// mmap() and munmap().
// @source mm/mmap.c v6.12, v6.1

import { arch_get_unmapped_area } from '../arch/mmap.ts';
import { fput, isPathFile } from '../fs/file_table.ts';
import { s_dax_mmap_begin, s_dax_mmap_end } from '../fs/s_dax/aops.ts';
import { E } from '../include/linux/errno.ts';
import {
  type File,
  O_ACCMODE,
  O_RDONLY,
  O_WRONLY,
  S_APPEND,
  S_SWAPFILE,
} from '../include/linux/fs.ts';
import {
  type MapType,
  type MmStruct,
  VM_ACCOUNT,
  VM_EXEC,
  VM_HUGEPAGE,
  VM_LOCKED,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_MIXEDMAP,
  VM_READ,
  VM_SHARED,
  VM_SOFTDIRTY,
  VM_SYNC,
  VM_WRITE,
  type Vma,
} from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import { Shared } from '../shared.ts';
import { get, lock, noSteps, type Op, set, unlock, update } from '../steps.ts';
import { mm_populate } from './populate.ts';
import { PMD_SIZE } from './rmap.ts';
import { unmap_page_range } from './unmap.ts';

/** What mmap() is asked for. Offset, length and address in bytes. */
export interface MmapRequest {
  /** Absent: anonymous memory. */
  readonly file?: File;
  readonly offset: number;
  readonly length: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly exec?: boolean;
  readonly type: MapType;
  /** MAP_SYNC. */
  readonly sync?: boolean;
  /** MAP_POPULATE. */
  readonly populate?: boolean;
  /** MAP_FIXED at this address. */
  readonly address?: number;
}

/**
 * Maps a file or anonymous memory: the address, or an error number.
 * @source mm/mmap.c do_mmap() mm/util.c vm_mmap_pgoff() v6.12
 */
export function* do_mmap(task: Task, request: MmapRequest): Op<number> {
  const { mm } = task;
  const { PAGE_SIZE } = mm.linux;
  // ksys_mmap_pgoff() takes pages: the system call refuses other offsets before.
  if (request.offset % PAGE_SIZE !== 0) return -E.EINVAL;
  if (request.file !== undefined && isPathFile(request.file)) return -E.EBADF;
  if (request.length === 0) return -E.EINVAL;
  if ((request.address ?? 0) % PAGE_SIZE !== 0) return -E.EINVAL;
  yield* lock(mm.mmap_lock);
  const address = yield* mmapLocked(task, request);
  yield* unlock(mm.mmap_lock);
  if (address >= 0 && request.populate === true) {
    yield* mm_populate(task, { start: address, length: request.length, ignoreErrors: true });
  }
  return address;
}

function* mmapLocked(task: Task, request: MmapRequest): Op<number> {
  const { linux } = task.mm;
  const length = Math.ceil(request.length / linux.PAGE_SIZE) * linux.PAGE_SIZE;
  const pgoff = request.offset / linux.PAGE_SIZE;
  const { file, type } = request;
  const shared = type !== 'private';
  const address = arch_get_unmapped_area(linux, task.mm, {
    length,
    pgoff: file === undefined ? 0 : pgoff,
    shared,
    hasFile: file !== undefined,
    ...hugeAlignment(request, length),
    ...(request.address === undefined ? {} : { fixed: request.address }),
  });
  if (address < 0) return address;
  const flags = yield* fileFlags(request);
  if (flags < 0) return flags;
  return yield* mmap_region(task, {
    file,
    address,
    length,
    pgoff: file === undefined && !shared ? address / linux.PAGE_SIZE : pgoff,
    flags,
  });
}

/** Large file mappings lie so that 2 MiB entries fit. @source mm/huge_memory.c v6.12 */
function hugeAlignment(request: MmapRequest, length: number): { readonly align?: number } {
  const { file, offset } = request;
  if (file === undefined || !file.f_inode.i_sb.linux.config.TRANSPARENT_HUGEPAGE) return {};
  const aligned = Math.ceil(offset / PMD_SIZE) * PMD_SIZE;
  return offset + length - aligned >= PMD_SIZE ? { align: PMD_SIZE } : {};
}

/** Rights of the new mapping, or why it may not be: the order of the checks is the kernel's. */
function* fileFlags(request: MmapRequest): Op<number> {
  const { file, type } = request;
  let flags = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
  if (request.read) flags |= VM_READ;
  if (request.write) flags |= VM_WRITE;
  if (request.exec === true) flags |= VM_EXEC;
  // calc_vm_flag_bits(): MAP_SYNC is asked for whatever the type; who maps checks it.
  if (request.sync === true) flags |= VM_SYNC;
  if (file === undefined) {
    if (type === 'shared_validate') return -E.EINVAL;
    return type === 'shared' ? flags | VM_SHARED | VM_MAYSHARE : flags;
  }
  const { i_flags } = file.f_inode;
  const access = file.f_flags & O_ACCMODE;
  const mayWrite = access !== O_RDONLY;
  if (type !== 'private') {
    // Plain MAP_SHARED ignores flags that it does not know, MAP_SYNC too.
    const refuses = type === 'shared_validate' && file.f_op.mmap_sync !== true;
    if (refuses && request.sync === true) return -E.EOPNOTSUPP;
    const inode = yield* get(i_flags);
    if (request.write) {
      if (!mayWrite) return -E.EACCES;
      if ((inode & S_SWAPFILE) !== 0) return -E.ETXTBSY;
    }
    if ((inode & S_APPEND) !== 0 && mayWrite) return -E.EACCES;
    flags |= VM_SHARED | VM_MAYSHARE;
    if (!mayWrite) flags &= ~(VM_MAYWRITE | VM_SHARED);
  }
  if (access === O_WRONLY) return -E.EACCES;
  return file.f_op.mmap === undefined ? -E.ENODEV : flags;
}

interface Region {
  readonly file: File | undefined;
  readonly address: number;
  readonly length: number;
  readonly pgoff: number;
  readonly flags: number;
}

/** Makes the mapping; the file's driver may refuse. @source mm/mmap.c mmap_region() v6.12 */
function* mmap_region(task: Task, region: Region): Op<number> {
  const { mm } = task;
  const { file, address, length } = region;
  yield* unmapRange(task, { start: address, end: address + length });
  let { flags } = region;
  // accountable_mapping(): private and writable.
  if ((flags & (VM_SHARED | VM_MAYSHARE | VM_WRITE)) === VM_WRITE) flags |= VM_ACCOUNT;
  const asked: Vma = {
    vm_mm: mm,
    vm_start: address,
    vm_end: address + length,
    vm_pgoff: region.pgoff,
    vm_flags: new Shared(`vm_flags at ${address.toString(16)}`, flags),
    vm_file: file,
    vm_ops: undefined,
  };
  yield* s_dax_mmap_begin(file?.f_inode);
  const vma = yield* file?.f_op.mmap?.(task, file, asked) ?? noSteps(asked);
  if (typeof vma === 'object') {
    yield* set(vma.vm_flags, 0, (yield* get(vma.vm_flags)) | VM_SOFTDIRTY);
    if (file !== undefined) file.f_count++;
    yield* insertVma(vma);
  }
  yield* s_dax_mmap_end(file?.f_inode);
  return typeof vma === 'number' ? vma : address;
}

/** Enters a mapping into its process and, for the way back, into its file. */
function* insertVma(vma: Vma): Op<void> {
  const { vmas } = vma.vm_mm;
  const all = [...(yield* get(vmas)), vma].toSorted((a, b) => a.vm_start - b.vm_start);
  yield* set(vmas, 0, all);
  // i_mmap_rwsem protects the list, which several processes change.
  const i_mmap = vma.vm_file?.f_inode.i_mapping.i_mmap;
  if (i_mmap !== undefined) yield* update(i_mmap, 0, (list) => [...list, vma]);
}

/** The reverse of insertVma(). */
function* removeVma(vma: Vma): Op<void> {
  const { vmas } = vma.vm_mm;
  yield* set(
    vmas,
    0,
    (yield* get(vmas)).filter((one) => one !== vma),
  );
  const i_mmap = vma.vm_file?.f_inode.i_mapping.i_mmap;
  if (i_mmap === undefined) return;
  yield* update(i_mmap, 0, (list) => list.filter((one) => one !== vma));
}

/** Unmaps a range of addresses: 0, or -EINVAL. @source mm/mmap.c do_vmi_munmap() v6.12 */
export function* do_munmap(task: Task, start: number, length: number): Op<number> {
  const { mm } = task;
  const { PAGE_SIZE } = mm.linux;
  const end = start + Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
  if (start % PAGE_SIZE !== 0 || end === start) return -E.EINVAL;
  yield* lock(mm.mmap_lock);
  const error = maySplit(yield* get(mm.vmas), { start, end });
  if (error === 0) yield* unmapRange(task, { start, end });
  yield* unlock(mm.mmap_lock);
  return error;
}

/** Drivers may refuse to have a mapping cut. @source mm/mmap.c __split_vma() v6.12 */
function maySplit(
  vmas: readonly Vma[],
  range: { readonly start: number; readonly end: number },
): number {
  for (const vma of vmas) {
    for (const address of [range.start, range.end]) {
      if (address <= vma.vm_start || address >= vma.vm_end) continue;
      const error = vma.vm_ops?.may_split?.(vma, address) ?? 0;
      if (error !== 0) return error;
    }
  }
  return 0;
}

function* unmapRange(
  task: Task,
  range: { readonly start: number; readonly end: number },
): Op<void> {
  for (const vma of yield* get(task.mm.vmas)) {
    const start = Math.max(range.start, vma.vm_start);
    const end = Math.min(range.end, vma.vm_end);
    if (start >= end) continue;
    yield* unmap_page_range(vma, { start, end, even_cows: true });
    yield* splitVma(vma, { start, end, flags: undefined });
  }
}

/**
 * Cuts a mapping in up to three; the part from `start` to `end` gets the flags, or goes.
 * @source mm/mmap.c __split_vma() v6.12
 */
export function* splitVma(
  vma: Vma,
  cut: { readonly start: number; readonly end: number; readonly flags: number | undefined },
): Op<void> {
  const { PAGE_SIZE } = vma.vm_mm.linux;
  const { start, end, flags } = cut;
  const old = yield* get(vma.vm_flags);
  yield* removeVma(vma);
  const parts: { readonly from: number; readonly to: number; readonly flags: number }[] = [];
  if (vma.vm_start < start) parts.push({ from: vma.vm_start, to: start, flags: old });
  if (flags !== undefined) parts.push({ from: start, to: end, flags });
  if (end < vma.vm_end) parts.push({ from: end, to: vma.vm_end, flags: old });
  for (const part of parts) {
    yield* insertVma({
      ...vma,
      vm_start: part.from,
      vm_end: part.to,
      vm_pgoff: vma.vm_pgoff + (part.from - vma.vm_start) / PAGE_SIZE,
      vm_flags: new Shared(`vm_flags at ${part.from.toString(16)}`, part.flags),
    });
  }
  if (vma.vm_file === undefined) return;
  // Each part holds the file; with the last of them the mapping's reference goes.
  if (parts.length === 0) yield* fput(vma.vm_file);
  else vma.vm_file.f_count += parts.length - 1;
}

/** The mapping at an address, or the next one above it. @source mm/mmap.c find_vma() v6.12 */
export function* find_vma(mm: MmStruct, address: number): Op<Vma | undefined> {
  const vmas = yield* get(mm.vmas);
  return vmas.find((vma) => address < vma.vm_end);
}

/** In the order of the bits. @source fs/proc/task_mmu.c show_smap_vma_flags() v6.12 */
const mnemonics: readonly (readonly [number, string])[] = [
  [VM_READ, 'rd'],
  [VM_WRITE, 'wr'],
  [VM_EXEC, 'ex'],
  [VM_SHARED, 'sh'],
  [VM_MAYREAD, 'mr'],
  [VM_MAYWRITE, 'mw'],
  [VM_MAYEXEC, 'me'],
  [VM_MAYSHARE, 'ms'],
  [VM_LOCKED, 'lo'],
  [VM_ACCOUNT, 'ac'],
  [VM_SYNC, 'sf'],
  [VM_SOFTDIRTY, 'sd'],
  [VM_MIXEDMAP, 'mm'],
  [VM_HUGEPAGE, 'hg'],
];

/** The line VmFlags of /proc/PID/smaps. */
export function vmFlagsText(vma: Vma): string {
  const flags = vma.vm_flags.peek();
  return mnemonics
    .filter(([bit]) => (flags & bit) !== 0)
    .map(([, name]) => name)
    .join(' ');
}
