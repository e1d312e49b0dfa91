// The breadth-first search against plain enumeration: same states, same transitions, same ends.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  and,
  constant,
  type Expr,
  eq,
  fieldAt,
  ite,
  ne,
  type TransitionSystem,
} from '../ir/index.ts';
import { explore, replay } from './explore.ts';

/** Evaluates an expression on plain numbers: written independently of the interpreter. */
function value(e: Expr, s: readonly number[]): number {
  if (e.op === 'const') return e.value;
  if (e.op === 'field') return s[e.field] ?? 0;
  if (e.op === 'not') return value(e.a, s) ? 0 : 1;
  if (e.op === 'ite') return value(e.c, s) ? value(e.a, s) : value(e.b, s);
  if (e.op === 'table') return e.values[value(e.index, s)] ?? 0;
  const a = value(e.a, s);
  const b = value(e.b, s);
  if (e.op === 'add') return (a + b) % 2 ** e.widthBits;
  const table = { eq: a === b, ne: a !== b, lt: a < b, and: !!a && !!b, or: !!a || !!b };
  return table[e.op] ? 1 : 0;
}

/** All reachable states by plain enumeration over arrays and strings. */
function enumerate(system: TransitionSystem) {
  const start = system.fields.map((f) => f.init);
  const seen = new Map([[start.join(), 0]]);
  const queue = [start];
  let transitions = 0;
  for (const state of queue) {
    for (const action of system.actions) {
      if (!value(action.guard, state)) continue;
      transitions += 1;
      const next = [...state];
      for (const u of action.updates) next[u.field] = value(u.value, state);
      if (seen.has(next.join())) continue;
      seen.set(next.join(), (seen.get(state.join()) ?? 0) + 1);
      queue.push(next);
    }
  }
  return { seen, queue, transitions };
}

const field = fc.nat(3).map((i) => fieldAt(i));
const small = fc.nat(3).map((n) => constant(n));
const term = fc.oneof(
  field,
  small,
  fc.tuple(field, small, field).map(([c, a, b]) => ite(eq(c, a), b, a)),
);
const guard = fc.oneof(
  fc.tuple(field, small).map(([a, b]) => eq(a, b)),
  fc.tuple(field, small, field).map(([a, b, c]) => and(ne(a, b), eq(c, b))),
);
const system: fc.Arbitrary<TransitionSystem> = fc
  .array(fc.tuple(guard, fc.uniqueArray(fc.tuple(fc.nat(3), term), { selector: (u) => u[0] })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((actions) => ({
    // The wide fields push the last one into a second word.
    fields: [2, 2, 30, 2].map((widthBits, i) => ({ name: `f${i}`, widthBits, init: 0 })),
    actions: actions.map(([g, updates], i) => ({
      id: `a${i}`,
      actor: { kind: 'hardware' },
      guard: g,
      updates: updates.map(([f, v]) => ({ field: f, value: wrap(v) })),
    })),
    isEnd: constant(1),
    observed: [0, 1, 2, 3],
  }));

// Values stay within 2 bits, so every update fits every field.
function wrap(e: Expr): Expr {
  return ite({ op: 'lt', a: e, b: constant(4) }, e, constant(3));
}

test('finds the states and transitions of plain enumeration, at their shortest distance', () => {
  fc.assert(
    fc.property(system, (s) => {
      const plain = enumerate(s);
      const last = plain.queue.at(-1) ?? [];
      const question = and(...last.map((v, i) => eq(fieldAt(i), constant(v))));
      const found = explore(s, question);
      expect(found.outcome).toBe('complete');
      expect(found.states).toBe(plain.seen.size);
      expect(found.transitions).toBe(plain.transitions);
      expect(found.ends.length).toBe(plain.seen.size);
      expect(found.witness?.steps.length).toBe(plain.seen.get(last.join()));
    }),
  );
});

test('a witness replays to its own states', () => {
  fc.assert(
    fc.property(system, (s) => {
      const found = explore(s, ne(fieldAt(0), constant(0)));
      if (!found.witness) return;
      const ids = found.witness.steps.map((step) => s.actions[step.action]?.id ?? '');
      expect(replay(s, ids)).toEqual(found.witness);
    }),
  );
});

test('a search that reaches its bound says so and shows no pass', () => {
  const counter: TransitionSystem = {
    fields: [{ name: 'n', widthBits: 8, init: 0 }],
    actions: [0, 1, 2, 3, 4, 5].map((n) => ({
      id: `to${n + 1}`,
      actor: { kind: 'hardware' },
      guard: eq(fieldAt(0), constant(n)),
      updates: [{ field: 0, value: constant(n + 1) }],
    })),
    isEnd: constant(1),
    observed: [0],
  };
  expect(explore(counter, eq(fieldAt(0), constant(6))).witness?.steps.length).toBe(6);
  const cut = explore(counter, eq(fieldAt(0), constant(6)), { states: 3, depth: 99 });
  expect(cut.outcome).toEqual({ bound: 'states', limit: 3 });
  expect(cut.witness).toBeUndefined();
  const shallow = explore(counter, eq(fieldAt(0), constant(6)), { states: 99, depth: 2 });
  expect(shallow.outcome).toEqual({ bound: 'depth', limit: 2 });
  // The deepest end is six steps away: a bound of six reaches it, one of five does not.
  const last = eq(fieldAt(0), constant(6));
  const enough = explore(counter, last, { states: 99, depth: 6 });
  expect([enough.outcome, enough.witness?.steps.length]).toEqual(['complete', 6]);
  const short = explore(counter, last, { states: 99, depth: 5 });
  expect([short.outcome, short.witness]).toEqual([{ bound: 'depth', limit: 5 }, undefined]);
});
