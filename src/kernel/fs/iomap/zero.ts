// Zeroes for a reader, where a file has a hole.

import type { IovIter } from '../../include/linux/fs.ts';
import type { Linux } from '../../linux.ts';
import type { Op } from '../../steps.ts';

/**
 * Puts up to `length` zero bytes into the reader's buffer: how many, fewer where it ends or is not
 * there. @source lib/iov_iter.c iov_iter_zero() v6.12
 */
export function* iov_iter_zero(linux: Linux, iter: IovIter, length: number): Op<number> {
  const wanted = Math.min(length, iter.count);
  const page = new Uint8Array(Math.min(wanted, linux.PAGE_SIZE));
  let done = 0;
  while (done < wanted) {
    const here = Math.min(wanted - done, page.length);
    const bytes = here === page.length ? page : page.subarray(0, here);
    if ((yield* iter.copy_to(bytes)) !== 0) break;
    done += here;
  }
  return done;
}
