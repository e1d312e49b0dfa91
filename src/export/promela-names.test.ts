// Identifiers stay valid, distinct, and clear of the words of Promela, C and the verifier.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identifiers } from './promela-names.ts';

test('other characters become underscores, at neither end', () => {
  expect(identifiers(['x[0]', 'x@colour1[0]', 'P0:r0', 'reach K', '0', ''])).toEqual([
    'x_0',
    'x_colour1_0',
    'P0_r0',
    'reach_K',
    'f_0',
    'f_',
  ]);
});

test('words of Promela and C, and capitals alone, which may be macros, get a suffix', () => {
  expect(identifiers(['do', 'register', 'MA', 'P0', 'system', 'Air0', 'dot'])).toEqual([
    'do_',
    'register_',
    'MA_',
    'P0_',
    'system_',
    'Air0_',
    'dot',
  ]);
});

test('equal names, also to names that are taken, are told apart', () => {
  expect(identifiers(['a b', 'a_b', 'a.b', 'c'], ['c'])).toEqual(['a_b', 'a_b_2', 'a_b_3', 'c_2']);
  expect(identifiers(['a_2', 'a', 'a!'])).toEqual(['a_2', 'a', 'a_3']);
});

test('any names become as many distinct identifiers', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 70 })), (names) => {
      const made = identifiers(names);
      expect(new Set(made).size).toBe(names.length);
      for (const name of made) expect(name).toMatch(/^[A-Za-z]\w{0,69}$/);
    }),
  );
});
