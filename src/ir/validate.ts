// What must hold of a transition system before anyone explores it.

import { assert, never } from '../base/index.ts';
import type { Expr } from './expr.ts';
import type { TransitionSystem } from './system.ts';

/** Asserts that field indices are in range, names and ids unique, and no field is updated twice. */
export function validate(system: TransitionSystem): void {
  const count = system.fields.length;
  assert(new Set(system.fields.map((f) => f.name)).size === count, 'field names are unique');
  const ids = system.actions.map((a) => a.id);
  assert(new Set(ids).size === ids.length, 'action ids are unique');
  for (const action of system.actions) {
    checkExpr(action.guard, count);
    const updated = new Set(action.updates.map((u) => u.field));
    assert(updated.size === action.updates.length, `action ${action.id} updates each field once`);
    for (const update of action.updates) {
      assert(
        update.field >= 0 && update.field < count,
        `action ${action.id} updates a known field`,
      );
      checkExpr(update.value, count);
    }
  }
  checkExpr(system.isEnd, count);
  for (const field of system.observed)
    assert(field >= 0 && field < count, 'observed field is known');
}

function checkExpr(expr: Expr, fieldCount: number): void {
  switch (expr.op) {
    case 'const':
      assert(Number.isInteger(expr.value) && expr.value >= 0, 'constants are unsigned integers');
      assert(expr.value <= 0xffffffff, 'constants fit a word');
      return;
    case 'field':
      assert(expr.field >= 0 && expr.field < fieldCount, 'expression reads a known field');
      return;
    case 'not':
      return checkExpr(expr.a, fieldCount);
    case 'eq':
    case 'ne':
    case 'lt':
    case 'and':
    case 'or':
      checkExpr(expr.a, fieldCount);
      return checkExpr(expr.b, fieldCount);
    case 'ite':
      checkExpr(expr.c, fieldCount);
      checkExpr(expr.a, fieldCount);
      return checkExpr(expr.b, fieldCount);
    case 'add':
      assert(Number.isInteger(expr.widthBits), 'an addition wraps at a whole width');
      assert(expr.widthBits >= 1, 'an addition has a width');
      assert(expr.widthBits <= 32, 'an addition fits a word');
      checkExpr(expr.a, fieldCount);
      return checkExpr(expr.b, fieldCount);
    case 'table':
      assert(expr.values.length > 0, 'a table has values');
      for (const value of expr.values) checkExpr({ op: 'const', value }, fieldCount);
      return checkExpr(expr.index, fieldCount);
    default:
      return never(expr);
  }
}
