// What the reductions compute about expressions agrees with their values in every state.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Expr, fieldAt, valueIn } from '../ir/index.ts';
import { bits, has, listOf, sizeOf } from './bits.ts';
import { knownValue, readsOf } from './footprint.ts';
import { substituted } from './rewrite.ts';
import { textOf } from './text.ts';

const fieldCount = 4;
const leaf: fc.Arbitrary<Expr> = fc.oneof(
  fc.nat(3).map((value): Expr => ({ op: 'const', value })),
  fc.nat(fieldCount - 1).map(fieldAt),
);
const expression: fc.Arbitrary<Expr> = fc.letrec<{ e: Expr }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.record({ op: fc.constant('not' as const), a: tie('e') }),
    fc.record({
      op: fc.constantFrom('eq' as const, 'ne', 'lt', 'and', 'or'),
      a: tie('e'),
      b: tie('e'),
    }),
    fc.record({ op: fc.constant('ite' as const), c: tie('e'), a: tie('e'), b: tie('e') }),
    fc.record({
      op: fc.constant('add' as const),
      a: tie('e'),
      b: tie('e'),
      widthBits: fc.constant(2),
    }),
    fc.record({
      op: fc.constant('table' as const),
      index: fc.nat(fieldCount - 1).map(fieldAt),
      values: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)),
    }),
  ),
})).e;
const state = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3));

test('a set of indices lists them once, ascending, also beyond 30 and 60', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(130)), (indices) => {
      const sorted = [...new Set(indices)].sort((a, b) => a - b);
      const set = bits(indices);
      expect(listOf(set)).toEqual(sorted);
      expect(sizeOf(set)).toBe(sorted.length);
      expect(indices.every((index) => has(set, index))).toBe(true);
      expect(has(set, 131)).toBe(false);
    }),
  );
});

test('what is known of an expression is its value in every state that agrees', () => {
  fc.assert(
    fc.property(expression, state, fc.nat(15), (expr, values, mask) => {
      const known = (field: number) => (mask & (1 << field) ? values[field] : undefined);
      const value = knownValue(expr, known);
      if (value !== undefined) expect(value).toBe(valueIn(expr, values));
      expect(knownValue(expr, (field) => values[field])).toBe(valueIn(expr, values));
    }),
    { numRuns: 2000 },
  );
});

test('fields that an expression does not read do not change its value', () => {
  fc.assert(
    fc.property(expression, state, state, (expr, a, b) => {
      const reads = readsOf(expr);
      const mixed = a.map((value, field) => (has(reads, field) ? value : (b[field] ?? 0)));
      expect(valueIn(expr, mixed)).toBe(valueIn(expr, a));
    }),
  );
});

test('replacing fields in an expression is the same as replacing them in the state', () => {
  fc.assert(
    fc.property(expression, leaf, state, (expr, by, values) => {
      const changed = [valueIn(by, values), ...values.slice(1)];
      expect(valueIn(substituted(expr, new Map([[0, by]])), values)).toBe(valueIn(expr, changed));
    }),
    { numRuns: 2000 },
  );
});

test('equal texts mean equal values, whatever the order of the operands', () => {
  const turned = (e: Expr): Expr => {
    switch (e.op) {
      case 'and':
      case 'or':
      case 'eq':
      case 'ne':
      case 'add':
        return { ...e, a: turned(e.b), b: turned(e.a) };
      case 'lt':
        return { ...e, a: turned(e.a), b: turned(e.b) };
      case 'not':
        return { ...e, a: turned(e.a) };
      case 'ite':
        return { ...e, c: turned(e.c), a: turned(e.a), b: turned(e.b) };
      default:
        return e;
    }
  };
  const same = (field: number): number => field;
  fc.assert(
    fc.property(expression, expression, state, (expr, other, values) => {
      expect(textOf(turned(expr), same)).toBe(textOf(expr, same));
      if (textOf(other, same) === textOf(expr, same)) {
        expect(valueIn(other, values)).toBe(valueIn(expr, values));
      }
    }),
  );
});
