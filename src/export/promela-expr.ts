// Expressions of the IR as Promela.
//
// Promela computes in signed 32-bit integers, the IR in unsigned ones of the same width. A value
// of 2^31 and more is therefore held as the negative number of the same bits: equality and truth
// are not touched by that, comparison and addition get a form of their own where such a value can
// occur. Which values can occur follows from the widths of the fields.

import { assert, at, never, present } from '../base/index.ts';
import { type Expr, type Field, largestValue } from '../ir/index.ts';

/** The fields under their Promela names, and what the expressions turned out to need. */
export interface Scope {
  readonly fields: readonly Field[];
  /** Identifier of each field, in the order of the fields. */
  readonly names: readonly string[];
  /** Begins the name of each table's macro. */
  readonly prefix: string;
  /** Definitions of macros by name; grows while expressions are written. */
  readonly macros: Map<string, string>;
}

/** How tightly the text of an expression binds; an operand that binds less is parenthesised. */
type Level = 'atom' | 'comparison' | 'and' | 'or';
const levels: readonly Level[] = ['or', 'and', 'comparison', 'atom'];

interface Text {
  readonly text: string;
  readonly level: Level;
}

const half = 2 ** 31;

/** The expression as Promela; `instead` gives other names to some fields, by their index. */
export function promelaExpr(
  expr: Expr,
  scope: Scope,
  instead: ReadonlyMap<number, string> = new Map(),
): string {
  const names = scope.names.map((name, i) => instead.get(i) ?? name);
  return write(expr, { ...scope, names }).text;
}

/** The expression as a statement that waits for it: constants as the words true and false. */
export function promelaGuard(expr: Expr, scope: Scope): string {
  if (expr.op === 'const') return expr.value === 0 ? 'false' : 'true';
  return promelaExpr(expr, scope);
}

function write(expr: Expr, scope: Scope): Text {
  switch (expr.op) {
    case 'const':
      return atom(signed(expr.value));
    case 'field':
      return atom(at(scope.names, expr.field));
    case 'not':
      return negation(within('atom', expr.a, scope));
    case 'eq':
      return comparison(expr.a, '==', expr.b, scope);
    case 'ne':
      return comparison(expr.a, '!=', expr.b, scope);
    case 'lt':
      return less(expr.a, expr.b, scope);
    case 'and':
      return joined('and', '&&', [expr.a, expr.b], scope);
    case 'or':
      return joined('or', '||', [expr.a, expr.b], scope);
    case 'ite': {
      const [c, a, b] = [expr.c, expr.a, expr.b].map((e) => within('or', e, scope));
      return atom(`(${c} -> ${a} : ${b})`);
    }
    case 'add':
      return sum(expr, scope);
    case 'table':
      return atom(`${tableMacro(expr.values, scope)}(${within('or', expr.index, scope)})`);
    default:
      return never(expr);
  }
}

function within(level: Level, expr: Expr, scope: Scope): string {
  const inner = write(expr, scope);
  return levels.indexOf(inner.level) < levels.indexOf(level) ? `(${inner.text})` : inner.text;
}

function atom(text: string): Text {
  return { text, level: 'atom' };
}

/** Two marks together would be Promela's sorted send. */
function negation(operand: string): Text {
  return atom(operand.startsWith('!') ? `!(${operand})` : `!${operand}`);
}

function joined(level: 'and' | 'or', sign: string, of: readonly Expr[], scope: Scope): Text {
  return { text: of.map((e) => within(level, e, scope)).join(` ${sign} `), level };
}

function comparison(a: Expr, sign: string, b: Expr, scope: Scope): Text {
  const text = `${within('atom', a, scope)} ${sign} ${within('atom', b, scope)}`;
  return { text, level: 'comparison' };
}

function less(a: Expr, b: Expr, scope: Scope): Text {
  if (maximum(a, scope) < half && maximum(b, scope) < half) return comparison(a, '<', b, scope);
  // Flipping the top bit of both makes the signed order the unsigned one.
  scope.macros.set(
    'less32',
    '#define less32(a, b) (((a) ^ (-2147483647 - 1)) < ((b) ^ (-2147483647 - 1)))',
  );
  return atom(`less32(${within('or', a, scope)}, ${within('or', b, scope)})`);
}

function sum(expr: Extract<Expr, { op: 'add' }>, scope: Scope): Text {
  const { a, b, widthBits } = expr;
  const highest = maximum(a, scope) + maximum(b, scope);
  const mask = 2 ** widthBits - 1;
  if (highest < half) {
    const plain = `${within('atom', a, scope)} + ${within('atom', b, scope)}`;
    return atom(highest <= mask ? `(${plain})` : `((${plain}) & ${mask})`);
  }
  // By halves of 16 bits, so that no sum overflows, which C leaves undefined.
  scope.macros.set(
    'add32',
    '#define low32(a, b) (((a) & 65535) + ((b) & 65535))\n' +
      '#define add32(a, b) \\\n' +
      '\t((((((a) >> 16) & 65535) + (((b) >> 16) & 65535) + (low32(a, b) >> 16)) << 16) \\\n' +
      '\t | (low32(a, b) & 65535))',
  );
  const wide = `add32(${within('or', a, scope)}, ${within('or', b, scope)})`;
  return atom(widthBits === 32 ? wide : `(${wide} & ${mask})`);
}

/** The decimal number of the same 32 bits, taken as signed. */
function signed(value: number): string {
  if (value < half) return String(value);
  return value === half ? '(-2147483647 - 1)' : `(${value - 2 ** 32})`;
}

/** No value of the expression is above this; exact enough to tell what needs 32 bits. */
function maximum(expr: Expr, { fields }: Scope): number {
  return largestValue(expr, (field) => 2 ** present(fields[field], 'field').widthBits - 1);
}

/**
 * The macro that looks a value up; equal tables share one. An array would be part of every state,
 * and a `hidden` one forbids SPIN's breadth-first search, so a table is a tree of comparisons.
 */
function tableMacro(values: readonly number[], scope: Scope): string {
  const tree = choose(runsOf(values));
  for (const [name, text] of scope.macros) {
    if (text === `#define ${name}(i) ${tree}`) return name;
  }
  const name = `${scope.prefix}table${scope.macros.size}`;
  assert(!scope.macros.has(name), 'a new table has a new name');
  scope.macros.set(name, `#define ${name}(i) ${tree}`);
  return name;
}

interface Run {
  readonly from: number;
  readonly value: number;
}

/** Where a table's value changes. */
function runsOf(values: readonly number[]): readonly Run[] {
  return values
    .map((value, from) => ({ from, value }))
    .filter(({ from, value }) => from === 0 || at(values, from - 1) !== value);
}

function choose(runs: readonly Run[]): string {
  if (runs.length === 1) return signed(at(runs, 0).value);
  const middle = Math.ceil(runs.length / 2);
  const low = choose(runs.slice(0, middle));
  return `((i) < ${at(runs, middle).from} -> ${low} : ${choose(runs.slice(middle))})`;
}
