// From a place in a file to the kernel's address of the memory behind it, and how fs/dax.c copies
// and clears there.
// @source fs/dax.c v6.12, v6.1

import { present } from '../../base/index.ts';
import {
  dax_direct_access,
  dax_flush,
  dax_mem2blk_err,
  dax_read_lock,
  dax_read_unlock,
} from '../drivers/dax/super.ts';
import type { DaxDevice, DirectAccess } from '../include/linux/dax.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { Iomap } from '../include/linux/iomap.ts';
import { IOMAP_F_SHARED } from '../include/linux/iomap.ts';
import type { AddressSpace } from '../include/linux/mm.ts';
import type { Linux } from '../linux.ts';
import type { Op } from '../steps.ts';
import { copyUnderRemedy } from './remedies-access.ts';

/** The device of an extent, which an access to it has found there. */
export function daxDeviceOf(iomap: Iomap): DaxDevice {
  return present(iomap.dax_dev, 'a dax device behind the extent');
}

/** What a filesystem is told of an error of the device: 6.1 passes all on as they are. */
export function blockError(linux: Linux, error: number): number {
  return linux.is_6_12 ? dax_mem2blk_err(error) : error;
}

/**
 * Page of the dax device that has byte `pos` of the file. Where the extent does not begin on a page
 * of the device the rest is cut off, as C does.
 * @source fs/dax.c dax_iomap_pgoff() v6.12
 */
export function dax_iomap_pgoff(linux: Linux, iomap: Iomap, pos: number): number {
  const inPage = pos % linux.PAGE_SIZE;
  return Math.floor((iomap.addr + pos - inPage - iomap.offset) / linux.PAGE_SIZE);
}

/**
 * Memory of `size` bytes of an extent, from the page of `pos` on; `forPfn` where the page frames
 * will be mapped, which must then be enough, and aligned to their number.
 * @source fs/dax.c dax_iomap_direct_access() v6.12
 */
export function* dax_iomap_direct_access(
  linux: Linux,
  iomap: Iomap,
  range: { readonly pos: number; readonly size: number; readonly forPfn?: true },
): Op<DirectAccess | number> {
  const pages = Math.floor(range.size / linux.PAGE_SIZE);
  const pgoff = dax_iomap_pgoff(linux, iomap, range.pos);
  yield* dax_read_lock(linux);
  const access = yield* dax_direct_access(linux, iomap.dax_dev, pgoff, pages, 'DAX_ACCESS');
  yield* dax_read_unlock(linux);
  if (IS_ERR(access) || !range.forPfn) return access;
  if (access.nr_pages * linux.PAGE_SIZE < range.size) return -E.EINVAL;
  if (access.pfn % pages !== 0) return -E.EINVAL;
  return access;
}

/** A range that is about to be written within whole pages (or a PMD) with old contents around. */
export interface CopyAround {
  readonly pos: number;
  readonly length: number;
  readonly alignBytes: number;
  /** Kernel address of the new memory for the first of those pages. */
  readonly daddr: number;
  /** The file, and whether the entry of the range is locked, which it is in a fault. */
  readonly i_mapping: AddressSpace;
  readonly held?: true;
}

/**
 * Copies what is before and after a range that will be written to new memory, or zeroes it where
 * the source has nothing. Where the range is whole pages all of it is copied: a fault.
 * @source fs/dax.c dax_iomap_copy_around() v6.12
 */
export function* dax_iomap_copy_around(linux: Linux, srcmap: Iomap, range: CopyAround): Op<number> {
  const { pos, length, alignBytes } = range;
  const zero_edge = (srcmap.flags & IOMAP_F_SHARED) !== 0 || srcmap.type === 'unwritten';
  const size = roundUp((pos % alignBytes) + length, alignBytes);
  let saddr: number | undefined;
  if (!zero_edge) {
    const source = yield* dax_iomap_direct_access(linux, srcmap, { pos, size });
    if (IS_ERR(source)) return blockError(linux, source);
    saddr = source.kaddr;
  }
  yield* copyEdges(linux, { ...range, saddr });
  if (zero_edge) yield* dax_flush(linux, daxDeviceOf(srcmap), range.daddr, size);
  return 0;
}

/** The same in 6.1: there is always a source to copy. @source fs/dax.c dax_iomap_cow_copy() v6.1 */
export function* dax_iomap_cow_copy(linux: Linux, srcmap: Iomap, range: CopyAround): Op<number> {
  const size = roundUp((range.pos % range.alignBytes) + range.length, range.alignBytes);
  const source = yield* dax_iomap_direct_access(linux, srcmap, { pos: range.pos, size });
  if (IS_ERR(source)) return source;
  yield* copyEdges(linux, { ...range, saddr: source.kaddr });
  return 0;
}

// All of it, or the parts before and after: copied from `saddr`, zeroed where that is absent.
function* copyEdges(
  linux: Linux,
  range: CopyAround & { readonly saddr: number | undefined },
): Op<void> {
  const { pos, length, alignBytes, daddr, saddr } = range;
  const head = pos % alignBytes;
  const end = head + length;
  const size = roundUp(end, alignBytes);
  const { i_mapping: mapping, held } = range;
  const file = { mapping, ...(held ? { held } : {}) };
  const fill = (from: number, count: number): Op<void> =>
    copyUnderRemedy(linux, {
      ...file,
      pgoff: Math.floor((pos - head + from) / linux.PAGE_SIZE),
      to: daddr + from,
      from: saddr === undefined ? undefined : saddr + from,
      length: count,
    });
  if (head === 0 && end === size) return yield* fill(0, size);
  if (head > 0) yield* fill(0, head);
  if (end < size) yield* fill(end, size - end);
}

/** The least multiple of `unit` that is at least `value`. */
export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
