// What is read out of a finished search: the outcomes of its ends, and a shortest witness.
//
// No state keeps its parent. The levels are still there, and so the witness is found from behind:
// the satisfying ends of its level, then the states of each earlier level that lead to one of the
// set found last. From the initial state, the interpreter then takes the least action that leads
// into the next set; the path is the least of the shortest ones, whoever searched. Expanding the
// levels once more costs little, because nothing is looked up but small sets.

import { assert, at, present } from '../../base/index.ts';
import type { TransitionSystem } from '../../ir/index.ts';
import { readField } from '../../ir/index.ts';
import { compareEnds, decode, type End, type Path } from '../exploration.ts';
import { open } from '../explore.ts';
import type { Engine } from './engine.ts';
import { gatherFrom, type Hand, newSet } from './hand.ts';
import { rangeAt } from './heap.ts';
import type { RowLayout } from './layout.ts';
import { rowOf } from './rows.ts';

/** The ranges of one level, by their numbers. */
interface LevelRanges {
  readonly firstRange: number;
  readonly endRange: number;
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
  levels: readonly LevelRanges[],
): Path | undefined {
  const sets = setsOnPaths(hand, levels);
  if (!sets) return undefined;
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
  }
  return { initial: decode(layout, initial, 0), steps };
}

// For each level but the first, its states on shortest paths to the satisfying ends of the last.
function setsOnPaths(hand: Hand, levels: readonly LevelRanges[]): readonly RowSet[] | undefined {
  const { run } = hand.engine;
  const sets: RowSet[] = [];
  for (const level of levels.slice(1).reverse()) {
    const isLast = sets.length === 0;
    if (!newSet(hand, 64)) return undefined;
    for (let i = level.firstRange; i < level.endRange; i++) {
      const range = rangeAt(hand.engine, i);
      const gather = (from: number, to: number): number =>
        isLast ? run.collect(from, to) : run.back(from, to);
      if (!gatherFrom(hand, range, gather)) return undefined;
    }
    assert(run.setCount.value > 0, 'every level has a state on the way to the witness');
    const found = { base: run.setBase.value >>> 0, slots: hand.setSlots };
    sets.unshift(found);
    aimAt(hand, found);
  }
  return sets;
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
