// The page cache: buffered writes of filesystems that work page by page (ext2, ext4, devices).
// @source mm/filemap.c fs/buffer.c v6.12

import { flush_dcache_folio, flushesDcache } from '../arch/cacheflush.ts';
import { kernelStore } from '../arch/map.ts';
import { iomap_iter, iomap_iter_srcmap, iomapIterOf, iomapOf } from '../fs/iomap/iter.ts';
import { E } from '../include/linux/errno.ts';
import type { AddressSpaceOperations, IovIter, Kiocb } from '../include/linux/fs.ts';
import { IOMAP_WRITE, type Iomap } from '../include/linux/iomap.ts';
import type { AddressSpace, Folio } from '../include/linux/mm.ts';
import type { Task } from '../linux.ts';
import { call, get, noSteps, type Op, set } from '../steps.ts';
import { mark_inode_dirty } from '../fs/inode.ts';
import { __filemap_get_folio } from './filemap.ts';
import { fillRange, needsZeroing, zeroFolioRange } from './filemap-io.ts';
import { mapping_writably_mapped } from './filemap-read.ts';
import {
  blockBytes,
  blocksUptodate,
  type ByteRange,
  folio_lock,
  folio_unlock,
  folioKaddr,
  linuxOf,
  markBlocksWritten,
} from './folio-state.ts';
import { pagecache_isize_extended } from './truncate.ts';

/**
 * Writes through the page cache at `iocb.ki_pos`, which moves on: bytes, or an error number. The
 * caller holds the inode's lock and has checked limits.
 * @source mm/filemap.c generic_perform_write() v6.12
 */
export function generic_perform_write(
  _task: Task,
  iocb: Kiocb,
  iter: IovIter,
  aops: AddressSpaceOperations,
): Op<number> {
  return call(writePages(iocb, iter, aops));
}

function* writePages(iocb: Kiocb, iter: IovIter, aops: AddressSpaceOperations): Op<number> {
  const mapping = iocb.ki_filp.f_inode.i_mapping;
  const { PAGE_SIZE } = linuxOf(mapping);
  let written = 0;
  let status = 0;
  while (iter.count > 0) {
    const pos = iocb.ki_pos;
    // User memory is read before the folio is locked: where it is not there nothing is begun.
    const bytes = yield* iter.copy_from(Math.min(PAGE_SIZE - (pos % PAGE_SIZE), iter.count));
    status = typeof bytes === 'number' ? bytes : yield* writePage(mapping, { pos, bytes, aops });
    if (status <= 0) break;
    iocb.ki_pos += status;
    written += status;
  }
  return written > 0 ? written : status;
}

/** Writes bytes of one page: how many, or an error number. */
function* writePage(
  mapping: AddressSpace,
  write: {
    readonly pos: number;
    readonly bytes: Uint8Array;
    readonly aops: AddressSpaceOperations;
  },
): Op<number> {
  const { pos, bytes, aops } = write;
  const { host } = mapping;
  const linux = linuxOf(mapping);
  const index = Math.floor(pos / linux.PAGE_SIZE);
  const folio = yield* __filemap_get_folio(mapping, { index, order: 0 });
  if (typeof folio === 'number') return folio;
  yield* folio_lock(mapping, folio);
  const range = { pos, length: bytes.length };
  const iter = iomapIterOf(host, { pos, len: bytes.length, flags: IOMAP_WRITE });
  // Each extent gets its part of the bytes; one that cannot be had ends the write.
  for (;;) {
    const more = yield* iomap_iter(iter, aops.iomap);
    if (more < 0 && iter.pos === pos) {
      yield* folio_unlock(mapping, folio);
      return more;
    }
    if (more <= 0) break;
    const iomap = iomapOf(iter);
    const here = {
      pos: iter.pos,
      length: Math.min(pos + bytes.length, iomap.offset + iomap.length) - iter.pos,
    };
    const error = yield* beginWrite(mapping, folio, {
      iomap: iomap_iter_srcmap(iter),
      range: here,
    });
    if (error < 0) {
      iter.processed = error;
      continue;
    }
    const isAll = here.length === bytes.length;
    const part = isAll ? bytes : bytes.subarray(here.pos - pos, here.pos - pos + here.length);
    yield* copyToFolio(mapping, folio, { pos: here.pos, bytes: part });
    yield* markBlocksWritten(mapping, folio, here);
    iter.processed = here.length;
  }
  const done = Math.min(iter.pos - pos, range.length);
  yield* endWrite(mapping, folio, { pos, length: done });
  return done > 0 ? done : -E.ENOSPC;
}

/** Copies bytes into a folio of a file; programs that map the page see them. */
export function* copyToFolio(
  mapping: AddressSpace,
  folio: Folio,
  write: { readonly pos: number; readonly bytes: Uint8Array },
): Op<void> {
  const linux = linuxOf(mapping);
  const flushes = flushesDcache(linux);
  if (flushes && (yield* mapping_writably_mapped(mapping))) {
    yield* flush_dcache_folio(linux, mapping, folio);
  }
  yield* kernelStore(linux, folioKaddr(linux, folio, write.pos), write.bytes);
  if (flushes) yield* flush_dcache_folio(linux, mapping, folio);
}

/**
 * Makes ready the blocks that a write covers in part only: read, or zeroed where there is nothing
 * to read. `iomap` tells where the old contents are.
 * @source fs/buffer.c __block_write_begin_int() v6.12
 * @source fs/iomap/buffered-io.c __iomap_write_begin() v6.12
 */
export function beginWrite(
  mapping: AddressSpace,
  folio: Folio,
  write: { readonly iomap: Iomap; readonly range: ByteRange },
): Op<number> {
  const { pos, length } = write.range;
  const bytes = blockBytes(mapping.host);
  const isWhole = pos % bytes === 0 && length % bytes === 0;
  return isWhole ? noSteps(0) : beginParts(mapping, folio, write);
}

function* beginParts(
  mapping: AddressSpace,
  folio: Folio,
  write: { readonly iomap: Iomap; readonly range: ByteRange },
): Op<number> {
  const { iomap, range } = write;
  const bytes = blockBytes(mapping.host);
  const end = range.pos + range.length;
  const first = Math.floor(range.pos / bytes);
  const last = Math.floor((end - 1) / bytes);
  // The first block and the last, which may be one.
  for (let block = first; block <= last; block += Math.max(last - first, 1)) {
    const whole = { pos: block * bytes, length: bytes };
    if (range.pos <= whole.pos && end >= whole.pos + bytes) continue;
    if (yield* blocksUptodate(mapping, folio, whole)) continue;
    if (iomap.type === 'inline' || !(yield* needsZeroing(mapping, iomap, whole.pos))) {
      const error = yield* fillRange(mapping, folio, { iomap, range: whole });
      if (error < 0) return error;
      continue;
    }
    const before = Math.max(range.pos, whole.pos);
    const after = Math.min(end, whole.pos + bytes);
    yield* zeroFolioRange(mapping, folio, { pos: whole.pos, length: before - whole.pos });
    yield* zeroFolioRange(mapping, folio, { pos: after, length: whole.pos + bytes - after });
  }
  return 0;
}

/** Grows the file over what was written. @source fs/buffer.c generic_write_end() v6.12 */
function* endWrite(mapping: AddressSpace, folio: Folio, range: ByteRange): Op<void> {
  const { host } = mapping;
  const old = yield* get(host.i_size);
  const end = range.pos + range.length;
  const grows = range.length > 0 && end > old && host.kind !== 'blk';
  if (grows) yield* set(host.i_size, 0, end);
  yield* folio_unlock(mapping, folio);
  if (!grows) return;
  if (old < range.pos) yield* pagecache_isize_extended(host, old, range.pos);
  yield* mark_inode_dirty(host);
}
