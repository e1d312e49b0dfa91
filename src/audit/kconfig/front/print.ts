// Expressions as conf prints them, with the values that symbols have.
// @source scripts/kconfig/expr.c expr_print(), expr_gstr_print_revdep() v6.1, v6.12

import { never } from '../../../base/index.ts';
import { expr_calc_value } from '../conf/expr.ts';
import type { ConfState } from '../conf/state.ts';
import { sym_get_string_value } from '../conf/symbol.ts';
import type { Expr } from '../expr.ts';
import { idY } from '../names.ts';
import type { SymbolId } from '../names.ts';
import { triText } from '../tri.ts';
import type { Tri } from '../tri.ts';
import type { MaybeExpr } from './transform.ts';

/** The expression, each symbol with its value behind it. */
export function expr_gstr_print(conf: ConfState, expr: MaybeExpr): string {
  return expr === undefined ? 'y' : print(conf, expr, undefined);
}

function print(conf: ConfState, expr: Expr, around: Expr['kind'] | undefined): string {
  const text = bare(conf, expr);
  const isLoose = (around === 'not' && expr.kind === 'and') || expr.kind === 'or';
  return isLoose && (around === 'not' || around === 'and') ? `(${text})` : text;
}

function bare(conf: ConfState, expr: Expr): string {
  switch (expr.kind) {
    case 'symbol':
      return symbolText(conf, expr.id);
    case 'compare':
      return `${symbolText(conf, expr.a)}${expr.op}${symbolText(conf, expr.b)}`;
    case 'not':
      return `!${print(conf, expr.a, 'not')}`;
    case 'and':
      return `${print(conf, expr.a, 'and')} && ${print(conf, expr.b, 'and')}`;
    case 'or':
      return `${print(conf, expr.a, 'or')} || ${print(conf, expr.b, 'or')}`;
    default:
      return never(expr, 'expression');
  }
}

/** A symbol and its value, as inside an expression; choices have no name. */
export function symbolText(conf: ConfState, id: SymbolId): string {
  if (id <= idY) {
    const name = conf.model.names.text(id);
    return `${name} [=${name}]`;
  }
  if (conf.choiceNode(id) >= 0) return '<choice>';
  const name = conf.model.names.text(id);
  if (conf.typeOf(id) === undefined) return name;
  // As the C library prints a text that nobody has calculated.
  const isNull = !conf.isLogic(id) && conf.text[id] === undefined;
  return `${name} [=${isNull ? '(null)' : sym_get_string_value(conf, id)}]`;
}

/** The selects of a symbol that come to this value, one on a line; '' where there are none. */
export function expr_gstr_print_revdep(
  conf: ConfState,
  expr: Expr,
  value: Tri,
  title: string,
): string {
  const lines = selectors(expr).filter((one) => expr_calc_value(conf, one) === value);
  const texts = lines.map((one) => `  - ${expr_gstr_print(conf, one)}\n`);
  return texts.length === 0 ? '' : `${title} [${triText(value)}]:\n${texts.join('')}`;
}

function selectors(expr: Expr): readonly Expr[] {
  return expr.kind === 'or' ? [...selectors(expr.a), ...selectors(expr.b)] : [expr];
}
