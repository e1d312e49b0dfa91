// Walks a range of a file extent by extent, as the filesystem tells them. Whoever walks does a part
// of an extent, says how much in `processed`, and asks for the next one.
// @source fs/iomap/iter.c v6.12

import { assert } from '../../../base/index.ts';
import type { Inode } from '../../include/linux/fs.ts';
import type { Iomap, IomapOps } from '../../include/linux/iomap.ts';
import type { Op } from '../../steps.ts';

/** A walk; it belongs to one operation, which alone looks at it. */
export interface IomapIter {
  readonly inode: Inode;
  /** Byte of the file, and bytes left from there. */
  pos: number;
  len: number;
  /** Bytes done of the extent, 0 to end the walk, or an error number. */
  processed: number;
  readonly flags: number;
  /** The extent at `pos`; absent before the first and after the last. */
  iomap: Iomap | undefined;
  /** What is left shall be asked for again, although nothing was done (IOMAP_F_STALE). */
  stale: boolean;
}

/** A walk over `len` bytes from `pos` on. */
export function iomapIterOf(
  inode: Inode,
  range: { readonly pos: number; readonly len: number; readonly flags: number },
): IomapIter {
  return { inode, ...range, processed: 0, iomap: undefined, stale: false };
}

/** The extent that the walk stands at. */
export function iomapOf(iter: IomapIter): Iomap {
  assert(iter.iomap !== undefined, 'iomap_iter() gave an extent');
  return iter.iomap;
}

/** Bytes that extent, source extent and walk have in common from `pos` on. */
export function iomap_length(iter: IomapIter): number {
  const iomap = iomapOf(iter);
  const { srcmap } = iomap;
  const end = iomap.offset + iomap.length;
  const common = srcmap === undefined ? end : Math.min(end, srcmap.offset + srcmap.length);
  return Math.min(iter.len, common - iter.pos);
}

/** Where old contents are read: the source extent of a copy on write, else the extent itself. */
export function iomap_iter_srcmap(iter: IomapIter): Iomap {
  const iomap = iomapOf(iter);
  return iomap.srcmap ?? iomap;
}

/**
 * Ends the extent that was processed and finds the next: 1, or 0 at the end of the walk, or an
 * error number.
 * @source fs/iomap/iter.c iomap_iter() v6.12
 */
export function* iomap_iter(iter: IomapIter, ops: IomapOps): Op<number> {
  const last = iter.iomap;
  if (last !== undefined && ops.iomap_end !== undefined) {
    const error = yield* ops.iomap_end(
      iter.inode,
      iter.pos,
      iomap_length(iter),
      Math.max(iter.processed, 0),
      iter.flags,
      last,
    );
    if (error < 0 && iter.processed === 0) return error;
  }
  const more = iomap_iter_advance(iter);
  if (more <= 0) return more;
  const iomap = yield* ops.iomap_begin(iter.inode, iter.pos, iter.len, iter.flags);
  if (typeof iomap === 'number') return iomap;
  assert(iomap.offset <= iter.pos, 'an extent begins at or before the place asked for');
  assert(iomap.offset + iomap.length > iter.pos, 'an extent reaches beyond the place asked for');
  // A hole is no source to read from: C leaves the record cleared.
  iter.iomap = iomap.srcmap?.type === 'hole' ? withoutSource(iomap) : iomap;
  return 1;
}

// @source fs/iomap/iter.c iomap_iter_advance() v6.12
function iomap_iter_advance(iter: IomapIter): number {
  if (iter.iomap !== undefined) {
    if (iter.processed < 0) return iter.processed;
    if (iter.processed === 0 && !iter.stale) return 0;
    assert(iter.processed <= iomap_length(iter), 'no more is processed than there is');
    iter.pos += iter.processed;
    iter.len -= iter.processed;
    if (iter.len === 0) return 0;
  }
  iter.processed = 0;
  iter.iomap = undefined;
  iter.stale = false;
  return 1;
}

function withoutSource(iomap: Iomap): Iomap {
  const { srcmap: _, ...rest } = iomap;
  return rest;
}
