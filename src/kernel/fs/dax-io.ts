// read(), write(), zeroing and unsharing of DAX files: the processor copies between user memory and
// the kernel's address of the device. Nothing is done about lines that users have of those pages.
// @source fs/dax.c v6.12, v6.1

import { kernelZero, offset_in_page } from '../arch/map.ts';
import {
  dax_copy_from_iter,
  dax_copy_to_iter,
  dax_direct_access,
  dax_flush,
  dax_read_lock,
  dax_read_unlock,
  dax_recovery_write,
  dax_zero_page_range,
} from '../drivers/dax/super.ts';
import type { DirectAccess } from '../include/linux/dax.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { Inode, IovIter, Kiocb } from '../include/linux/fs.ts';
import type { Iomap, IomapOps } from '../include/linux/iomap.ts';
import {
  IOMAP_DAX,
  IOMAP_F_NEW,
  IOMAP_F_SHARED,
  IOMAP_UNSHARE,
  IOMAP_WRITE,
  IOMAP_ZERO,
} from '../include/linux/iomap.ts';
import type { Linux, Task } from '../linux.ts';
import { invalidate_inode_pages2_range } from '../mm/truncate.ts';
import { iovBytes } from '../lib/iov_iter.ts';
import { call, get, type Op } from '../steps.ts';
import {
  blockError,
  dax_iomap_copy_around,
  dax_iomap_cow_copy,
  dax_iomap_direct_access,
  dax_iomap_pgoff,
  daxDeviceOf,
  roundUp,
} from './dax-access.ts';
import { __dax_clear_dirty_range } from './dax-entry.ts';
import {
  iomap_iter,
  iomap_iter_srcmap,
  iomap_length,
  type IomapIter,
  iomapIterOf,
  iomapOf,
} from './iomap/iter.ts';
import { iov_iter_zero } from './iomap/zero.ts';
import {
  copyUnderRemedy,
  type KernelAccess,
  kernelAccess,
  zeroUnderRemedy,
} from './remedies-access.ts';

/**
 * Reads or writes at `iocb.ki_pos`, which moves on: bytes, or an error number. The caller holds
 * i_rwsem.
 * @source fs/dax.c dax_iomap_rw() v6.12
 */
export function* dax_iomap_rw(_task: Task, iocb: Kiocb, iter: IovIter, ops: IomapOps): Op<number> {
  if (iter.count === 0) return 0;
  const flags = IOMAP_DAX | (iter.data_source ? IOMAP_WRITE : 0);
  const { f_inode } = iocb.ki_filp;
  const iomi = iomapIterOf(f_inode, { pos: iocb.ki_pos, len: iter.count, flags });
  let ret = yield* iomap_iter(iomi, ops);
  for (; ret > 0; ret = yield* iomap_iter(iomi, ops)) {
    iomi.processed = yield* dax_iomap_iter(iomi, iter);
  }
  const done = iomi.pos - iocb.ki_pos;
  iocb.ki_pos = iomi.pos;
  return done > 0 ? done : ret;
}

// One extent of it. @source fs/dax.c dax_iomap_iter() v6.12, v6.1
function* dax_iomap_iter(iomi: IomapIter, iter: IovIter): Op<number> {
  const linux = iomi.inode.i_sb.linux;
  const iomap = iomapOf(iomi);
  const write = iter.data_source;
  const { pos } = iomi;
  let end = pos + iomap_length(iomi);
  if (!write) {
    end = Math.min(end, yield* get(iomi.inode.i_size));
    if (pos >= end) return 0;
    if (iomap.type === 'hole' || iomap.type === 'unwritten') {
      return yield* iov_iter_zero(linux, iter, end - pos);
    }
  }
  const shared = (iomap.flags & IOMAP_F_SHARED) !== 0;
  if (iomap.type !== 'mapped' && !shared) return -E.EIO;
  // 6.1 does not know that writes to shared blocks change what is mapped.
  const cow = write && shared && linux.is_6_12;
  if ((iomap.flags & IOMAP_F_NEW) !== 0 || cow) {
    // A hole's zero page, or the blocks shared so far, may be mapped and have entries.
    const pages = pageRange(linux, { pos, end });
    const mapping = iomi.inode.i_mapping;
    if (cow) yield* __dax_clear_dirty_range(mapping, pages);
    yield* invalidate_inode_pages2_range(mapping, pages.start, pages.end);
  }
  yield* dax_read_lock(linux);
  const done = yield* call(copyExtent(linux, iomi, iter, end));
  yield* dax_read_unlock(linux);
  return done;
}

function* copyExtent(linux: Linux, iomi: IomapIter, iter: IovIter, end: number): Op<number> {
  const iomap = iomapOf(iomi);
  let pos = iomi.pos;
  let error = 0;
  while (pos < end) {
    const offset = pos % linux.PAGE_SIZE;
    // C keeps the length of the extent here even where the file ends before it.
    const length = iomap_length(iomi) - (pos - iomi.pos);
    const pages = roundUp(length + offset, linux.PAGE_SIZE) / linux.PAGE_SIZE;
    const pgoff = dax_iomap_pgoff(linux, iomap, pos);
    const found = yield* accessOrRecover(linux, iomap, { pgoff, pages, write: iter.data_source });
    if (IS_ERR(found)) {
      error = blockError(linux, found);
      break;
    }
    if (iter.data_source) {
      error = yield* copyAround(linux, iomi, { pos, length, daddr: found.kaddr });
      if (error !== 0) break;
    }
    const map_len = Math.min(found.nr_pages * linux.PAGE_SIZE - offset, end - pos);
    const kaddr = found.kaddr + offset;
    const target = { inode: iomi.inode, pos, pgoff, kaddr, length: map_len };
    const xfer = yield* copyPages(linux, iter, iomap, { ...target, recovery: found.recovery });
    pos += xfer;
    if (xfer === 0) error = -E.EFAULT;
    if (xfer < map_len) break;
  }
  return pos > iomi.pos ? pos - iomi.pos : error;
}

// Poisoned memory may be written over, where the driver can do that: 6.1 took any I/O error for it.
function* accessOrRecover(
  linux: Linux,
  iomap: Iomap,
  what: { readonly pgoff: number; readonly pages: number; readonly write: boolean },
): Op<(DirectAccess & { readonly recovery: boolean }) | number> {
  const { pgoff, pages } = what;
  const first = yield* dax_direct_access(linux, iomap.dax_dev, pgoff, pages, 'DAX_ACCESS');
  if (!IS_ERR(first)) return { ...first, recovery: false };
  if (!what.write || first !== (linux.is_6_12 ? -E.EHWPOISON : -E.EIO)) return first;
  const second = yield* dax_direct_access(linux, iomap.dax_dev, pgoff, pages, 'DAX_RECOVERY_WRITE');
  return IS_ERR(second) ? second : { ...second, recovery: true };
}

// Copy on write: what surrounds the range in its first and last page.
function* copyAround(
  linux: Linux,
  iomi: IomapIter,
  range: { readonly pos: number; readonly length: number; readonly daddr: number },
): Op<number> {
  const iomap = iomapOf(iomi);
  const { i_mapping } = iomi.inode;
  const around = { ...range, alignBytes: linux.PAGE_SIZE, i_mapping };
  if (linux.is_6_12) {
    if ((iomap.flags & IOMAP_F_SHARED) === 0) return 0;
    return yield* dax_iomap_copy_around(linux, iomap_iter_srcmap(iomi), around);
  }
  const { srcmap } = iomap;
  if (srcmap === undefined || srcmap.addr === iomap.addr) return 0;
  return yield* dax_iomap_cow_copy(linux, srcmap, around);
}

interface Target {
  readonly inode: Inode;
  readonly pos: number;
  readonly pgoff: number;
  readonly kaddr: number;
  readonly length: number;
  readonly recovery: boolean;
}

// Bytes that were copied: fewer where the user's memory ends.
function* copyPages(linux: Linux, iter: IovIter, iomap: Iomap, target: Target): Op<number> {
  const dax = daxDeviceOf(iomap);
  const { pgoff, kaddr, length, recovery } = target;
  if (iter.data_source && !recovery && linux.remedy === 'none') {
    return yield* dax_copy_from_iter(linux, dax, { pgoff, kaddr, bytes: length }, iter);
  }
  let done = 0;
  while (done < length) {
    const here = Math.min(length - done, linux.PAGE_SIZE - offset_in_page(linux, kaddr + done));
    const access = accessOf(linux, iter, target, { done, here });
    if (iter.data_source) {
      // The user's memory may be a mapping of this very page: it is read before the access begins.
      const bytes = yield* iter.copy_from(here);
      if (IS_ERR(bytes)) return done;
      const stored = yield* kernelAccess(linux, access, (at) =>
        recovery
          ? dax_recovery_write(linux, dax, pgoff, at, bytes)
          : dax_copy_from_iter(
              linux,
              dax,
              { pgoff, kaddr: at, bytes: bytes.length },
              iovBytes(linux, bytes),
            ),
      );
      done += stored;
      if (stored < here) return done;
    } else {
      const bytes = yield* kernelAccess(linux, access, (at) =>
        dax_copy_to_iter(linux, dax, at, here),
      );
      if (bytes.length === 0 || (yield* iter.copy_to(bytes)) !== 0) return done;
      done += here;
    }
  }
  return done;
}

function accessOf(
  linux: Linux,
  iter: IovIter,
  { inode, pos, kaddr }: Target,
  part: { readonly done: number; readonly here: number },
): KernelAccess {
  return {
    mapping: inode.i_mapping,
    pgoff: Math.floor((pos + part.done) / linux.PAGE_SIZE),
    kaddr: kaddr + part.done,
    lengthBytes: part.here,
    does: iter.data_source ? 'write' : 'read',
  };
}

/**
 * Zeroes what is written of a range, by the driver for whole pages. 0 or an error number.
 * @source fs/dax.c dax_zero_range() v6.12
 */
export function* dax_zero_range(inode: Inode, pos: number, len: number, ops: IomapOps): Op<number> {
  const iter = iomapIterOf(inode, { pos, len, flags: IOMAP_DAX | IOMAP_ZERO });
  let ret = yield* iomap_iter(iter, ops);
  for (; ret > 0; ret = yield* iomap_iter(iter, ops)) {
    iter.processed = yield* dax_zero_iter(iter);
  }
  return ret;
}

// @source fs/dax.c dax_zero_iter() v6.12, v6.1
function* dax_zero_iter(iter: IomapIter): Op<number> {
  const linux = iter.inode.i_sb.linux;
  const iomap = iomapOf(iter);
  const srcmap = iomap_iter_srcmap(iter);
  const length = iomap_length(iter);
  if (srcmap.type === 'hole' || srcmap.type === 'unwritten') return length;
  const end = iter.pos + length;
  // 6.1 leaves entries and mappings of what was shared as they are.
  if ((iomap.flags & IOMAP_F_SHARED) !== 0 && linux.is_6_12) {
    const pages = pageRange(linux, { pos: iter.pos, end });
    yield* invalidate_inode_pages2_range(iter.inode.i_mapping, pages.start, pages.end);
  }
  for (let pos = iter.pos; pos < end; ) {
    const size = Math.min(linux.PAGE_SIZE - (pos % linux.PAGE_SIZE), end - pos);
    yield* dax_read_lock(linux);
    const rc =
      size === linux.PAGE_SIZE
        ? yield* zeroPage(linux, iter, pos)
        : yield* dax_memzero(linux, iter, { pos, size });
    yield* dax_read_unlock(linux);
    if (rc < 0) return rc;
    pos += size;
  }
  return length;
}

function zeroPage(linux: Linux, iter: IomapIter, pos: number): Op<number> {
  const iomap = iomapOf(iter);
  const dax = daxDeviceOf(iomap);
  const devicePage = dax_iomap_pgoff(linux, iomap, pos);
  if (linux.remedy === 'none') return dax_zero_page_range(linux, dax, devicePage, 1);
  const pgoff = pos / linux.PAGE_SIZE;
  return zeroUnderRemedy(linux, { mapping: iter.inode.i_mapping, pgoff, dax, devicePage });
}

// @source fs/dax.c dax_memzero() v6.12, v6.1
function* dax_memzero(
  linux: Linux,
  iter: IomapIter,
  range: { readonly pos: number; readonly size: number },
): Op<number> {
  const iomap = iomapOf(iter);
  const { pos, size } = range;
  const pgoff = dax_iomap_pgoff(linux, iomap, pos);
  const access = yield* dax_direct_access(linux, iomap.dax_dev, pgoff, 1, 'DAX_ACCESS');
  if (IS_ERR(access)) return blockError(linux, access);
  const { kaddr } = access;
  const offset = pos % linux.PAGE_SIZE;
  const zeroed: KernelAccess = {
    mapping: iter.inode.i_mapping,
    pgoff: Math.floor(pos / linux.PAGE_SIZE),
    kaddr: kaddr + offset,
    lengthBytes: size,
    does: 'write',
  };
  yield* kernelAccess(linux, zeroed, (at) => kernelZero(linux, at, size));
  const srcmap = iomap_iter_srcmap(iter);
  const { i_mapping } = iter.inode;
  const around = { pos, length: size, alignBytes: linux.PAGE_SIZE, daddr: kaddr, i_mapping };
  if (linux.is_6_12 && (iomap.flags & IOMAP_F_SHARED) !== 0) {
    return yield* dax_iomap_copy_around(linux, srcmap, around);
  }
  if (!linux.is_6_12 && srcmap.addr !== iomap.addr) {
    const error = yield* dax_iomap_cow_copy(linux, srcmap, around);
    if (error < 0) return error;
    yield* dax_flush(linux, daxDeviceOf(iomap), kaddr, linux.PAGE_SIZE);
    return 0;
  }
  yield* dax_flush(linux, daxDeviceOf(iomap), kaddr + offset, size);
  return 0;
}

/**
 * Zeroes the rest of the block at `pos`, unless `pos` is a block boundary.
 * @source fs/dax.c dax_truncate_page() v6.12
 */
export function* dax_truncate_page(inode: Inode, pos: number, ops: IomapOps): Op<number> {
  const blocksize = 2 ** inode.i_blkbits;
  const off = pos % blocksize;
  return off === 0 ? 0 : yield* dax_zero_range(inode, pos, blocksize - off, ops);
}

/**
 * Gives shared blocks of a range copies of their own. 0 or an error number.
 * @source fs/dax.c dax_file_unshare() v6.12
 */
export function* dax_file_unshare(
  inode: Inode,
  pos: number,
  len: number,
  ops: IomapOps,
): Op<number> {
  const size = yield* get(inode.i_size);
  if (pos < 0 || pos >= size) return 0;
  const flags = IOMAP_WRITE | IOMAP_UNSHARE | IOMAP_DAX;
  const iter = iomapIterOf(inode, { pos, len: Math.min(len, size - pos), flags });
  let ret = yield* iomap_iter(iter, ops);
  for (; ret > 0; ret = yield* iomap_iter(iter, ops)) {
    iter.processed = yield* dax_unshare_iter(iter);
  }
  return ret;
}

// @source fs/dax.c dax_unshare_iter() v6.12
function* dax_unshare_iter(iter: IomapIter): Op<number> {
  const linux = iter.inode.i_sb.linux;
  const iomap = iomapOf(iter);
  const length = iomap_length(iter);
  const { srcmap } = iomap;
  if ((iomap.flags & IOMAP_F_SHARED) === 0 || srcmap?.type !== 'mapped') return length;
  const pages = pageRange(linux, { pos: iter.pos, end: iter.pos + length });
  yield* invalidate_inode_pages2_range(iter.inode.i_mapping, pages.start, pages.end);
  const pos = pages.start * linux.PAGE_SIZE;
  const size = (pages.end - pages.start + 1) * linux.PAGE_SIZE;
  yield* dax_read_lock(linux);
  const to = yield* dax_iomap_direct_access(linux, iomap, { pos, size });
  const from = IS_ERR(to) ? to : yield* dax_iomap_direct_access(linux, srcmap, { pos, size });
  if (!IS_ERR(to) && !IS_ERR(from)) {
    const file = { mapping: iter.inode.i_mapping, pgoff: pages.start };
    yield* copyUnderRemedy(linux, { ...file, to: to.kaddr, from: from.kaddr, length: size });
  }
  yield* dax_read_unlock(linux);
  return IS_ERR(from) ? blockError(linux, from) : length;
}

function pageRange(linux: Linux, range: { readonly pos: number; readonly end: number }) {
  return {
    start: Math.floor(range.pos / linux.PAGE_SIZE),
    end: Math.floor((range.end - 1) / linux.PAGE_SIZE),
  };
}
