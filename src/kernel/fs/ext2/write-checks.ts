// What a write is asked before it starts: ext2 and ext4 share it.
// @source fs/read_write.c generic_write_checks() v6.12

import { E } from '../../include/linux/errno.ts';
import { type IovIter, type Kiocb, S_SWAPFILE } from '../../include/linux/fs.ts';
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

/** The same write or read without O_DIRECT, while `work` does it. */
export function* buffered(iocb: Kiocb, work: (iocb: Kiocb) => Op<number>): Op<number> {
  const plain: Kiocb = { ...iocb, direct: false };
  const answer = yield* work(plain);
  iocb.ki_pos = plain.ki_pos;
  return answer;
}
