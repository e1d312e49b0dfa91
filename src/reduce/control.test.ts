// The control graph and the tables over it: what is possible where, and what is said to matter.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { and, constant, eq, fieldAt, ite, type TransitionSystem, valueIn } from '../ir/index.ts';
import { has } from './bits.ts';
import { type Control, controlOf, maxNodes } from './control.ts';
import { needsOf } from './needs.ts';
import { tableOver } from './tables.ts';
import { bits } from './bits.ts';

const [pc, other, data, result] = [0, 1, 2, 3];

/** `pc` goes 0 -> 1 -> 2, on data at 1; `other` goes 0 -> 1; an event turns data over. */
const system: TransitionSystem = {
  fields: ['pc', 'other', 'data', 'result'].map((name) => ({ name, widthBits: 2, init: 0 })),
  actions: [
    step('first', eq(fieldAt(pc), constant(0)), [pc, 1]),
    step('yes', and(eq(fieldAt(pc), constant(1)), eq(fieldAt(data), constant(0))), [pc, 2]),
    step('no', and(eq(fieldAt(pc), constant(1)), eq(fieldAt(data), constant(1))), [pc, 3]),
    step('other', eq(fieldAt(other), constant(0)), [other, 1]),
    {
      id: 'event',
      actor: { kind: 'hardware' },
      guard: constant(1),
      updates: [
        { field: data, value: ite(eq(fieldAt(data), constant(0)), constant(1), constant(0)) },
      ],
    },
    {
      id: 'copy',
      actor: { kind: 'hardware' },
      guard: constant(1),
      updates: [{ field: result, value: fieldAt(data) }],
    },
  ],
  isEnd: eq(fieldAt(pc), constant(2)),
  observed: [],
};

function step(id: string, guard: TransitionSystem['isEnd'], [field, value]: [number, number]) {
  const actor = { kind: 'thread' as const, thread: 0, step: 0 };
  return { id, actor, guard, updates: [{ field, value: constant(value) }] };
}

function control(): Control {
  const built = controlOf(system, [pc, other]);
  if (!built) throw new Error('a control graph');
  return built;
}

const nodeAt = ({ nodes }: Control, ...digits: number[]): number =>
  nodes.findIndex((node) => node.digits.join() === digits.join());

test('a guard on data may turn out either way; what writes no control is an event', () => {
  const graph = control();
  expect(graph.nodes.map(({ digits }) => digits.join('')).sort()).toEqual(
    ['00', '01', '10', '11', '20', '21', '30', '31'].sort(),
  );
  expect(graph.events).toBe(bits([4, 5]));
  expect(has(graph.future[nodeAt(graph, 1, 1)] ?? 0n, 0)).toBe(false);
  expect(has(graph.future[nodeAt(graph, 0, 1)] ?? 0n, 2)).toBe(true);
});

test('a field that takes its value from data is no control field', () => {
  expect(controlOf(system, [pc, other, result])?.fields).toEqual([pc, other]);
});

test('a graph beyond the bound is not built', () => {
  const fields = Array.from({ length: 15 }, (_, i) => ({ name: `f${i}`, widthBits: 1, init: 0 }));
  const actions = fields.map((_, i) => step(`a${i}`, constant(1), [i, 1]));
  const wide: TransitionSystem = { fields, actions, isEnd: constant(0), observed: [] };
  expect(2 ** 15).toBeGreaterThan(maxNodes);
  expect(
    controlOf(
      wide,
      fields.map((_, i) => i),
    ),
  ).toBeUndefined();
});

test('data matters until the step that reads it; nobody reads what only an event writes', () => {
  const graph = control();
  const { ever, now, mayEnd } = needsOf(graph, bits([pc]));
  const before = nodeAt(graph, 1, 0);
  const after = nodeAt(graph, 2, 0);
  expect([ever[before], ever[after]].map((set) => has(set ?? 0n, data))).toEqual([true, false]);
  expect([now[before], now[after]].map((set) => has(set ?? 0n, data))).toEqual([true, false]);
  expect(ever.some((set) => has(set, result))).toBe(false);
  expect([mayEnd[before], mayEnd[after]]).toEqual([false, true]);
});

test('a table has the wanted value at every node, over the fields it depends on', () => {
  const graph = control();
  const all = graph.nodes.map((_, node) => node);
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }), (wanted) => {
      const made = tableOver(graph, all, (node) => wanted[node]);
      if (!made) throw new Error('a table');
      for (const node of all) {
        const digits = graph.nodes[node]?.digits ?? [];
        expect(valueIn(made, [...digits, 0, 0])).toBe(wanted[node]);
      }
    }),
  );
  const onlyPc = tableOver(graph, all, (node) => (graph.nodes[node]?.digits[0] === 1 ? 1 : 0));
  expect(onlyPc).toEqual({ op: 'table', index: fieldAt(pc), values: [0, 1, 0, 0] });
  expect(tableOver(graph, all, () => 1)).toEqual(constant(1));
  expect(tableOver(graph, all, (node) => (node === 3 ? 2 : undefined))).toEqual(constant(2));
});
