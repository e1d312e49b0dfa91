// Reads and writes of ext4 files: through DAX, past the page cache, or through it.
// @source fs/ext4/file.c v6.12

import { E } from '../../include/linux/errno.ts';
import {
  type File,
  type FileOperations,
  type Inode,
  type IovIter,
  type Kiocb,
  S_DAX,
  S_ENCRYPTED,
  S_IMMUTABLE,
} from '../../include/linux/fs.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import { filemap_splice_read, generic_file_read_iter } from '../../mm/filemap-read.ts';
import { generic_perform_write } from '../../mm/filemap-write.ts';
import { invalidate_mapping_pages } from '../../mm/truncate.ts';
import type { Task } from '../../linux.ts';
import { get, lock, type Op, set, unlock } from '../../steps.ts';
import { dax_iomap_rw } from '../dax.ts';
import { swapActivate } from '../ext2/swap.ts';
import { buffered, generic_write_checks } from '../ext2/write-checks.ts';
import { mark_inode_dirty } from '../inode.ts';
import { aopsOf } from '../s_dax/aops.ts';
import { generic_write_sync, iomap_dio_rw } from '../iomap/direct-io.ts';
import { iomap_seek_data, iomap_seek_hole } from '../iomap/seek.ts';
import { ext4_fallocate } from './fallocate.ts';
import { EXT4_VERITY_FL } from './flags.ts';
import { ext4_has_inline_data, ext4_try_to_write_inline_data } from './inline.ts';
import { ext4_iomap_ops, ext4_iomap_report_ops, s_bitmap_maxbytes } from './iomap.ts';
import { ext4_convert_unwritten_extents } from './map.ts';
import { ext4_file_mmap } from './mmap.ts';
import { EXT4_I, ext4_inode_journal_mode, usesExtents } from './sb.ts';
import { ext4_sync_file } from './sync.ts';
import { truncateBeyond } from './truncate.ts';

/**
 * What direct I/O has to be aligned to: 0 where there is none, 1 where the device alone decides.
 * @source fs/ext4/inode.c ext4_dio_alignment() v6.12
 */
export function* ext4_dio_alignment(inode: Inode): Op<number> {
  const flags = yield* get(inode.fsflags);
  if ((flags & EXT4_VERITY_FL) !== 0) return 0;
  const encrypted = ((yield* get(inode.i_flags)) & S_ENCRYPTED) !== 0;
  if (ext4_inode_journal_mode(inode, flags, encrypted) === 'journal') return 0;
  if (yield* ext4_has_inline_data(inode)) return 0;
  // Encryption without the hardware's help works on pages of the page cache.
  return encrypted ? 0 : 1;
}

function* isDax(inode: Inode): Op<boolean> {
  return ((yield* get(inode.i_flags)) & S_DAX) !== 0;
}

/** @source fs/ext4/file.c ext4_dio_read_iter() v6.12 */
function* ext4_dio_read_iter(task: Task, iocb: Kiocb, to: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  yield* lock(inode.i_rwsem, 'shared');
  if ((yield* ext4_dio_alignment(inode)) === 0) {
    yield* unlock(inode.i_rwsem, 'shared');
    return yield* buffered(iocb, (plain) => generic_file_read_iter(task, plain, to));
  }
  const answer = yield* iomap_dio_rw(task, iocb, to, ext4_iomap_ops);
  yield* unlock(inode.i_rwsem, 'shared');
  return answer;
}

/** @source fs/ext4/file.c ext4_dax_read_iter() v6.12 */
function* ext4_dax_read_iter(task: Task, iocb: Kiocb, to: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  yield* lock(inode.i_rwsem, 'shared');
  if (!(yield* isDax(inode))) {
    yield* unlock(inode.i_rwsem, 'shared');
    return yield* generic_file_read_iter(task, iocb, to);
  }
  const answer = yield* dax_iomap_rw(task, iocb, to, ext4_iomap_ops);
  yield* unlock(inode.i_rwsem, 'shared');
  return answer;
}

/** @source fs/ext4/file.c ext4_file_read_iter() v6.12 */
function* ext4_file_read_iter(task: Task, iocb: Kiocb, to: IovIter): Op<number> {
  if (to.count === 0) return 0;
  const inode = iocb.ki_filp.f_inode;
  if (yield* isDax(inode)) return yield* ext4_dax_read_iter(task, iocb, to);
  if (iocb.direct) return yield* ext4_dio_read_iter(task, iocb, to);
  return yield* generic_file_read_iter(task, iocb, to);
}

/** @source fs/ext4/file.c ext4_generic_write_checks() v6.12 */
function* ext4_write_checks(iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  if (((yield* get(inode.i_flags)) & S_IMMUTABLE) !== 0) return -E.EPERM;
  const extents = usesExtents(yield* get(inode.fsflags));
  return yield* generic_write_checks(
    iocb,
    from,
    extents ? Number.MAX_SAFE_INTEGER : s_bitmap_maxbytes(inode),
  );
}

/** @source fs/ext4/file.c ext4_buffered_write_iter() v6.12 */
function* ext4_buffered_write_iter(task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  yield* lock(inode.i_rwsem);
  let answer = yield* ext4_write_checks(iocb, from);
  if (answer > 0) {
    const inline = yield* ext4_try_to_write_inline_data(inode, iocb, from);
    const aops = yield* aopsOf(inode.i_mapping);
    answer = inline ?? (yield* generic_perform_write(task, iocb, from, aops));
    // Blocks that were found for a write that then failed are beyond the end.
    if (answer < 0) yield* truncateBeyond(inode);
  }
  yield* unlock(inode.i_rwsem);
  return answer <= 0 ? answer : yield* generic_write_sync(task, iocb, answer);
}

/** The size grows to `end` if it is less. @source fs/ext4/ext4.h ext4_update_inode_size() v6.12 */
export function* ext4_update_inode_size(inode: Inode, end: number): Op<void> {
  if (end <= (yield* get(inode.i_size))) return;
  yield* set(inode.i_size, 0, end);
  yield* mark_inode_dirty(inode);
}

/** @source fs/ext4/file.c ext4_dio_write_end_io() v6.12 */
function* ext4_dio_write_end_io(
  iocb: Kiocb,
  size: number,
  error: number,
  flags: number,
): Op<number> {
  if (error < 0 || size === 0) return error;
  const inode = iocb.ki_filp.f_inode;
  // IOMAP_DIO_UNWRITTEN is the only flag that a file without shared blocks meets.
  if (flags !== 0) {
    yield* ext4_convert_unwritten_extents(inode, { offset: iocb.ki_pos, len: size });
  }
  yield* ext4_update_inode_size(inode, iocb.ki_pos + size);
  return 0;
}

/** @source fs/ext4/file.c ext4_dio_write_iter() v6.12; 6.1 takes locks for longer */
function* ext4_dio_write_iter(task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  yield* lock(inode.i_rwsem);
  if ((yield* ext4_dio_alignment(inode)) === 0) {
    yield* unlock(inode.i_rwsem);
    return yield* buffered(iocb, (plain) => ext4_buffered_write_iter(task, plain, from));
  }
  yield* set(EXT4_I(inode).may_inline_data, 0, false);
  const count = yield* ext4_write_checks(iocb, from);
  if (count <= 0) {
    yield* unlock(inode.i_rwsem);
    return count;
  }
  const extends_ = iocb.ki_pos + count > (yield* get(inode.i_size));
  const options = { end_io: ext4_dio_write_end_io };
  let answer = yield* iomap_dio_rw(task, iocb, from, ext4_iomap_ops, options);
  if (answer === -E.ENOTBLK) answer = 0;
  if (extends_ && answer < 0) yield* truncateBeyond(inode);
  yield* unlock(inode.i_rwsem);
  if (answer < 0 || from.count === 0) return answer;
  return yield* finishBuffered(task, iocb, { from, done: answer });
}

/** The rest of a direct write, through the page cache and out of it again. */
function* finishBuffered(
  task: Task,
  iocb: Kiocb,
  rest: { readonly from: IovIter; readonly done: number },
): Op<number> {
  const { i_mapping, i_sb } = iocb.ki_filp.f_inode;
  const pos = iocb.ki_pos;
  const more = yield* buffered(iocb, (plain) => ext4_buffered_write_iter(task, plain, rest.from));
  if (more < 0) return more;
  const end = pos + more - 1;
  const error = yield* filemap_write_and_wait_range(i_mapping, pos, end);
  if (error === 0) {
    const { PAGE_SIZE } = i_sb.linux;
    const first = Math.floor(pos / PAGE_SIZE);
    yield* invalidate_mapping_pages(i_mapping, first, Math.floor(end / PAGE_SIZE));
  }
  return rest.done + more;
}

/** @source fs/ext4/file.c ext4_dax_write_iter() v6.12 */
function* ext4_dax_write_iter(task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  yield* lock(inode.i_rwsem);
  let answer = yield* ext4_write_checks(iocb, from);
  if (answer > 0) {
    const offset = iocb.ki_pos;
    const count = answer;
    const extends_ = offset + count > (yield* get(inode.i_size));
    answer = yield* dax_iomap_rw(task, iocb, from, ext4_iomap_ops);
    if (extends_) {
      // A failed write is added to the offset like one that moved bytes.
      yield* ext4_update_inode_size(inode, offset + answer);
      if (answer < count) yield* truncateBeyond(inode);
    }
  }
  yield* unlock(inode.i_rwsem);
  return answer > 0 ? yield* generic_write_sync(task, iocb, answer) : answer;
}

/** @source fs/ext4/file.c ext4_file_write_iter() v6.12 */
function* ext4_file_write_iter(task: Task, iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  if (yield* isDax(inode)) return yield* ext4_dax_write_iter(task, iocb, from);
  if (iocb.direct) return yield* ext4_dio_write_iter(task, iocb, from);
  return yield* ext4_buffered_write_iter(task, iocb, from);
}

/** @source fs/ext4/file.c ext4_llseek() v6.12 */
function* ext4_llseek(
  _task: Task,
  file: File,
  offset: number,
  whence: 'data' | 'hole',
): Op<number> {
  const inode = file.f_inode;
  const seek = whence === 'data' ? iomap_seek_data : iomap_seek_hole;
  yield* lock(inode.i_rwsem, 'shared');
  const answer = yield* seek(inode, offset, ext4_iomap_report_ops);
  yield* unlock(inode.i_rwsem, 'shared');
  return answer;
}

/** @source fs/ext4/file.c ext4_file_operations v6.12 */
export const ext4_file_operations: FileOperations = {
  read_iter: ext4_file_read_iter,
  write_iter: ext4_file_write_iter,
  mmap: ext4_file_mmap,
  mmap_sync: true,
  fsync: ext4_sync_file,
  fallocate: ext4_fallocate,
  llseek: ext4_llseek,
  splice_read: filemap_splice_read,
  swap_activate: (_task, file) => swapActivate(file.f_inode, ext4_iomap_report_ops),
};
