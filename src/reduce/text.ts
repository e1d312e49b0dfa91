// Expressions as text, so that two are compared whatever the order of their operands.

import { never } from '../base/index.ts';
import type { Expr } from '../ir/index.ts';
import { conjuncts, disjuncts } from './footprint.ts';

/** The expression with its fields renamed; equal texts mean equal values in every state. */
export function textOf(expr: Expr, name: (field: number) => number): string {
  const of = (e: Expr): string => textOf(e, name);
  switch (expr.op) {
    case 'const':
      return `${expr.value}`;
    case 'field':
      return `f${name(expr.field)}`;
    case 'not':
      return `not(${of(expr.a)})`;
    case 'and':
      return `and(${conjuncts(expr).map(of).sort().join()})`;
    case 'or':
      return `or(${disjuncts(expr).map(of).sort().join()})`;
    case 'eq':
    case 'ne':
      return `${expr.op}(${[of(expr.a), of(expr.b)].sort().join()})`;
    case 'lt':
      return `lt(${of(expr.a)},${of(expr.b)})`;
    case 'ite':
      return `ite(${of(expr.c)},${of(expr.a)},${of(expr.b)})`;
    case 'add':
      return `add${expr.widthBits}(${[of(expr.a), of(expr.b)].sort().join()})`;
    case 'table':
      return `table(${of(expr.index)},${expr.values.join(' ')})`;
    default:
      return never(expr);
  }
}
