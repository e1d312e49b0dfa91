// A question as expression, as observed fields, and as litmus text.

import { expect, test } from 'vitest';
import { evaluator } from '../explore/index.ts';
import { type Expr, layoutOf } from '../ir/index.ts';
import type { Condition, Program, Question } from '../litmus/index.ts';
import { genericModel } from './cache-model.ts';
import { compileScenario } from './compile.ts';
import {
  conditionExpr,
  conditionText,
  everyLocation,
  filterExpr,
  locationText,
  observedFields,
  observedLocations,
  observesMemory,
  questionExpr,
  questionText,
} from './condition.ts';

const r0 = { op: 'register', thread: 'P0', register: 'r0', value: 1 } as const;
const other = { op: 'register', thread: 'P1', register: 'r0', value: 2 } as const;
const x1 = { op: 'memory', line: 'x', cell: 1, value: 3 } as const;
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
  return isTrue(conditionExpr(condition, names), values);
}

function isTrue(expr: Expr, values: Readonly<Record<string, number>>): boolean {
  const fields = system.fields.map((f) => ({ ...f, init: 0, widthBits: 32 }));
  const words = new Uint32Array(fields.map((f) => values[f.name] ?? 0));
  return evaluator(expr, layoutOf(fields))(words, 0) !== 0;
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

test('a witness of forall is where the condition fails, of the others where it holds', () => {
  const asks = (quantifier: Question['quantifier'], value: number) =>
    isTrue(questionExpr({ quantifier, condition: r0 }, names), { 'P0:r0': value });
  expect([asks('exists', 1), asks('not-exists', 1), asks('forall', 1)]).toEqual([
    true,
    true,
    false,
  ]);
  expect([asks('exists', 0), asks('not-exists', 0), asks('forall', 0)]).toEqual([
    false,
    false,
    true,
  ]);
  expect(questionText({ quantifier: 'forall', condition: r0 })).toBe('~(P0:r0=1)');
  expect(questionText({ quantifier: 'not-exists', condition: r0 })).toBe('P0:r0=1');
});

test('a filter chooses the end states that count; without one all do', () => {
  const filtered: Question = { quantifier: 'exists', condition: r0, filter: other };
  expect(isTrue(filterExpr(filtered, names), { 'P1:r0': 2 })).toBe(true);
  expect(isTrue(filterExpr(filtered, names), { 'P1:r0': 1 })).toBe(false);
  expect(isTrue(filterExpr({ quantifier: 'exists', condition: r0 }, names), {})).toBe(true);
});

test('locations are shown after what the condition reads, a filter is not shown', () => {
  const { op, line, cell } = x1;
  const question: Question = {
    quantifier: 'exists',
    condition: other,
    filter: r0,
    locations: [
      { op, line, cell },
      { op: 'register', thread: 'P1', register: 'r0' },
    ],
  };
  expect(observedLocations(question).map(locationText)).toEqual(['P1:r0', 'x[1]']);
  expect(everyLocation(question).map(locationText)).toEqual(['P1:r0', 'P0:r0', 'x[1]', 'P1:r0']);
});

test('memory that only a filter or a location reads must be settled too', () => {
  const asks = (rest: Partial<Question>) =>
    observesMemory({ quantifier: 'exists', condition: r0, ...rest });
  expect(asks({})).toBe(false);
  expect(asks({ filter: { op: 'not', of: x1 } })).toBe(true);
  expect(asks({ locations: [{ op: 'memory', line: 'x', cell: 0 }] })).toBe(true);
});

test('a crash and a deadlock are asked for by name', () => {
  const condition: Condition = {
    op: 'and',
    of: [
      { op: 'crashed', value: 1 },
      { op: 'deadlock', value: 0 },
    ],
  };
  expect(conditionText(condition)).toBe('crashed=1 /\\ deadlock=0');
  const scenario = compileScenario(program(condition), { model, remedy: 'none' });
  const fields = observedFields({ quantifier: 'exists', condition }, scenario.names);
  expect(fields.map((f) => scenario.system.fields[f]?.name)).toEqual(['crashed', 'deadlock']);
});

test('a negative value is compared as the bits that stand for it', () => {
  expect(holds({ ...r0, value: -1 }, { 'P0:r0': 3 })).toBe(true);
  expect(conditionText({ ...r0, value: -1 })).toBe('P0:r0=-1');
});
