// What an expression is made of: the walk that whoever asks about expressions would else repeat.

import { never } from '../base/index.ts';
import type { Expr } from './expr.ts';

/** The direct parts of an expression, in the order in which they are written. */
export function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.op) {
    case 'const':
    case 'field':
      return [];
    case 'not':
      return [expr.a];
    case 'ite':
      return [expr.c, expr.a, expr.b];
    case 'table':
      return [expr.index];
    case 'eq':
    case 'ne':
    case 'lt':
    case 'and':
    case 'or':
    case 'add':
      return [expr.a, expr.b];
    default:
      return never(expr);
  }
}

/** Adds the indices of all fields that the value can depend on to `fields`, and returns it. */
export function fieldsIn(expr: Expr, fields: Set<number> = new Set()): Set<number> {
  if (expr.op === 'field') fields.add(expr.field);
  for (const part of operandsOf(expr)) fieldsIn(part, fields);
  return fields;
}

/**
 * No value of the expression is above this, as far as its form tells; `largestOf` gives the largest
 * value of a field.
 */
export function largestValue(expr: Expr, largestOf: (field: number) => number): number {
  switch (expr.op) {
    case 'const':
      return expr.value;
    case 'field':
      return largestOf(expr.field);
    case 'not':
    case 'eq':
    case 'ne':
    case 'lt':
    case 'and':
    case 'or':
      return 1;
    case 'ite':
      return Math.max(largestValue(expr.a, largestOf), largestValue(expr.b, largestOf));
    case 'add': {
      const sum = largestValue(expr.a, largestOf) + largestValue(expr.b, largestOf);
      return Math.min(sum, 2 ** expr.widthBits - 1);
    }
    case 'table':
      return expr.values.reduce((a, b) => Math.max(a, b), 0);
    default:
      return never(expr);
  }
}
