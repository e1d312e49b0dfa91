// Pages from files into pipes, and from there into files or to who reads the pipe.
// @source fs/splice.c v6.12

import { E } from '../include/linux/errno.ts';
import { type File, type IovIter, O_DIRECT, S_DAX } from '../include/linux/fs.ts';
import { iovBytes, iovSink } from '../lib/iov_iter.ts';
import type { Task } from '../linux.ts';
import { type Op, get } from '../steps.ts';
import { canRead, isPathFile } from './file_table.ts';
import { linuxOf } from './namei-walk.ts';
import { init_sync_kiocb, vfs_pwrite } from './read_write.ts';

/** Pages that a pipe holds. @source include/linux/pipe_fs_i.h PIPE_DEF_BUFFERS v6.12 */
const PIPE_DEF_BUFFERS = 16;

/** Bytes that one transfer from `offset` puts into an empty pipe: a buffer has one page. */
function pipeRoom(task: Task, offset: number): number {
  const { PAGE_SIZE } = linuxOf(task);
  return PIPE_DEF_BUFFERS * PAGE_SIZE - (offset % PAGE_SIZE);
}

/**
 * Moves bytes of a file into a pipe, and out of it into `iter`. DAX and O_DIRECT files are read by
 * their read_iter, for they have no pages that a pipe could take.
 * @source fs/splice.c vfs_splice_read() copy_splice_read() v6.12
 */
function* vfs_splice_read(
  task: Task,
  file: File,
  at: { readonly offset: number },
  iter: IovIter,
): Op<number> {
  const { f_op, f_inode } = file;
  const iocb = init_sync_kiocb(file, at.offset);
  const dax = ((yield* get(f_inode.i_flags)) & S_DAX) !== 0;
  const copies = dax || (file.f_flags & O_DIRECT) !== 0;
  const wanted = iter.count;
  const answer = yield* copies && f_op.read_iter !== undefined
    ? f_op.read_iter(task, iocb, iter)
    : (f_op.splice_read?.(task, iocb, iter) ?? noSplice());
  return Math.min(answer, wanted);
}

function* noSplice(): Op<number> {
  yield* [];
  return -E.EINVAL;
}

/**
 * sendfile() into an empty pipe, which is then read: bytes, or an error number.
 * @source fs/read_write.c do_sendfile() v6.12
 */
export function* sys_sendfile(
  task: Task,
  file: File,
  at: { readonly offset: number },
  iter: IovIter,
): Op<number> {
  if (!canRead(file)) return -E.EBADF;
  if (at.offset < 0) return -E.EINVAL;
  return yield* intoPipe(task, file, at, iter);
}

/** splice() into an empty pipe, which is then read. @source fs/splice.c do_splice() v6.12 */
export function* sys_splice(
  task: Task,
  file: File,
  at: { readonly offset: number },
  iter: IovIter,
): Op<number> {
  if (isPathFile(file) || !canRead(file)) return -E.EBADF;
  if (at.offset < 0) return -E.EINVAL;
  return yield* intoPipe(task, file, at, iter);
}

function* intoPipe(
  task: Task,
  file: File,
  at: { readonly offset: number },
  iter: IovIter,
): Op<number> {
  const room = pipeRoom(task, at.offset);
  if (iter.count <= room) return yield* vfs_splice_read(task, file, at, iter);
  const part = iovSink(linuxOf(task), room);
  const answer = yield* vfs_splice_read(task, file, at, part);
  if (answer <= 0) return answer;
  const error = yield* iter.copy_to(part.bytes().slice(0, answer));
  return error < 0 ? error : answer;
}

/** A copy from one file to another through the pages of a pipe. */
export interface SpliceDirect {
  readonly in: File;
  readonly inOffset: number;
  readonly out: File;
  readonly outOffset: number;
  readonly length: number;
}

/**
 * Copies from file to file, a pipe's worth at a time: bytes, or an error number if there were none.
 * @source fs/splice.c do_splice_direct() splice_direct_to_actor() v6.12
 */
export function* do_splice_direct(task: Task, copy: SpliceDirect): Op<number> {
  const linux = linuxOf(task);
  let done = 0;
  while (done < copy.length) {
    const offset = copy.inOffset + done;
    const part = iovSink(linux, Math.min(copy.length - done, pipeRoom(task, offset)));
    const read = yield* vfs_splice_read(task, copy.in, { offset }, part);
    if (read <= 0) return done > 0 ? done : read;
    const bytes = part.bytes().slice(0, read);
    const target = { offset: copy.outOffset + done };
    const written = yield* iter_file_splice_write(task, copy.out, target, bytes);
    if (written <= 0) return done > 0 ? done : written;
    done += written;
    if (written < read) break;
  }
  return done;
}

/** @source fs/splice.c iter_file_splice_write() v6.12 */
function* iter_file_splice_write(
  task: Task,
  file: File,
  at: { readonly offset: number },
  bytes: Uint8Array,
): Op<number> {
  return yield* vfs_pwrite(task, file, at, iovBytes(linuxOf(task), bytes));
}
