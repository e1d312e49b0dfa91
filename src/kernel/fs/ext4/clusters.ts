// Clusters of ext4 and promises to delayed allocation. Without bigalloc a cluster is a block.
// @source fs/ext4/extents.c get_implied_cluster_alloc() v6.12, fs/ext4/extents_status.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { FsBlock, Inode } from '../../include/linux/fs.ts';
import { get, type Op, scan, set } from '../../steps.ts';
import { EXT4_SB } from './sb.ts';

function ratioOf(inode: Inode): number {
  return EXT4_SB(inode.i_sb).s_cluster_ratio;
}

/** Blocks of the file's cluster that holds `lblk` which are there, with where they stand. */
function* ofCluster(
  inode: Inode,
  lblk: number,
): Op<readonly { readonly lblk: number; readonly block: FsBlock }[]> {
  const ratio = ratioOf(inode);
  const start = lblk - (lblk % ratio);
  const found: { lblk: number; block: FsBlock }[] = [];
  for (const key of yield* scan(inode.blocks, { start, end: start + ratio - 1 })) {
    const block = yield* get(inode.blocks, key);
    if (block !== undefined) found.push({ lblk: key, block });
  }
  return found;
}

/** The block of `lblk` where another block of its cluster has a place; else undefined. */
export function* implied_cluster_alloc(inode: Inode, lblk: number): Op<number | undefined> {
  if (ratioOf(inode) === 1) return undefined;
  const found = (yield* ofCluster(inode, lblk)).find(({ block }) => block.delalloc !== true);
  return found === undefined ? undefined : found.block.block + lblk - found.lblk;
}

/**
 * Promises space for the blocks of a range that have none: 0, or -ENOSPC with those before done.
 * @source fs/ext4/inode.c ext4_insert_delayed_blocks() v6.12
 */
export function* reserveDelalloc(
  inode: Inode,
  range: { readonly lblk: number; readonly len: number },
): Op<number> {
  const sb = EXT4_SB(inode.i_sb);
  for (let lblk = range.lblk; lblk < range.lblk + range.len; lblk++) {
    const known = ratioOf(inode) > 1 && (yield* ofCluster(inode, lblk)).length > 0;
    if (!known) {
      const free = (yield* get(sb.free_blocks)) / ratioOf(inode);
      const dirty = yield* get(sb.s_dirtyclusters_counter);
      if (free < 1 + dirty + sb.s_resv_clusters) return -E.ENOSPC;
      yield* set(sb.s_dirtyclusters_counter, 0, dirty + 1);
    }
    yield* set(inode.blocks, lblk, { block: -1, unwritten: false, delalloc: true });
  }
  return 0;
}

/** Blocks of a range that were delayed get a place: `clusters` promises are kept. */
export function* fulfilDelalloc(inode: Inode, clusters: number): Op<void> {
  const { s_dirtyclusters_counter } = EXT4_SB(inode.i_sb);
  yield* set(s_dirtyclusters_counter, 0, (yield* get(s_dirtyclusters_counter)) - clusters);
}

/** A delayed block goes, and the promise with it unless others of its cluster hold it. */
function* releaseDelalloc(inode: Inode, lblk: number): Op<void> {
  yield* set(inode.blocks, lblk, undefined);
  const alone = ratioOf(inode) === 1 || (yield* ofCluster(inode, lblk)).length === 0;
  if (alone) yield* fulfilDelalloc(inode, 1);
}

/**
 * Blocks of a range of the file go: their clusters are free, unless other blocks are in them.
 * @source fs/ext4/extents.c ext4_remove_blocks() v6.12
 */
export function* removeBlocks(
  inode: Inode,
  range: { readonly start: number; readonly end: number },
): Op<void> {
  const sb = EXT4_SB(inode.i_sb);
  const ratio = ratioOf(inode);
  let run = { block: 0, count: 0 };
  for (const lblk of yield* scan(inode.blocks, range)) {
    const block = yield* get(inode.blocks, lblk);
    if (block === undefined) continue;
    if (block.delalloc === true) {
      yield* releaseDelalloc(inode, lblk);
      continue;
    }
    yield* set(inode.blocks, lblk, undefined);
    if (ratio > 1 && (yield* ofCluster(inode, lblk)).length > 0) continue;
    const first = block.block - (block.block % ratio);
    if (run.count > 0 && run.block + run.count === first) run.count += ratio;
    else {
      if (run.count > 0) yield* sb.bitmap.give(run);
      run = { block: first, count: ratio };
    }
  }
  if (run.count > 0) yield* sb.bitmap.give(run);
}
