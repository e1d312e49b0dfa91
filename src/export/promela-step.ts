// Simultaneous updates as assignments one after another: an assignment stands after all that still
// read the old value of its field; where they read each other in a circle, an old value is kept.

import { at } from '../base/index.ts';
import { type Expr, operandsOf, type Update } from '../ir/index.ts';
import { promelaExpr, type Scope } from './promela-expr.ts';

/** Assignments that together do what the updates do at once, and the fields they must keep. */
export interface Sequence {
  readonly statements: readonly string[];
  /** Indices of fields whose old value is kept, under `keptName`. */
  readonly kept: readonly number[];
}

/** Puts the updates of one action in an order; `keptName` names the variable for an old value. */
export function sequenceOf(
  updates: readonly Update[],
  scope: Scope,
  keptName: (field: number) => string,
): Sequence {
  const open = updates.filter(
    ({ field, value }) => !(value.op === 'field' && value.field === field),
  );
  const statements: string[] = [];
  const instead = new Map<number, string>();
  while (open.length > 0) {
    const free = open.findIndex((one) => !isReadByOthers(one, open, instead));
    const next = at(open, Math.max(free, 0));
    if (free < 0) {
      statements.push(`${keptName(next.field)} = ${at(scope.names, next.field)}`);
      instead.set(next.field, keptName(next.field));
    }
    const target = at(scope.names, next.field);
    statements.push(`${target} = ${promelaExpr(next.value, scope, instead)}`);
    open.splice(open.indexOf(next), 1);
  }
  // Kept values are part of the state: they go back to 0, so that no state is counted twice.
  const kept = [...instead.keys()];
  return { statements: [...statements, ...kept.map((f) => `${keptName(f)} = 0`)], kept };
}

function isReadByOthers(
  one: Update,
  open: readonly Update[],
  instead: ReadonlyMap<number, string>,
): boolean {
  if (instead.has(one.field)) return false;
  return open.some((other) => other !== one && reads(other.value, one.field));
}

/** Whether the value of an expression can depend on a field. */
export function reads(expr: Expr, field: number): boolean {
  if (expr.op === 'field') return expr.field === field;
  return operandsOf(expr).some((part) => reads(part, field));
}
