// What ext4 says about a range of a file to the paths it shares with other filesystems.
// @source fs/ext4/inode.c ext4_iomap_begin() v6.12

import { E } from '../../include/linux/errno.ts';
import { I_DIRTY, type Inode } from '../../include/linux/fs.ts';
import {
  IOMAP_DAX,
  IOMAP_DIRECT,
  IOMAP_F_DIRTY,
  IOMAP_F_NEW,
  IOMAP_WRITE,
  type Iomap,
  type IomapOps,
} from '../../include/linux/iomap.ts';
import { get, noSteps, type Op } from '../../steps.ts';
import { ext4_has_inline_data, ext4_inline_data_iomap } from './inline.ts';
import { type Ext4Map, ext4_map_blocks, type GetBlocks, type LblkRange } from './map.ts';
import { EXT4_SB, usesExtents } from './sb.ts';

/** Most blocks that one direct write or DAX write maps at once. */
const DIO_MAX_BLOCKS = 4096;

/** The highest block number of a file. @source fs/ext4/ext4.h EXT4_MAX_LOGICAL_BLOCK v6.12 */
const EXT4_MAX_LOGICAL_BLOCK = 0xffff_fffe;

/** The blocks that a range of bytes touches. */
export function blocksOf(
  inode: Inode,
  range: { readonly pos: number; readonly length: number },
): LblkRange {
  const bytes = 2 ** inode.i_blkbits;
  const lblk = Math.floor(range.pos / bytes);
  const last = Math.min(Math.floor((range.pos + range.length - 1) / bytes), EXT4_MAX_LOGICAL_BLOCK);
  return { lblk, len: last - lblk + 1 };
}

/** Bytes of files without extents: what three levels of indirect blocks reach. */
export function s_bitmap_maxbytes(inode: Inode): number {
  const bytes = 2 ** inode.i_blkbits;
  const perBlock = bytes / 4;
  const blocks = 12 + perBlock + perBlock ** 2 + perBlock ** 3;
  // Their number is counted in sectors, by 32 bits, with the blocks that hold the numbers.
  return Math.min(blocks, 2 ** 32) * bytes;
}

/** @source fs/ext4/inode.c ext4_set_iomap() v6.12 */
export function* ext4_set_iomap(
  inode: Inode,
  map: Ext4Map,
  request: { readonly pos: number; readonly length: number; readonly flags: number },
): Op<Iomap> {
  const sb = EXT4_SB(inode.i_sb);
  const bytes = 2 ** inode.i_blkbits;
  const isDax = (request.flags & IOMAP_DAX) !== 0;
  const hasPlace = map.state === 'mapped' || map.state === 'unwritten';
  const dirty =
    ((yield* get(inode.i_state)) & I_DIRTY) !== 0 ||
    request.pos + request.length > (yield* get(inode.i_size));
  return {
    type: map.state === 'delayed' ? 'delalloc' : map.state,
    offset: map.m_lblk * bytes,
    length: map.m_len * bytes,
    addr: hasPlace ? map.m_pblk * bytes + (isDax ? sb.s_dax_part_off : 0) : -1,
    flags: (dirty ? IOMAP_F_DIRTY : 0) | (map.isNew ? IOMAP_F_NEW : 0),
    bdev: isDax ? undefined : sb.s_bdev,
    dax_dev: isDax ? sb.s_daxdev : undefined,
  };
}

/**
 * Blocks for a direct write or a DAX write. DAX gets zeroed written blocks at once; direct writes
 * get unwritten ones within the file, written ones beyond it, and none in holes of files without
 * extents.
 * @source fs/ext4/inode.c ext4_iomap_alloc() v6.12
 */
function* ext4_iomap_alloc(inode: Inode, range: LblkRange, flags: number): Op<Ext4Map | number> {
  const wanted = { lblk: range.lblk, len: Math.min(range.len, DIO_MAX_BLOCKS) };
  let how: GetBlocks | undefined;
  if ((flags & IOMAP_DAX) !== 0) how = { as: 'written', zero: true };
  else if (range.lblk * 2 ** inode.i_blkbits >= (yield* get(inode.i_size))) how = { as: 'written' };
  else if (usesExtents(yield* get(inode.fsflags))) how = { as: 'unwritten' };
  const map = yield* ext4_map_blocks(inode, wanted, how);
  if (typeof map === 'number') return map;
  const hasPlace = map.state === 'mapped' || map.state === 'unwritten';
  return how === undefined && !hasPlace ? -E.ENOTBLK : map;
}

/** @source fs/ext4/inode.c ext4_iomap_begin() v6.12 */
function* ext4_iomap_begin(
  inode: Inode,
  pos: number,
  length: number,
  flags: number,
): Op<Iomap | number> {
  const range = blocksOf(inode, { pos, length });
  if (range.lblk > EXT4_MAX_LOGICAL_BLOCK) return -E.EINVAL;
  if (yield* ext4_has_inline_data(inode)) return -E.ERANGE;
  let map: Ext4Map | number;
  if ((flags & IOMAP_WRITE) === 0) map = yield* ext4_map_blocks(inode, range);
  else {
    const within = pos + length <= (yield* get(inode.i_size));
    const found = within ? yield* ext4_map_blocks(inode, range) : undefined;
    const isMapped = typeof found === 'object' && found.state === 'mapped';
    map = isMapped ? found : yield* ext4_iomap_alloc(inode, range, flags);
  }
  if (typeof map === 'number') return map;
  return yield* ext4_set_iomap(inode, map, { pos, length, flags });
}

/**
 * A write of which nothing was done goes through the page cache instead; so the test says, which
 * is true of direct reads and of DAX writes too. Errors come before it.
 * @source fs/ext4/inode.c ext4_iomap_end() v6.12
 */
function ext4_iomap_end(
  _inode: Inode,
  _pos: number,
  _length: number,
  written: number,
  flags: number,
): Op<number> {
  const fallsBack = (flags & (IOMAP_WRITE | IOMAP_DIRECT)) !== 0 && written === 0;
  return noSteps(fallsBack ? -E.ENOTBLK : 0);
}

/** Extents for DAX and direct I/O. */
export const ext4_iomap_ops: IomapOps = {
  iomap_begin: ext4_iomap_begin,
  iomap_end: ext4_iomap_end,
};

/** The same for direct writes that only write over what is there. */
export const ext4_iomap_overwrite_ops: IomapOps = {
  iomap_begin: (inode, pos, length, flags) =>
    ext4_iomap_begin(inode, pos, length, flags & ~IOMAP_WRITE),
  iomap_end: ext4_iomap_end,
};

/** @source fs/ext4/inode.c ext4_iomap_begin_report() v6.12 */
function* ext4_iomap_begin_report(
  inode: Inode,
  pos: number,
  length: number,
  flags: number,
): Op<Iomap | number> {
  const range = blocksOf(inode, { pos, length });
  if (range.lblk > EXT4_MAX_LOGICAL_BLOCK) return -E.EINVAL;
  if (yield* ext4_has_inline_data(inode)) {
    const inline = yield* ext4_inline_data_iomap(inode);
    return pos >= inline.length ? -E.ENOENT : inline;
  }
  const beyond = !usesExtents(yield* get(inode.fsflags)) && pos >= s_bitmap_maxbytes(inode);
  const map: Ext4Map | number = beyond
    ? { m_lblk: range.lblk, m_len: range.len, m_pblk: -1, state: 'hole', isNew: false }
    : yield* ext4_map_blocks(inode, range);
  if (typeof map === 'number') return map;
  return yield* ext4_set_iomap(inode, map, { pos, length, flags });
}

/** Extents for FIEMAP, lseek() and swap files. */
export const ext4_iomap_report_ops: IomapOps = { iomap_begin: ext4_iomap_begin_report };
