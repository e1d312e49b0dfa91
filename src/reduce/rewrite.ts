// Expressions with fields replaced, and folded where that makes constants.

import { at, never } from '../base/index.ts';
import { add, and, constant, eq, type Expr, ite, ne, not, or, table } from '../ir/index.ts';

/** What stands for a field; `undefined`: the field itself. */
export type Substitution = ReadonlyMap<number, Expr>;

/** `expr` with each field of the substitution replaced; comparisons of constants fold. */
export function substituted(expr: Expr, by: Substitution): Expr {
  const of = (e: Expr): Expr => substituted(e, by);
  switch (expr.op) {
    case 'const':
      return expr;
    case 'field':
      return by.get(expr.field) ?? expr;
    case 'not':
      return not(of(expr.a));
    case 'and':
      return and(truth(of(expr.a)), truth(of(expr.b)));
    case 'or':
      return or(truth(of(expr.a)), truth(of(expr.b)));
    case 'ite':
      return choice(of(expr.c), of(expr.a), of(expr.b));
    case 'eq':
      return equal(of(expr.a), of(expr.b));
    case 'ne':
      return not(equal(of(expr.a), of(expr.b)));
    case 'lt':
      return { op: 'lt', a: of(expr.a), b: of(expr.b) };
    case 'add':
      return add(of(expr.a), of(expr.b), expr.widthBits);
    case 'table': {
      const index = of(expr.index);
      return index.op === 'const'
        ? constant(at(expr.values, index.value))
        : table(index, expr.values);
    }
    default:
      return never(expr);
  }
}

// A fold leaves one operand of two in place of their truth: so it must be 0 or 1 itself.
function truth(expr: Expr): Expr {
  switch (expr.op) {
    case 'not':
    case 'and':
    case 'or':
    case 'eq':
    case 'ne':
    case 'lt':
      return expr;
    case 'const':
      return constant(expr.value === 0 ? 0 : 1);
    case 'field':
    case 'ite':
    case 'add':
    case 'table':
      return ne(expr, constant(0));
    default:
      return never(expr);
  }
}

/** `a == b`, folded where both are constants or the same field. */
export function equal(a: Expr, b: Expr): Expr {
  if (a.op === 'const' && b.op === 'const') return constant(a.value === b.value ? 1 : 0);
  if (a.op === 'field' && b.op === 'field' && a.field === b.field) return constant(1);
  return eq(a, b);
}

/** `a != b`, folded where both are constants. */
export function different(a: Expr, b: Expr): Expr {
  const same = equal(a, b);
  return same.op === 'const' ? not(same) : ne(a, b);
}

/** `c ? a : b`, folded where the condition is constant or both sides are the same. */
export function choice(c: Expr, a: Expr, b: Expr): Expr {
  const isSame =
    (a.op === 'const' && b.op === 'const' && a.value === b.value) ||
    (a.op === 'field' && b.op === 'field' && a.field === b.field);
  return isSame ? a : ite(c, a, b);
}
