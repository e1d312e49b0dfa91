// Where the blocks of a file are, and how they get there. Extents are not kept as such: each block
// of a file stands by itself, and runs that follow each other on the device are one extent.
// @source fs/ext4/inode.c ext4_map_blocks() v6.12, fs/ext4/extents.c ext4_ext_map_blocks() v6.12

import { zeroDevice } from '../../block/bio.ts';
import { E } from '../../include/linux/errno.ts';
import type { FsBlock, Inode } from '../../include/linux/fs.ts';
import { get, getRun, lock, type Op, scan, setRun, unlock } from '../../steps.ts';
import { runBefore, runLength } from '../block-map.ts';
import { mark_inode_dirty } from '../inode.ts';
import { fulfilDelalloc, implied_cluster_alloc } from './clusters.ts';
import { EXT4_I, EXT4_SB, usesExtents } from './sb.ts';

/** Blocks of a file that are one extent, or one hole. */
export interface Ext4Map {
  readonly m_lblk: number;
  readonly m_len: number;
  /** First block on the device; -1 where there is none. */
  readonly m_pblk: number;
  readonly state: 'hole' | 'delayed' | 'unwritten' | 'mapped';
  /** EXT4_MAP_NEW: allocated or converted by this call. */
  readonly isNew: boolean;
}

/** How blocks are made where there are none. @source fs/ext4/ext4.h EXT4_GET_BLOCKS_CREATE v6.12 */
export interface GetBlocks {
  /** `unwritten`: they read as zeroes until they are converted. */
  readonly as: 'written' | 'unwritten';
  /** EXT4_GET_BLOCKS_ZERO: new written blocks are zeroed on the device first. */
  readonly zero?: true;
  /** EXT4_GET_BLOCKS_CONVERT_UNWRITTEN: written ones become unwritten. */
  readonly convert?: true;
  /** EXT4_GET_BLOCKS_DELALLOC_RESERVE: the space was promised before. */
  readonly reserved?: true;
}

/** Longest extents. @source fs/ext4/ext4_extents.h EXT_INIT_MAX_LEN EXT_UNWRITTEN_MAX_LEN v6.12 */
const EXT_INIT_MAX_LEN = 32_768;

const NO_BLOCK = -1;

/** A range of blocks of a file. */
export interface LblkRange {
  readonly lblk: number;
  readonly len: number;
}

function stateOf(block: FsBlock | undefined): Ext4Map['state'] {
  if (block === undefined) return 'hole';
  if (block.delalloc === true) return 'delayed';
  return block.unwritten ? 'unwritten' : 'mapped';
}

/** What is at the start of a range. @source fs/ext4/inode.c ext4_map_query_blocks() v6.12 */
export function* ext4_map_query_blocks(inode: Inode, range: LblkRange): Op<Ext4Map> {
  const { lblk } = range;
  const first = yield* get(inode.blocks, lblk);
  const state = stateOf(first);
  const max = Math.min(range.len, EXT_INIT_MAX_LEN);
  let len = 1;
  if (first === undefined) {
    const rest = { start: lblk + 1, end: lblk + range.len - 1 };
    const [next] = range.len > 1 ? yield* scan(inode.blocks, rest) : [];
    len = (next ?? lblk + range.len) - lblk;
  } else {
    len = yield* runLength(inode.blocks, { lblk, known: 1, max }, (next, i) => {
      const follows = state === 'delayed' || next?.block === first.block + i;
      return stateOf(next) === state && follows;
    });
  }
  const m_pblk =
    state === 'mapped' || state === 'unwritten' ? (first?.block ?? NO_BLOCK) : NO_BLOCK;
  return { m_lblk: lblk, m_len: len, m_pblk, state, isNew: false };
}

/**
 * The extent at the start of a range, made where `how` asks for it; or an error number.
 * @source fs/ext4/inode.c ext4_map_blocks() v6.12
 */
export function* ext4_map_blocks(
  inode: Inode,
  range: LblkRange,
  how?: GetBlocks,
): Op<Ext4Map | number> {
  const { i_data_sem } = EXT4_I(inode);
  yield* lock(i_data_sem, 'shared');
  const found = yield* ext4_map_query_blocks(inode, range);
  yield* unlock(i_data_sem, 'shared');
  if (how === undefined) return found;
  if (found.state === 'mapped' && how.convert !== true) return found;
  yield* lock(i_data_sem);
  const made = yield* ext4_map_create_blocks(inode, range, how);
  yield* unlock(i_data_sem);
  return made;
}

/** @source fs/ext4/inode.c ext4_map_create_blocks() v6.12 */
function* ext4_map_create_blocks(
  inode: Inode,
  range: LblkRange,
  how: GetBlocks,
): Op<Ext4Map | number> {
  const now = yield* ext4_map_query_blocks(inode, range);
  switch (now.state) {
    case 'mapped':
      return how.convert === true ? yield* convert_initialized_extent(inode, now) : now;
    case 'unwritten':
      if (how.as === 'unwritten') return now;
      return yield* zeroed(inode, yield* ext4_ext_convert_to_initialized(inode, now), how);
    default:
      return yield* zeroed(inode, yield* allocate(inode, now, how), how);
  }
}

/** New written blocks are zeroed by the block layer, not through DAX. */
function* zeroed(inode: Inode, made: Ext4Map | number, how: GetBlocks): Op<Ext4Map | number> {
  if (typeof made === 'number' || how.zero !== true || !made.isNew) return made;
  if (made.state !== 'mapped') return made;
  const error = yield* ext4_issue_zeroout(inode, { block: made.m_pblk, count: made.m_len });
  return error < 0 ? error : made;
}

/** @source fs/ext4/inode.c ext4_issue_zeroout() v6.12 */
function* ext4_issue_zeroout(
  inode: Inode,
  run: { readonly block: number; readonly count: number },
): Op<number> {
  const sb = EXT4_SB(inode.i_sb);
  const offset = run.block * sb.s_blocksize;
  return yield* zeroDevice(sb.linux, sb.s_bdev, { offset, length: run.count * sb.s_blocksize });
}

/** Whether `clusters` more may be taken. @source fs/ext4/balloc.c ext4_has_free_clusters() v6.12 */
export function* ext4_has_free_clusters(inode: Inode, clusters: number): Op<boolean> {
  const sb = EXT4_SB(inode.i_sb);
  const free = (yield* get(sb.free_blocks)) / sb.s_cluster_ratio;
  const dirty = yield* get(sb.s_dirtyclusters_counter);
  return free >= clusters + dirty + sb.s_resv_clusters;
}

/** Blocks for the start of a hole or of a delayed range. */
function* allocate(inode: Inode, hole: Ext4Map, how: GetBlocks): Op<Ext4Map | number> {
  const sb = EXT4_SB(inode.i_sb);
  const ratio = sb.s_cluster_ratio;
  const { m_lblk } = hole;
  let wanted = hole.m_len;
  const implied = yield* implied_cluster_alloc(inode, m_lblk);
  if (implied !== undefined) {
    const len = Math.min(wanted, ratio - (m_lblk % ratio));
    return yield* insert(inode, { ...hole, m_pblk: implied, m_len: len }, how);
  }
  const inCluster = m_lblk % ratio;
  if (how.reserved !== true && hole.state !== 'delayed') {
    while (wanted > 0) {
      const clusters = Math.ceil((inCluster + wanted) / ratio);
      if (yield* ext4_has_free_clusters(inode, clusters)) break;
      wanted = Math.floor(wanted / 2);
    }
    if (wanted === 0) return -E.ENOSPC;
  }
  const before = m_lblk > 0 ? yield* get(inode.blocks, m_lblk - 1) : undefined;
  const goal = before === undefined ? 0 : before.block + 1;
  const run = yield* sb.bitmap.take(Math.max(goal, 0), inCluster + wanted);
  if (run === undefined) return -E.ENOSPC;
  const len = Math.min(wanted, run.count - inCluster);
  if (hole.state === 'delayed') yield* fulfilDelalloc(inode, run.count / ratio);
  return yield* insert(inode, { ...hole, m_pblk: run.block + inCluster, m_len: len }, how);
}

function* insert(inode: Inode, at: Ext4Map, how: GetBlocks): Op<Ext4Map> {
  const unwritten = how.as === 'unwritten' && usesExtents(yield* get(inode.fsflags));
  const made = Array.from({ length: at.m_len }, (_, i): FsBlock => {
    return { block: at.m_pblk + i, unwritten };
  });
  yield* setRun(inode.blocks, at.m_lblk, made);
  yield* mark_inode_dirty(inode);
  return { ...at, state: unwritten ? 'unwritten' : 'mapped', isNew: true };
}

/** Blocks of a range that are there take a state. */
function* setWritten(inode: Inode, range: LblkRange, unwritten: boolean): Op<void> {
  const blocks = yield* getRun(inode.blocks, { first: range.lblk, count: range.len });
  const changed = blocks.map((block) => {
    const stays = block === undefined || block.delalloc === true || block.unwritten === unwritten;
    return stays ? block : { block: block.block, unwritten };
  });
  yield* setRun(inode.blocks, range.lblk, changed);
}

/** @source fs/ext4/extents.c convert_initialized_extent() v6.12 */
function* convert_initialized_extent(inode: Inode, map: Ext4Map): Op<Ext4Map> {
  yield* setWritten(inode, { lblk: map.m_lblk, len: map.m_len }, true);
  yield* mark_inode_dirty(inode);
  return { ...map, state: 'unwritten' };
}

/**
 * After data reached unwritten blocks: those of a range of bytes are written now.
 * @source fs/ext4/extents.c ext4_convert_unwritten_extents() v6.12
 */
export function* ext4_convert_unwritten_extents(
  inode: Inode,
  range: { readonly offset: number; readonly len: number },
): Op<number> {
  const bytes = 2 ** inode.i_blkbits;
  const lblk = Math.floor(range.offset / bytes);
  const end = Math.ceil((range.offset + range.len) / bytes);
  const { i_data_sem } = EXT4_I(inode);
  yield* lock(i_data_sem);
  yield* setWritten(inode, { lblk, len: end - lblk }, false);
  yield* mark_inode_dirty(inode);
  yield* unlock(i_data_sem);
  return 0;
}

/** Bytes on each side that are rather zeroed than split off: s_extent_max_zeroout_kb. */
const MAX_ZEROOUT_BYTES = 32 * 1024;

/**
 * Unwritten blocks become written. Where the rest of their extent is short, it is zeroed and
 * becomes written too, rather than being split off.
 * @source fs/ext4/extents.c ext4_ext_convert_to_initialized() v6.12
 */
function* ext4_ext_convert_to_initialized(inode: Inode, map: Ext4Map): Op<Ext4Map | number> {
  const sb = EXT4_SB(inode.i_sb);
  const extent = yield* extentAround(inode, map);
  const len = map.m_len;
  const written: Ext4Map = { ...map, state: 'mapped', isNew: true };
  if (yield* mergesWithNeighbour(inode, map, extent)) {
    yield* setWritten(inode, { lblk: map.m_lblk, len }, false);
    yield* mark_inode_dirty(inode);
    return written;
  }
  const size = yield* get(inode.i_size);
  const eof = Math.max(Math.ceil(size / sb.s_blocksize), map.m_lblk + len);
  const mayZero = extent.lblk + extent.len <= eof;
  const maxZeroout = mayZero ? MAX_ZEROOUT_BYTES / sb.s_blocksize : 0;
  const allocated = extent.lblk + extent.len - map.m_lblk;
  let start = map.m_lblk;
  let end = start + len;
  if (maxZeroout > 0 && allocated > len) {
    if (allocated <= maxZeroout) {
      const tail = { block: map.m_pblk + len, count: allocated - len };
      if ((yield* ext4_issue_zeroout(inode, tail)) === 0) end = start + allocated;
    }
    const head = map.m_lblk - extent.lblk;
    if (end - extent.lblk < maxZeroout) {
      const error =
        head === 0
          ? 0
          : yield* ext4_issue_zeroout(inode, { block: map.m_pblk - head, count: head });
      if (error === 0) start = extent.lblk;
    }
  }
  yield* setWritten(inode, { lblk: start, len: end - start }, false);
  yield* mark_inode_dirty(inode);
  return written;
}

/** The whole extent that a map is part of. */
function* extentAround(inode: Inode, map: Ext4Map): Op<LblkRange> {
  const { m_lblk: lblk, m_len: known, m_pblk } = map;
  const belongs = (block: FsBlock | undefined, distance: number): boolean =>
    block?.block === m_pblk + distance && stateOf(block) === map.state;
  const most = { lblk, max: EXT_INIT_MAX_LEN };
  const before = yield* runBefore(inode.blocks, most, (block, i) => belongs(block, -i));
  const max = EXT_INIT_MAX_LEN - before;
  const len = before + (yield* runLength(inode.blocks, { lblk, known, max }, belongs));
  return { lblk: lblk - before, len };
}

/** Whether the blocks are at one end of their extent and a written extent goes on there. */
function* mergesWithNeighbour(inode: Inode, map: Ext4Map, extent: LblkRange): Op<boolean> {
  if (map.m_len >= extent.len) return false;
  const isWritten = function* (lblk: number): Op<boolean> {
    const block = lblk < 0 ? undefined : yield* get(inode.blocks, lblk);
    const follows = block?.block === map.m_pblk + lblk - map.m_lblk;
    return follows && stateOf(block) === 'mapped';
  };
  if (map.m_lblk === extent.lblk) return yield* isWritten(map.m_lblk - 1);
  const end = map.m_lblk + map.m_len;
  return end === extent.lblk + extent.len && (yield* isWritten(end));
}
