// Deduplication and the checks before remaps of DAX files, whose bytes are compared in place.
// @source fs/dax.c v6.12, v6.1

import { dax_read_lock, dax_read_unlock } from '../drivers/dax/super.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { Inode } from '../include/linux/fs.ts';
import type { IomapOps } from '../include/linux/iomap.ts';
import { IOMAP_DAX } from '../include/linux/iomap.ts';
import type { Linux, Task } from '../linux.ts';
import type { Op } from '../steps.ts';
import { dax_iomap_direct_access, roundUp } from './dax-access.ts';
import { generic_remap_file_range_prep, type RemapRequest } from './remap_range.ts';
import { iomap_iter, type IomapIter, iomapIterOf, iomapOf } from './iomap/iter.ts';
import { loadUnderRemedy } from './remedies-access.ts';

/** Two ranges of `len` bytes. */
export interface CompareRequest {
  readonly src: Inode;
  readonly srcoff: number;
  readonly dest: Inode;
  readonly dstoff: number;
  readonly len: number;
}

/**
 * Whether two ranges hold the same bytes, or an error number.
 * @source fs/dax.c dax_dedupe_file_range_compare() v6.12, v6.1
 */
export function* dax_dedupe_file_range_compare(
  request: CompareRequest,
  ops: IomapOps,
): Op<boolean | number> {
  const { src, srcoff, dest, dstoff, len } = request;
  const linux = src.i_sb.linux;
  const from = iomapIterOf(src, { pos: srcoff, len, flags: IOMAP_DAX });
  const to = iomapIterOf(dest, { pos: dstoff, len, flags: IOMAP_DAX });
  return linux.is_6_12
    ? yield* compareTogether(linux, ops, { from, to })
    : yield* compareNested(linux, ops, { from, to });
}

interface Pair {
  readonly from: IomapIter;
  readonly to: IomapIter;
}

function* compareTogether(linux: Linux, ops: IomapOps, { from, to }: Pair): Op<boolean | number> {
  let same = false;
  for (;;) {
    const first = yield* iomap_iter(from, ops);
    if (first <= 0) return first < 0 ? first : same;
    const second = yield* iomap_iter(to, ops);
    if (second <= 0) return second < 0 ? second : same;
    const compared = yield* dax_range_compare_iter(linux, {
      from,
      to,
      len: Math.min(from.len, to.len),
    });
    // As C has it: the answer of the walk, which is 1, and not the error.
    if (IS_ERR(compared)) return second;
    same = compared.same;
    from.processed = compared.len;
    to.processed = compared.len;
  }
}

// 6.1 walks all of the destination for the first extent of the source; the bytes compared count as
// done there only.
// @source fs/dax.c dax_dedupe_file_range_compare() v6.1
function* compareNested(linux: Linux, ops: IomapOps, { from, to }: Pair): Op<boolean | number> {
  let same = false;
  const { len } = from;
  for (;;) {
    let ret = yield* iomap_iter(from, ops);
    if (ret <= 0) return ret < 0 ? ret : same;
    for (ret = yield* iomap_iter(to, ops); ret > 0; ret = yield* iomap_iter(to, ops)) {
      const compared = yield* dax_range_compare_iter(linux, { from, to, len });
      same = !IS_ERR(compared) && compared.same;
      to.processed = IS_ERR(compared) ? compared : compared.len;
    }
    if (ret <= 0) from.processed = ret;
  }
}

// @source fs/dax.c dax_range_compare_iter() v6.12, v6.1
function* dax_range_compare_iter(
  linux: Linux,
  pair: Pair & { readonly len: number },
): Op<{ readonly same: boolean; readonly len: number } | number> {
  const { from, to } = pair;
  const smap = iomapOf(from);
  const dmap = iomapOf(to);
  const len = Math.min(pair.len, smap.length, dmap.length);
  if (smap.type === 'hole' && dmap.type === 'hole') return { same: true, len };
  if (smap.type === 'hole' || dmap.type === 'hole') return { same: false, len: 0 };
  yield* dax_read_lock(linux);
  const a = yield* bytesAt(linux, from, { pos: from.pos, len });
  const b = IS_ERR(a) ? a : yield* bytesAt(linux, to, { pos: to.pos, len });
  yield* dax_read_unlock(linux);
  if (IS_ERR(a) || IS_ERR(b)) return -E.EIO;
  const same = a.every((byte, i) => byte === b[i]);
  return { same, len: same ? len : 0 };
}

function* bytesAt(
  linux: Linux,
  iter: IomapIter,
  range: { readonly pos: number; readonly len: number },
): Op<Uint8Array | number> {
  const { pos, len } = range;
  const iomap = iomapOf(iter);
  const inPage = pos % linux.PAGE_SIZE;
  // 6.1 asks for more than there may be, and forgets where in the page the range begins.
  // @source fs/dax.c dax_range_compare_iter() v6.1
  const size = roundUp(linux.is_6_12 ? len + inPage : pos + len, linux.PAGE_SIZE);
  const access = yield* dax_iomap_direct_access(linux, iomap, { pos, size });
  if (IS_ERR(access)) return access;
  const kaddr = access.kaddr + (linux.is_6_12 ? inPage : 0);
  const pgoff = Math.floor(pos / linux.PAGE_SIZE);
  const mapping = iter.inode.i_mapping;
  return yield* loadUnderRemedy(linux, { mapping, pgoff, kaddr, length: len });
}

/**
 * Checks before a remap of files that are both used by DAX: bytes to remap (0: nothing to do), or
 * an error number. @source fs/dax.c dax_remap_file_range_prep() v6.12
 */
export function dax_remap_file_range_prep(
  task: Task,
  request: RemapRequest,
  ops: IomapOps,
): Op<number> {
  return generic_remap_file_range_prep(task, request, (ranges) =>
    dax_dedupe_file_range_compare(ranges, ops),
  );
}
