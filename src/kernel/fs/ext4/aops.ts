// What ext4 does for the pages of its files: extents for buffered reads and writes, delayed
// allocation, and the way of dirty pages to the device.
// @source fs/ext4/inode.c ext4_da_write_begin() ext4_writepages() v6.12

import { present } from '../../../base/index.ts';
import type { AddressSpaceOperations, Inode } from '../../include/linux/fs.ts';
import { S_DAX } from '../../include/linux/fs.ts';
import { IOMAP_WRITE, type Iomap, type IomapOps } from '../../include/linux/iomap.ts';
import type { Folio } from '../../include/linux/mm.ts';
import { folio_size } from '../../mm/folio-state.ts';
import { iomap_writepages } from '../../mm/page-writeback.ts';
import { get, lock, type Op, unlock } from '../../steps.ts';
import { dax_writeback_mapping_range } from '../dax.ts';
import { reserveDelalloc } from './clusters.ts';
import { ext4_has_inline_data, ext4_inline_data_iomap } from './inline.ts';
import { blocksOf, ext4_set_iomap } from './iomap.ts';
import {
  ext4_convert_unwritten_extents,
  type Ext4Map,
  ext4_map_blocks,
  ext4_map_query_blocks,
  type GetBlocks,
  type LblkRange,
} from './map.ts';
import { EXT4_MOUNT_DELALLOC, EXT4_MOUNT_DIOREAD_NOLOCK } from './mount-flags.ts';
import { EXT4_I, EXT4_SB, ext4_inode_journal_mode, usesExtents } from './sb.ts';

/** Free clusters that are left to exact allocation; four for each CPU's counter. */
const EXT4_FREECLUSTERS_WATERMARK = 4 * 32;

/** Whether space is too scarce to promise it. @source fs/ext4/inode.c ext4_nonda_switch() v6.12 */
function* ext4_nonda_switch(inode: Inode): Op<boolean> {
  const sb = EXT4_SB(inode.i_sb);
  const free = (yield* get(sb.free_blocks)) / sb.s_cluster_ratio;
  const dirty = yield* get(sb.s_dirtyclusters_counter);
  return 2 * free < 3 * dirty || free < dirty + EXT4_FREECLUSTERS_WATERMARK;
}

/** How blocks are made for the page cache without delay. */
function* getBlocks(inode: Inode): Op<GetBlocks> {
  const sb = EXT4_SB(inode.i_sb);
  const flags = yield* get(inode.fsflags);
  const journalled = ext4_inode_journal_mode(inode, flags) === 'journal';
  const unwritten = sb.test_opt(EXT4_MOUNT_DIOREAD_NOLOCK) && usesExtents(flags) && !journalled;
  return { as: unwritten ? 'unwritten' : 'written' };
}

/**
 * Promises space for blocks that have none. @source fs/ext4/inode.c ext4_da_map_blocks() v6.12
 */
function* ext4_da_map_blocks(inode: Inode, range: LblkRange): Op<Ext4Map | number> {
  const { i_data_sem } = EXT4_I(inode);
  yield* lock(i_data_sem);
  const found = yield* ext4_map_query_blocks(inode, range);
  let error = 0;
  if (found.state === 'hole') {
    error = yield* reserveDelalloc(inode, { lblk: found.m_lblk, len: found.m_len });
  }
  yield* unlock(i_data_sem);
  if (error < 0) return error;
  return found.state === 'hole' ? { ...found, state: 'delayed', isNew: true } : found;
}

/** The extent for a buffered read, or for a buffered write with space to go to later. */
function* ext4_buffered_begin(
  inode: Inode,
  pos: number,
  length: number,
  flags: number,
): Op<Iomap | number> {
  if (yield* ext4_has_inline_data(inode)) {
    // Behind the contents the page is zeroes.
    const inline = yield* ext4_inline_data_iomap(inode);
    return { ...inline, length: Math.max(inline.length, pos + length) };
  }
  const range = blocksOf(inode, { pos, length });
  let map: Ext4Map | number;
  if ((flags & IOMAP_WRITE) === 0) map = yield* ext4_map_blocks(inode, range);
  else {
    const delays =
      EXT4_SB(inode.i_sb).test_opt(EXT4_MOUNT_DELALLOC) && !(yield* ext4_nonda_switch(inode));
    map = delays
      ? yield* ext4_da_map_blocks(inode, range)
      : yield* ext4_map_blocks(inode, range, yield* getBlocks(inode));
  }
  if (typeof map === 'number') return map;
  // Blocks whose contents are not written yet read as zeroes, whether they are new or not.
  return yield* ext4_set_iomap(inode, map, { pos, length, flags });
}

const bufferedOps: IomapOps = { iomap_begin: ext4_buffered_begin };

/** Extents for writeback: delayed blocks get their place, unwritten ones are written afterwards. */
const writebackOps: IomapOps = {
  *iomap_begin(inode, pos, length, flags): Op<Iomap | number> {
    const range = blocksOf(inode, { pos, length });
    let map: Ext4Map | number = yield* ext4_map_blocks(inode, range);
    if (typeof map === 'object' && map.state === 'delayed') {
      const delayed = { lblk: map.m_lblk, len: map.m_len };
      map = yield* ext4_map_blocks(inode, delayed, {
        ...(yield* getBlocks(inode)),
        reserved: true,
      });
    }
    return typeof map === 'number'
      ? map
      : yield* ext4_set_iomap(inode, map, { pos, length, flags });
  },
  *iomap_end(inode, pos, _length, written, _flags, iomap): Op<number> {
    if (iomap.type !== 'unwritten' || written <= 0) return 0;
    return yield* ext4_convert_unwritten_extents(inode, { offset: pos, len: written });
  },
};

/** @source fs/ext4/inode.c ext4_writepages() v6.12 */
function ext4_writepages(inode: Inode, start: number, end: number, sync: boolean): Op<number> {
  const mapping = inode.i_mapping;
  return iomap_writepages(mapping, { start, end, sync }, { ops: writebackOps, flags: 0 });
}

/**
 * Space for a folio that a program is about to write, up to the end of the file.
 * @source fs/ext4/inode.c ext4_page_mkwrite() v6.12
 */
function* page_mkwrite(inode: Inode, folio: Folio): Op<number> {
  const { linux } = inode.i_sb;
  const size = yield* get(inode.i_size);
  const start = folio.index * linux.PAGE_SIZE;
  const end = Math.min(start + folio_size(linux, folio), size);
  for (let pos = start; pos < end; ) {
    const iomap = yield* ext4_buffered_begin(inode, pos, end - pos, IOMAP_WRITE);
    if (typeof iomap === 'number') return iomap;
    pos = iomap.offset + iomap.length;
  }
  return 0;
}

const ext4_aops: AddressSpaceOperations = {
  iomap: bufferedOps,
  writepages: ext4_writepages,
  page_mkwrite,
};

/** @source fs/ext4/inode.c ext4_dax_writepages() v6.12 */
function* ext4_dax_writepages(inode: Inode, start: number, end: number): Op<number> {
  const daxdev = present(EXT4_SB(inode.i_sb).s_daxdev, 'DAX device of a file in DAX');
  return yield* dax_writeback_mapping_range(inode.i_mapping, daxdev, start, end);
}

const ext4_dax_aops: AddressSpaceOperations = {
  dax: true,
  iomap: bufferedOps,
  writepages: ext4_dax_writepages,
  page_mkwrite,
};

/**
 * The operations for an inode with these S_* flags.
 * @source fs/ext4/inode.c ext4_set_aops() v6.12
 */
export function aopsFor(flags: number): AddressSpaceOperations {
  return (flags & S_DAX) !== 0 ? ext4_dax_aops : ext4_aops;
}
