// Expressions as C, with the parentheses that are needed and no others.

import { never } from '../base/index.ts';
import type { ExprNode } from './ast.ts';
import { PRECEDENCE } from './parse-expr.ts';

/** Tighter than any operator of two operands. */
const UNARY = 6;

/** The expression on one line. */
export function exprText(expr: ExprNode): string {
  return text(expr, 0);
}

function text(expr: ExprNode, weakest: number): string {
  switch (expr.kind) {
    case 'number':
    case 'name':
      return expr.text;
    case 'unary': {
      // `-` before `-` would be read as one sign, and so would `&` before `&`.
      const of = text(expr.of, UNARY);
      return of.startsWith(expr.op) && expr.op !== '!' ? `${expr.op}(${of})` : `${expr.op}${of}`;
    }
    case 'binary': {
      const own = PRECEDENCE[expr.op];
      const both = `${text(expr.a, own)} ${expr.op} ${text(expr.b, own + 1)}`;
      return own < weakest ? `(${both})` : both;
    }
    case 'member':
      return `${postfixed(expr.of)}->${expr.member.text}`;
    case 'index':
      return `${postfixed(expr.of)}[${text(expr.index, 0)}]`;
    case 'call':
      return `${expr.name.text}(${expr.args.map((arg) => text(arg, 0)).join(', ')})`;
    default:
      return never(expr);
  }
}

function postfixed(expr: ExprNode): string {
  const loose = expr.kind === 'unary' || expr.kind === 'binary';
  return loose ? `(${text(expr, 0)})` : text(expr, UNARY);
}
