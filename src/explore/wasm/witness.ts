// What is read out of a finished search: the outcomes of its ends, and a shortest witness.
//
// No state keeps its parent. The witness is found from behind when its level is complete: the
// satisfying ends of that level, then the states of each earlier level that lead to one of the set
// found last. From the initial state, the interpreter then takes the least action that leads into
// the next set; the path is the least of the shortest ones, whoever searched. Expanding the levels
// once more costs little, because nothing is looked up but small sets. Where the rows of earlier
// levels were given back, they are made again from the table, several levels at a time: each time
// the whole table is read, but never more rows are there than a share of the states.

import { assert, at, present } from '../../base/index.ts';
import type { TransitionSystem } from '../../ir/index.ts';
import { readField } from '../../ir/index.ts';
import { compareEnds, decode, type End, type Path } from '../exploration.ts';
import { open } from '../explore.ts';
import type { Engine } from './engine.ts';
import { gatherFrom, type Hand, newSet } from './hand.ts';
import {
  allocateBlock,
  allocateChunk,
  giveBack,
  giveBackBlock,
  type Range,
  rangeAt,
} from './heap.ts';
import type { RowLayout } from './layout.ts';
import { rowOf } from './rows.ts';
import { eachSegment } from './table.ts';

/** A level: its states are those of the ranges from `firstRange` up to `endRange`. */
export interface Level {
  readonly depth: number;
  readonly firstRange: number;
  readonly endRange: number;
  /** States and transitions when the level was complete, before it was expanded. */
  readonly states: number;
  readonly transitions: number;
}

/** A set of rows in memory. */
interface RowSet {
  readonly base: number;
  readonly slots: number;
}

/** The distinct outcomes in the workers' sets, sorted. */
export function endsIn(
  sets: readonly RowSet[],
  engine: Engine,
  system: TransitionSystem,
  row: RowLayout,
): readonly End[] {
  const ends = new Map<string, End>();
  const words = new Uint32Array(row.wordCount * 2);
  const top = words.length - 1;
  for (const { base, slots } of sets) {
    for (let slot = 0; slot < slots; slot++) {
      const address = base + slot * row.rowBytes;
      if (engine.run.peek(address + top * 4) === 0) continue;
      for (let i = 0; i <= top; i++) words[i] = engine.run.peek(address + i * 4);
      const satisfies = (at(words, top) & 0x40000000) !== 0;
      const values = system.observed.map((f) =>
        readField(words, 0, present(row.layout.places[f], 'place')),
      );
      ends.set(`${values.join()}${satisfies ? '+' : '-'}`, { values, satisfies });
    }
  }
  return [...ends.values()].sort(compareEnds);
}

/**
 * The witness that ends in the last of these levels, which has an end that satisfies the question;
 * undefined where the memory does not suffice to find it.
 */
export function shortestPath(
  system: TransitionSystem,
  hand: Hand,
  row: RowLayout,
  levels: readonly Level[],
): Path | undefined {
  const restore = setAside(hand);
  const sets = setsOnPaths(hand, row, levels);
  restore();
  return sets && pathThrough(sets, system, hand, row);
}

// The least path from the initial state through one state of each set, which it gives back.
function pathThrough(
  sets: readonly RowSet[],
  system: TransitionSystem,
  hand: Hand,
  row: RowLayout,
): Path {
  const { layout, initial, transitions } = open(system);
  const steps: { action: number; state: readonly number[] }[] = [];
  let words = initial;
  for (const set of sets) {
    aimAt(hand, set);
    const next = new Uint32Array(layout.wordCount);
    const action = transitions.findIndex((transition) => {
      if (transition.enabled(words, 0) === 0) return false;
      transition.apply(words, 0, next, 0);
      return isInTarget(hand, rowOf(row, next));
    });
    assert(action >= 0, 'some action leads on towards the witness');
    steps.push({ action, state: decode(layout, next, 0) });
    words = next;
    giveBack(hand.engine, set.base, set.base + set.slots * row.rowBytes);
  }
  return { initial: decode(layout, initial, 0), steps };
}

// What the worker has in hand is kept from the search for the witness: its set of outcomes, and
// the count of transitions. Gives what brings it back.
function setAside(hand: Hand): () => void {
  const { run } = hand.engine;
  const { setSlots } = hand;
  const globals = [run.setBase, run.setMask, run.setCount, run.setLimit, run.made];
  const values = globals.map(({ value }) => value);
  return () => {
    globals.forEach((global, i) => {
      global.value = at(values, i);
    });
    hand.setSlots = setSlots;
  };
}

// For each level but the first, its states on shortest paths to the satisfying ends of the last.
function setsOnPaths(
  hand: Hand,
  row: RowLayout,
  levels: readonly Level[],
): readonly RowSet[] | undefined {
  const { run } = hand.engine;
  const sets: RowSet[] = [];
  let picked: Picked = { depth: levels.length, ranges: [] };
  for (const level of levels.slice(1).reverse()) {
    const isLast = sets.length === 0;
    if (!isLast && level.depth < row.level.largest && level.depth < picked.depth) {
      giveBackPicked(hand, picked);
      const again = pickLevels(hand, levels, level.depth);
      if (!again) return undefined;
      picked = again;
    }
    if (!newSet(hand, 64)) return undefined;
    const isPicked = level.depth >= picked.depth && picked.ranges.length > 0;
    run.pickFrom.value = isPicked ? level.depth : 0;
    run.pickMore.value = isPicked ? 0 : -1;
    const gather = (from: number, to: number): number =>
      isLast ? run.collect(from, to) : run.back(from, to);
    for (const range of isPicked ? picked.ranges : rangesOf(hand, level)) {
      if (!gatherFrom(hand, range, gather)) return undefined;
    }
    assert(run.setCount.value > 0, 'every level has a state on the way to the witness');
    const found = { base: run.setBase.value >>> 0, slots: hand.setSlots };
    sets.unshift(found);
    aimAt(hand, found);
  }
  giveBackPicked(hand, picked);
  return sets;
}

function rangesOf({ engine }: Hand, { firstRange, endRange }: Level): readonly Range[] {
  return Array.from({ length: endRange - firstRange }, (_, i) => rangeAt(engine, firstRange + i));
}

/** Rows made again from the table: those of some levels, the earliest of them `depth`. */
interface Picked {
  readonly depth: number;
  readonly ranges: readonly Range[];
}

// At most this share of the states is made again at a time, unless one level has more.
const pickedShare = 1 / 8;

// Makes the rows of the level `last` again, and of as many before it as there is room for.
function pickLevels(hand: Hand, levels: readonly Level[], last: number): Picked | undefined {
  const { engine, sizes } = hand;
  const { run } = engine;
  const statesTo = (depth: number): number => (depth < 0 ? 0 : at(levels, depth).states);
  const most = statesTo(levels.length - 1) * pickedShare;
  let depth = last;
  while (depth > 1 && statesTo(last) - statesTo(depth - 2) <= most) depth -= 1;
  run.pickFrom.value = depth;
  run.pickMore.value = last - depth;
  const chunk = { own: run.own.value, ownEnd: run.ownEnd.value };
  const ranges: Range[] = [];
  let missing = (statesTo(last) - statesTo(depth - 1)) * sizes.rowBytes;
  run.ownEnd.value = run.own.value;
  const isWhole = eachSegment(engine, (begin, end) => {
    let from = run.pick(begin, end) >>> 0;
    while (from < end) {
      const room = roomFor(hand, missing);
      if (!room) return false;
      ranges.push(room);
      missing -= room.to - room.from;
      run.own.value = room.from;
      run.ownEnd.value = room.to;
      from = run.pick(from, end) >>> 0;
    }
    return true;
  });
  assert(!isWhole || run.own.value === run.ownEnd.value, 'the table holds every state once');
  run.own.value = chunk.own;
  run.ownEnd.value = chunk.ownEnd;
  if (!isWhole) return undefined;
  assert(missing === 0, 'every state of a level is in the table');
  return { depth, ranges };
}

// A block or, for the last rows, as much as they need.
function roomFor({ engine, sizes }: Hand, byteCount: number): Range | undefined {
  const block = 2 ** sizes.segmentLog * 8;
  const bytes = Math.min(byteCount, block);
  const from = bytes === block ? allocateBlock(engine, bytes) : allocateChunk(engine, bytes);
  return from === undefined ? undefined : { from, to: from + bytes };
}

function giveBackPicked({ engine, sizes }: Hand, { ranges }: Picked): void {
  for (const { from, to } of ranges) {
    if (to - from === 2 ** sizes.segmentLog * 8) giveBackBlock(engine, from);
    else giveBack(engine, from, to);
  }
}

function aimAt({ engine }: Hand, { base, slots }: RowSet): void {
  engine.run.targetBase.value = base;
  engine.run.targetMask.value = slots - 1;
}

function isInTarget({ engine }: Hand, row: Uint32Array): boolean {
  const { run } = engine;
  const scratch = run.buffer.value >>> 0;
  row.forEach((word, i) => run.poke(scratch + 4 * i, word));
  return run.has(scratch) === 1;
}
