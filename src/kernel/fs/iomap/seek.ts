// SEEK_HOLE and SEEK_DATA over the extents of a file and what the page cache has of them.
// @source fs/iomap/seek.c v6.12

import { assert } from '../../../base/index.ts';
import type { Inode } from '../../include/linux/fs.ts';
import type { IomapOps } from '../../include/linux/iomap.ts';
import type { Op } from '../../steps.ts';

/** Byte of the first hole at or after `pos`; the end of the file is one. Or -ENXIO. */
export function* iomap_seek_hole(inode: Inode, pos: number, ops: IomapOps): Op<number> {
  assert(false, `not yet ${inode.i_ino} ${pos} ${typeof ops}`);
}

/** Byte of the first data at or after `pos`, or -ENXIO. */
export function* iomap_seek_data(inode: Inode, pos: number, ops: IomapOps): Op<number> {
  assert(false, `not yet ${inode.i_ino} ${pos} ${typeof ops}`);
}
