// How conf rewrites expressions once all files are read. What it prints of an expression, and which
// entries become submenus, follows from the rewritten form.
// @source scripts/kconfig/expr.c expr_transform(), expr_trans_compare(), menu.c rewrite_m() v6.12

import { never } from '../../../base/index.ts';
import type { SymbolType } from '../ast.ts';
import type { CompareOp, Expr } from '../expr.ts';
import { idM, idN, idY } from '../names.ts';
import type { SymbolId } from '../names.ts';

/** An expression, or none: that is y. */
export type MaybeExpr = Expr | undefined;

/** What the rewriting needs to know of symbols. */
export interface ExprContext {
  readonly classic: boolean;
  /** The symbol that says `modules`, or n. */
  readonly modules: SymbolId;
  readonly typeOf: (id: SymbolId) => SymbolType | undefined;
  readonly nameOf: (id: SymbolId) => string;
  readonly isConstant: (id: SymbolId) => boolean;
  /** Takes a line that conf prints to stdout. */
  readonly say: (line: string) => void;
}

/** One symbol. */
export function expr_alloc_symbol(id: SymbolId): Expr {
  return { kind: 'symbol', id };
}

/** Two symbols compared. */
export function expr_alloc_comp(op: CompareOp, a: SymbolId, b: SymbolId): Expr {
  return { kind: 'compare', op, a, b };
}

/** Both, either of which may be none. */
export function expr_alloc_and(a: MaybeExpr, b: MaybeExpr): MaybeExpr {
  if (a === undefined) return b;
  return b === undefined ? a : { kind: 'and', a, b };
}

/** One of both, either of which may be none. */
export function expr_alloc_or(a: MaybeExpr, b: MaybeExpr): MaybeExpr {
  if (a === undefined) return b;
  return b === undefined ? a : { kind: 'or', a, b };
}

/** Whether an expression is y as it stands. */
export function expr_is_yes(expr: MaybeExpr): boolean {
  return expr === undefined || (expr.kind === 'symbol' && expr.id === idY);
}

/** Turns `m` into `m && MODULES`. */
export function rewrite_m(expr: MaybeExpr, context: ExprContext): MaybeExpr {
  if (expr === undefined) return undefined;
  switch (expr.kind) {
    case 'not':
      return { kind: 'not', a: rewrite_m(expr.a, context) ?? expr.a };
    case 'and':
    case 'or':
      return {
        kind: expr.kind,
        a: rewrite_m(expr.a, context) ?? expr.a,
        b: rewrite_m(expr.b, context) ?? expr.b,
      };
    case 'symbol':
      if (expr.id !== idM) return expr;
      return { kind: 'and', a: expr, b: expr_alloc_symbol(context.modules) };
    case 'compare':
      return expr;
    default:
      return never(expr, 'expression');
  }
}

/** Comparisons of bools become symbols, and `!` moves inwards. */
export function expr_transform(expr: MaybeExpr, context: ExprContext): MaybeExpr {
  return expr === undefined ? undefined : transform(expr, context);
}

function transform(expr: Expr, context: ExprContext): Expr {
  switch (expr.kind) {
    case 'symbol':
      return expr;
    case 'compare':
      return transformCompare(expr, context);
    case 'and':
    case 'or': {
      if (context.classic) {
        return { kind: expr.kind, a: transform(expr.a, context), b: transform(expr.b, context) };
      }
      // Since 6.11 the C compiler decides what comes first; gcc takes arguments from the right.
      const b = transform(expr.b, context);
      return { kind: expr.kind, a: transform(expr.a, context), b };
    }
    case 'not':
      return transformNot(transform(expr.a, context), context);
    default:
      return never(expr, 'expression');
  }
}

function transformCompare(
  expr: Extract<Expr, { kind: 'compare' }>,
  { typeOf, nameOf, say }: ExprContext,
): Expr {
  const { op, a, b } = expr;
  if ((op !== '=' && op !== '!=') || typeOf(a) !== 'bool') return expr;
  const isEqual = op === '=';
  if (b === idM) {
    say(`boolean symbol ${nameOf(a)} tested for 'm'? test forced to '${isEqual ? 'n' : 'y'}'`);
    return expr_alloc_symbol(isEqual ? idN : idY);
  }
  if (b !== idN && b !== idY) return expr;
  const symbol = expr_alloc_symbol(a);
  return (b === idY) === isEqual ? symbol : { kind: 'not', a: symbol };
}

const opposite: Readonly<Record<CompareOp, CompareOp>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

// `a` has been transformed.
function transformNot(a: Expr, context: ExprContext): Expr {
  switch (a.kind) {
    case 'not':
      return a.a;
    case 'compare':
      return expr_alloc_comp(opposite[a.op], a.a, a.b);
    case 'or':
    case 'and':
      return transform(
        {
          kind: a.kind === 'or' ? 'and' : 'or',
          a: { kind: 'not', a: a.a },
          b: { kind: 'not', a: a.b },
        },
        context,
      );
    case 'symbol':
      if (a.id === idY) return expr_alloc_symbol(idN);
      if (a.id === idN) return expr_alloc_symbol(idY);
      return a.id === idM ? a : { kind: 'not', a };
    default:
      return never(a, 'expression');
  }
}

/** Whether a symbol occurs in an expression. */
export function expr_contains_symbol(expr: MaybeExpr, id: SymbolId): boolean {
  if (expr === undefined) return false;
  switch (expr.kind) {
    case 'and':
    case 'or':
      return expr_contains_symbol(expr.a, id) || expr_contains_symbol(expr.b, id);
    case 'symbol':
      return expr.id === id;
    case 'compare':
      return expr.a === id || expr.b === id;
    case 'not':
      return expr_contains_symbol(expr.a, id);
    default:
      return never(expr, 'expression');
  }
}

/** Whether an expression holds only where a symbol is set, and says so plainly. */
export function expr_depends_symbol(expr: MaybeExpr, id: SymbolId): boolean {
  if (expr === undefined) return false;
  if (expr.kind === 'and') {
    return expr_depends_symbol(expr.a, id) || expr_depends_symbol(expr.b, id);
  }
  if (expr.kind === 'symbol') return expr.id === id;
  if (expr.kind !== 'compare' || expr.a !== id) return false;
  if (expr.op === '=') return expr.b === idY || expr.b === idM;
  return expr.op === '!=' && expr.b === idN;
}

/** The expression compared with n, the comparison pushed down to its symbols. */
export function expr_trans_compare(expr: MaybeExpr, op: '=' | '!='): Expr {
  if (expr === undefined) return inverted(expr_alloc_symbol(idN), op);
  switch (expr.kind) {
    case 'and':
    case 'or': {
      const a = expr_trans_compare(expr.a, '=');
      const b = expr_trans_compare(expr.b, '=');
      return inverted({ kind: expr.kind === 'and' ? 'or' : 'and', a, b }, op);
    }
    case 'not':
      return expr_trans_compare(expr.a, op === '=' ? '!=' : '=');
    case 'compare':
      return op === '=' ? { kind: 'not', a: expr } : expr;
    case 'symbol':
      return expr_alloc_comp(op, expr.id, idN);
    default:
      return never(expr, 'expression');
  }
}

function inverted(expr: Expr, op: '=' | '!='): Expr {
  return op === '!=' ? { kind: 'not', a: expr } : expr;
}
