// A question as expression, as observed fields, and as litmus text.

import { expect, test } from 'vitest';
import { evaluator } from '../explore/index.ts';
import { layoutOf } from '../ir/index.ts';
import type { Condition, Program } from '../litmus/index.ts';
import { genericModel } from './cache-model.ts';
import { compileScenario } from './compile.ts';
import { conditionExpr, conditionText, observedFields, observesMemory } from './condition.ts';

const r0: Condition = { op: 'register', thread: 'P0', register: 'r0', value: 1 };
const other: Condition = { op: 'register', thread: 'P1', register: 'r0', value: 2 };
const x1: Condition = { op: 'memory', line: 'x', cell: 1, value: 3 };
const all: Condition = { op: 'and', of: [r0, { op: 'or', of: [x1, { op: 'not', of: other }] }] };

function program(exists: Condition): Program {
  const load = (register: string) =>
    ({ kind: 'load', mapping: 'U', line: 'x', cell: 0, register, says: '' }) as const;
  return {
    name: 'T',
    title: '',
    about: '',
    lines: [{ name: 'x', page: 'x', cells: [0, 0] }],
    mappings: [{ name: 'U', page: 'x', side: 'user' }],
    threads: [
      { name: 'P0', steps: [load('r0')] },
      { name: 'P1', steps: [load('r0')] },
    ],
    question: { quantifier: 'exists', condition: exists },
    sources: [],
  };
}

const model = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });
const { names, system } = compileScenario(program(all), { model, remedy: 'none' });

/** Value of the condition where the named fields have these values. */
function holds(condition: Condition, values: Readonly<Record<string, number>>): boolean {
  const fields = system.fields.map((f) => ({ ...f, init: 0, widthBits: 32 }));
  const words = new Uint32Array(fields.map((f) => values[f.name] ?? 0));
  return evaluator(conditionExpr(condition, names), layoutOf(fields))(words, 0) !== 0;
}

test('registers are told apart by thread, cells by line and index', () => {
  expect(holds(r0, { 'P0:r0': 1 })).toBe(true);
  expect(holds(r0, { 'P1:r0': 1 })).toBe(false);
  expect(holds(x1, { 'x[1]': 3 })).toBe(true);
  expect(holds(x1, { 'x[0]': 3 })).toBe(false);
});

test('and, or and not mean what they say', () => {
  expect(holds(all, { 'P0:r0': 1, 'x[1]': 3, 'P1:r0': 2 })).toBe(true);
  expect(holds(all, { 'P0:r0': 1, 'P1:r0': 1 })).toBe(true);
  expect(holds(all, { 'P0:r0': 1, 'P1:r0': 2 })).toBe(false);
  expect(holds(all, { 'P0:r0': 0, 'x[1]': 3 })).toBe(false);
  expect(holds({ op: 'and', of: [] }, {})).toBe(true);
  expect(holds({ op: 'or', of: [] }, {})).toBe(false);
});

test('what is observed is what the question reads, each field once, in its order', () => {
  const named = (condition: Condition) =>
    observedFields({ quantifier: 'exists', condition }, names).map(
      (field) => system.fields[field]?.name,
    );
  expect(named(all)).toEqual(['P0:r0', 'x[1]', 'P1:r0']);
  expect(named({ op: 'or', of: [x1, x1, r0] })).toEqual(['x[1]', 'P0:r0']);
  expect(observesMemory({ quantifier: 'exists', condition: all })).toBe(true);
  expect(observesMemory({ quantifier: 'exists', condition: { op: 'not', of: r0 } })).toBe(false);
});

test('the text is that of a litmus test', () => {
  expect(conditionText(all)).toBe('P0:r0=1 /\\ (x[1]=3 \\/ ~(P1:r0=2))');
});

test('a register that no step loads is our mistake, not silence', () => {
  const stray: Condition = { op: 'register', thread: 'P0', register: 'r9', value: 0 };
  expect(() => conditionExpr(stray, names)).toThrow('register P0:r9');
});
