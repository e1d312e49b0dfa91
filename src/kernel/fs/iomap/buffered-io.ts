// Writes through the page cache by extents: space is asked for first, for as much as is written,
// and then folio after folio is filled. What is not blocks of a filesystem's own is in
// mm/filemap-*.
// @source fs/iomap/buffered-io.c v6.12, v6.1

import { at } from '../../../base/index.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import type { Inode, IovIter, Kiocb } from '../../include/linux/fs.ts';
import type { IomapOps } from '../../include/linux/iomap.ts';
import {
  IOMAP_F_SHARED,
  IOMAP_FAULT,
  IOMAP_UNSHARE,
  IOMAP_WRITE,
  IOMAP_ZERO,
} from '../../include/linux/iomap.ts';
import type { Folio, VmFault, VmFaultRequest } from '../../include/linux/mm.ts';
import { PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_WRITEBACK } from '../../include/linux/mm.ts';
import type { Task } from '../../linux.ts';
import {
  __filemap_get_folio,
  filemap_get_folio,
  filemap_write_and_wait_range,
  MAX_PAGECACHE_ORDER,
} from '../../mm/filemap.ts';
import { fillRange, zeroFolioRange } from '../../mm/filemap-io.ts';
import { beginWrite, copyToFolio } from '../../mm/filemap-write.ts';
import {
  type ByteRange,
  filemap_dirty_folio,
  folio_lock,
  folio_pos,
  folio_size,
  folio_unlock,
  markBlocksWritten,
} from '../../mm/folio-state.ts';
import { pagecache_isize_extended, truncate_pagecache_range } from '../../mm/truncate.ts';
import { call, get, type Op, scan, set } from '../../steps.ts';
import {
  iomap_iter,
  iomap_iter_srcmap,
  iomap_length,
  type IomapIter,
  iomapIterOf,
  iomapOf,
} from './iter.ts';

/**
 * Writes at `iocb.ki_pos` through the page cache, which moves on: bytes, or an error number.
 * @source fs/iomap/buffered-io.c iomap_file_buffered_write() v6.12
 */
export function* iomap_file_buffered_write(
  _task: Task,
  iocb: Kiocb,
  from: IovIter,
  ops: IomapOps,
): Op<number> {
  const range = { pos: iocb.ki_pos, len: from.count, flags: IOMAP_WRITE };
  const iter = iomapIterOf(iocb.ki_filp.f_inode, range);
  if (range.len === 0) return 0;
  let ret = yield* iomap_iter(iter, ops);
  for (; ret > 0; ret = yield* iomap_iter(iter, ops)) {
    iter.processed = yield* call(iomap_write_iter(iter, from));
  }
  const done = iter.pos - iocb.ki_pos;
  if (done === 0) return ret;
  iocb.ki_pos = iter.pos;
  return done;
}

// @source fs/iomap/buffered-io.c iomap_write_iter() v6.12, v6.1
function* iomap_write_iter(iter: IomapIter, from: IovIter): Op<number> {
  const { inode } = iter;
  const { linux } = inode.i_sb;
  const length = iomap_length(iter);
  // 6.1 writes page by page, whatever folios there are.
  const large = linux.is_6_12 && inode.i_mapping.large_folios;
  const chunk = large ? linux.PAGE_SIZE * 2 ** MAX_PAGECACHE_ORDER : linux.PAGE_SIZE;
  const pending = new Pending();
  let done = 0;
  while (done < length && pending.count + from.count > 0) {
    const pos = iter.pos + done;
    const left = Math.min(pending.count + from.count, length - done);
    const wanted = Math.min(chunk - (pos % chunk), left);
    // User memory is read before the folio is locked: it may be a mapping of the same page.
    while (pending.count < wanted) {
      const inPage = linux.PAGE_SIZE - ((pos + pending.count) % linux.PAGE_SIZE);
      const piece = yield* from.copy_from(Math.min(wanted - pending.count, inPage));
      if (IS_ERR(piece) || piece.length === 0) break;
      pending.add(piece);
    }
    const bytes = Math.min(wanted, pending.count);
    if (bytes === 0) return done > 0 ? done : -E.EFAULT;
    const folio = yield* iomap_write_begin(iter, pos, bytes);
    if (IS_ERR(folio)) {
      yield* iomap_write_failed(inode, pos, bytes);
      return done > 0 ? done : folio;
    }
    const here = Math.min(bytes, folio_pos(linux, folio) + folio_size(linux, folio) - pos);
    let to = pos;
    for (const piece of pending.take(here)) {
      yield* copyToFolio(inode.i_mapping, folio, { pos: to, bytes: piece });
      to += piece.length;
    }
    yield* iomap_write_end(inode, folio, { range: { pos, length: here }, byUser: true });
    done += here;
  }
  return done;
}

/** Bytes that were copied from user memory and are not in the page cache yet. */
class Pending {
  #pieces: Uint8Array[] = [];
  count = 0;
  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.count += piece.length;
  }
  /** The first `length` bytes, in pieces. */
  take(length: number): readonly Uint8Array[] {
    const taken = this.#pieces;
    this.#pieces = [];
    if (length < this.count) {
      let [end, left] = [0, length];
      for (; left > 0; end++) left -= at(taken, end).length;
      this.#pieces = taken.splice(end);
      const last = at(taken, end - 1);
      const kept = last.length + left;
      if (left < 0) this.#pieces.unshift(last.subarray(kept));
      taken[end - 1] = last.subarray(0, kept);
    }
    this.count -= length;
    return taken;
  }
}

/**
 * The locked folio at `pos`, with the parts of its blocks that will not be written made ready, or
 * an error number. @source fs/iomap/buffered-io.c iomap_write_begin() v6.12, v6.1
 */
function* iomap_write_begin(iter: IomapIter, pos: number, len: number): Op<Folio | number> {
  const { inode } = iter;
  const { linux } = inode.i_sb;
  const mapping = inode.i_mapping;
  const index = Math.floor(pos / linux.PAGE_SIZE);
  // 6.12 makes folios as large as the write; 6.1 single pages.
  const order = linux.is_6_12 ? Math.max(0, Math.floor(Math.log2(len / linux.PAGE_SIZE))) : 0;
  const folio = yield* __filemap_get_folio(mapping, { index, order });
  if (IS_ERR(folio)) return folio;
  yield* folio_lock(mapping, folio);
  const end = folio_pos(linux, folio) + folio_size(linux, folio);
  const range = { pos, length: Math.min(len, end - pos) };
  const what = { iomap: iomap_iter_srcmap(iter), range };
  // An unshare changes no byte: all of the old contents have to be there.
  const unshares = (iter.flags & IOMAP_UNSHARE) !== 0;
  const error = unshares
    ? yield* fillRange(mapping, folio, what)
    : yield* beginWrite(mapping, folio, what);
  if (error === 0) return folio;
  yield* folio_unlock(mapping, folio);
  return error;
}

// Pages beyond the end of the file that nothing was written to.
// @source fs/iomap/buffered-io.c iomap_write_failed() v6.12
function* iomap_write_failed(inode: Inode, pos: number, len: number): Op<void> {
  const size = yield* get(inode.i_size);
  if (pos + len <= size) return;
  yield* truncate_pagecache_range(inode, Math.max(pos, size), pos + len - 1);
}

// The bytes count, the folio is unlocked. The file grows over what users wrote; in 6.1 over what
// was zeroed as well. @source fs/iomap/buffered-io.c iomap_write_end() v6.12, v6.1
function* iomap_write_end(
  inode: Inode,
  folio: Folio,
  what: { readonly range: ByteRange; readonly byUser: boolean },
): Op<void> {
  const mapping = inode.i_mapping;
  const { range } = what;
  yield* markBlocksWritten(mapping, folio, range);
  const old = yield* get(inode.i_size);
  const end = range.pos + range.length;
  const grows = what.byUser || !inode.i_sb.linux.is_6_12;
  if (end > old && grows) yield* set(inode.i_size, 0, end);
  yield* folio_unlock(mapping, folio);
  if (old < range.pos && grows) yield* pagecache_isize_extended(inode, old, range.pos);
}

/**
 * Zeroes written blocks of a range in the page cache; holes and unwritten blocks are zeroes
 * already. 0 or an error number.
 * @source fs/iomap/buffered-io.c iomap_zero_range() v6.12, v6.1
 */
export function* iomap_zero_range(
  inode: Inode,
  pos: number,
  len: number,
  ops: IomapOps,
): Op<number> {
  if (len <= 0) return 0;
  const iter = iomapIterOf(inode, { pos, len, flags: IOMAP_ZERO });
  // Pages over unwritten blocks may hold data on its way there: 6.1 does not look for them.
  let dirty = inode.i_sb.linux.is_6_12 && (yield* needsWriteback(inode, { pos, length: len }));
  let ret = yield* iomap_iter(iter, ops);
  for (; ret > 0; ret = yield* iomap_iter(iter, ops)) {
    const { type } = iomap_iter_srcmap(iter);
    if (type !== 'hole' && type !== 'unwritten') {
      iter.processed = yield* zeroWritten(iter);
    } else if (dirty) {
      dirty = false;
      iter.stale = true;
      const last = iter.pos + iter.len - 1;
      iter.processed = yield* filemap_write_and_wait_range(inode.i_mapping, iter.pos, last);
    } else {
      iter.processed = iomap_length(iter);
    }
  }
  return ret;
}

// @source mm/filemap.c filemap_range_needs_writeback() v6.12
function* needsWriteback(inode: Inode, range: ByteRange): Op<boolean> {
  const { PAGE_SIZE } = inode.i_sb.linux;
  const start = Math.floor(range.pos / PAGE_SIZE);
  const end = Math.floor((range.pos + range.length - 1) / PAGE_SIZE);
  for (const index of yield* scan(inode.i_mapping.i_pages, { start, end })) {
    const folio = yield* filemap_get_folio(inode.i_mapping, index);
    const tags = yield* get(inode.i_mapping.tags, folio?.index ?? index);
    if ((tags & (PAGECACHE_TAG_DIRTY | PAGECACHE_TAG_WRITEBACK)) !== 0) return true;
  }
  return false;
}

// @source fs/iomap/buffered-io.c iomap_zero_iter() v6.12
function* zeroWritten(iter: IomapIter): Op<number> {
  const { inode } = iter;
  const { linux } = inode.i_sb;
  const length = iomap_length(iter);
  let done = 0;
  while (done < length) {
    const pos = iter.pos + done;
    const folio = yield* iomap_write_begin(iter, pos, length - done);
    if (IS_ERR(folio)) return folio;
    const end = folio_pos(linux, folio) + folio_size(linux, folio);
    const range = { pos, length: Math.min(length - done, end - pos) };
    yield* zeroFolioRange(inode.i_mapping, folio, range);
    yield* iomap_write_end(inode, folio, { range, byUser: false });
    done += range.length;
  }
  return done;
}

/**
 * Zeroes the rest of the block at `pos`, unless `pos` is a block boundary.
 * @source fs/iomap/buffered-io.c iomap_truncate_page() v6.12
 */
export function* iomap_truncate_page(inode: Inode, pos: number, ops: IomapOps): Op<number> {
  const blocksize = 2 ** inode.i_blkbits;
  const off = pos % blocksize;
  return off === 0 ? 0 : yield* iomap_zero_range(inode, pos, blocksize - off, ops);
}

/**
 * Gives shared blocks of a range copies of their own: the pages become dirty, and writeback does
 * the rest. @source fs/iomap/buffered-io.c iomap_file_unshare() v6.12
 */
export function* iomap_file_unshare(
  inode: Inode,
  pos: number,
  len: number,
  ops: IomapOps,
): Op<number> {
  const size = yield* get(inode.i_size);
  if (pos < 0 || pos >= size) return 0;
  const flags = IOMAP_WRITE | IOMAP_UNSHARE;
  const iter = iomapIterOf(inode, { pos, len: Math.min(len, size - pos), flags });
  let ret = yield* iomap_iter(iter, ops);
  for (; ret > 0; ret = yield* iomap_iter(iter, ops)) {
    iter.processed = yield* iomap_unshare_iter(iter);
  }
  return ret;
}

// @source fs/iomap/buffered-io.c iomap_unshare_iter() v6.12
function* iomap_unshare_iter(iter: IomapIter): Op<number> {
  const { inode } = iter;
  const { linux } = inode.i_sb;
  const iomap = iomapOf(iter);
  const length = iomap_length(iter);
  if ((iomap.flags & IOMAP_F_SHARED) === 0 || iomap.srcmap?.type !== 'mapped') return length;
  let done = 0;
  while (done < length) {
    const pos = iter.pos + done;
    const folio = yield* iomap_write_begin(iter, pos, length - done);
    if (IS_ERR(folio)) return folio;
    const end = folio_pos(linux, folio) + folio_size(linux, folio);
    const range = { pos, length: Math.min(length - done, end - pos) };
    yield* iomap_write_end(inode, folio, { range, byUser: false });
    done += range.length;
  }
  return done;
}

/**
 * Space for a folio that user space is about to write to for the first time: LOCKED, with the folio
 * locked and dirty. @source fs/iomap/buffered-io.c iomap_page_mkwrite() v6.12
 */
export function* iomap_page_mkwrite(
  request: VmFaultRequest,
  folio: Folio,
  ops: IomapOps,
): Op<VmFault> {
  const inode = request.vma.vm_file?.f_inode;
  if (inode === undefined) return { kind: 'SIGBUS' };
  const mapping = inode.i_mapping;
  yield* folio_lock(mapping, folio);
  const ret = yield* makeWritable(inode, folio, ops);
  if (ret === 0) {
    return { kind: 'LOCKED', folio, pfn: folio.pfn + request.pgoff - folio.index };
  }
  yield* folio_unlock(mapping, folio);
  return vmf_fs_error(ret);
}

function* makeWritable(inode: Inode, folio: Folio, ops: IomapOps): Op<number> {
  const { linux } = inode.i_sb;
  const mapping = inode.i_mapping;
  // Truncation was faster. @source include/linux/pagemap.h folio_mkwrite_check_truncate() v6.12
  if ((yield* filemap_get_folio(mapping, folio.index)) !== folio) return -E.EFAULT;
  const pos = folio_pos(linux, folio);
  const len = Math.min(folio_size(linux, folio), (yield* get(inode.i_size)) - pos);
  if (len <= 0) return -E.EFAULT;
  const iter = iomapIterOf(inode, { pos, len, flags: IOMAP_WRITE | IOMAP_FAULT });
  let ret = yield* iomap_iter(iter, ops);
  for (; ret > 0; ret = yield* iomap_iter(iter, ops)) {
    yield* filemap_dirty_folio(mapping, folio);
    iter.processed = iomap_length(iter);
  }
  return ret;
}

// @source include/linux/mm.h vmf_fs_error() v6.12
function vmf_fs_error(error: number): VmFault {
  if (error === -E.EFAULT || error === -E.EAGAIN) return { kind: 'NOPAGE' };
  return error === -E.ENOMEM ? { kind: 'OOM' } : { kind: 'SIGBUS' };
}
