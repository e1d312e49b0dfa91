// A system that could not be explored is refused, one reason a test; and folding keeps values.

import { expect, test } from 'vitest';
import {
  add,
  and,
  constant,
  type Expr,
  eq,
  FALSE,
  fieldAt,
  ite,
  not,
  or,
  TRUE,
  table,
  valueIn,
} from './expr.ts';
import type { Action, TransitionSystem } from './system.ts';
import { validate } from './validate.ts';

const step: Action = {
  id: 'a',
  actor: { kind: 'hardware' },
  guard: eq(fieldAt(0), constant(0)),
  updates: [{ field: 0, value: constant(1) }],
};
const good: TransitionSystem = {
  fields: [
    { name: 'x', widthBits: 2, init: 0 },
    { name: 'y', widthBits: 1, init: 0 },
  ],
  actions: [step],
  isEnd: not(eq(fieldAt(0), fieldAt(1))),
  observed: [0],
};

test('a system whose parts name each other rightly is accepted', () => {
  expect(() => validate(good)).not.toThrow();
});

const deep = (e: Expr): Expr =>
  ite(or(fieldAt(1), not(fieldAt(0))), fieldAt(0), and(fieldAt(1), e));

test.each<[string, Partial<TransitionSystem>, string]>([
  [
    'two fields of one name',
    { fields: [...good.fields, { name: 'x', widthBits: 1, init: 0 }] },
    'field names',
  ],
  ['two actions of one id', { actions: [step, step] }, 'action ids'],
  [
    'one field updated twice',
    { actions: [{ ...step, updates: [...step.updates, { field: 0, value: TRUE }] }] },
    'each field once',
  ],
  [
    'an update of an unknown field',
    { actions: [{ ...step, updates: [{ field: 2, value: TRUE }] }] },
    'updates a known field',
  ],
  [
    'an update of a negative field',
    { actions: [{ ...step, updates: [{ field: -1, value: TRUE }] }] },
    'updates a known field',
  ],
  ['a guard on an unknown field', { actions: [{ ...step, guard: fieldAt(2) }] }, 'known field'],
  [
    'an unknown field deep in a value',
    { actions: [{ ...step, updates: [{ field: 0, value: deep(fieldAt(7)) }] }] },
    'known field',
  ],
  ['an unknown field in the end', { isEnd: { op: 'lt', a: TRUE, b: fieldAt(9) } }, 'known field'],
  [
    'an unknown field behind a condition',
    { isEnd: { op: 'ite', c: fieldAt(0), a: TRUE, b: fieldAt(9) } },
    'known field',
  ],
  ['a negative constant', { isEnd: constant(-1) }, 'unsigned integers'],
  ['a fraction', { isEnd: constant(0.5) }, 'unsigned integers'],
  ['a constant beyond a word', { isEnd: constant(2 ** 32) }, 'fit a word'],
  ['an addition without a width', { isEnd: add(TRUE, TRUE, 0) }, 'has a width'],
  ['an addition wider than a word', { isEnd: add(TRUE, TRUE, 33) }, 'fits a word'],
  ['an unknown field in an addition', { isEnd: add(TRUE, fieldAt(4), 2) }, 'known field'],
  ['an empty table', { isEnd: table(TRUE, []) }, 'has values'],
  ['an unknown field as an index', { isEnd: table(fieldAt(5), [0]) }, 'known field'],
  ['an unknown observed field', { observed: [2] }, 'observed field'],
])('%s is refused', (_, change, message) => {
  expect(() => validate({ ...good, ...change })).toThrow(message);
});

test('constants fold: and, or, not, if-then-else', () => {
  const x = fieldAt(0);
  expect([and(), and(TRUE, x), and(x, FALSE)]).toEqual([TRUE, x, FALSE]);
  expect([or(), or(FALSE, x), or(x, TRUE)]).toEqual([FALSE, x, TRUE]);
  expect([not(TRUE), not(constant(3)), not(FALSE)]).toEqual([FALSE, FALSE, TRUE]);
  expect([ite(TRUE, x, FALSE), ite(FALSE, x, TRUE)]).toEqual([x, TRUE]);
  expect(and(x, x, x)).toEqual({ op: 'and', a: x, b: { op: 'and', a: x, b: x } });
});

test('a sum wraps at its width, and a table gives the value of its index', () => {
  expect(valueIn(add(constant(3), fieldAt(0), 2), [2])).toBe(1);
  expect(valueIn(add(constant(0xffffffff), fieldAt(0), 32), [2])).toBe(1);
  expect(valueIn(table(fieldAt(0), [7, 8, 9]), [2])).toBe(9);
});
