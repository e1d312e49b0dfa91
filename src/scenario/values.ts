// Values of a thread's registers as expressions over the state.

import { never, present } from '../base/index.ts';
import { add, and, constant, type Expr, eq, fieldAt, ne, not, or } from '../ir/index.ts';
import type { Value } from '../litmus/index.ts';
import { encode, type Names } from './names.ts';

/** `value` in the registers of `thread`. Any number but 0 is true; truth is 1. */
export function valueExpr(names: Names, thread: string, value: Value): Expr {
  if (typeof value === 'number') return constant(encode(value, names.valueBits));
  const of = (part: Value): Expr => valueExpr(names, thread, part);
  switch (value.op) {
    case 'register': {
      const name = `${thread}:${value.register}`;
      return fieldAt(present(names.registers.get(name), `register ${name} is set by the program`));
    }
    case 'add':
      return add(of(value.a), of(value.b), names.valueBits);
    case 'eq':
      return eq(of(value.a), of(value.b));
    case 'ne':
      return ne(of(value.a), of(value.b));
    case 'lt':
      return { op: 'lt', a: ordered(names, of(value.a)), b: ordered(names, of(value.b)) };
    case 'and':
      return and(truth(of(value.a)), truth(of(value.b)));
    case 'or':
      return or(truth(of(value.a)), truth(of(value.b)));
    case 'not':
      return not(of(value.a));
    default:
      return never(value);
  }
}

// and() and or() give back a lone operand as it is, and `1 && 2` is 1 in C.
function truth(expr: Expr): Expr {
  return expr.op === 'const' ? constant(expr.value === 0 ? 0 : 1) : ne(expr, constant(0));
}

// Two's complement numbers compare as unsigned ones once the sign bit is turned over.
function ordered(names: Names, expr: Expr): Expr {
  if (!names.program.signed) return expr;
  return add(expr, constant(2 ** (names.valueBits - 1)), names.valueBits);
}
