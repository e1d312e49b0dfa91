// Expressions as short text, for messages.

import type { Expr } from '../flow/index.ts';

/** An expression as short text, for messages. */
export function textOf(expr: Expr): string {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'field':
      return `${textOf(expr.base)}${expr.arrow ? '->' : '.'}${expr.field}`;
    case 'deref':
      return `*${textOf(expr.of)}`;
    case 'address':
      return `&${textOf(expr.of)}`;
    case 'index':
      return `${textOf(expr.base)}[${textOf(expr.index)}]`;
    case 'call':
      return `${textOf(expr.target)}(${expr.args.map(textOf).join(', ')})`;
    case 'unary':
      return `${expr.op}${textOf(expr.of)}`;
    case 'binary':
      return `${textOf(expr.left)} ${expr.op} ${textOf(expr.right)}`;
    case 'number':
      return String(expr.value ?? '?');
    case 'assign':
      return `${textOf(expr.to)} ${expr.op} ${textOf(expr.from)}`;
    default:
      return '...';
  }
}
