// Swap files: every page of the file has its place on the device.
// @source fs/iomap/swapfile.c iomap_swapfile_activate() v6.12, mm/page_io.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { Inode } from '../../include/linux/fs.ts';
import type { IomapOps } from '../../include/linux/iomap.ts';
import { filemap_write_and_wait_range } from '../../mm/filemap.ts';
import { get, type Op } from '../../steps.ts';

/** Number of extents of a file that can be swapped to, or -EINVAL. */
export function* swapActivate(inode: Inode, ops: IomapOps): Op<number> {
  const error = yield* filemap_write_and_wait_range(inode.i_mapping, 0, Number.MAX_SAFE_INTEGER);
  if (error < 0) return error;
  const { PAGE_SIZE } = inode.i_sb.linux;
  const size = yield* get(inode.i_size);
  const end = size - (size % PAGE_SIZE);
  let extents = 0;
  for (let pos = 0; pos < end; extents++) {
    const iomap = yield* ops.iomap_begin(inode, pos, end - pos, 0);
    if (typeof iomap === 'number') return iomap;
    if (iomap.type !== 'mapped' && iomap.type !== 'unwritten') return -E.EINVAL;
    pos = iomap.offset + iomap.length;
  }
  return extents;
}
