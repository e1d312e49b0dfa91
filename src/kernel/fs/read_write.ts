// read, write, seek and copy_file_range on open files.
// @source fs/read_write.c v6.12

import { E } from '../include/linux/errno.ts';
import {
  type File,
  type IovIter,
  type Kiocb,
  O_APPEND,
  O_DIRECT,
  O_DSYNC,
  S_IMMUTABLE,
  S_SWAPFILE,
  S_SYNC,
} from '../include/linux/fs.ts';
import type { Task } from '../linux.ts';
import { type Op, get } from '../steps.ts';
import { canRead, canWrite, isPathFile } from './file_table.ts';
import { MAX_LFS_FILESIZE } from './inode.ts';
import { hasFlag } from './permission.ts';
import { do_splice_direct } from './splice.ts';
import { sb_end_write, sb_start_write } from './super.ts';
import { vfs_fsync_range } from './sync.ts';

export { sys_sendfile } from './splice.ts';

/** Most bytes of one call: INT_MAX rounded down to a page. @source include/linux/fs.h v6.12 */
export const MAX_RW_COUNT = 0x7fff_f000;

/** What a call on a file begins with. @source include/linux/fs.h init_sync_kiocb() v6.12 */
export function init_sync_kiocb(file: File, pos: number): Kiocb {
  return {
    ki_filp: file,
    ki_pos: pos,
    direct: (file.f_flags & O_DIRECT) !== 0,
    append: (file.f_flags & O_APPEND) !== 0,
    dsync: (file.f_flags & O_DSYNC) !== 0 || hasFlag(file.f_inode, S_SYNC),
  };
}

/** Writers of regular files wait for a frozen filesystem. @source include/linux/fs.h v6.12 */
export function* file_start_write(file: File): Op<void> {
  if (file.f_inode.kind === 'reg') yield* sb_start_write(file.f_inode.i_sb);
}

/** The write is over. @source include/linux/fs.h file_end_write() v6.12 */
export function* file_end_write(file: File): Op<void> {
  if (file.f_inode.kind === 'reg') yield* sb_end_write(file.f_inode.i_sb);
}

/** pread(): bytes, or an error number. @source fs/read_write.c ksys_pread64() vfs_read() v6.12 */
export function* vfs_pread(
  task: Task,
  file: File,
  at: { readonly offset: number },
  iter: IovIter,
): Op<number> {
  const { offset } = at;
  if (offset < 0) return -E.EINVAL;
  if (file.f_inode.kind === 'fifo' && !isPathFile(file)) return -E.ESPIPE;
  if (!canRead(file)) return -E.EBADF;
  if (file.f_inode.kind === 'dir') return -E.EISDIR;
  const { f_op } = file;
  if (f_op.read_iter === undefined) return -E.EINVAL;
  return yield* f_op.read_iter(task, init_sync_kiocb(file, offset), iter);
}

/**
 * pwrite(): bytes, or an error number.
 * @source fs/read_write.c ksys_pwrite64() vfs_write() v6.12
 */
export function* vfs_pwrite(
  task: Task,
  file: File,
  at: { readonly offset: number },
  iter: IovIter,
): Op<number> {
  const { offset } = at;
  if (offset < 0) return -E.EINVAL;
  if (file.f_inode.kind === 'fifo' && !isPathFile(file)) return -E.ESPIPE;
  if (!canWrite(file)) return -E.EBADF;
  const { f_op } = file;
  if (f_op.write_iter === undefined) return -E.EINVAL;
  yield* file_start_write(file);
  const kiocb = init_sync_kiocb(file, offset);
  const answer = yield* f_op.write_iter(task, kiocb, iter);
  yield* file_end_write(file);
  return answer;
}

/**
 * Checks of every write, with the inode's lock held: bytes to write, 0 or an error number. An
 * appending write moves to the end of the file.
 * @source fs/read_write.c generic_write_checks() v6.12
 */
export function* generic_write_checks(iocb: Kiocb, from: IovIter): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  if (((yield* get(inode.i_flags)) & S_SWAPFILE) !== 0) return -E.ETXTBSY;
  if (from.count === 0) return 0;
  if (iocb.append) iocb.ki_pos = yield* get(inode.i_size);
  return generic_write_check_limits(iocb.ki_pos, from.count);
}

/** @source fs/read_write.c generic_write_check_limits() v6.12 */
export function generic_write_check_limits(pos: number, count: number): number {
  return pos >= MAX_LFS_FILESIZE ? -E.EFBIG : count;
}

/**
 * What a write of O_DSYNC adds: the data and the size reach the medium before it answers.
 * @source include/linux/fs.h generic_write_sync() v6.12
 */
export function* generic_write_sync(task: Task, iocb: Kiocb, count: number): Op<number> {
  if (!iocb.dsync || count <= 0) return count;
  const range = { start: iocb.ki_pos - count, end: iocb.ki_pos - 1, datasync: true };
  const error = yield* vfs_fsync_range(task, iocb.ki_filp, range);
  return error < 0 ? error : count;
}

/** lseek() for data or a hole. @source fs/read_write.c vfs_llseek() v6.12 */
export function* vfs_llseek(
  task: Task,
  file: File,
  at: { readonly offset: number; readonly whence: 'data' | 'hole' },
): Op<number> {
  const { offset, whence } = at;
  if (isPathFile(file)) return -E.EBADF;
  if (file.f_inode.kind === 'fifo') return -E.ESPIPE;
  const { f_op } = file;
  if (f_op.llseek !== undefined) return yield* f_op.llseek(task, file, offset, whence);
  return generic_seek(offset, whence, yield* get(file.f_inode.i_size));
}

/**
 * Without help from the filesystem a file is one run of data, and a hole at its end.
 * @source fs/read_write.c generic_file_llseek_size() v6.12
 */
function generic_seek(offset: number, whence: 'data' | 'hole', eof: number): number {
  if (offset < 0 || offset >= eof) return -E.ENXIO;
  return whence === 'data' ? offset : eof;
}

/** A copy between two files. */
export interface CopyRange {
  readonly in: File;
  readonly inOffset: number;
  readonly out: File;
  readonly outOffset: number;
  readonly length: number;
}

/**
 * Copies a range, by sharing blocks where the filesystem can. Bytes, or an error number.
 * @source fs/read_write.c vfs_copy_file_range() v6.12
 */
export function* sys_copy_file_range(task: Task, range: CopyRange): Op<number> {
  const length = yield* generic_copy_file_checks(range);
  if (length <= 0) return length;
  const { in: source, inOffset, out: dest, outOffset } = range;
  const { f_op } = source;
  yield* file_start_write(dest);
  let answer = 0;
  if (f_op.remap_file_range !== undefined) {
    answer = yield* f_op.remap_file_range(task, {
      source,
      sourceOffset: inOffset,
      dest,
      destOffset: outOffset,
      length,
      dedupe: false,
      can_shorten: true,
    });
  }
  yield* file_end_write(dest);
  // What cannot be shared is copied.
  return answer > 0 ? answer : yield* do_splice_direct(task, { ...range, length });
}

/** @source fs/read_write.c generic_copy_file_checks() v6.12 */
function* generic_copy_file_checks(range: CopyRange): Op<number> {
  const { in: source, inOffset, out: dest, outOffset } = range;
  if (isPathFile(source) || isPathFile(dest)) return -E.EBADF;
  const error = generic_file_rw_checks(source, dest);
  if (error !== 0) return error;
  const [inodeIn, inodeOut] = [source.f_inode, dest.f_inode];
  if (inodeIn.i_sb !== inodeOut.i_sb) return -E.EXDEV;
  if (hasFlag(inodeOut, S_IMMUTABLE)) return -E.EPERM;
  if (hasFlag(inodeIn, S_SWAPFILE) || hasFlag(inodeOut, S_SWAPFILE)) return -E.ETXTBSY;
  const size = yield* get(inodeIn.i_size);
  const count = Math.max(0, Math.min(range.length, size - inOffset));
  if (count > 0 && outOffset >= MAX_LFS_FILESIZE) return -E.EFBIG;
  const overlaps = outOffset + count > inOffset && outOffset < inOffset + count;
  if (inodeIn === inodeOut && overlaps) return -E.EINVAL;
  if (inOffset < 0 || outOffset < 0) return -E.EINVAL;
  return Math.min(count, MAX_RW_COUNT);
}

/**
 * Whether one file may be read and the other written as a whole: clones and copies.
 * @source fs/read_write.c generic_file_rw_checks() v6.12
 */
export function generic_file_rw_checks(source: File, dest: File): number {
  const kinds = [source.f_inode.kind, dest.f_inode.kind];
  if (kinds.includes('dir')) return -E.EISDIR;
  if (kinds.some((kind) => kind !== 'reg')) return -E.EINVAL;
  const appends = (dest.f_flags & O_APPEND) !== 0;
  return !canRead(source) || !canWrite(dest) || appends ? -E.EBADF : 0;
}
