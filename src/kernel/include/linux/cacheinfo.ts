// cpu_dcache_is_aliasing(): the predicate of a port, as the catalogue or an audited header defines
// it, evaluated on one machine. Both kinds of kernel go through this one function.

import { never } from '../../../base/index.ts';
import type { Machine } from '../../../hw/index.ts';
import { predicateEnvironment } from '../../environment.ts';
import type { PredicateEnvironment } from '../../environment.ts';
import type { Predicate, PredicateExpr } from '../../kernel.ts';

/** What the kernel's predicate says on one machine. */
export type PredicateAnswer =
  /** `because` is the expression with the values of its names: one line of ASCII. */
  | { readonly kind: 'known'; readonly value: boolean; readonly because: string }
  /** The kernel has no such predicate. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'not-checked'; readonly why: string };

/**
 * Evaluates `predicate` on `machine` under `port`. A name without a value makes the answer
 * `not-checked`, naming it, unless the rest of a `||` or `&&` decides alone.
 *
 * @source include/linux/cacheinfo.h cpu_dcache_is_aliasing() v6.12
 */
export function cpu_dcache_is_aliasing(options: {
  readonly predicate: Predicate;
  readonly machine: Machine;
  /** Id of the port. */
  readonly port: string;
}): PredicateAnswer {
  const { predicate, machine, port } = options;
  switch (predicate.kind) {
    case 'absent':
      return { kind: 'absent' };
    case 'generic-false':
      // @source include/linux/cacheinfo.h cpu_dcache_is_aliasing() v6.12
      return {
        kind: 'known',
        value: false,
        because: 'ARCH_HAS_CPU_CACHE_ALIASING is not selected: constant false',
      };
    case 'not-checked':
      return { kind: 'not-checked', why: predicate.why };
    case 'defined':
      return evaluateDefined(predicate.expr, predicateEnvironment(machine, port), machine.id);
    default:
      return never(predicate, 'predicate');
  }
}

function evaluateDefined(
  expr: PredicateExpr,
  environment: PredicateEnvironment,
  machine: string,
): PredicateAnswer {
  const value = evaluate(expr, environment);
  const names = namesOf(expr);
  if (value === undefined) {
    const missing = names.filter((name) => environment(name) === undefined);
    const list = missing.join(', ');
    return { kind: 'not-checked', why: `${machine} gives no value for ${list}` };
  }
  const values = names
    .filter((name) => name !== 'true' && name !== 'false')
    .map((name) => `${name} = ${environment(name) ?? 'unknown'}`)
    .join(', ');
  const text = formatPredicate(expr);
  return {
    kind: 'known',
    value: value !== 0,
    because: values === '' ? `constant ${text}` : `${text} with ${values}`,
  };
}

/** C's value of the expression; undefined where a name that matters has no value. */
function evaluate(expr: PredicateExpr, environment: PredicateEnvironment): number | undefined {
  switch (expr.op) {
    case 'number':
      return expr.value;
    case 'name':
    case 'call':
      return environment(expr.name);
    case 'not': {
      const a = evaluate(expr.a, environment);
      return a === undefined ? undefined : Number(a === 0);
    }
    default: {
      const a = evaluate(expr.a, environment);
      const b = evaluate(expr.b, environment);
      return binary(expr.op, a, b);
    }
  }
}

type BinaryOp = Exclude<PredicateExpr['op'], 'number' | 'name' | 'call' | 'not'>;

function binary(op: BinaryOp, a: number | undefined, b: number | undefined): number | undefined {
  if (op === '||' && ((a !== undefined && a !== 0) || (b !== undefined && b !== 0))) return 1;
  if (op === '&&' && (a === 0 || b === 0)) return 0;
  if (a === undefined || b === undefined) return undefined;
  switch (op) {
    case '||':
      return Number(a !== 0 || b !== 0);
    case '&&':
      return Number(a !== 0 && b !== 0);
    case '>':
      return Number(a > b);
    case '<':
      return Number(a < b);
    case '>=':
      return Number(a >= b);
    case '<=':
      return Number(a <= b);
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    default:
      return never(op, 'operator');
  }
}

/** The names of a predicate in the order in which they stand, each once. */
export function namesOf(expr: PredicateExpr): readonly string[] {
  switch (expr.op) {
    case 'number':
      return [];
    case 'name':
    case 'call':
      return [expr.name];
    case 'not':
      return namesOf(expr.a);
    default:
      return [...new Set([...namesOf(expr.a), ...namesOf(expr.b)])];
  }
}

/** False only where the predicate is known to be false on every machine, as `false && x` is. */
export function canBeTrue(expr: PredicateExpr): boolean {
  return evaluate(expr, constants) !== 0;
}

function constants(name: string): number | undefined {
  return name === 'true' ? 1 : name === 'false' ? 0 : undefined;
}

/**
 * The predicate as one line of C, with parentheses around every inner operation. One that is the
 * number 1 or 0 alone reads `true` or `false`, as headers write it.
 */
export function formatPredicate(expr: PredicateExpr): string {
  const isTruth = expr.op === 'number' && (expr.value === 0 || expr.value === 1);
  return isTruth ? String(expr.value === 1) : formatted(expr);
}

function formatted(expr: PredicateExpr): string {
  switch (expr.op) {
    case 'number':
      return String(expr.value);
    case 'name':
      return expr.name;
    case 'call':
      return `${expr.name}()`;
    case 'not':
      return `!${operand(expr.a)}`;
    default:
      return `${operand(expr.a)} ${expr.op} ${operand(expr.b)}`;
  }
}

function operand(expr: PredicateExpr): string {
  const text = formatted(expr);
  return expr.op === 'number' || expr.op === 'name' || expr.op === 'call' ? text : `(${text})`;
}
