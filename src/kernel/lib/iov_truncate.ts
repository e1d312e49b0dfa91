// Buffers cut short: a read or write that ends before its buffer does.

import type { IovIter } from '../include/linux/fs.ts';

/**
 * The first `most` bytes of a buffer; what is taken from them is taken from the buffer.
 * @source include/linux/uio.h iov_iter_truncate() v6.12
 */
export function iov_iter_truncate(iter: IovIter, most: number): IovIter {
  if (iter.count <= most) return iter;
  const hidden = iter.count - most;
  return {
    get count() {
      return iter.count - hidden;
    },
    misaligned: iter.misaligned,
    data_source: iter.data_source,
    copy_from: (n) => iter.copy_from(n),
    copy_to: (bytes) => iter.copy_to(bytes),
    pin: (n) => iter.pin(n),
    unpin: (vecs, filled) => iter.unpin(vecs, filled),
  };
}
