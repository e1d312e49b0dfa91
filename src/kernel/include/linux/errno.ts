// Error numbers by name. Kernel functions give C's answers: 0 or more, or a negative error number.

import { at } from '../../../base/index.ts';

/**
 * Numbers as most ports have them.
 * @source include/uapi/asm-generic/errno-base.h include/uapi/asm-generic/errno.h v6.12
 */
export const E = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  ENOTBLK: 15,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENOTTY: 25,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  ESPIPE: 29,
  EROFS: 30,
  EMLINK: 31,
  ERANGE: 34,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  ELOOP: 40,
  EBADE: 52,
  ENODATA: 61,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
  EDQUOT: 122,
  EHWPOISON: 133,
} as const;

/** Whether a function's answer is an error number and not the thing it was asked for. */
export function IS_ERR<T>(answer: T | number): answer is number {
  return typeof answer === 'number';
}

/** Name of a negative error number: `EINVAL` for -22; `E123` where it has no name here. */
export function errnoName(error: number): string {
  const names = Object.entries(E).filter(([, number]) => number === -error);
  return names.length > 0 ? at(names, 0)[0] : `E${-error}`;
}
