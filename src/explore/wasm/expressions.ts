// Expressions of the IR as WebAssembly. Values are 64-bit integers below 2^32, truth is a 32-bit 0
// or 1. Where both sides of a choice are cheap and cannot trap, both are evaluated: a select costs
// less than a branch that is guessed wrongly.

import { at, never } from '../../base/index.ts';
import { type Expr, largestValue, operandsOf } from '../../ir/index.ts';
import { choose, type Code, I32, I64, i32, i64, select, trap, when } from './assembler.ts';
import type { RowLayout } from './layout.ts';
import type { Variable } from './module.ts';

/** The instructions that the operators become; a test gives a wrong one to see it caught. */
export interface Operators {
  readonly eq: (a: Code, b: Code) => Code;
  readonly ne: (a: Code, b: Code) => Code;
  readonly lt: (a: Code, b: Code) => Code;
  readonly and: (a: Code, b: Code) => Code;
  readonly or: (a: Code, b: Code) => Code;
  readonly add: (a: Code, b: Code) => Code;
}

/** The right instructions. */
export const rightOperators: Operators = {
  eq: i64.eq,
  ne: i64.ne,
  lt: i64.ltU,
  and: i32.and,
  or: i32.or,
  add: i64.add,
};

/** What expressions are compiled against: one state in locals, and somewhere to put constants. */
export interface ExprScope {
  readonly row: RowLayout;
  /** The words of the state. */
  readonly words: readonly Variable[];
  /** A 64-bit local that any expression may overwrite. */
  readonly scratch: Variable;
  readonly operators: Operators;
  /** Address of a table of constants, `bytesEach` bytes an entry (1 or 4). */
  readonly constants: (values: readonly number[], bytesEach: 1 | 4) => number;
}

/** Code that leaves the expression's value as a 64-bit integer. */
export function valueCode(expr: Expr, scope: ExprScope): Code {
  switch (expr.op) {
    case 'const':
      return i64.const(BigInt(expr.value));
    case 'field':
      return fieldCode(expr.field, scope);
    case 'ite': {
      const c = truthCode(expr.c, scope);
      const a = valueCode(expr.a, scope);
      const b = valueCode(expr.b, scope);
      return isCheap(expr.a) && isCheap(expr.b) ? select(c, a, b) : choose(I64, c, a, b);
    }
    case 'add': {
      const sum = scope.operators.add(valueCode(expr.a, scope), valueCode(expr.b, scope));
      return i64.and(sum, i64.const((1n << BigInt(expr.widthBits)) - 1n));
    }
    case 'table':
      return tableCode(expr.index, expr.values, scope);
    case 'not':
    case 'eq':
    case 'ne':
    case 'lt':
    case 'and':
    case 'or':
      return i64.extendU(truthCode(expr, scope));
    default:
      return never(expr);
  }
}

/** Code that leaves 1 where the expression's value is not 0, else 0, as a 32-bit integer. */
export function truthCode(expr: Expr, scope: ExprScope): Code {
  switch (expr.op) {
    case 'const':
      return i32.const(expr.value === 0 ? 0 : 1);
    case 'field': {
      const place = at(scope.row.places, expr.field);
      const bits = i64.const(place.mask << place.shift);
      return i64.ne(i64.and(at(scope.words, place.word).get, bits), i64.const(0n));
    }
    case 'not':
      return i32.eqz(truthCode(expr.a, scope));
    case 'eq':
    case 'ne':
      return comparisonCode(expr.op, expr.a, expr.b, scope);
    case 'lt':
      return scope.operators.lt(valueCode(expr.a, scope), valueCode(expr.b, scope));
    case 'and': {
      const a = truthCode(expr.a, scope);
      const b = truthCode(expr.b, scope);
      return canTrap(expr.b) ? choose(I32, a, b, i32.const(0)) : scope.operators.and(a, b);
    }
    case 'or': {
      const a = truthCode(expr.a, scope);
      const b = truthCode(expr.b, scope);
      return canTrap(expr.b) ? choose(I32, a, i32.const(1), b) : scope.operators.or(a, b);
    }
    case 'ite': {
      const c = truthCode(expr.c, scope);
      const a = truthCode(expr.a, scope);
      const b = truthCode(expr.b, scope);
      return isCheap(expr.a) && isCheap(expr.b) ? select(c, a, b) : choose(I32, c, a, b);
    }
    case 'add':
    case 'table':
      return i64.ne(valueCode(expr, scope), i64.const(0n));
    default:
      return never(expr);
  }
}

/** The largest value an expression can have, as far as its form tells. */
export function largestIn(expr: Expr, { places }: RowLayout): number {
  return largestValue(expr, (field) => Number(at(places, field).mask));
}

/** The value, stopping the program where it is beyond `limit`. */
export function atMost(value: Code, limit: bigint, scratch: Variable): Code {
  return [scratch.set(value), when(i64.gtU(scratch.get, i64.const(limit)), trap), scratch.get];
}

function fieldCode(field: number, { row, words }: ExprScope): Code {
  const { word, shift, mask } = at(row.places, field);
  const whole = at(words, word).get;
  const shifted = shift === 0n ? whole : i64.shrU(whole, i64.const(shift));
  return i64.and(shifted, i64.const(mask));
}

// A field against a constant is compared where it lies, without a shift.
function comparisonCode(op: 'eq' | 'ne', a: Expr, b: Expr, scope: ExprScope): Code {
  if (a.op === 'const' && b.op === 'field') return comparisonCode(op, b, a, scope);
  if (a.op === 'field' && b.op === 'const') {
    const { word, shift, mask } = at(scope.row.places, a.field);
    const value = BigInt(b.value);
    if (value > mask) return i32.const(op === 'eq' ? 0 : 1);
    const bits = i64.and(at(scope.words, word).get, i64.const(mask << shift));
    return scope.operators[op](bits, i64.const(value << shift));
  }
  return scope.operators[op](valueCode(a, scope), valueCode(b, scope));
}

// A short table of small values is one constant, shifted; a longer one lies in memory.
function tableCode(index: Expr, values: readonly number[], scope: ExprScope): Code {
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  const bits = Math.max(1, 32 - Math.clz32(largest));
  const last = BigInt(values.length - 1);
  const isSafe = largestIn(index, scope.row) < values.length;
  const plain = valueCode(index, scope);
  const inRange = isSafe ? plain : atMost(plain, last, scope.scratch);
  if (bits * values.length <= 64) {
    const packed = values.reduce((sum, v, i) => sum | (BigInt(v) << BigInt(i * bits)), 0n);
    const shift = bits === 1 ? inRange : i64.mul(inRange, i64.const(BigInt(bits)));
    return i64.and(i64.shrU(i64.const(packed), shift), i64.const((1n << BigInt(bits)) - 1n));
  }
  if (largest <= 0xff) return i64.load8U(i32.wrap(inRange), scope.constants(values, 1));
  return i64.load32U(i32.shl(i32.wrap(inRange), i32.const(2)), scope.constants(values, 4));
}

function isCheap(expr: Expr): boolean {
  return sizeOf(expr) <= 8 && !canTrap(expr);
}

function sizeOf(expr: Expr): number {
  return operandsOf(expr).reduce((sum, e) => sum + sizeOf(e), 1);
}

// Whether it can stop the program: then it is evaluated only where the interpreter evaluates it.
function canTrap(expr: Expr): boolean {
  return expr.op === 'table' || operandsOf(expr).some(canTrap);
}
