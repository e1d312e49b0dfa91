// Room in the engine's memory, and the list of ranges of rows. Everything here is shared by all
// workers and changes under one lock; it is asked for once in thousands of states.

import { assert, at } from '../../base/index.ts';
import { control, mostFree, mostWorkers } from './control.ts';
import { pageBytes } from './emit.ts';
import type { Engine } from './engine.ts';

/** Rows from `from` up to `to`, by their addresses. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A range of the list; the only one in its block, if it is in one. */
export interface ListedRange extends Range {
  readonly isBlock: boolean;
}

/** Runs `body` while no other worker is in such a body. */
export function locked<T>(engine: Engine, body: () => T): T {
  lock(engine);
  try {
    return body();
  } finally {
    Atomics.store(engine.page(), control.lock, 0);
    if (engine.isShared) Atomics.notify(engine.page(), control.lock, 1);
  }
}

function lock({ page, isShared }: Engine): void {
  while (Atomics.compareExchange(page(), control.lock, 0, 1) !== 0) {
    assert(isShared, 'the lock of a lone worker is free');
    Atomics.wait(page(), control.lock, 1, 1);
  }
}

/** Address of fresh room, or undefined where the memory is used up. */
export function allocate(engine: Engine, byteCount: number): number | undefined {
  return locked(engine, () => allocateLocked(engine, byteCount));
}

/** Room for rows: from what was given back if it can be, else fresh. It is not cleared. */
export function allocateChunk(engine: Engine, byteCount: number): number | undefined {
  return locked(engine, () => takeRegion(engine, byteCount) ?? allocateLocked(engine, byteCount));
}

/** Room of the size that all blocks of a search have, which are not lost when given back. */
export function allocateBlock(engine: Engine, byteCount: number): number | undefined {
  return locked(engine, () => takeBlock(engine, byteCount) ?? allocateLocked(engine, byteCount));
}

/** A block of what was given back, if there is one; it is not clear. */
export function reuseBlock(engine: Engine, byteCount: number): number | undefined {
  return locked(engine, () => takeBlock(engine, byteCount));
}

/** Grows the memory at once by what so many blocks need, where it can. */
export function reserveBlocks(engine: Engine, count: number, byteCount: number): void {
  locked(engine, () => {
    const page = engine.page();
    let missing = count;
    let free = at(page, control.freeBlock) >>> 0;
    for (; free !== 0 && missing > 0; missing--) free = engine.run.peek(free) >>> 0;
    const end = (at(page, control.heapTop) >>> 0) + missing * byteCount;
    const pages = Math.ceil(end / pageBytes) - at(page, control.pages);
    if (pages > 0 && at(page, control.pages) + pages <= at(page, control.mostPages)) {
      growBy(engine, pages);
    }
  });
}

function takeBlock(engine: Engine, byteCount: number): number | undefined {
  const page = engine.page();
  const block = at(page, control.freeBlock) >>> 0;
  if (block === 0) return takeRegion(engine, byteCount);
  page[control.freeBlock] = engine.run.peek(block);
  return block;
}

/** Gives a block back, whole. */
export function giveBackBlock(engine: Engine, block: number): void {
  locked(engine, () => giveBackBlockLocked(engine, block));
}

function giveBackBlockLocked(engine: Engine, block: number): void {
  const page = engine.page();
  engine.run.poke(block, at(page, control.freeBlock));
  page[control.freeBlock] = block;
}

/** Gives any room back, to be joined with what it touches; what does not fit the list is lost. */
export function giveBack(engine: Engine, from: number, to: number): void {
  locked(engine, () => giveBackLocked(engine, from, to));
}

function giveBackLocked(engine: Engine, from: number, to: number): void {
  const page = engine.page();
  let start = from;
  let end = to;
  let count = at(page, control.freeCount);
  for (let i = count - 1; i >= 0; i--) {
    const region = control.free + 2 * i;
    const [first, last] = [at(page, region) >>> 0, at(page, region + 1) >>> 0];
    if (first !== last && last !== start && first !== end) continue;
    if (last === start) start = first;
    else if (first === end) end = last;
    count -= 1;
    page[region] = at(page, control.free + 2 * count);
    page[region + 1] = at(page, control.free + 2 * count + 1);
  }
  if (count < mostFree) {
    page[control.free + 2 * count] = start;
    page[control.free + 2 * count + 1] = end;
    count += 1;
  }
  page[control.freeCount] = count;
}

function takeRegion(engine: Engine, byteCount: number): number | undefined {
  const page = engine.page();
  const count = at(page, control.freeCount);
  // Chunks end anywhere; what is taken begins where 64-bit words do.
  const bytes = Math.ceil(byteCount / 8) * 8;
  for (let i = 0; i < count; i++) {
    const region = control.free + 2 * i;
    const start = at(page, region) >>> 0;
    if ((at(page, region + 1) >>> 0) - start < bytes) continue;
    page[region] = start + bytes;
    return start;
  }
  return undefined;
}

function allocateLocked(engine: Engine, byteCount: number): number | undefined {
  const page = engine.page();
  const start = at(page, control.heapTop) >>> 0;
  const end = start + Math.ceil(byteCount / 64) * 64;
  const pages = at(page, control.pages);
  const missing = Math.ceil(end / pageBytes) - pages;
  if (missing > 0) {
    const most = at(page, control.mostPages);
    if (pages + missing > most) return undefined;
    // To grow costs a third of a millisecond, whatever by.
    const step = Math.min(pages >> 3, mostAhead);
    const ahead = Math.min(Math.max(missing, step), most - pages);
    if (!growBy(engine, ahead) && !growBy(engine, missing)) return undefined;
  }
  engine.page()[control.heapTop] = end;
  return start;
}

// Pages that the memory grows by at a time, at most, where fewer would do: 4 MiB.
const mostAhead = 64;

function growBy(engine: Engine, pages: number): boolean {
  try {
    engine.memory.grow(pages);
  } catch {
    return false;
  }
  const page = engine.page();
  page[control.pages] = at(page, control.pages) + pages;
  return true;
}

/** Adds a range to the list; false where the memory is used up. */
export function addRange(engine: Engine, range: ListedRange): boolean {
  return locked(engine, () => {
    const index = at(engine.page(), control.rangeCount);
    if (!haveRangePlace(engine, index)) return false;
    const address = rangeAddress(engine, index);
    // Rows lie on multiples of eight: the lowest bit is free.
    engine.run.poke(address, range.from + (range.isBlock ? 1 : 0));
    engine.run.poke(address + 4, range.to);
    engine.page()[control.rangeCount] = index + 1;
    return true;
  });
}

/** The range with this number, in the order they were added. */
export function rangeAt(engine: Engine, index: number): ListedRange {
  const address = rangeAddress(engine, index);
  const from = engine.run.peek(address) >>> 0;
  const isBlock = from % 2 === 1;
  return { from: from - (isBlock ? 1 : 0), to: engine.run.peek(address + 4) >>> 0, isBlock };
}

/**
 * Up to `byteCount` bytes of rows that nobody else has claimed in this phase, for the worker with
 * this number, which has done with what it claimed before.
 */
export function claim(engine: Engine, id: number, byteCount: number): Range | undefined {
  return locked(engine, () => {
    const page = engine.page();
    const index = at(page, control.claimRange);
    const isAny = index < at(page, control.claimEnd);
    page[claimedBy(id)] = isAny ? index + 1 : 0;
    releaseDone(engine);
    if (!isAny) return undefined;
    const range = rangeAt(engine, index);
    const from = at(page, control.claimRow) >>> 0 || range.from;
    const to = Math.min(from + byteCount, range.to);
    page[control.claimRow] = to === range.to ? 0 : to;
    if (to === range.to) page[control.claimRange] = index + 1;
    return { from, to };
  });
}

function claimedBy(id: number): number {
  return control.workers + 4 * id + 2;
}

// Gives back the room of ranges that are to be released and that nobody reads any more.
function releaseDone(engine: Engine): void {
  const page = engine.page();
  const end = at(page, control.releaseEnd);
  if (at(page, control.releaseNext) >= end) return;
  let first = Math.min(at(page, control.claimRange), end);
  for (let id = 0; id < mostWorkers; id++) {
    const claimed = at(page, claimedBy(id));
    if (claimed > 0) first = Math.min(first, claimed - 1);
  }
  for (let i = at(page, control.releaseNext); i < first; i++) {
    const { from, to, isBlock } = rangeAt(engine, i);
    if (isBlock) giveBackBlockLocked(engine, from);
    else giveBackLocked(engine, from, to);
    page[control.releaseNext] = i + 1;
  }
}

// Block b holds 256 * 2^b ranges; with `index + 256` the block is the place of the highest bit.
const firstBlock = 256;

function blockOf(index: number): number {
  return 31 - Math.clz32((index + firstBlock) / firstBlock);
}

function rangeAddress(engine: Engine, index: number): number {
  const block = blockOf(index);
  const offset = index + firstBlock - firstBlock * 2 ** block;
  return (at(engine.page(), control.rangeBlocks + block) >>> 0) + offset * 8;
}

function haveRangePlace(engine: Engine, index: number): boolean {
  const word = control.rangeBlocks + blockOf(index);
  if (at(engine.page(), word) !== 0) return true;
  const bytes = firstBlock * 2 ** blockOf(index) * 8;
  const address = allocateLocked(engine, bytes);
  if (address === undefined) return false;
  engine.page()[word] = address;
  return true;
}
