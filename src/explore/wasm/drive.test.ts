// Searches of some thousand states: growth from nothing, bounds, progress, faults of a system.

import { expect, test } from 'vitest';
import {
  add,
  and,
  constant,
  type Expr,
  eq,
  fieldAt,
  type TransitionSystem,
  table,
} from '../../ir/index.ts';
import { type Exploration, explore, exploreWasm, type Progress, search } from '../index.ts';
import type { Crew } from './crew.ts';
import { memberOf } from './crew.ts';

/** Counters from 0 to 3, each counting by itself: 4^count states, 3 * count steps deep. */
function counters(count: number, padBits: readonly number[] = []): TransitionSystem {
  const fields = Array.from({ length: count }, (_, i) => ({
    name: `c${i}`,
    widthBits: 2,
    init: 0,
  }));
  const pads = padBits.map((widthBits, i) => ({
    name: `p${i}`,
    widthBits,
    init: 2 ** widthBits - 1,
  }));
  return {
    fields: [...fields, ...pads],
    actions: fields.flatMap((_, i) =>
      [0, 1, 2].map((n) => ({
        id: `c${i} ${n}`,
        actor: { kind: 'hardware' as const },
        guard: eq(fieldAt(i), constant(n)),
        updates: [{ field: i, value: constant(n + 1) }],
      })),
    ),
    isEnd: constant(1),
    observed: fields.map((_, i) => i),
  };
}

const all3 = (count: number): Expr =>
  and(...Array.from({ length: count }, (_, i) => eq(fieldAt(i), constant(3))));

const bounds = { states: 1e6, depth: 1e4 };
const tiny = {
  batchSize: 1,
  tableLog: 1,
  segmentLog: 2,
  chunkRows: 1,
  claimRows: 1,
  crewStates: 0,
};

/** Segments and chunks of one size, as in large searches: levels are given back block by block. */
const blocks = { ...tiny, segmentLog: 7, chunkRows: 128 };

function answer(found: Exploration): Exploration {
  return { ...found, bytes: 0 };
}

/** Two members that take a turn each whenever the driver has had one. */
function two(): Crew {
  let turns: (() => unknown)[] = [];
  return {
    count: 2,
    start: (job) => {
      turns = [memberOf(job), memberOf(job)].map((member) => member.turn);
    },
    idle: () => {
      for (const turn of turns) turn();
    },
  };
}

test.each([
  ['one word', []],
  ['two words', [32, 30]],
  ['two words and the last one full', [32, 32]],
  ['four words', [32, 32, 32, 32, 32]],
])('4096 states of %s, grown from a table of a few slots', (_, pads) => {
  const system = counters(6, pads);
  const plain = explore(system, all3(6), bounds);
  expect(plain.states).toBe(4096);
  const small = [tiny, blocks].flatMap((tuning) => [{ tuning }, { tuning, crew: two() }]);
  for (const options of [{}, ...small]) {
    const fast = exploreWasm(system, all3(6), { ...options, bounds });
    expect(answer(fast)).toEqual(answer(plain));
  }
  expect(plain.ends.length).toBe(4096);
  expect(plain.witness?.steps.length).toBe(18);
});

test('65536 states: table and set of outcomes double, and nothing is lost', () => {
  const found = exploreWasm(counters(8), all3(8), { bounds, crew: two() });
  expect([found.states, found.transitions]).toEqual([4 ** 8, 3 * 8 * 4 ** 7]);
  expect([found.depth, found.ends.length]).toEqual([24, 4 ** 8]);
  expect(found.witness?.steps.map(({ action }) => action)).toEqual(
    Array.from({ length: 24 }, (_, i) => i),
  );
});

test.each([
  ['2 GiB', 2 ** 31 - 300_000],
  ['2 GiB, from the other side', 2 ** 31 - 64],
  ['3 GiB', 3 * 2 ** 30 - 300_000],
])('addresses are unsigned: a heap across %s', (_, heapStart) => {
  const system = counters(6, [32, 32]);
  const plain = answer(explore(system, all3(6), bounds));
  for (const options of [{}, { crew: two() }]) {
    const tuning = { ...tiny, heapStart };
    for (const one of [counters(6), system]) {
      const fast = answer(exploreWasm(one, all3(6), { bounds, tuning, ...options }));
      expect([fast.states, fast.ends, fast.witness?.steps.map((s) => s.action)]).toEqual([
        plain.states,
        plain.ends,
        plain.witness?.steps.map((s) => s.action),
      ]);
    }
  }
});

test('all 4 GiB used up is a named outcome, not a trap', () => {
  const tuning = { heapStart: 2 ** 32 - 2 ** 20 };
  const system = { ...counters(10), observed: [0] };
  for (const options of [{}, { crew: two() }]) {
    const found = exploreWasm(system, all3(10), { bounds, tuning, ...options });
    expect(found.outcome).toEqual({ bound: 'memory', limit: (2 ** 16 - 1) * 2 ** 16 });
    expect(found.states).toBeGreaterThan(1000);
  }
});

test('a bound of memory is a named outcome about whole levels', () => {
  const system = { ...counters(10), observed: [0, 1] };
  const found = exploreWasm(system, all3(10), { bounds: { ...bounds, memory: 1 << 20 } });
  expect(found.outcome).toEqual({ bound: 'memory', limit: 1 << 20 });
  expect(found.bytes).toBeLessThanOrEqual(1 << 20);
  expect(found.states).toBeGreaterThan(1000);
  const { depth, states } = found;
  const plain = explore(system, all3(10), { ...bounds, depth });
  expect([plain.states, plain.depth, plain.ends]).toEqual([states, depth, found.ends]);
  const little = explore(system, all3(10), { ...bounds, memory: 100_000 });
  expect(little.outcome).toEqual({ bound: 'memory', limit: 100_000 });
});

test.each(['interpret', 'wasm'] as const)('%s: progress is told, and may stop it', (backEnd) => {
  const told: Progress[] = [];
  const onProgress = (progress: Progress) => {
    told.push(progress);
    return progress.states > 20_000 ? ('stop' as const) : undefined;
  };
  const found = search(counters(8), all3(8), { bounds, backEnd, onProgress });
  expect(found.outcome).toEqual({ bound: 'interrupted', limit: found.depth });
  expect(found.states).toBeLessThanOrEqual(told.at(-1)?.states ?? 0);
  expect(told.length).toBeGreaterThan(2);
  expect(found.witness).toBeUndefined();
});

test.each(['interpret', 'wasm'] as const)('%s: stops at the level of the witness', (backEnd) => {
  const question = eq(fieldAt(2), constant(2));
  const found = search(counters(8), question, { bounds, backEnd, stopAtWitness: true });
  expect(found.outcome).toEqual({ bound: 'witness', limit: 2 });
  expect(found.witness?.steps.map(({ action }) => action)).toEqual([6, 7]);
  expect([found.depth, found.states]).toEqual([2, 1 + 8 + 36]);
});

test('the back end that is picked gives the same answer below and above the threshold', () => {
  for (const count of [3, 6]) {
    const picked = search(counters(count), all3(count), { bounds });
    expect(answer(picked)).toEqual(answer(explore(counters(count), all3(count), bounds)));
  }
  const few = { states: 2500, depth: 99 };
  expect(search(counters(6), all3(6), { bounds: few }).outcome).toEqual({
    bound: 'states',
    limit: 2500,
  });
});

test.each([
  ['a value that does not fit its field', add(fieldAt(0), constant(3), 32)],
  ['an index beyond its table', table(fieldAt(0), [1, 2])],
])('%s is a fault, in whatever thread it is met', (_, value) => {
  const system: TransitionSystem = {
    ...counters(3),
    actions: [
      ...counters(3).actions,
      {
        id: 'bad',
        actor: { kind: 'hardware' },
        guard: eq(fieldAt(0), constant(2)),
        updates: [{ field: 1, value }],
      },
    ],
  };
  expect(() => exploreWasm(system, all3(3), { bounds })).toThrow('every value fits its field');
  expect(() => exploreWasm(system, all3(3), { bounds, tuning: tiny, crew: two() })).toThrow(
    'every value fits its field',
  );
  expect(() => explore(system, all3(3), bounds)).toThrow(/fits|missing value of a table/);
});
