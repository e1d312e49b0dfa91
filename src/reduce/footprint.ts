// Which fields an expression or an action reads and writes. Everything that the reductions know
// about an action they know from here: they hold for whatever system is built.

import { never } from '../base/index.ts';
import { type Action, type Expr, operandsOf } from '../ir/index.ts';
import { type Bits, bits, meet, NONE } from './bits.ts';

/** What an action reads and writes, as sets of fields. */
export interface Footprint {
  /** Fields that the guard reads. */
  readonly guard: Bits;
  readonly writes: Bits;
  /** Each field written, alone in a set, with the fields that its new value is computed from. */
  readonly sources: readonly { readonly target: Bits; readonly reads: Bits }[];
}

/** The footprint of an action; an update that gives a field its own value is none. */
export function footprintOf(action: Action): Footprint {
  const real = action.updates.filter(
    ({ field, value }) => !(value.op === 'field' && value.field === field),
  );
  return {
    guard: readsOf(action.guard),
    writes: bits(real.map((u) => u.field)),
    sources: real.map((u) => ({ target: bits([u.field]), reads: readsOf(u.value) })),
  };
}

/** The fields that an action reads in order to run and to compute the fields in `needed`. */
export function readsFor(footprint: Footprint, needed: Bits): Bits {
  let reads = footprint.guard;
  for (const source of footprint.sources) if (meet(source.target, needed)) reads |= source.reads;
  return reads;
}

/** The fields that an expression reads. */
export function readsOf(expr: Expr): Bits {
  const own = expr.op === 'field' ? 1n << BigInt(expr.field) : NONE;
  return operandsOf(expr).reduce((bits, part) => bits | readsOf(part), own);
}

/** The operands of a conjunction, nested ones too; any other expression is its only operand. */
export function conjuncts(expr: Expr): readonly Expr[] {
  return expr.op === 'and' ? [...conjuncts(expr.a), ...conjuncts(expr.b)] : [expr];
}

/** The operands of a disjunction, nested ones too. */
export function disjuncts(expr: Expr): readonly Expr[] {
  return expr.op === 'or' ? [...disjuncts(expr.a), ...disjuncts(expr.b)] : [expr];
}

/** The value of an expression where only some fields are known; `undefined`: it depends. */
export function knownValue(
  expr: Expr,
  known: (field: number) => number | undefined,
): number | undefined {
  const of = (e: Expr): number | undefined => knownValue(e, known);
  const truth = (holds: boolean): number => (holds ? 1 : 0);
  switch (expr.op) {
    case 'const':
      return expr.value;
    case 'field':
      return known(expr.field);
    case 'not': {
      const a = of(expr.a);
      return a === undefined ? undefined : truth(a === 0);
    }
    case 'and':
    case 'or': {
      const decides = expr.op === 'or';
      const a = of(expr.a);
      if (a !== undefined && (a !== 0) === decides) return truth(decides);
      const b = of(expr.b);
      if (b !== undefined && (b !== 0) === decides) return truth(decides);
      return a === undefined || b === undefined ? undefined : truth(!decides);
    }
    case 'ite': {
      const c = of(expr.c);
      if (c !== undefined) return of(c === 0 ? expr.b : expr.a);
      const a = of(expr.a);
      return a === of(expr.b) ? a : undefined;
    }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'add': {
      const a = of(expr.a);
      const b = of(expr.b);
      return a === undefined || b === undefined ? undefined : applied(expr, a, b);
    }
    case 'table': {
      const index = of(expr.index);
      return index === undefined ? undefined : expr.values[index];
    }
    default:
      return never(expr);
  }
}

function applied(
  expr: Extract<Expr, { op: 'eq' | 'ne' | 'lt' | 'add' | 'and' | 'or' }>,
  a: number,
  b: number,
): number {
  switch (expr.op) {
    case 'eq':
      return a === b ? 1 : 0;
    case 'ne':
      return a === b ? 0 : 1;
    case 'lt':
      return a < b ? 1 : 0;
    case 'add':
      return (a + b) % 2 ** expr.widthBits;
    case 'and':
      return a !== 0 && b !== 0 ? 1 : 0;
    case 'or':
      return a !== 0 || b !== 0 ? 1 : 0;
    default:
      return never(expr);
  }
}
