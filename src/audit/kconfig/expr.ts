// Kconfig expressions over symbol numbers: what they are, how they read, and how they are taken
// apart. Immutable, so one parsed expression serves every port.
// @source Documentation/kbuild/kconfig-language.rst "Menu dependencies" v6.12

import { never } from '../../base/index.ts';
import { idN } from './names.ts';
import type { NameTable, SymbolId } from './names.ts';

/** The operators between two symbols. */
export type CompareOp = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A tristate expression. `and` and `or` lean to the left, as they are written. */
export type Expr =
  | { readonly kind: 'symbol'; readonly id: SymbolId }
  | {
      readonly kind: 'compare';
      readonly op: CompareOp;
      readonly a: SymbolId;
      readonly b: SymbolId;
    }
  | { readonly kind: 'not'; readonly a: Expr }
  | { readonly kind: 'and' | 'or'; readonly a: Expr; readonly b: Expr };

/** The expression in Kconfig words, with no more parentheses than needed. */
export function formatExpr(expr: Expr, names: NameTable): string {
  switch (expr.kind) {
    case 'symbol':
      return formatOperand(expr.id, names);
    case 'compare':
      return `${formatOperand(expr.a, names)}${expr.op}${formatOperand(expr.b, names)}`;
    case 'not':
      return expr.a.kind === 'symbol'
        ? `!${formatExpr(expr.a, names)}`
        : `!(${formatExpr(expr.a, names)})`;
    case 'and':
      return `${formatUnder(expr.a, names)} && ${formatUnder(expr.b, names)}`;
    case 'or':
      return `${formatExpr(expr.a, names)} || ${formatExpr(expr.b, names)}`;
    default:
      return never(expr, 'expression');
  }
}

function formatUnder(expr: Expr, names: NameTable): string {
  const text = formatExpr(expr, names);
  return expr.kind === 'or' ? `(${text})` : text;
}

function formatOperand(id: SymbolId, names: NameTable): string {
  const text = names.text(id);
  return names.isConstant(id) && !/^[nmy]$/.test(text) ? `"${text}"` : text;
}

/** The operands of a chain of one connective, left to right; for no such chain, the expression. */
export function operands(expr: Expr, kind: 'and' | 'or'): readonly Expr[] {
  if (expr.kind !== kind) return [expr];
  return [...operands(expr.a, kind), ...operands(expr.b, kind)];
}

/** Calls `visit` for every symbol number in the expression, left to right, constants included. */
export function eachSymbol(expr: Expr, visit: (id: SymbolId) => void): void {
  switch (expr.kind) {
    case 'symbol':
      visit(expr.id);
      return;
    case 'compare':
      visit(expr.a);
      visit(expr.b);
      return;
    case 'not':
      eachSymbol(expr.a, visit);
      return;
    case 'and':
    case 'or':
      eachSymbol(expr.a, visit);
      eachSymbol(expr.b, visit);
      return;
    default:
      never(expr, 'expression');
  }
}

/** Joins two expressions, either of which may be absent. */
export function join(kind: 'and' | 'or', a: Expr | undefined, b: Expr): Expr {
  return a === undefined ? b : { kind, a, b };
}

/**
 * `depends on X if Y` is X || (Y is n), and this is the second half: y where the expression is n.
 * @source scripts/kconfig commit 76df6815dab7 ("kconfig: Support conditional deps")
 */
export function isNo(expr: Expr): Expr {
  return compareWithNo(expr, true);
}

function compareWithNo(expr: Expr, equal: boolean): Expr {
  switch (expr.kind) {
    case 'symbol':
      return { kind: 'compare', op: equal ? '=' : '!=', a: expr.id, b: idN };
    case 'compare':
      return equal ? { kind: 'not', a: expr } : expr;
    case 'not':
      return compareWithNo(expr.a, !equal);
    case 'and':
    case 'or': {
      const kind = expr.kind === 'and' ? 'or' : 'and';
      const both: Expr = { kind, a: compareWithNo(expr.a, true), b: compareWithNo(expr.b, true) };
      return equal ? both : { kind: 'not', a: both };
    }
    default:
      return never(expr, 'expression');
  }
}
