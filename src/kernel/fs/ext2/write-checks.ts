// What a write is asked before it starts, and what O_DSYNC asks afterwards; ext2 and ext4 share it.
// @source fs/read_write.c generic_write_checks() v6.12, include/linux/fs.h generic_write_sync() v6.12

import { E } from '../../include/linux/errno.ts';
import { type IovIter, type Kiocb, S_SWAPFILE } from '../../include/linux/fs.ts';
import type { Task } from '../../linux.ts';
import { get, type Op } from '../../steps.ts';

/** Bytes to write, 0 for none, or an error number; an append finds its place. */
export function* generic_write_checks(
  iocb: Kiocb,
  from: IovIter,
  maxBytes = Number.MAX_SAFE_INTEGER,
): Op<number> {
  const inode = iocb.ki_filp.f_inode;
  if (((yield* get(inode.i_flags)) & S_SWAPFILE) !== 0) return -E.ETXTBSY;
  if (from.count === 0) return 0;
  if (iocb.append) iocb.ki_pos = yield* get(inode.i_size);
  return iocb.ki_pos >= maxBytes ? -E.EFBIG : from.count;
}

/** `count` bytes before the position were written: they go to the medium where O_DSYNC asks. */
export function* generic_write_sync(task: Task, iocb: Kiocb, count: number): Op<number> {
  if (!iocb.dsync) return count;
  const { f_op } = iocb.ki_filp;
  if (f_op.fsync === undefined) return count;
  const end = iocb.ki_pos - 1;
  const error = yield* f_op.fsync(task, iocb.ki_filp, iocb.ki_pos - count, end, true);
  return error < 0 ? error : count;
}

/** The same write or read without O_DIRECT, while `work` does it. */
export function* buffered(iocb: Kiocb, work: (iocb: Kiocb) => Op<number>): Op<number> {
  const plain: Kiocb = { ...iocb, direct: false };
  const answer = yield* work(plain);
  iocb.ki_pos = plain.ki_pos;
  return answer;
}
