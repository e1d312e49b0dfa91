// Whether the blocks of a file can be swapped to: all there, on one device, and of this file alone.
// @source fs/iomap/swapfile.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { File } from '../../include/linux/fs.ts';
import {
  IOMAP_F_DIRTY,
  IOMAP_F_SHARED,
  IOMAP_REPORT,
  type Iomap,
  type IomapOps,
} from '../../include/linux/iomap.ts';
import type { Task } from '../../linux.ts';
import { get, type Op } from '../../steps.ts';
import { iomap_iter, iomapIterOf, iomapOf } from './iter.ts';

/**
 * Extents that a swap file has (1 or more), or -EINVAL. The caller holds i_rwsem.
 * @source fs/iomap/swapfile.c iomap_swapfile_activate() v6.12
 */
export function* iomap_swapfile_activate(task: Task, file: File, ops: IomapOps): Op<number> {
  const inode = file.f_inode;
  const { PAGE_SIZE } = inode.i_sb.linux;
  const { f_op } = file;
  if (f_op.fsync !== undefined) {
    const error = yield* f_op.fsync(task, file, 0, Number.MAX_SAFE_INTEGER, true);
    if (error < 0) return error;
  }
  const isize = yield* get(inode.i_size);
  const len = isize - (isize % PAGE_SIZE);
  if (len === 0) return -E.EINVAL;
  const iter = iomapIterOf(inode, { pos: 0, len, flags: IOMAP_REPORT });
  let extents = 0;
  let first: Iomap | undefined;
  for (;;) {
    const more = yield* iomap_iter(iter, ops);
    if (more < 0) return more;
    if (more === 0) return extents > 0 ? extents : -E.EINVAL;
    const iomap = iomapOf(iter);
    first ??= iomap;
    if (!isUsable(iomap, first)) return -E.EINVAL;
    extents++;
    iter.processed = Math.min(iter.len, iomap.offset + iomap.length - iter.pos);
  }
}

// @source fs/iomap/swapfile.c iomap_swapfile_iter() v6.12
function isUsable(iomap: Iomap, first: Iomap): boolean {
  if (iomap.type !== 'mapped' && iomap.type !== 'unwritten') return false;
  if ((iomap.flags & (IOMAP_F_DIRTY | IOMAP_F_SHARED)) !== 0) return false;
  return iomap.bdev === first.bdev;
}
