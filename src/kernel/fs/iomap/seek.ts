// SEEK_HOLE and SEEK_DATA over the extents of a file. Pages cached over unwritten blocks are data:
// they will be written there.
// @source fs/iomap/seek.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { Inode } from '../../include/linux/fs.ts';
import type { IomapOps } from '../../include/linux/iomap.ts';
import { IOMAP_REPORT } from '../../include/linux/iomap.ts';
import { mapping_seek_hole_data } from '../../mm/filemap.ts';
import { get, type Op } from '../../steps.ts';
import { iomap_iter, iomap_length, type IomapIter, iomapIterOf, iomapOf } from './iter.ts';

/**
 * Byte of the first hole at or after `pos`, where the end of the file counts as one; -ENXIO where
 * `pos` is not within the file. @source fs/iomap/seek.c iomap_seek_hole() v6.12
 */
export function* iomap_seek_hole(inode: Inode, pos: number, ops: IomapOps): Op<number> {
  const size = yield* get(inode.i_size);
  if (pos < 0 || pos >= size) return -E.ENXIO;
  const iter = iomapIterOf(inode, { pos, len: size - pos, flags: IOMAP_REPORT });
  let found = pos;
  let ret = yield* iomap_iter(iter, ops);
  for (; ret > 0; ret = yield* iomap_iter(iter, ops)) {
    const hole = yield* holeIn(iter);
    if (hole !== undefined) found = hole;
    iter.processed = hole === undefined ? iomap_length(iter) : 0;
  }
  if (ret < 0) return ret;
  return iter.len > 0 ? found : size;
}

// Where the extent has a hole, if it has. @source fs/iomap/seek.c iomap_seek_hole_iter() v6.12
function* holeIn(iter: IomapIter): Op<number | undefined> {
  const { type } = iomapOf(iter);
  if (type === 'hole') return iter.pos;
  if (type !== 'unwritten') return undefined;
  const end = iter.pos + iomap_length(iter);
  const hole = yield* mapping_seek_hole_data(iter.inode.i_mapping, iter.pos, end, 'hole');
  return hole === end ? undefined : hole;
}

/**
 * Byte of the first data at or after `pos`, or -ENXIO where there is none.
 * @source fs/iomap/seek.c iomap_seek_data() v6.12
 */
export function* iomap_seek_data(inode: Inode, pos: number, ops: IomapOps): Op<number> {
  const size = yield* get(inode.i_size);
  if (pos < 0 || pos >= size) return -E.ENXIO;
  const iter = iomapIterOf(inode, { pos, len: size - pos, flags: IOMAP_REPORT });
  let found = pos;
  let ret = yield* iomap_iter(iter, ops);
  for (; ret > 0; ret = yield* iomap_iter(iter, ops)) {
    const data = yield* dataIn(iter);
    if (data !== undefined) found = data;
    iter.processed = data === undefined ? iomap_length(iter) : 0;
  }
  if (ret < 0) return ret;
  return iter.len > 0 ? found : -E.ENXIO;
}

// Where the extent has data, if it has. @source fs/iomap/seek.c iomap_seek_data_iter() v6.12
function* dataIn(iter: IomapIter): Op<number | undefined> {
  const { type } = iomapOf(iter);
  if (type === 'hole') return undefined;
  if (type !== 'unwritten') return iter.pos;
  const end = iter.pos + iomap_length(iter);
  const data = yield* mapping_seek_hole_data(iter.inode.i_mapping, iter.pos, end, 'data');
  return data < 0 ? undefined : data;
}
