// Formulas as text: there and back, and what is refused.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomThreeSat } from '../../test/sat-random.ts';
import { readDimacs, writeDimacs } from './index.ts';

test('a formula reads like in other solvers', () => {
  const formula = { variables: 3, clauses: [[0, 3], [5], []] };
  expect(writeDimacs(formula)).toBe('p cnf 3 3\n1 -2 0\n-3 0\n0\n');
  expect(readDimacs('c note\np cnf 3 3\n1\n-2 0 -3 0\n0\n')).toEqual({ ok: true, value: formula });
});

test('every formula survives writing and reading', () => {
  const property = fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
    const formula = randomThreeSat(seed, 5, seed % 20);
    expect(readDimacs(writeDimacs(formula))).toEqual({ ok: true, value: formula });
  });
  fc.assert(property, { numRuns: 50 });
});

test.each([
  ['', 'formula'],
  ['p dnf 1 1\n', 'formula:1'],
  ['p cnf 99999999999 1\n', 'formula:1'],
  ['p cnf 1 1\n2 0\n', 'formula:2'],
  ['p cnf 1 1\nx 0\n', 'formula:2'],
  ['p cnf 1 1\n1\n', 'formula'],
  ['p cnf 1 2\n1 0\n', 'formula'],
])('%j is refused with its place', (text, where) => {
  const result = readDimacs(text);
  expect(result.ok ? undefined : result.problem.where).toBe(where);
});
