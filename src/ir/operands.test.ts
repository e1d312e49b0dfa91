// The parts of an expression, its fields, and the bound on its values.

import { expect, test } from 'vitest';
import { add, and, constant, eq, fieldAt, ite, not, table } from './expr.ts';
import { fieldsIn, largestValue, operandsOf } from './operands.ts';

const x = fieldAt(0);
const y = fieldAt(1);
const z = fieldAt(2);

test('operands in the order in which they are written', () => {
  expect(operandsOf(x)).toEqual([]);
  expect(operandsOf(not(x))).toEqual([x]);
  expect(operandsOf(ite(x, y, z))).toEqual([x, y, z]);
  expect(operandsOf(table(y, [1, 2]))).toEqual([y]);
  expect(operandsOf(add(x, y, 2))).toEqual([x, y]);
});

test('the fields of all parts, however deep, each once', () => {
  const deep = ite(eq(x, constant(1)), table(add(y, y, 2), [0]), not(and(x, z)));
  expect([...fieldsIn(deep)].sort((a, b) => a - b)).toEqual([0, 1, 2]);
  expect([...fieldsIn(constant(5))]).toEqual([]);
});

test('the largest value: of fields by their width, of sums up to where they wrap', () => {
  const of = (field: number): number => [3, 15, 1][field] ?? 0;
  expect(largestValue(add(x, constant(2), 8), of)).toBe(5);
  expect(largestValue(add(y, y, 4), of)).toBe(15);
  expect(largestValue(ite(z, x, y), of)).toBe(15);
  expect(largestValue(eq(y, y), of)).toBe(1);
  expect(largestValue(table(x, [4, 9, 2]), of)).toBe(9);
});
