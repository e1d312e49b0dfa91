// Expressions over the fields of one state. Truth is 1, falsehood 0; every value is unsigned.

import { at, never } from '../base/index.ts';

/** An expression; `field` is an index into the system's fields. */
export type Expr =
  | { readonly op: 'const'; readonly value: number }
  | { readonly op: 'field'; readonly field: number }
  | { readonly op: 'not'; readonly a: Expr }
  | { readonly op: 'eq' | 'ne' | 'lt' | 'and' | 'or'; readonly a: Expr; readonly b: Expr }
  | { readonly op: 'ite'; readonly c: Expr; readonly a: Expr; readonly b: Expr }
  /** The sum modulo 2^widthBits, 1 to 32. */
  | { readonly op: 'add'; readonly a: Expr; readonly b: Expr; readonly widthBits: number }
  /** The value with number `index`; an index beyond the list is a bug of the system's builder. */
  | { readonly op: 'table'; readonly index: Expr; readonly values: readonly number[] };

/** The constant 1: as a guard, always enabled. */
export const TRUE: Expr = { op: 'const', value: 1 };
/** The constant 0: as a guard, never enabled. */
export const FALSE: Expr = { op: 'const', value: 0 };

/** An unsigned integer; validate() refuses negative and fractional ones. */
export function constant(value: number): Expr {
  return { op: 'const', value };
}

/** The value of the field with this index. */
export function fieldAt(field: number): Expr {
  return { op: 'field', field };
}

/** 1 where both values are equal, else 0. */
export function eq(a: Expr, b: Expr): Expr {
  return { op: 'eq', a, b };
}

/** 1 where the values differ, else 0. */
export function ne(a: Expr, b: Expr): Expr {
  return { op: 'ne', a, b };
}

/** Negation; constants fold. */
export function not(a: Expr): Expr {
  if (a.op === 'const') return a.value === 0 ? TRUE : FALSE;
  return { op: 'not', a };
}

/** Conjunction of all operands; the empty one is true. Constants fold. */
export function and(...operands: readonly Expr[]): Expr {
  const open = operands.filter((e) => !(e.op === 'const' && e.value !== 0));
  if (open.some((e) => e.op === 'const')) return FALSE;
  return (
    open.reduceRight<Expr | undefined>((b, a) => (b ? { op: 'and', a, b } : a), undefined) ?? TRUE
  );
}

/** Disjunction of all operands; the empty one is false. Constants fold. */
export function or(...operands: readonly Expr[]): Expr {
  const open = operands.filter((e) => !(e.op === 'const' && e.value === 0));
  if (open.some((e) => e.op === 'const')) return TRUE;
  return (
    open.reduceRight<Expr | undefined>((b, a) => (b ? { op: 'or', a, b } : a), undefined) ?? FALSE
  );
}

/** `c ? a : b`; folds where the condition is a constant. */
export function ite(c: Expr, a: Expr, b: Expr): Expr {
  if (c.op === 'const') return c.value !== 0 ? a : b;
  return { op: 'ite', c, a, b };
}

/** `a + b`, wrapped to `widthBits` bits. */
export function add(a: Expr, b: Expr, widthBits: number): Expr {
  return { op: 'add', a, b, widthBits };
}

/** The value that a table holds at `index`. */
export function table(index: Expr, values: readonly number[]): Expr {
  return { op: 'table', index, values };
}

/** `sum` modulo 2^widthBits; both sides of an addition are below 2^32, so the sum is exact. */
export function wrapped(sum: number, widthBits: number): number {
  return sum % 2 ** widthBits;
}

/** Value of an expression in one state, given as the values of all fields. */
export function valueIn(expr: Expr, state: readonly number[]): number {
  const truth = (holds: boolean): number => (holds ? 1 : 0);
  switch (expr.op) {
    case 'const':
      return expr.value;
    case 'field':
      return at(state, expr.field);
    case 'not':
      return truth(valueIn(expr.a, state) === 0);
    case 'ite':
      return valueIn(valueIn(expr.c, state) === 0 ? expr.b : expr.a, state);
    case 'eq':
      return truth(valueIn(expr.a, state) === valueIn(expr.b, state));
    case 'ne':
      return truth(valueIn(expr.a, state) !== valueIn(expr.b, state));
    case 'lt':
      return truth(valueIn(expr.a, state) < valueIn(expr.b, state));
    case 'and':
      return truth(valueIn(expr.a, state) !== 0 && valueIn(expr.b, state) !== 0);
    case 'or':
      return truth(valueIn(expr.a, state) !== 0 || valueIn(expr.b, state) !== 0);
    case 'add':
      return wrapped(valueIn(expr.a, state) + valueIn(expr.b, state), expr.widthBits);
    case 'table':
      return at(expr.values, valueIn(expr.index, state));
    default:
      return never(expr);
  }
}
