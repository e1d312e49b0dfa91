// Reads and writes that go past the page cache, as BIOs on the caller's own pages. Every one waits
// for its end: asynchronous I/O is not modelled.
// @source fs/iomap/direct-io.c v6.12, v6.1

import { present } from '../../../base/index.ts';
import { bdev_write_cache } from '../../block/genhd.ts';
import { submit_bio } from '../../block/bio.ts';
import type { Bio, BlockDevice } from '../../include/linux/blkdev.ts';
import { BLK_FEAT_FUA } from '../../include/linux/blkdev.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import type { Inode, IovIter, Kiocb } from '../../include/linux/fs.ts';
import type { Iomap, IomapOps } from '../../include/linux/iomap.ts';
import {
  IOMAP_DIRECT,
  IOMAP_F_DIRTY,
  IOMAP_F_NEW,
  IOMAP_F_SHARED,
  IOMAP_OVERWRITE_ONLY,
  IOMAP_WRITE,
} from '../../include/linux/iomap.ts';
import type { Linux, Task } from '../../linux.ts';
import { filemap_write_and_wait_range, kiocb_invalidate_pages } from '../../mm/filemap.ts';
import { invalidate_inode_pages2_range } from '../../mm/truncate.ts';
import { get, type Op } from '../../steps.ts';
import { iomap_iter, iomap_length, type IomapIter, iomapIterOf, iomapOf } from './iter.ts';
import { iov_iter_zero } from './zero.ts';

/** What a direct write came upon. @source include/linux/iomap.h IOMAP_DIO_UNWRITTEN v6.12 */
export const IOMAP_DIO_UNWRITTEN = 1;
export const IOMAP_DIO_COW = 2;

const SECTOR = 512;
/** Pages of one BIO. @source include/linux/bio.h BIO_MAX_VECS v6.12 */
const BIO_MAX_VECS = 256;
/** Buffers begin at a multiple of it. @source block/blk-settings.c blk_set_default_limits() v6.1 */
const DMA_ALIGNMENT = 512;

/** What the caller wants of a direct I/O. */
export interface DioOptions {
  /**
   * The filesystem's part of the end: `size` bytes were moved, or `error` came; `flags` are
   * IOMAP_DIO_*. 0 or an error number, in place of `error`.
   */
  end_io?(iocb: Kiocb, size: number, error: number, flags: number): Op<number>;
  /** IOMAP_DIO_OVERWRITE_ONLY: -EAGAIN where more than blocks of the file would be written. */
  readonly overwrite_only?: true;
}

interface Dio {
  readonly iocb: Kiocb;
  readonly iter: IovIter;
  readonly i_size: number;
  size: number;
  /** IOMAP_DIO_* above. */
  flags: number;
  needsSync: boolean;
  /** All that was written went through the device's cache. */
  writesThrough: boolean;
}

/**
 * Direct read or write at `iocb.ki_pos`: bytes moved, or an error number; -ENOTBLK where the page
 * cache could not be dropped and the caller is to write through it.
 * @source fs/iomap/direct-io.c iomap_dio_rw() __iomap_dio_rw() v6.12
 */
export function* iomap_dio_rw(
  task: Task,
  iocb: Kiocb,
  iter: IovIter,
  ops: IomapOps,
  options: DioOptions = {},
): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  if (iter.count === 0) return 0;
  const i_size = yield* get(inode.i_size);
  const write = iter.data_source;
  const range = { pos: iocb.ki_pos, len: iter.count };
  let flags = IOMAP_DIRECT;
  if (write) {
    flags |= IOMAP_WRITE;
    if (options.overwrite_only) {
      if (range.pos + range.len > i_size) return -E.EAGAIN;
      flags |= IOMAP_OVERWRITE_ONLY;
    }
    const error = yield* kiocb_invalidate_pages(iocb, range.len);
    if (error !== 0) return error === -E.EAGAIN ? error : -E.ENOTBLK;
  } else {
    if (range.pos >= i_size) return 0;
    const last = range.pos + range.len - 1;
    const error = yield* filemap_write_and_wait_range(inode.i_mapping, range.pos, last);
    if (error !== 0) return error;
  }
  const needsSync = write && iocb.dsync;
  const dio: Dio = { iocb, iter, i_size, size: 0, flags: 0, needsSync, writesThrough: needsSync };
  const iomi = iomapIterOf(inode, { ...range, flags });
  let ret = yield* iomap_iter(iomi, ops);
  for (; ret > 0; ret = yield* iomap_iter(iomi, ops)) {
    iomi.processed = yield* iomap_dio_iter(iomi, dio);
  }
  // What cannot be written directly is left to the caller, with what was done so far.
  const error = ret === -E.ENOTBLK ? 0 : ret;
  return yield* iomap_dio_complete(task, dio, error, options);
}

// @source fs/iomap/direct-io.c iomap_dio_complete() v6.12
function* iomap_dio_complete(task: Task, dio: Dio, error: number, options: DioOptions): Op<number> {
  const { iocb } = dio;
  const write = dio.iter.data_source;
  let ret = error;
  if (options.end_io) ret = yield* options.end_io(iocb, dio.size, error, dio.flags);
  if (ret === 0) {
    ret = dio.size;
    if (!write && iocb.ki_pos + ret > dio.i_size) ret = dio.i_size - iocb.ki_pos;
  }
  if (error === 0 && dio.size > 0 && write) {
    yield* kiocb_invalidate_post_direct_write(iocb, dio.size);
  }
  if (ret <= 0) return ret;
  iocb.ki_pos += ret;
  if (!dio.needsSync || dio.writesThrough) return ret;
  return yield* generic_write_sync(task, iocb, ret);
}

// Pages may have been cached again meanwhile; if they stay, the write has worked all the same.
// @source mm/filemap.c kiocb_invalidate_post_direct_write() v6.12
function* kiocb_invalidate_post_direct_write(iocb: Kiocb, count: number): Op<void> {
  const { f_inode } = iocb.ki_filp;
  const { PAGE_SIZE } = f_inode.i_sb.linux;
  const first = Math.floor(iocb.ki_pos / PAGE_SIZE);
  const last = Math.floor((iocb.ki_pos + count - 1) / PAGE_SIZE);
  yield* invalidate_inode_pages2_range(f_inode.i_mapping, first, last);
}

/**
 * After a write of `count` bytes that ends at `iocb.ki_pos`: fsync where the file wants it. `count`
 * or an error number. @source include/linux/fs.h generic_write_sync() v6.12
 */
export function* generic_write_sync(task: Task, iocb: Kiocb, count: number): Op<number> {
  const { f_op } = iocb.ki_filp;
  if (!iocb.dsync || f_op.fsync === undefined) return count;
  const start = iocb.ki_pos - count;
  const error = yield* f_op.fsync(task, iocb.ki_filp, start, iocb.ki_pos - 1, true);
  return error === 0 ? count : error;
}

// @source fs/iomap/direct-io.c iomap_dio_iter() v6.12
function* iomap_dio_iter(iomi: IomapIter, dio: Dio): Op<number> {
  const { type } = iomapOf(iomi);
  const write = dio.iter.data_source;
  if (type === 'mapped') return yield* iomap_dio_bio_iter(iomi, dio);
  if (type === 'unwritten' && write) return yield* iomap_dio_bio_iter(iomi, dio);
  // A write into a hole, or a page that mmap() dirtied meanwhile; inline files are only read.
  if (type === 'delalloc' || write) return -E.EIO;
  const { linux } = iomi.inode.i_sb;
  const length = iomap_length(iomi);
  const done =
    type === 'inline'
      ? yield* copyInline(iomi, dio, length)
      : yield* iov_iter_zero(linux, dio.iter, length);
  dio.size += done;
  return done === 0 ? -E.EFAULT : done;
}

// @source fs/iomap/direct-io.c iomap_dio_inline_iter() v6.12
function* copyInline(iomi: IomapIter, dio: Dio, length: number): Op<number> {
  const iomap = iomapOf(iomi);
  const contents = present(iomap.inline_data, 'contents of an inline extent');
  const from = iomi.pos - iomap.offset;
  const bytes = contents.subarray(from, from + length);
  return (yield* dio.iter.copy_to(bytes)) === 0 ? bytes.length : 0;
}

/**
 * One extent that has blocks: BIOs on the caller's pages, and zeroes over the rest of the first and
 * last block where those were never written.
 * @source fs/iomap/direct-io.c iomap_dio_bio_iter() v6.12, v6.1
 */
function* iomap_dio_bio_iter(iomi: IomapIter, dio: Dio): Op<number> {
  const { inode } = iomi;
  const iomap = iomapOf(iomi);
  const bdev = deviceOf(iomap);
  const length = iomap_length(iomi);
  const logical = bdev.bd_disk.queue.logical_block_size;
  if (iomi.pos % logical !== 0 || length % logical !== 0) return -E.EINVAL;
  if (dio.iter.misaligned % DMA_ALIGNMENT !== 0 || dio.iter.count % logical !== 0) {
    return -E.EINVAL;
  }
  const write = dio.iter.data_source;
  if (iomap.type === 'unwritten') dio.flags |= IOMAP_DIO_UNWRITTEN;
  if ((iomap.flags & IOMAP_F_SHARED) !== 0) dio.flags |= IOMAP_DIO_COW;
  const isNew = iomap.type === 'unwritten' || (iomap.flags & IOMAP_F_NEW) !== 0;
  const fua = !isNew && (yield* mayUseFua(iomap, dio));
  if (write && !fua) dio.writesThrough = false;
  const blockBytes = 2 ** inode.i_blkbits;
  const head = iomi.pos % blockBytes;
  if (isNew && head > 0) {
    const error = yield* iomap_dio_zero(inode, iomap, { pos: iomi.pos - head, length: head });
    if (error !== 0) return error;
  }
  const moved = yield* submitPieces(iomi, dio, { length, fua });
  const end = iomi.pos + moved.bytes;
  let { error } = moved;
  const tail = end % blockBytes;
  const beyond = write && end >= (yield* get(inode.i_size));
  if (tail > 0 && (isNew || beyond)) {
    error = yield* iomap_dio_zero(inode, iomap, { pos: end, length: blockBytes - tail });
  }
  dio.size += moved.bytes;
  return moved.bytes > 0 ? moved.bytes : error;
}

// One write that needs no flush of the device's cache afterwards.
function* mayUseFua(iomap: Iomap, dio: Dio): Op<boolean> {
  if (!dio.writesThrough || iomap.type !== 'mapped') return false;
  if ((iomap.flags & (IOMAP_F_SHARED | IOMAP_F_DIRTY)) !== 0) return false;
  const bdev = deviceOf(iomap);
  const { linux } = dio.iocb.ki_filp.f_inode.i_sb;
  if (((yield* get(bdev.bd_disk.queue.features)) & BLK_FEAT_FUA) !== 0) return true;
  // 6.1 asks for FUA only. @source fs/iomap/direct-io.c iomap_dio_bio_iter() v6.1
  return linux.is_6_12 && !(yield* bdev_write_cache(bdev));
}

function* submitPieces(
  iomi: IomapIter,
  dio: Dio,
  what: { readonly length: number; readonly fua: boolean },
): Op<{ readonly bytes: number; readonly error: number }> {
  const { linux } = iomi.inode.i_sb;
  const iomap = iomapOf(iomi);
  const write = dio.iter.data_source;
  let bytes = 0;
  while (bytes < what.length) {
    const here = Math.min(what.length - bytes, BIO_MAX_VECS * linux.PAGE_SIZE);
    const vecs = yield* dio.iter.pin(here);
    if (IS_ERR(vecs)) return { bytes, error: vecs };
    const bio: Bio = {
      op: write ? 'write' : 'read',
      bdev: deviceOf(iomap),
      sector: sectorOf(iomap, iomi.pos + bytes),
      sectors: here / SECTOR,
      vecs,
      ...(what.fua ? { fua: true as const } : {}),
    };
    const error = yield* submit_bio(linux, bio);
    yield* dio.iter.unpin(vecs, !write && error === 0);
    // An error of a BIO that was sent ends the whole: nothing of this extent counts as done.
    if (error !== 0) return { bytes: 0, error };
    bytes += here;
  }
  return { bytes, error: 0 };
}

// @source fs/iomap/direct-io.c iomap_dio_zero() v6.12
function iomap_dio_zero(
  inode: Inode,
  iomap: Iomap,
  range: { readonly pos: number; readonly length: number },
): Op<number> {
  const { linux } = inode.i_sb;
  const vecs = zeroVecs(linux, range.length);
  const sector = sectorOf(iomap, range.pos);
  const sectors = range.length / SECTOR;
  return submit_bio(linux, { op: 'write', bdev: deviceOf(iomap), sector, sectors, vecs });
}

function zeroVecs(linux: Linux, length: number) {
  const paddr = linux.zero_pfn * linux.PAGE_SIZE;
  const count = Math.ceil(length / linux.PAGE_SIZE);
  return Array.from({ length: count }, (_, i) => ({
    paddr,
    lengthBytes: Math.min(length - i * linux.PAGE_SIZE, linux.PAGE_SIZE),
  }));
}

// @source include/linux/iomap.h iomap_sector() v6.12
function sectorOf(iomap: Iomap, pos: number): number {
  return Math.floor((iomap.addr + pos - iomap.offset) / SECTOR);
}

function deviceOf(iomap: Iomap): BlockDevice {
  return present(iomap.bdev, 'the block device of an extent with blocks');
}
