// Interpreter and WebAssembly give the same answer on random systems: any width of fields and
// states, any operator, any bound, from sizes so small that everything has to grow, alone and with
// workers that take turns in any order.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Action,
  add,
  and,
  constant,
  type Expr,
  eq,
  type Field,
  fieldAt,
  ite,
  ne,
  not,
  or,
  type TransitionSystem,
  table,
} from '../ir/index.ts';
import {
  type Bounds,
  type Exploration,
  explore,
  exploreWasm,
  replay,
  searchGraph,
} from './index.ts';
import { i32, i64 } from './wasm/assembler.ts';
import type { Crew, Job, Member } from './wasm/crew.ts';
import { memberOf } from './wasm/crew.ts';
import type { Tuning, WasmOptions } from './wasm/drive.ts';
import { type Operators, rightOperators } from './wasm/expressions.ts';
import { smallerIndependent } from './wasm/independence.ts';

/** Sizes from which a search of a few dozen states has to grow table, chunks, sets and ranges. */
const tiny = {
  batchSize: 1,
  tableLog: 1,
  segmentLog: 2,
  chunkRows: 1,
  claimRows: 2,
  crewStates: 0,
};

/** Members that take their turns in the driver's own thread, in the order of a number's digits. */
function turnsOf(count: number, seed: number): Crew {
  let members: Member[] = [];
  let number = seed;
  return {
    count,
    start(job: Job) {
      members = Array.from({ length: count }, () => memberOf(job));
    },
    idle() {
      for (const member of members) {
        number = (Math.imul(number, 1103515245) + 12345) >>> 0;
        for (let turns = (number >>> 16) % 4; turns > 0; turns--) member.turn();
      }
    },
  };
}

/** Everything that must not depend on the back end. */
function answer(found: Exploration): Exploration {
  return { ...found, bytes: 0 };
}

const lt = (a: Expr, b: Expr): Expr => ({ op: 'lt', a, b });

/** A value cut down to `widthBits` bits, so that it fits a field. */
const cut = (e: Expr, widthBits: number): Expr => add(e, constant(0), widthBits);

function exprOver(fields: readonly Field[]): fc.Arbitrary<Expr> {
  const field = fc.nat(fields.length - 1).map((i) => fieldAt(i));
  const number = fc.oneof(
    fc.nat(3),
    fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff),
  );
  return fc.letrec<{ value: Expr }>((tie) => {
    const value = tie('value');
    const pair = fc.tuple(value, value);
    return {
      value: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        fc.oneof(field, number.map(constant)),
        pair.map(([a, b]) => eq(a, b)),
        pair.map(([a, b]) => ne(a, b)),
        pair.map(([a, b]) => lt(a, b)),
        pair.map(([a, b]) => ({ op: 'and' as const, a, b })),
        pair.map(([a, b]) => ({ op: 'or' as const, a, b })),
        value.map(not),
        fc.tuple(value, value, value).map(([c, a, b]) => ite(c, a, b)),
        fc.tuple(value, value, fc.integer({ min: 1, max: 32 })).map(([a, b, w]) => add(a, b, w)),
        // An index of so many bits, and a table with a value for each; short, of bytes, and longer.
        fc
          .tuple(value, fc.integer({ min: 0, max: 4 }), fc.constantFrom(1, 3, 0xff, 0xffffffff))
          .chain(([index, bits, most]) =>
            fc
              .array(fc.nat(most), { minLength: 2 ** bits, maxLength: 2 ** bits })
              .map((values) => table(bits === 0 ? constant(0) : cut(index, bits), values)),
          ),
        // A table that the index may leave, but not where it is asked.
        value.map((index) => ite(lt(index, constant(3)), table(index, [2, 0, 1]), index)),
        value.map((index) => and(lt(index, constant(3)), table(index, [0, 1, 1]))),
        value.map((index) => or(lt(constant(2), index), table(index, [0, 1, 1]))),
      ),
    };
  }).value;
}

/** What a field is set to: a count upwards or a small value, so that a system stays small. */
function updateOf(field: number, widthBits: number, value: fc.Arbitrary<Expr>) {
  const width = Math.min(2, widthBits);
  const others = cut(fieldAt(field), widthBits);
  return fc
    .tuple(
      value,
      fc.constantFrom<'up' | 'small' | 'top' | 'number'>('up', 'small', 'top', 'number'),
    )
    .map(([e, kind]): { field: number; value: Expr } => {
      const small = cut(e, width);
      const up = cut(add(fieldAt(field), constant(1), 32), width);
      const top = ite(e, constant(2 ** widthBits - 1), others);
      const number = constant(2 ** (widthBits - 1));
      return { field, value: { up, small, top, number }[kind] };
    });
}

function actionOf(fields: readonly Field[], index: number): fc.Arbitrary<Action> {
  const value = exprOver(fields);
  const test = fc
    .tuple(fc.nat(fields.length - 1), fc.nat(3))
    .map(([f, v]) => (v === 3 ? ne(fieldAt(f), constant(0)) : eq(fieldAt(f), constant(v))));
  const guard = fc.oneof(
    fc.constant(constant(1)),
    value,
    fc.array(test, { minLength: 1, maxLength: 2 }).map((tests) => and(...tests)),
    fc.tuple(test, value).map(([a, b]) => and(a, b)),
    fc.tuple(test, test, value).map(([a, b, c]) => or(and(a, c), b)),
  );
  const updates = fc
    .uniqueArray(fc.nat(fields.length - 1), { minLength: 1, maxLength: 2 })
    .chain((list) => fc.tuple(...list.map((f) => updateOf(f, fields[f]?.widthBits ?? 1, value))));
  return fc.tuple(guard, updates).map(([g, list]) => ({
    id: `a${index}`,
    actor: { kind: 'hardware' },
    guard: g,
    updates: list,
  }));
}

/** Sizes of two words and more, and widths whose last field meets the engine's own bits. */
const widths = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 32 }), { minLength: 2, maxLength: 7 }),
  fc.constantFrom([32, 28], [32, 29], [32, 30], [32, 31], [32, 32], [2, 32, 32, 30], [3]),
);

const someSystem: fc.Arbitrary<TransitionSystem> = widths.chain((list) => {
  const fields = list.map((widthBits, i) => ({
    name: `f${i}`,
    widthBits,
    init: i % 3 === 2 ? 2 ** widthBits - 1 : 0,
  }));
  return fc.record({
    fields: fc.constant(fields),
    actions: fc
      .integer({ min: 3, max: 12 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => actionOf(fields, i)))),
    isEnd: fc.oneof(fc.constant(constant(1)), exprOver(fields)),
    observed: fc.array(fc.nat(fields.length - 1), { maxLength: 3 }),
  });
});

/** Systems whose actions touch fields of their own: most pairs commute, and pruning shows. */
const someCommuting: fc.Arbitrary<TransitionSystem> = fc
  .integer({ min: 2, max: 5 })
  .chain((count) => {
    const fields = Array.from({ length: count }, (_, i) => ({
      name: `f${i}`,
      widthBits: 2,
      init: 0,
    }));
    const step = fc
      .record({
        field: fc.nat(count - 1),
        other: fc.nat(count - 1),
        from: fc.nat(3),
        to: fc.nat(3),
        reads: fc.integer({ min: 0, max: 4 }),
      })
      .map(({ field, other, from, to, reads }) => ({
        guard: and(
          reads === 4 ? constant(1) : eq(fieldAt(field), constant(from)),
          ...(reads === 0 ? [ne(fieldAt(other), constant(from))] : []),
        ),
        updates: [{ field, value: reads === 1 ? fieldAt(other) : constant(to) }],
      }));
    return fc.record({
      fields: fc.constant(fields),
      actions: fc
        .array(step, { minLength: 4, maxLength: 20 })
        .map((list) =>
          list.map((one, i) => ({ ...one, id: `a${i}`, actor: { kind: 'hardware' as const } })),
        ),
      isEnd: fc.oneof(fc.constant(constant(1)), exprOver(fields)),
      observed: fc.constant(fields.map((_, i) => i)),
    });
  });

const someBounds: fc.Arbitrary<Bounds> = fc.oneof(
  fc.constant({ states: 3000, depth: 200 }),
  fc.record({ states: fc.integer({ min: 1, max: 60 }), depth: fc.integer({ min: 0, max: 6 }) }),
);

const asked = fc.oneof(someSystem, someCommuting).chain((system) =>
  fc.record({
    system: fc.constant(system),
    question: fc.oneof(
      exprOver(system.fields),
      fc
        .tuple(fc.nat(system.fields.length - 1), fc.integer({ min: 1, max: 3 }))
        .map(([f, v]) => eq(fieldAt(f), constant(v))),
    ),
    bounds: someBounds,
    stopAtWitness: fc.boolean(),
  }),
);

const ways: readonly (readonly [string, WasmOptions])[] = [
  ['as usual', {}],
  ['from tiny sizes', { tuning: tiny }],
  ['with blocks', { tuning: { ...tiny, segmentLog: 6, chunkRows: 64 } }],
  ['without pruning', { tuning: { ...tiny, leftOut: () => [] } }],
  ['with a hash of one bit', { tuning: { ...tiny, hashBits: 1 } }],
  ['with one helper', { tuning: tiny, crew: turnsOf(1, 7) }],
  ['with two helpers', { tuning: tiny, crew: turnsOf(2, 1) }],
  ['with three helpers, usual sizes', { tuning: { crewStates: 0 }, crew: turnsOf(3, 5) }],
];

describe.each(ways)('WebAssembly %s', (_, way) => {
  test('gives the answer of the interpreter, whatever the system and the bounds', () => {
    fc.assert(
      fc.property(asked, ({ system, question, bounds, stopAtWitness }) => {
        const plain = explore(system, question, bounds, { stopAtWitness });
        const fast = exploreWasm(system, question, { ...way, bounds, stopAtWitness });
        expect(answer(fast)).toEqual(answer(plain));
        const { witness } = fast;
        if (!witness) return;
        const ids = witness.steps.map(({ action }) => system.actions[action]?.id ?? '');
        expect(replay(system, ids)).toEqual(witness);
      }),
      { numRuns: 150 },
    );
  });
});

test('a search that keeps its graph gives that answer too, and paths to any of the ends', () => {
  fc.assert(
    fc.property(asked, ({ system, question }) => {
      const { outcome, states, ends, witness } = explore(system, question);
      const graph = searchGraph(system, question);
      const { steps } = witness ?? {};
      expect([graph.outcome, graph.states, graph.ends]).toEqual([outcome, states, ends]);
      expect(graph.witness?.steps).toEqual(steps);
      const good = new Set(ends.filter((end) => end.satisfies).map(({ values }) => values.join()));
      const isTold = ends.every((end) => end.satisfies || !good.has(end.values.join()));
      const path = graph.pathTo((values) => good.has(values.join()));
      if (isTold) expect(path?.steps).toEqual(steps);
      if (states > 1) expect(searchGraph(system, question, 1).outcome).toBe('bound');
    }),
    { numRuns: 300 },
  );
});

/** A code generator with one fault each: an operator, or a successor left out that is needed. */
const mutants: readonly (readonly [string, Partial<Tuning>])[] = [
  ['eq as ne', wrong({ eq: i64.ne })],
  ['ne as eq', wrong({ ne: i64.eq })],
  ['lt turned round', wrong({ lt: (a, b) => i64.ltU(b, a) })],
  ['lt as at most', wrong({ lt: (a, b) => i32.eqz(i64.ltU(b, a)) })],
  ['and as or', wrong({ and: i32.or })],
  ['or as exclusive or', wrong({ or: i32.xor })],
  ['add as or', wrong({ add: i64.or })],
  [
    'dependent actions left out',
    { leftOut: ({ actions }) => actions.map((_, k) => actions.map((__, i) => i).slice(0, k)) },
  ],
  [
    'greater and smaller actions left out',
    {
      leftOut: (system) =>
        smallerIndependent(system).map((list, k, all) => [
          ...list,
          ...all.flatMap((smaller, i) => (smaller.includes(k) ? [i] : [])),
        ]),
    },
  ],
];

function wrong(operators: Partial<Operators>): Partial<Tuning> {
  return { operators: { ...rightOperators, ...operators } };
}

test.each(mutants)('a code generator with a fault is caught: %s', (_, fault) => {
  const differs = fc.check(
    fc.property(asked, ({ system, question, bounds }) => {
      const plain = answer(explore(system, question, bounds));
      expect(answer(exploreWasm(system, question, { bounds, tuning: fault }))).toEqual(plain);
    }),
    { numRuns: 5000 },
  );
  expect(differs.failed).toBe(true);
});
