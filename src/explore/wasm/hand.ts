// One worker's share of a phase: claim rows, do with them what the phase is about, and again, until
// nothing is left or all must pause. The worker that drives the search and those that help it run
// this same code.

import { assert, at } from '../../base/index.ts';
import { control, failure, phase } from './control.ts';
import { type Engine, isTrap } from './engine.ts';
import {
  addRange,
  allocate,
  allocateChunk,
  allocateBlock,
  claim,
  giveBack,
  locked,
  type Range,
} from './heap.ts';
import { enterTable, splitSegment } from './table.ts';

/** Sizes that a worker needs; the same for all workers of a search. */
export interface Sizes {
  readonly rowBytes: number;
  readonly entryBytes: number;
  readonly batchSize: number;
  /** Rows of a claim. */
  readonly claimRows: number;
  /** Rows of the largest chunk; the first ones are smaller. */
  readonly chunkRows: number;
  /** Slots of a segment of the table, as a power of two: 8 bytes each, and so large is a block. */
  readonly segmentLog: number;
  /** The rows of a level may be given back, because the table tells what they were. */
  readonly givesBack: boolean;
}

/** A worker with its instance of the module. */
export interface Hand {
  readonly engine: Engine;
  readonly id: number;
  readonly sizes: Sizes;
  /** Rows of the level that it had claimed when it was made to pause. */
  left: Range | undefined;
  /** Where its present range of new rows begins. */
  rangeStart: number;
  /** The chunk is a block: it holds rows of one phase only, so that it can be given back. */
  isBlock: boolean;
  setSlots: number;
}

/** A new worker; undefined where there is no memory for its batch and its first set. */
export function handOf(engine: Engine, id: number, sizes: Sizes): Hand | undefined {
  const buffer = allocate(engine, (sizes.batchSize + 1) * sizes.entryBytes);
  if (buffer === undefined) return undefined;
  engine.run.buffer.value = buffer;
  const hand = { engine, id, sizes, left: undefined, rangeStart: 0, isBlock: false, setSlots: 0 };
  return newSet(hand, 64) ? hand : undefined;
}

/** Does one piece of the present phase; false where nothing is left for this worker. */
export function turn(hand: Hand): boolean {
  const { engine } = hand;
  try {
    const page = engine.page();
    if (Atomics.load(page, control.failed) !== failure.none) return false;
    const present = at(page, control.phase);
    if (present === phase.look) return look(hand);
    if (present === phase.expand) return expand(hand);
    assert(present === phase.rehash, 'a phase with work');
    return rehash(hand);
  } catch (error) {
    if (!isTrap(error)) throw error;
    fail(hand, failure.trap);
    return false;
  }
}

/** Takes over what changed since the last phase: the table may be another one. */
export function enterPhase({ engine }: Hand): void {
  enterTable(engine);
}

/** Hands over what this worker found in the phase: its rows, its set, its count of transitions. */
export function leavePhase(hand: Hand): void {
  const { engine, id } = hand;
  const { run } = engine;
  if (!closeRange(hand)) fail(hand, failure.memory);
  locked(engine, () => {
    const page = engine.page();
    const record = control.workers + 4 * id;
    run.poke(record * 4, run.setBase.value);
    run.poke(record * 4 + 4, hand.setSlots);
    if (run.seen.value !== 0) page[control.seen] = 1;
    addMade(page, run.made.value >>> 0);
    run.made.value = 0;
  });
}

/** Transitions counted so far by all workers that have left a phase. */
export function madeSoFar(page: Int32Array): number {
  return at(madeView(page), 0);
}

function addMade(page: Int32Array, made: number): void {
  const view = madeView(page);
  view[0] = at(view, 0) + made;
}

function madeView(page: Int32Array): Float64Array {
  return new Float64Array(page.buffer, control.made * 4, 1);
}

function look(hand: Hand): boolean {
  return eachRow(hand, (from, to) => hand.engine.run.look(from, to));
}

/** Claims rows and gathers from them with `gather`; a full set is replaced by a larger one. */
export function eachRow(hand: Hand, gather: (from: number, to: number) => number): boolean {
  const { engine, sizes } = hand;
  const range = claim(engine, hand.id, sizes.claimRows * sizes.rowBytes);
  return range !== undefined && gatherFrom(hand, range, gather);
}

/** Gathers from these rows; false where the memory is used up. */
export function gatherFrom(
  hand: Hand,
  range: Range,
  gather: (from: number, to: number) => number,
): boolean {
  let from = gather(range.from, range.to) >>> 0;
  while (from < range.to) {
    if (!largerSet(hand)) {
      fail(hand, failure.memory);
      return false;
    }
    from = gather(from, range.to) >>> 0;
  }
  return true;
}

function expand(hand: Hand): boolean {
  const { engine, sizes } = hand;
  const { run } = engine;
  const page = engine.page();
  if (isPaused(page)) return false;
  const range = hand.left ?? claim(engine, hand.id, sizes.claimRows * sizes.rowBytes);
  if (!range) return false;
  hand.left = range;
  const room = (run.ownEnd.value >>> 0) - (run.own.value >>> 0);
  if (room < sizes.batchSize * sizes.rowBytes && !newChunk(hand)) {
    fail(hand, failure.memory);
    return false;
  }
  const from = run.step(range.from, range.to) >>> 0;
  if (run.made.value >>> 0 > 2 ** 30) {
    locked(engine, () => addMade(engine.page(), run.made.value >>> 0));
    run.made.value = 0;
  }
  hand.left = from < range.to ? { from, to: range.to } : undefined;
  return true;
}

function isPaused(page: Int32Array): boolean {
  return Atomics.load(page, control.states) >>> 0 >= Atomics.load(page, control.limit) >>> 0;
}

function rehash(hand: Hand): boolean {
  const did = splitSegment(hand);
  if (did === 'no memory') fail(hand, failure.memory);
  return did === 'done';
}

function fail({ engine }: Hand, what: (typeof failure)['memory' | 'trap']): void {
  const page = engine.page();
  Atomics.compareExchange(page, control.failed, failure.none, what);
  Atomics.store(page, control.limit, 0);
}

/** Room for at least one batch of new rows; false where the memory is used up. */
export function newChunk(hand: Hand): boolean {
  const { engine, sizes } = hand;
  const { run } = engine;
  if (!closeRange(hand)) return false;
  const least = sizes.batchSize * 2;
  const states = Atomics.load(engine.page(), control.states) >>> 0;
  const rows = Math.max(least, Math.min(sizes.chunkRows, states >> 3));
  const wanted = rows * sizes.rowBytes;
  const enough = sizes.batchSize * sizes.rowBytes;
  const isBlock = sizes.givesBack && wanted === 2 ** sizes.segmentLog * 8;
  const large = isBlock ? allocateBlock(engine, wanted) : allocateChunk(engine, wanted);
  const chunk = large ?? allocateChunk(engine, enough);
  if (chunk === undefined) return false;
  run.own.value = chunk;
  run.ownEnd.value = chunk + (large === undefined ? enough : wanted);
  hand.rangeStart = chunk;
  hand.isBlock = isBlock && large !== undefined;
  return true;
}

/** Ends the range of new rows, which others may then claim; false where the memory is used up. */
export function closeRange(hand: Hand): boolean {
  const { engine, rangeStart, isBlock } = hand;
  const { run } = engine;
  const to = run.own.value >>> 0;
  if (rangeStart === to) return true;
  hand.rangeStart = to;
  // What is left of a block goes unused, so that the block can be given back with its range.
  if (isBlock) run.ownEnd.value = to;
  return addRange(engine, { from: rangeStart, to, isBlock });
}

/** Gives the worker an empty set of `slots` slots; false where the memory is used up. */
export function newSet(hand: Hand, slots: number): boolean {
  const { engine, sizes } = hand;
  const { run } = engine;
  const byteCount = slots * sizes.rowBytes;
  const base = allocateChunk(engine, byteCount);
  if (base === undefined) return false;
  run.clear(base, byteCount);
  run.setBase.value = base;
  run.setMask.value = slots - 1;
  run.setCount.value = 0;
  run.setLimit.value = (slots >> 2) * 3;
  hand.setSlots = slots;
  return true;
}

function largerSet(hand: Hand): boolean {
  const { run } = hand.engine;
  const from = run.setBase.value >>> 0;
  const to = from + hand.setSlots * hand.sizes.rowBytes;
  if (!newSet(hand, hand.setSlots * 2)) return false;
  run.refill(from, to);
  giveBack(hand.engine, from, to);
  return true;
}
