// The table of states as the driver and the workers handle it: made of segments, doubled by
// splitting them, and read from one end to the other where rows are to be made again. How a slot is
// found and taken is in store.ts.

import { assert, at } from '../../base/index.ts';
import { control } from './control.ts';
import type { Engine } from './engine.ts';
import type { Hand } from './hand.ts';
import { allocate, giveBack, giveBackBlock, locked, reserveBlocks, reuseBlock } from './heap.ts';

/** Slots of a segment, as a power of two: 512 KiB, a share of a large table that is soon split. */
export const usualSegmentLog = 16;

/** A first, empty table of at least so many slots; false where the memory is used up. */
export function newTable(engine: Engine, tableLog: number, segmentLog: number): boolean {
  const log = Math.min(tableLog, segmentLog);
  if (!newDirectory(engine, tableLog - log, log)) return false;
  const page = engine.page();
  const directory = at(page, control.directory) >>> 0;
  for (let i = 0; i < 2 ** (tableLog - log); i++) {
    const segment = emptySegment(engine, log, segmentLog);
    if (segment === undefined) return false;
    engine.run.poke(directory + 4 * i, segment);
  }
  return true;
}

/** Slots of the present table. */
export function slotCount(page: Int32Array): number {
  return 2 ** (at(page, control.directoryLog) + at(page, control.segmentLog));
}

/** Takes over the present table. */
export function enterTable({ run, page }: Engine): void {
  const words = page();
  run.directory.value = at(words, control.directory);
  run.directoryMask.value = (2 ** at(words, control.directoryLog) - 1) * 4;
  run.segmentMask.value = (2 ** at(words, control.segmentLog) - 1) * 8;
  run.level.value = at(words, control.level);
}

/**
 * Makes the table twice as large or, where it is one small segment, four times. `split` runs
 * `splitSegments` on all workers and tells whether that went well. False where the memory is used
 * up: then the table is lost, and the search is over.
 */
export function growTable(engine: Engine, segmentLog: number, split: () => boolean): boolean {
  const page = engine.page();
  const old = at(page, control.directory) >>> 0;
  const oldCount = 2 ** at(page, control.directoryLog);
  const log = at(page, control.segmentLog);
  if (log < segmentLog) return growSmall(engine, segmentLog);
  if (!newDirectory(engine, at(page, control.directoryLog) + 1, log)) return false;
  const now = engine.page();
  now[control.oldDirectory] = old;
  now[control.oldNext] = 0;
  now[control.oldEnd] = oldCount;
  reserveBlocks(engine, oldCount, 2 ** log * 8);
  if (!split()) return false;
  // States that an overfull segment had passed on may have waited for a segment not there yet.
  enterTable(engine);
  for (let i = 0; i < oldCount; i++) {
    const segment = engine.run.peek(old + 4 * i) >>> 0;
    if (segment === 0) continue;
    const left = engine.run.rehash(segment, segment + 2 ** log * 8);
    assert(left === 0, 'every state has a place in the new table');
    giveBackBlock(engine, segment);
  }
  giveBack(engine, old, old + oldCount * 4);
  return true;
}

function growSmall(engine: Engine, segmentLog: number): boolean {
  const page = engine.page();
  const oldLog = at(page, control.segmentLog);
  const directory = at(page, control.directory) >>> 0;
  const old = engine.run.peek(directory) >>> 0;
  // A small table is walked through less often where it grows by four; its bytes hardly count.
  const log = Math.min(oldLog + 2, segmentLog);
  const segment = emptySegment(engine, log, segmentLog);
  if (segment === undefined) return false;
  engine.run.poke(directory, segment);
  engine.page()[control.segmentLog] = log;
  enterTable(engine);
  const left = engine.run.rehash(old, old + 2 ** oldLog * 8);
  assert(left === 0, 'every state has a place in the new segment');
  giveBack(engine, old, old + 2 ** oldLog * 8);
  return true;
}

/**
 * Splits one segment of the old table in two; 'none' where all are split or being split. The old
 * segment is room for the next ones.
 */
export function splitSegment({ engine, sizes }: Hand): 'done' | 'none' | 'no memory' {
  const index = claimSegment(engine);
  if (index === undefined) return 'none';
  const page = engine.page();
  const log = at(page, control.segmentLog);
  const oldEntry = (at(page, control.oldDirectory) >>> 0) + 4 * index;
  const directory = at(page, control.directory) >>> 0;
  for (const number of [index, index + at(page, control.oldEnd)]) {
    const segment = emptySegment(engine, log, sizes.segmentLog);
    if (segment === undefined) return 'no memory';
    // Others may look for it from now on: it is empty.
    engine.run.poke(directory + 4 * number, segment);
  }
  const old = engine.run.peek(oldEntry) >>> 0;
  if (engine.run.rehash(old, old + 2 ** log * 8) > 0) return 'done';
  engine.run.poke(oldEntry, 0);
  giveBackBlock(engine, old);
  return 'done';
}

function claimSegment(engine: Engine): number | undefined {
  return locked(engine, () => {
    const page = engine.page();
    const index = at(page, control.oldNext);
    if (index >= at(page, control.oldEnd)) return undefined;
    page[control.oldNext] = index + 1;
    return index;
  });
}

/** Calls `body` with the bounds of each segment until it gives false; whether it never did. */
export function eachSegment(engine: Engine, body: (from: number, to: number) => boolean): boolean {
  const page = engine.page();
  const directory = at(page, control.directory) >>> 0;
  const bytes = 2 ** at(page, control.segmentLog) * 8;
  const count = 2 ** at(page, control.directoryLog);
  for (let i = 0; i < count; i++) {
    const segment = engine.run.peek(directory + 4 * i) >>> 0;
    if (!body(segment, segment + bytes)) return false;
  }
  return true;
}

function newDirectory(engine: Engine, directoryLog: number, segmentLog: number): boolean {
  const bytes = 2 ** directoryLog * 4;
  const directory = allocate(engine, bytes);
  if (directory === undefined) return false;
  engine.run.clear(directory, bytes);
  const page = engine.page();
  page[control.directory] = directory;
  page[control.directoryLog] = directoryLog;
  page[control.segmentLog] = segmentLog;
  return true;
}

function emptySegment(engine: Engine, log: number, segmentLog: number): number | undefined {
  const bytes = 2 ** log * 8;
  const isBlock = log === segmentLog;
  const used = isBlock ? reuseBlock(engine, bytes) : undefined;
  // Memory that was never used is clear; what is first touched here is better touched only once.
  if (used === undefined) return allocate(engine, bytes);
  engine.run.clear(used, bytes);
  return used;
}
