// How conf drops operands of an expression that say nothing new.
// @source scripts/kconfig/expr.c expr_eliminate_dups(), expr_eliminate_eq() v6.1, v6.12

import { never } from '../../../base/index.ts';
import type { CompareOp, Expr } from '../expr.ts';
import { idM, idN, idY } from '../names.ts';
import type { SymbolId } from '../names.ts';
import { expr_alloc_comp, expr_alloc_symbol, expr_is_yes } from './transform.ts';
import type { ExprContext, MaybeExpr } from './transform.ts';

type Connective = 'and' | 'or';
type Pair = readonly [Expr, Expr];

/** Simplifies expressions in one context. */
export class Simplifier {
  readonly #context: ExprContext;
  #transCount = 0;

  constructor(context: ExprContext) {
    this.#context = context;
  }

  /** Without operands that others make superfluous. */
  expr_eliminate_dups(expr: MaybeExpr): MaybeExpr {
    if (expr === undefined) return undefined;
    const before = this.#transCount;
    const result = this.#context.classic ? this.#classicDups(expr) : this.#dups(expr);
    this.#transCount = before;
    return result;
  }

  #dups(start: Expr): Expr {
    let expr = start;
    do {
      this.#transCount = 0;
      if (expr.kind === 'and' || expr.kind === 'or') {
        const { kind } = expr;
        const l = this.expr_eliminate_dups(expr.a) ?? expr.a;
        const r = this.expr_eliminate_dups(expr.b) ?? expr.b;
        const [a, b] = this.#dups1(kind, l, r);
        expr = { kind, a, b };
      }
      expr = this.#yn(expr);
    } while (this.#transCount > 0);
    return expr;
  }

  #dups1(type: Connective, e1: Expr, e2: Expr): Pair {
    if (e1.kind === type) {
      const [a, rest] = this.#dups1(type, e1.a, e2);
      const [b, last] = this.#dups1(type, e1.b, rest);
      return [{ kind: type, a, b }, last];
    }
    if (e2.kind === type) {
      const [rest, a] = this.#dups1(type, e1, e2.a);
      const [last, b] = this.#dups1(type, rest, e2.b);
      return [last, { kind: type, a, b }];
    }
    const joined = type === 'or' ? this.#joinOr(e1, e2) : this.#joinAnd(e1, e2);
    if (joined === undefined) return [e1, e2];
    this.#transCount += 1;
    return [expr_alloc_symbol(type === 'or' ? idN : idY), joined];
  }

  // Up to 6.10 all operands were compared with all in place, each pair twice.
  #classicDups(start: Expr): Expr {
    let expr = start;
    for (;;) {
      this.#transCount = 0;
      if (expr.kind === 'and' || expr.kind === 'or') {
        const cell = { node: thaw(expr) };
        this.#classicDups1(expr.kind, cell, cell);
        expr = freeze(cell);
      }
      if (this.#transCount === 0) return expr;
      expr = this.#yn(expr);
    }
  }

  #classicDups1(type: Connective, e1: Cell, e2: Cell): void {
    if (e1.node.kind === type) {
      this.#classicDups1(type, e1.node.a, e2);
      this.#classicDups1(type, e1.node.b, e2);
      return;
    }
    if (e2.node.kind === type) {
      this.#classicDups1(type, e1, e2.node.a);
      this.#classicDups1(type, e1, e2.node.b);
      return;
    }
    if (e1.node === e2.node) return;
    if (e1.node.kind !== 'leaf') this.#classicDups1(e1.node.kind, e1, e1);
    const a = freeze(e1);
    const b = freeze(e2);
    const joined = type === 'or' ? this.#joinOr(a, b) : this.#joinAnd(a, b);
    if (joined === undefined) return;
    e1.node = thaw(expr_alloc_symbol(type === 'or' ? idN : idY));
    e2.node = thaw(joined);
    this.#transCount += 1;
  }

  // Since 6.11, what was dropped below an operand that stays is dropped in vain.
  #yn(expr: Expr): Expr {
    if (expr.kind !== 'and' && expr.kind !== 'or') return expr;
    const l = this.#yn(expr.a);
    const r = this.#yn(expr.b);
    const [neutral, strong] = expr.kind === 'and' ? [idY, idN] : [idN, idY];
    if (isSymbol(l, strong)) return l;
    if (isSymbol(l, neutral)) return r;
    if (isSymbol(r, strong)) return r;
    if (isSymbol(r, neutral)) return l;
    return this.#context.classic ? { kind: expr.kind, a: l, b: r } : expr;
  }

  /** Both without the operands that they share. */
  expr_eliminate_eq(e1: MaybeExpr, e2: MaybeExpr): readonly [MaybeExpr, MaybeExpr] {
    if (e1 === undefined || e2 === undefined) return [e1, e2];
    return this.#eliminateEq(e1, e2);
  }

  #eliminateEq(e1: Expr, e2: Expr): Pair {
    let pair: Pair = [e1, e2];
    if (e1.kind === 'and' || e1.kind === 'or') pair = this.#eliminate(e1.kind, e1, e2);
    const [first, { kind }] = pair;
    if (first.kind !== kind && (kind === 'and' || kind === 'or')) {
      pair = this.#eliminate(kind, pair[0], pair[1]);
    }
    return [this.#yn(pair[0]), this.#yn(pair[1])];
  }

  #eliminate(type: Connective, e1: Expr, e2: Expr): Pair {
    if (e1.kind === type) {
      const [a, rest] = this.#eliminate(type, e1.a, e2);
      const [b, last] = this.#eliminate(type, e1.b, rest);
      return [{ kind: type, a, b }, last];
    }
    if (e2.kind === type) {
      const [rest, a] = this.#eliminate(type, e1, e2.a);
      const [last, b] = this.#eliminate(type, rest, e2.b);
      return [last, { kind: type, a, b }];
    }
    const isPlain = (id: SymbolId): boolean => isSymbol(e1, id) && isSymbol(e2, id);
    if (isPlain(idY) || isPlain(idN) || !this.expr_eq(e1, e2)) return [e1, e2];
    this.#transCount += 1;
    const gone = expr_alloc_symbol(type === 'or' ? idN : idY);
    return [gone, gone];
  }

  /** Whether two expressions are the same but for the order of operands. */
  expr_eq(e1: MaybeExpr, e2: MaybeExpr): boolean {
    if (e1 === undefined || e2 === undefined) return expr_is_yes(e1) && expr_is_yes(e2);
    switch (e1.kind) {
      case 'compare':
        return e2.kind === 'compare' && e1.op === e2.op && e1.a === e2.a && e1.b === e2.b;
      case 'symbol':
        return isSymbol(e2, e1.id);
      case 'not':
        return e2.kind === 'not' && this.expr_eq(e1.a, e2.a);
      case 'and':
      case 'or': {
        if (e2.kind !== e1.kind) return false;
        const before = this.#transCount;
        const [a, b] = this.#eliminateEq(e1, e2);
        this.#transCount = before;
        return a.kind === 'symbol' && isSymbol(b, a.id);
      }
      default:
        return never(e1, 'expression');
    }
  }

  #joinOr(e1: Expr, e2: Expr): MaybeExpr {
    if (this.expr_eq(e1, e2)) return e1;
    const id = this.#sharedSymbol(e1, e2);
    if (id === undefined) return undefined;
    if (this.#context.typeOf(id) === 'tristate') {
      const [a, b] = [equalTo(e1, '='), equalTo(e2, '=')];
      const third = a === undefined || b === undefined ? undefined : otherValue(a, b);
      return third === undefined ? undefined : expr_alloc_comp('!=', id, third);
    }
    const isOpposite =
      (isNotSymbol(e1) && e2.kind === 'symbol') || (isNotSymbol(e2) && e1.kind === 'symbol');
    return isOpposite ? expr_alloc_symbol(idY) : undefined;
  }

  #joinAnd(e1: Expr, e2: Expr): MaybeExpr {
    if (this.expr_eq(e1, e2)) return e1;
    const id = this.#sharedSymbol(e1, e2);
    if (id === undefined) return undefined;
    const besides = e1.kind === 'symbol' ? e2 : e2.kind === 'symbol' ? e1 : undefined;
    if (besides !== undefined) {
      if (equalTo(besides, '=') === idY) return expr_alloc_comp('=', id, idY);
      if (equalTo(besides, '!=') === idN) return expr_alloc_symbol(id);
      if (equalTo(besides, '!=') === idM) return expr_alloc_comp('=', id, idY);
    }
    return this.#context.typeOf(id) === 'tristate' ? this.#joinTristate(id, e1, e2) : undefined;
  }

  #joinTristate(id: SymbolId, e1: Expr, e2: Expr): MaybeExpr {
    const [same1, same2] = [equalTo(e1, '='), equalTo(e2, '=')];
    const [other1, other2] = [equalTo(e1, '!='), equalTo(e2, '!=')];
    const same = same1 ?? same2;
    const other = same1 === undefined ? other1 : other2;
    if (same !== undefined && other !== undefined) {
      const { isConstant } = this.#context;
      if (!isConstant(same) || !isConstant(other)) return undefined;
      return same === other ? expr_alloc_symbol(idN) : expr_alloc_comp('=', id, same);
    }
    if (other1 === undefined || other2 === undefined) return undefined;
    const third = otherValue(other1, other2);
    return third === undefined ? undefined : expr_alloc_comp('=', id, third);
  }

  // The bool or tristate symbol that both are about, where they are simple enough.
  #sharedSymbol(e1: Expr, e2: Expr): SymbolId | undefined {
    const first = e1.kind === 'not' ? aboutOf(e1.a) : aboutOf(e1);
    const second = e2.kind === 'not' ? (e2.a.kind === 'symbol' ? e2.a.id : -1) : aboutOf(e2);
    if (first === -1 || first !== second) return undefined;
    const type = this.#context.typeOf(first);
    return type === 'bool' || type === 'tristate' ? first : undefined;
  }
}

interface Cell {
  node: Thawed;
}

type Thawed =
  | { readonly kind: 'leaf'; readonly expr: Expr }
  | { readonly kind: Connective; readonly a: Cell; readonly b: Cell };

function thaw(expr: Expr): Thawed {
  if (expr.kind !== 'and' && expr.kind !== 'or') return { kind: 'leaf', expr };
  return { kind: expr.kind, a: { node: thaw(expr.a) }, b: { node: thaw(expr.b) } };
}

function freeze({ node }: Cell): Expr {
  if (node.kind === 'leaf') return node.expr;
  return { kind: node.kind, a: freeze(node.a), b: freeze(node.b) };
}

function isSymbol(expr: Expr, id: SymbolId): boolean {
  return expr.kind === 'symbol' && expr.id === id;
}

function isNotSymbol(expr: Expr): boolean {
  return expr.kind === 'not' && expr.a.kind === 'symbol';
}

// What a comparison by this operator compares with.
function equalTo(expr: Expr, op: CompareOp): SymbolId | undefined {
  return expr.kind === 'compare' && expr.op === op ? expr.b : undefined;
}

// The tristate value that is neither.
function otherValue(a: SymbolId, b: SymbolId): SymbolId | undefined {
  if (a === b || a > idY || b > idY) return undefined;
  return idN + idM + idY - a - b;
}

function aboutOf(expr: Expr): SymbolId {
  if (expr.kind === 'symbol') return expr.id;
  return expr.kind === 'compare' && (expr.op === '=' || expr.op === '!=') ? expr.a : -1;
}
