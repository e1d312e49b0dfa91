// One line at a time: what the hardware does to a line is put off until a step is about to use it.
//
// After an event of one line, nothing is taken but events of that line and steps that use it. The
// field `focus` holds that line, counted from 1; 0: none. It is 0 wherever events of one line only
// are taken, so that it costs no states there.

import { at } from '../base/index.ts';
import {
  constant,
  eq,
  type Expr,
  type Field,
  fieldAt,
  ite,
  or,
  TRUE,
  type Update,
} from '../ir/index.ts';
import { type Bits, has, listOf, meet, NONE } from './bits.ts';
import { type Control, nodesOf } from './control.ts';
import { conflict, eventClasses } from './dependence.ts';
import type { Needs } from './needs.ts';
import { tableOver } from './tables.ts';

/** What the order of lines adds to a system: a field, and to each action a guard and an update. */
export interface Focus {
  readonly field: Field;
  readonly guardOf: (action: number) => Expr;
  readonly updateOf: (action: number) => Update;
}

/**
 * The order of lines where at each node the actions in `taken` are taken; `undefined` where no
 * node has events of two lines, so that there is nothing to order.
 */
export function focusOf(control: Control, needs: Needs, taken: readonly Bits[]): Focus | undefined {
  const lines = eventClasses(control);
  const several = taken.map((set) => lines.filter((line) => meet(line, set)).length > 1);
  if (!several.includes(true)) return undefined;
  const uses = control.system.actions.map((_, action) => linesUsed(control, lines, action));
  // Where one step uses several lines, or the run may be over, their events come line by line.
  const inOrder = taken.map(
    (set, node) =>
      at(needs.mayEnd, node) || listOf(set).some((action) => at(uses, action).length > 1),
  );
  const index = control.system.fields.length;
  const focus = fieldAt(index);
  const among = (some: readonly number[]): Expr =>
    or(...[0, ...some].map((line) => eq(focus, constant(line))));
  const holds = (action: number, at_: readonly boolean[]): Expr =>
    tableOver(control, nodesOf(control, action), (node) => (at(at_, node) ? 1 : 0)) ?? TRUE;
  return {
    field: { name: 'focus', widthBits: Math.ceil(Math.log2(lines.length + 1)), init: 0 },
    guardOf(action) {
      const [own = 0] = at(uses, action);
      if (!has(control.events, action)) return among(at(uses, action));
      const upTo: Expr = { op: 'lt', a: focus, b: constant(own + 1) };
      return ite(holds(action, inOrder), upTo, among([own]));
    },
    updateOf(action) {
      const [own = 0] = at(uses, action);
      const value = has(control.events, action)
        ? ite(holds(action, several), constant(own), constant(0))
        : constant(0);
      return { field: index, value };
    },
  };
}

/** The lines, counted from 1, whose events an action is one of or conflicts with. */
function linesUsed(control: Control, lines: readonly Bits[], action: number): readonly number[] {
  const own = at(control.footprints, action);
  return lines.flatMap((line, i) => {
    const isOf = has(line, action);
    const uses =
      !has(control.events, action) &&
      listOf(line).some((event) => conflict(own, at(control.footprints, event), ~NONE));
    return isOf || uses ? [i + 1] : [];
  });
}
