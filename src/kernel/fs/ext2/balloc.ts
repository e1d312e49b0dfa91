// Which blocks of an ext2 or ext4 are in use: one bit a cluster, in words that threads share. The
// lowest free run at or after the goal is taken, so that the same acts give the same blocks.
// @source fs/ext2/balloc.c ext2_new_blocks() v6.12, fs/ext4/mballoc.c ext4_mb_new_blocks() v6.12

import { assert } from '../../../base/index.ts';
import type { DiskImage } from '../../include/linux/fs.ts';
import { Lock, Shared } from '../../shared.ts';
import { get, lock, type Op, set, unlock, update } from '../../steps.ts';

const WORD_BITS = 32;

/** A run of blocks. */
export interface BlockRun {
  readonly block: number;
  readonly count: number;
}

/** The bitmap of one mounted filesystem. Blocks are given and taken in whole clusters. */
export class BlockBitmap {
  readonly #words: Shared<number>;
  /** No cluster below this one is free: where a search without a goal starts. */
  readonly #lowest: Shared<number>;
  /** Free blocks, as the superblock counts them. */
  readonly #free: Shared<number>;
  readonly #clusters: number;
  readonly #ratio: number;
  /** The locks of the block groups, as one. */
  readonly #lock: Lock;

  constructor(image: DiskImage, free: Shared<number>, ratio = 1) {
    this.#words = new Shared(`${free.name}: bitmap`, 0);
    this.#lowest = new Shared(`${free.name}: lowest`, 0);
    this.#free = free;
    this.#lock = new Lock(`${free.name}: bitmap`);
    this.#ratio = ratio;
    this.#clusters = Math.floor(image.block_count / ratio);
    const reserved = Math.ceil(image.reserved / ratio);
    const words = Math.floor(reserved / WORD_BITS);
    for (let index = 0; index < words; index++) this.#words.poke(index, -1);
    let used = words * WORD_BITS;
    for (let cluster = used; cluster < reserved; cluster++) used += this.#pokeUsed(cluster);
    for (const block of blocksInUse(image)) used += this.#pokeUsed(Math.floor(block / ratio));
    free.poke(0, (this.#clusters - used) * ratio);
  }

  /** While mounting, before anybody else looks. 1, or 0 where the cluster was in use already. */
  #pokeUsed(cluster: number): 0 | 1 {
    const index = Math.floor(cluster / WORD_BITS);
    const word = this.#words.peek(index);
    const bit = 1 << (cluster % WORD_BITS);
    if ((word & bit) !== 0) return 0;
    this.#words.poke(index, word | bit);
    return 1;
  }

  /** Takes the lowest free run from `goal` on, at most `count` blocks; undefined: none is free. */
  *take(goal: number, count: number): Op<BlockRun | undefined> {
    yield* lock(this.#lock);
    const run = yield* this.#takeLocked(goal, count);
    yield* unlock(this.#lock);
    return run;
  }

  *#takeLocked(goal: number, count: number): Op<BlockRun | undefined> {
    const wanted = Math.ceil(count / this.#ratio);
    const first = yield* this.#findFree(Math.ceil(goal / this.#ratio));
    if (first === undefined) return undefined;
    const end = Math.min(first + wanted, this.#clusters);
    let cluster = first;
    while (cluster < end) {
      const index = Math.floor(cluster / WORD_BITS);
      const stop = Math.min(end, (index + 1) * WORD_BITS);
      const start = cluster;
      const word = yield* update(this.#words, index, (bits) => bits | freeBits(bits, start, stop));
      cluster += bitCount(freeBits(word, start, stop));
      if (cluster < stop) break;
    }
    if (first === (yield* get(this.#lowest))) yield* set(this.#lowest, 0, cluster);
    const blocks = (cluster - first) * this.#ratio;
    yield* update(this.#free, 0, (free) => free - blocks);
    return { block: first * this.#ratio, count: blocks };
  }

  /** The first free cluster at or after `goal`, else the first of all. */
  *#findFree(goal: number): Op<number | undefined> {
    const lowest = yield* get(this.#lowest);
    const after = yield* this.#scan(Math.max(goal, lowest), this.#clusters);
    return after ?? (yield* this.#scan(lowest, Math.min(goal, this.#clusters)));
  }

  *#scan(from: number, end: number): Op<number | undefined> {
    for (let cluster = from; cluster < end; ) {
      const word = yield* get(this.#words, Math.floor(cluster / WORD_BITS));
      const stop = cluster + WORD_BITS - (cluster % WORD_BITS);
      if (word === -1) cluster = stop;
      for (; cluster < Math.min(stop, end); cluster++) {
        if ((word & (1 << (cluster % WORD_BITS))) === 0) return cluster;
      }
    }
    return undefined;
  }

  /** Gives blocks back, in whole clusters. */
  *give(run: BlockRun): Op<void> {
    yield* lock(this.#lock);
    yield* this.#giveLocked(run);
    yield* unlock(this.#lock);
  }

  *#giveLocked(run: BlockRun): Op<void> {
    const first = run.block / this.#ratio;
    const end = first + run.count / this.#ratio;
    assert(Number.isInteger(first) && Number.isInteger(end), 'whole clusters are given back');
    for (let cluster = first; cluster < end; ) {
      const index = Math.floor(cluster / WORD_BITS);
      const stop = Math.min(end, (index + 1) * WORD_BITS);
      let word = yield* get(this.#words, index);
      for (; cluster < stop; cluster++) {
        const bit = 1 << (cluster % WORD_BITS);
        if ((word & bit) === 0) assert(false, `cluster ${cluster} is in use when it is freed`);
        word &= ~bit;
      }
      yield* set(this.#words, index, word);
    }
    if (first < (yield* get(this.#lowest))) yield* set(this.#lowest, 0, first);
    yield* update(this.#free, 0, (free) => free + run.count);
  }
}

/** Bits of the clusters from `start` on that are free, up to the first in use or to `stop`. */
function freeBits(word: number, start: number, stop: number): number {
  let bits = 0;
  for (let cluster = start; cluster < stop; cluster++) {
    const bit = 1 << (cluster % WORD_BITS);
    if ((word & bit) !== 0) break;
    bits |= bit;
  }
  return bits;
}

function bitCount(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function* blocksInUse(image: DiskImage): Generator<number, void> {
  for (const inode of image.inodes.values()) {
    // An orphan of a crash: unlinked, and nobody has it open any more.
    if (inode.nlink === 0) continue;
    for (const { block } of inode.blocks.values()) if (block >= 0) yield block;
  }
}
