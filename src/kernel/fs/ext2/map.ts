// Where the blocks of an ext2 file are. There are no unwritten blocks and no promises: a block is
// there, with its contents, or it is not.
// @source fs/ext2/inode.c ext2_get_blocks() ext2_iomap_begin() v6.12

import { zeroDevice } from '../../block/bio.ts';
import { E } from '../../include/linux/errno.ts';
import { type FsBlock, type Inode, S_DAX } from '../../include/linux/fs.ts';
import {
  IOMAP_DAX,
  IOMAP_DIRECT,
  IOMAP_F_NEW,
  IOMAP_WRITE,
  type Iomap,
  type IomapOps,
} from '../../include/linux/iomap.ts';
import { truncate_pagecache } from '../../mm/truncate.ts';
import { get, lock, type Op, scan, set, setRun, unlock } from '../../steps.ts';
import { runLength } from '../block-map.ts';
import { mark_inode_dirty } from '../inode.ts';
import { EXT2_SB } from './sb.ts';

/** A run of blocks of a file that follow each other on the device; count 0: a hole. */
interface Found {
  readonly bno: number;
  readonly count: number;
  readonly isNew: boolean;
}

/** @source fs/ext2/inode.c ext2_get_blocks() v6.12 */
function* ext2_get_blocks(
  inode: Inode,
  range: { readonly lblk: number; readonly max: number },
  create: boolean,
): Op<Found | number> {
  const mutex = EXT2_SB(inode.i_sb).truncate_mutex(inode);
  yield* lock(mutex);
  const there = yield* existing(inode, range);
  const answer = there.count > 0 || !create ? there : yield* allocate(inode, range);
  yield* unlock(mutex);
  return answer;
}

function* existing(
  inode: Inode,
  range: { readonly lblk: number; readonly max: number },
): Op<Found> {
  const first = yield* get(inode.blocks, range.lblk);
  if (first === undefined) return { bno: -1, count: 0, isNew: false };
  const count = yield* runLength(
    inode.blocks,
    { ...range, known: 1 },
    (one, i) => one?.block === first.block + i,
  );
  return { bno: first.block, count, isNew: false };
}

/** Blocks for the start of a hole. For DAX they are zeroed on the device before they are seen. */
function* allocate(
  inode: Inode,
  range: { readonly lblk: number; readonly max: number },
): Op<Found | number> {
  const sb = EXT2_SB(inode.i_sb);
  const { lblk } = range;
  // The first block is known to be none.
  const rest = { start: lblk + 1, end: lblk + range.max - 1 };
  const [next] = range.max > 1 ? yield* scan(inode.blocks, rest) : [];
  const wanted = (next ?? lblk + range.max) - lblk;
  const before: FsBlock | undefined = lblk > 0 ? yield* get(inode.blocks, lblk - 1) : undefined;
  const run = yield* sb.bitmap.take(before === undefined ? 0 : before.block + 1, wanted);
  if (run === undefined) return -E.ENOSPC;
  if (((yield* get(inode.i_flags)) & S_DAX) !== 0) {
    const offset = run.block * sb.s_blocksize;
    const length = run.count * sb.s_blocksize;
    const error = yield* zeroDevice(sb.linux, sb.s_bdev, { offset, length });
    if (error < 0) {
      yield* sb.bitmap.give(run);
      return error;
    }
  }
  const made = Array.from({ length: run.count }, (_, i): FsBlock => {
    return { block: run.block + i, unwritten: false };
  });
  yield* setRun(inode.blocks, lblk, made);
  yield* mark_inode_dirty(inode);
  return { bno: run.block, count: run.count, isNew: true };
}

/** @source fs/ext2/inode.c ext2_iomap_begin() v6.12 */
function* ext2_iomap_begin(
  inode: Inode,
  pos: number,
  length: number,
  flags: number,
): Op<Iomap | number> {
  const sb = EXT2_SB(inode.i_sb);
  const bytes = sb.s_blocksize;
  const lblk = Math.floor(pos / bytes);
  const max = Math.ceil(length / bytes);
  const writes = (flags & IOMAP_WRITE) !== 0;
  const direct = (flags & IOMAP_DIRECT) !== 0;
  // A direct write does not fill holes within the file: who reads could see old contents.
  const inside = direct && lblk * bytes < (yield* get(inode.i_size));
  const create = writes && !inside;
  const found = yield* ext2_get_blocks(inode, { lblk, max }, create);
  if (typeof found === 'number') return found;
  if (found.count === 0 && !create && writes && direct) return -E.ENOTBLK;
  const isDax = (flags & IOMAP_DAX) !== 0;
  const isHole = found.count === 0;
  return {
    type: isHole ? 'hole' : 'mapped',
    offset: lblk * bytes,
    length: isHole ? bytes : found.count * bytes,
    addr: isHole ? -1 : found.bno * bytes + (isDax ? sb.s_dax_part_off : 0),
    flags: found.isNew ? IOMAP_F_NEW : 0,
    bdev: isDax ? undefined : sb.s_bdev,
    dax_dev: isDax ? sb.s_daxdev : undefined,
  };
}

/**
 * A direct write of which nothing was done goes through the page cache; blocks of a short write
 * beyond the end of the file go. @source fs/ext2/inode.c ext2_iomap_end() v6.12
 */
function* ext2_iomap_end(
  inode: Inode,
  pos: number,
  length: number,
  written: number,
  flags: number,
  iomap: Iomap,
): Op<number> {
  const writes = (flags & IOMAP_WRITE) !== 0;
  if (writes && (flags & IOMAP_DIRECT) !== 0 && written === 0) return -E.ENOTBLK;
  if (iomap.type === 'mapped' && written < length && writes) {
    yield* ext2_write_failed(inode, pos + length);
  }
  return 0;
}

/** Extents for DAX and direct I/O. */
export const ext2_iomap_ops: IomapOps = {
  iomap_begin: ext2_iomap_begin,
  iomap_end: ext2_iomap_end,
};

/** The same for the page cache, which gives up blocks by itself where a write fails. */
export const ext2_get_block: IomapOps = { iomap_begin: ext2_iomap_begin };

/** What a failed write up to `to` left beyond the end goes. @source fs/ext2/inode.c v6.12 */
export function* ext2_write_failed(inode: Inode, to: number): Op<void> {
  const size = yield* get(inode.i_size);
  if (to <= size) return;
  yield* truncate_pagecache(inode, size);
  const { invalidate_lock } = inode.i_mapping;
  yield* lock(invalidate_lock);
  yield* __ext2_truncate_blocks(inode, size);
  yield* unlock(invalidate_lock);
}

/** Blocks that lie wholly at or beyond a byte go. */
export function* __ext2_truncate_blocks(inode: Inode, offset: number): Op<void> {
  const sb = EXT2_SB(inode.i_sb);
  const mutex = sb.truncate_mutex(inode);
  yield* lock(mutex);
  const start = Math.ceil(offset / sb.s_blocksize);
  let run = { block: 0, count: 0 };
  for (const lblk of yield* scan(inode.blocks, { start, end: Number.MAX_SAFE_INTEGER })) {
    const block = yield* get(inode.blocks, lblk);
    if (block === undefined) continue;
    yield* set(inode.blocks, lblk, undefined);
    if (run.count > 0 && run.block + run.count === block.block) run.count++;
    else {
      if (run.count > 0) yield* sb.bitmap.give(run);
      run = { block: block.block, count: 1 };
    }
  }
  if (run.count > 0) yield* sb.bitmap.give(run);
  yield* mark_inode_dirty(inode);
  yield* unlock(mutex);
}
