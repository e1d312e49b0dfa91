// Reads and writes of XFS files: without a page cache, past it, or through it.
// @source fs/xfs/xfs_file.c v6.12

import { E } from '../../include/linux/errno.ts';
import { type File, type IovIter, type Kiocb, O_ACCMODE } from '../../include/linux/fs.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import { filemap_splice_read, generic_file_read_iter } from '../../mm/filemap-read.ts';
import { do_writepages } from '../../mm/page-writeback.ts';
import { submit_bio } from '../../block/bio.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import { I_DIRTY } from '../../include/linux/fs.ts';
import type { LockMode } from '../../shared.ts';
import type { Linux, Task } from '../../linux.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { dax_iomap_rw } from '../dax.ts';
import { commit_sb } from '../image.ts';
import { mark_inode_dirty } from '../inode.ts';
import { iomap_file_buffered_write } from '../iomap/buffered-io.ts';
import {
  type DioOptions,
  generic_write_sync,
  IOMAP_DIO_COW,
  IOMAP_DIO_UNWRITTEN,
  iomap_dio_rw,
} from '../iomap/direct-io.ts';
import { s_dax_op_begin, s_dax_op_end } from '../s_dax/aops.ts';
import { generic_write_checks } from '../read_write.ts';
import { iomap_seek_data, iomap_seek_hole } from '../iomap/seek.ts';
import { isRealtime } from './libxfs/xfs_bmap.ts';
import {
  isDax,
  xfs_can_free_eofblocks,
  xfs_free_eofblocks,
  xfs_zero_range,
} from './xfs_bmap_util.ts';
import { xfs_blockgc_free_space, xfs_flush_inodes } from './xfs_icache.ts';
import { xfs_buffered_write_iomap_ops } from './xfs_iomap-buffered.ts';
import {
  MAX_LFS_FILESIZE,
  xfs_dax_write_iomap_ops,
  xfs_direct_write_iomap_ops,
  xfs_inode_buftarg,
  xfs_iomap_write_unwritten,
  xfs_read_iomap_ops,
  xfs_seek_iomap_ops,
  xfs_setfilesize,
} from './xfs_iomap.ts';
import {
  XFS_DIFLAG_APPEND,
  XFS_EOFBLOCKS_RELEASED,
  XFS_I,
  XFS_ITRUNCATED,
  type XfsInode,
  type XfsMount,
} from './xfs_mount.ts';
import { xfs_is_cow_inode, xfs_reflink_end_cow } from './xfs_reflink.ts';

/** read(). @source fs/xfs/xfs_file.c xfs_file_read_iter() v6.12 */
export function* xfs_file_read_iter(
  mp: XfsMount,
  task: Task,
  iocb: Kiocb,
  to: IovIter,
): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  if (to.count === 0) return 0;
  const { linux } = mp;
  yield* s_dax_op_begin(linux, inode);
  // The mode is asked for before the lock is taken; a design may ask with the lock held.
  const early = linux.s_dax.sampled ? undefined : yield* isDax(XFS_I(mp, inode));
  yield* lock(inode.i_rwsem, 'shared');
  let ret: number;
  if (early ?? (yield* isDax(XFS_I(mp, inode)))) {
    ret = yield* dax_iomap_rw(task, iocb, to, xfs_read_iomap_ops(mp));
  } else if (iocb.direct) {
    ret = yield* iomap_dio_rw(task, iocb, to, xfs_read_iomap_ops(mp));
  } else {
    ret = yield* generic_file_read_iter(task, iocb, to);
  }
  yield* unlock(inode.i_rwsem, 'shared');
  yield* s_dax_op_end(linux, inode);
  return ret;
}

/**
 * splice() and sendfile() from a file with a page cache.
 * @source fs/xfs/xfs_file.c xfs_file_splice_read() v6.12; 6.1 has generic_file_splice_read()
 */
export function* xfs_file_splice_read(
  mp: XfsMount,
  task: Task,
  iocb: Kiocb,
  to: IovIter,
): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  // For DAX and direct files vfs_splice_read() copies instead; 6.1 calls read_iter for all.
  if ((yield* isDax(XFS_I(mp, inode))) || iocb.direct) {
    return yield* xfs_file_read_iter(mp, task, iocb, to);
  }
  yield* lock(inode.i_rwsem, 'shared');
  const ret = yield* filemap_splice_read(task, iocb, to);
  yield* unlock(inode.i_rwsem, 'shared');
  return ret;
}

/** write(). @source fs/xfs/xfs_file.c xfs_file_write_iter() v6.12 */
export function* xfs_file_write_iter(
  mp: XfsMount,
  task: Task,
  iocb: Kiocb,
  from: IovIter,
): Op<number> {
  if (from.count === 0) return 0;
  const { linux } = mp;
  const inode = iocb.ki_filp.f_inode;
  yield* s_dax_op_begin(linux, inode);
  const ret = linux.s_dax.sampled
    ? yield* writeSampled(mp, task, iocb, from)
    : yield* writeByMode(mp, task, iocb, from);
  yield* s_dax_op_end(linux, inode);
  return ret;
}

/** The mode is asked for with i_rwsem held, and holds for the whole of the write. */
function* writeSampled(mp: XfsMount, task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const ip = XFS_I(mp, iocb.ki_filp.f_inode);
  if (iocb.direct) return yield* writeByMode(mp, task, iocb, from);
  yield* lock(ip.vfs.i_rwsem);
  if (yield* isDax(ip)) return yield* xfs_file_dax_write(ip, task, iocb, from, 'locked');
  return yield* xfs_file_buffered_write(ip, task, iocb, from, 'locked');
}

/** The mode is asked for before a lock is taken. */
function* writeByMode(mp: XfsMount, task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const ip = XFS_I(mp, iocb.ki_filp.f_inode);
  if (yield* isDax(ip)) return yield* xfs_file_dax_write(ip, task, iocb, from);
  if (iocb.direct) {
    const ret = yield* xfs_file_dio_write(ip, task, iocb, from);
    // Parts of blocks that are shared: only the page cache can copy them.
    if (ret !== -E.ENOTBLK) return ret;
  }
  return yield* xfs_file_buffered_write(ip, task, iocb, from);
}

/**
 * Checks before a write; zeroes what lies between the old end and the place. Bytes to write, 0, or
 * an error number. With the inode locked, exclusively if the write begins behind the end.
 * @source fs/xfs/xfs_file.c xfs_file_write_checks() v6.12
 */
function* xfs_file_write_checks(ip: XfsInode, iocb: Kiocb, from: IovIter): Op<number> {
  const count = yield* generic_write_checks(iocb, from);
  if (count <= 0) return count;
  const isize = yield* get(ip.vfs.i_size);
  if (iocb.ki_pos <= isize) return count;
  const { invalidate_lock } = ip.vfs.i_mapping;
  // 6.1 zeroes without the lock that keeps page faults out.
  const { is_6_12 } = ip.i_mount.linux;
  if (is_6_12) yield* lock(invalidate_lock);
  const error = yield* xfs_zero_range(ip, { offset: isize, len: iocb.ki_pos - isize });
  if (is_6_12) yield* unlock(invalidate_lock);
  return error < 0 ? error : count;
}

// @source fs/xfs/xfs_file.c xfs_file_dax_write() v6.12
function* xfs_file_dax_write(
  ip: XfsInode,
  task: Task,
  iocb: Kiocb,
  from: IovIter,
  rwsem: 'locked' | 'free' = 'free',
): Op<number> {
  const inode = ip.vfs;
  if (rwsem === 'free') yield* lock(inode.i_rwsem);
  let ret = yield* xfs_file_write_checks(ip, iocb, from);
  if (ret > 0) {
    ret = yield* dax_iomap_rw(task, iocb, from, xfs_dax_write_iomap_ops(ip.i_mount));
    if (ret > 0 && iocb.ki_pos > (yield* get(inode.i_size))) {
      yield* set(inode.i_size, 0, iocb.ki_pos);
      yield* xfs_setfilesize(ip, iocb.ki_pos);
    }
  }
  yield* unlock(inode.i_rwsem);
  return ret > 0 ? yield* generic_write_sync(task, iocb, ret) : ret;
}

/**
 * Direct writes are whole sectors of the device.
 * @source fs/xfs/xfs_file.c xfs_file_dio_write() v6.12
 */
function* xfs_file_dio_write(ip: XfsInode, task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const { bt_bdev } = yield* xfs_inode_buftarg(ip);
  const sector = bt_bdev.bd_disk.queue.logical_block_size;
  const { block_size } = ip.i_mount.image;
  const isOff = (bytes: number): boolean => iocb.ki_pos % bytes !== 0 || from.count % bytes !== 0;
  if (isOff(sector)) return -E.EINVAL;
  if (!isOff(block_size)) return yield* dioWrite(ip, task, { iocb, from, mode: 'shared' }, {});
  const isize = yield* get(ip.vfs.i_size);
  if (iocb.ki_pos + from.count < isize && iocb.ki_pos <= isize) {
    // In place, beside other writers, unless blocks have to be made or zeroed.
    const job = { iocb, from, mode: 'shared', sub: true } as const;
    const ret = yield* dioWrite(ip, task, job, { overwrite_only: true });
    if (ret !== -E.EAGAIN) return ret;
  }
  return yield* dioWrite(ip, task, { iocb, from, mode: 'exclusive', sub: true }, {});
}

// @source fs/xfs/xfs_file.c xfs_file_dio_write_aligned() xfs_file_dio_write_unaligned() v6.12
function* dioWrite(
  ip: XfsInode,
  task: Task,
  job: {
    readonly iocb: Kiocb;
    readonly from: IovIter;
    readonly mode: LockMode;
    /** Parts of blocks are written. */
    readonly sub?: true;
  },
  options: DioOptions,
): Op<number> {
  const { iocb, from } = job;
  const inode = ip.vfs;
  const isBehind = iocb.append || iocb.ki_pos > (yield* get(inode.i_size));
  const mode = isBehind ? 'exclusive' : job.mode;
  yield* lock(inode.i_rwsem, mode);
  let ret: number = -E.ENOTBLK;
  if (job.sub === undefined || !(yield* xfs_is_cow_inode(ip))) {
    ret = yield* xfs_file_write_checks(ip, iocb, from);
    if (ret > 0) {
      ret = yield* iomap_dio_rw(task, iocb, from, xfs_direct_write_iomap_ops(ip.i_mount), {
        ...options,
        end_io: (done, size, error, flags) =>
          xfs_dio_write_end_io(ip, { pos: done.ki_pos, size, error, flags }),
      });
    }
  }
  yield* unlock(inode.i_rwsem, mode);
  return ret;
}

// @source fs/xfs/xfs_file.c xfs_dio_write_end_io() v6.12
function* xfs_dio_write_end_io(
  ip: XfsInode,
  end: {
    readonly pos: number;
    readonly size: number;
    readonly error: number;
    readonly flags: number;
  },
): Op<number> {
  const { pos, size } = end;
  if (end.error < 0) return end.error;
  if (size === 0) return 0;
  if ((end.flags & IOMAP_DIO_COW) !== 0) {
    const error = yield* xfs_reflink_end_cow(ip, { pos, count: size });
    if (error < 0) return error;
  }
  if ((end.flags & IOMAP_DIO_UNWRITTEN) !== 0) {
    return yield* xfs_iomap_write_unwritten(ip, { offset: pos, count: size }, true);
  }
  if (pos + size > (yield* get(ip.vfs.i_size))) {
    yield* set(ip.vfs.i_size, 0, pos + size);
    yield* xfs_setfilesize(ip, pos + size);
  }
  return 0;
}

/**
 * Through the page cache. Where space is short, reservations that nobody needs are given up, and
 * the write is tried once more.
 * @source fs/xfs/xfs_file.c xfs_file_buffered_write() v6.12
 */
function* xfs_file_buffered_write(
  ip: XfsInode,
  task: Task,
  iocb: Kiocb,
  from: IovIter,
  rwsem: 'locked' | 'free' = 'free',
): Op<number> {
  const inode = ip.vfs;
  const ops = xfs_buffered_write_iomap_ops(ip.i_mount);
  for (let clearedSpace = false; ; clearedSpace = true) {
    if (rwsem === 'free' || clearedSpace) yield* lock(inode.i_rwsem);
    let ret = yield* xfs_file_write_checks(ip, iocb, from);
    if (ret > 0) {
      ret = yield* iomap_file_buffered_write(task, { ...iocb, direct: false }, from, ops);
      if (ret > 0) iocb.ki_pos += ret;
    }
    if (ret > 0) yield* mark_inode_dirty(inode);
    if (ret !== -E.ENOSPC || clearedSpace) {
      yield* unlock(inode.i_rwsem);
      return ret > 0 ? yield* generic_write_sync(task, iocb, ret) : ret;
    }
    yield* xfs_flush_inodes(ip.i_mount);
    yield* unlock(inode.i_rwsem);
    yield* xfs_blockgc_free_space(ip.i_mount);
  }
}

/** fsync(). @source fs/xfs/xfs_file.c xfs_file_fsync() v6.12 */
export function* xfs_file_fsync(
  mp: XfsMount,
  file: File,
  range: { readonly start: number; readonly end: number },
): Op<number> {
  const inode = file.f_inode;
  const ip = XFS_I(mp, inode);
  const error = yield* filemap_write_and_wait_range(inode.i_mapping, range.start, range.end);
  if (error < 0) return error;
  yield* set(ip.i_flags, 0, (yield* get(ip.i_flags)) & ~XFS_ITRUNCATED);
  const rt = yield* isRealtime(ip);
  const { bt_bdev: ddev } = mp.m_ddev_targp;
  const rtdev = mp.m_rtdev_targp?.bt_bdev;
  const isExternal = mp.m_logdev_targp !== mp.m_ddev_targp;
  let ret = 0;
  if (rt && rtdev !== undefined) ret = yield* blkdev_issue_flush(mp.linux, rtdev);
  else if (isExternal) ret = yield* blkdev_issue_flush(mp.linux, ddev);
  const isPinned = ((yield* get(inode.i_state)) & I_DIRTY) !== 0;
  if (isPinned) {
    // The log is one: what was changed before goes with it.
    commit_sb(inode.i_sb);
    const log = yield* blkdev_issue_flush(mp.linux, mp.m_logdev_targp.bt_bdev);
    if (ret === 0) ret = log;
  } else if (!rt && !isExternal) {
    const flush = yield* blkdev_issue_flush(mp.linux, ddev);
    if (ret === 0) ret = flush;
  }
  return ret;
}

/** Empties the write cache of a device. @source block/blk-flush.c blkdev_issue_flush() v6.12 */
export function* blkdev_issue_flush(linux: Linux, bdev: BlockDevice): Op<number> {
  return yield* submit_bio(linux, { op: 'flush', bdev, sector: 0, sectors: 0, vecs: [] });
}

/** SEEK_DATA and SEEK_HOLE. @source fs/xfs/xfs_file.c xfs_file_llseek() v6.12 */
export function* xfs_file_llseek(
  mp: XfsMount,
  file: File,
  offset: number,
  whence: 'data' | 'hole',
): Op<number> {
  const ops = xfs_seek_iomap_ops(mp);
  if (whence === 'data') return yield* iomap_seek_data(file.f_inode, offset, ops);
  return yield* iomap_seek_hole(file.f_inode, offset, ops);
}

/**
 * The last user of an open file: after a truncation data goes out early, and blocks preallocated
 * behind the end go, with the first close only.
 * @source fs/xfs/xfs_file.c xfs_file_release() v6.12; 6.1 xfs_release() does not ask for a writer
 */
export function* xfs_file_release(mp: XfsMount, file: File): Op<void> {
  const inode = file.f_inode;
  const ip = XFS_I(mp, inode);
  if (inode.i_sb.ro || inode.kind !== 'reg') return;
  const flags = yield* get(ip.i_flags);
  if ((flags & XFS_ITRUNCATED) !== 0) {
    yield* set(ip.i_flags, 0, flags & ~(XFS_ITRUNCATED | XFS_EOFBLOCKS_RELEASED));
    if ((yield* get(ip.i_delayed_blks)) > 0) {
      const range = { start: 0, end: MAX_LFS_FILESIZE, sync: false };
      yield* do_writepages(inode.i_mapping, range);
    }
  }
  if (inode.i_nlink === 0) return;
  const isWriter = (file.f_flags & O_ACCMODE) !== 0;
  const isAppend = ((yield* get(inode.fsflags)) & XFS_DIFLAG_APPEND) !== 0;
  if (mp.linux.is_6_12 && (!isWriter || isAppend)) return;
  const now = yield* get(ip.i_flags);
  if ((now & XFS_EOFBLOCKS_RELEASED) !== 0) return;
  yield* lock(inode.i_rwsem);
  if (yield* xfs_can_free_eofblocks(ip)) {
    // 6.1 leaves them later only if delayed blocks remain: the file is still being written.
    yield* xfs_free_eofblocks(ip);
    const isLast = mp.linux.is_6_12 || (yield* get(ip.i_delayed_blks)) > 0;
    if (isLast) yield* set(ip.i_flags, 0, now | XFS_EOFBLOCKS_RELEASED);
  }
  yield* unlock(inode.i_rwsem);
}
