// Features that are announced: a name such as BLK_FEAT_DAX that is put, or or-ed, into something,
// or that a function is given which sets it.

import type { CallExpr, Expr } from '../flow/index.ts';
import type { Frame, Walk } from './context.ts';
import type { State } from './state.ts';

/** Notes the features that the value of `expr` holds, if it is assigned. */
export function announced(walk: Walk, expr: Expr, state: State, frame: Frame): void {
  for (const { name, at } of namesOf(expr)) note(walk, name, at, state, frame);
}

/** Notes the features that a call sets, e.g. blk_queue_flag_set(QUEUE_FLAG_DAX, queue). */
export function announcedByCall(walk: Walk, call: CallExpr, state: State, frame: Frame): void {
  if (call.callee === undefined || /clear|test|\bis_|has_/.test(call.callee)) return;
  for (const arg of call.args) announced(walk, arg, state, frame);
}

function note(walk: Walk, name: string, at: number, state: State, frame: Frame): void {
  const isFeature = walk.options.protocols.some((p) => p.features.some((f) => f.name === name));
  if (!isFeature || state.features.has(name)) return;
  const where = { unit: frame.unit, at };
  state.features.set(name, where);
  state.step({ kind: 'flag', flag: name, where });
}

/** Names that are or-ed together. */
function namesOf(expr: Expr): readonly { readonly name: string; readonly at: number }[] {
  if (expr.kind === 'name') return [expr];
  if (expr.kind === 'binary' && expr.op === '|') {
    return [...namesOf(expr.left), ...namesOf(expr.right)];
  }
  if (expr.kind === 'choose') return [...(expr.yes ? namesOf(expr.yes) : []), ...namesOf(expr.no)];
  return [];
}
