// Room in the engine's memory, and the list of ranges of rows. Everything here is shared by all
// workers and changes under one lock; it is asked for once in thousands of states.

import { assert, at } from '../../base/index.ts';
import { control, mostFree } from './control.ts';
import { pageBytes } from './emit.ts';
import type { Engine } from './engine.ts';

/** Rows from `from` up to `to`, by their addresses. */
export interface Range {
  readonly from: number;
  readonly to: number;
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
  return locked(engine, () => {
    const page = engine.page();
    const count = at(page, control.freeCount);
    for (let i = 0; i < count; i++) {
      const region = control.free + 2 * i;
      const start = at(page, region) >>> 0;
      const end = at(page, region + 1) >>> 0;
      if (end - start < byteCount) continue;
      page[region] = start + byteCount;
      return start;
    }
    return allocateLocked(engine, byteCount);
  });
}

/** Gives room back, to be used for chunks; what does not fit the list is lost. */
export function giveBack(engine: Engine, from: number, to: number): void {
  locked(engine, () => {
    const page = engine.page();
    const count = at(page, control.freeCount);
    const used = Array.from({ length: count }, (_, i) => control.free + 2 * i).find(
      (region) => (at(page, region + 1) >>> 0) - (at(page, region) >>> 0) < pageBytes / 8,
    );
    if (used === undefined && count >= mostFree) return;
    const region = used ?? control.free + 2 * count;
    page[region] = from;
    page[region + 1] = to;
    if (used === undefined) page[control.freeCount] = count + 1;
  });
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
    const ahead = Math.min(Math.max(missing, pages >> 6), most - pages);
    const grown = grow(engine, ahead) ? ahead : grow(engine, missing) ? missing : 0;
    if (grown === 0) return undefined;
    engine.page()[control.pages] = pages + grown;
  }
  engine.page()[control.heapTop] = end;
  return start;
}

function grow({ memory }: Engine, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}

/** Adds a range to the list; false where the memory is used up. */
export function addRange(engine: Engine, range: Range): boolean {
  return locked(engine, () => {
    const index = at(engine.page(), control.rangeCount);
    if (!haveRangePlace(engine, index)) return false;
    const address = rangeAddress(engine, index);
    engine.run.poke(address, range.from);
    engine.run.poke(address + 4, range.to);
    engine.page()[control.rangeCount] = index + 1;
    return true;
  });
}

/** The range with this number, in the order they were added. */
export function rangeAt(engine: Engine, index: number): Range {
  const address = rangeAddress(engine, index);
  return { from: engine.run.peek(address) >>> 0, to: engine.run.peek(address + 4) >>> 0 };
}

/** Up to `byteCount` bytes of rows that nobody else has claimed in this phase. */
export function claim(engine: Engine, byteCount: number): Range | undefined {
  return locked(engine, () => {
    const page = engine.page();
    const index = at(page, control.claimRange);
    if (index >= at(page, control.claimEnd)) return undefined;
    const range = rangeAt(engine, index);
    const from = at(page, control.claimRow) >>> 0 || range.from;
    const to = Math.min(from + byteCount, range.to);
    page[control.claimRow] = to === range.to ? 0 : to;
    if (to === range.to) page[control.claimRange] = index + 1;
    return { from, to };
  });
}

/** Up to `byteCount` bytes of the old table that nobody else has claimed. */
export function claimOld(engine: Engine, byteCount: number): Range | undefined {
  return locked(engine, () => {
    const page = engine.page();
    const from = at(page, control.oldNext) >>> 0;
    const to = Math.min(from + byteCount, at(page, control.oldEnd) >>> 0);
    page[control.oldNext] = to;
    return from < to ? { from, to } : undefined;
  });
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
