// A clean copy through which no thread will load, store or fetch any more is no copy.
//
// Whether such a copy is there cannot be seen: dropped, evicted or flushed, it changes nothing. So
// it is not filled, and what is left of it is dropped. A dirty one is kept: it can still reach
// memory.

import { at } from '../base/index.ts';
import { and, constant, type Expr, fieldAt, ite, ne, type Update } from '../ir/index.ts';
import type { Copy, Scenario } from '../scenario/index.ts';
import { type Bits, bits, meet } from './bits.ts';
import { type Control, destination } from './control.ts';
import { besides, fillOf, type Stage, usersOf } from './stage.ts';
import { tableOver } from './tables.ts';

/** What the rule about idle copies changes in a system. */
export interface IdleRule {
  /** Whether the action, at this node, fills a copy that nobody will use. */
  readonly forbids: (node: number, action: number) => boolean;
  /** The updates of the action, with each copy dropped that is clean and not used after it. */
  readonly updatesOf: (action: number) => readonly Update[];
}

interface Used {
  readonly copy: Copy;
  /** The actions that load, store or fetch through it. */
  readonly users: Bits;
}

/** The rule for the system of a stage, whose control graph is given. */
export function idleRule(scenario: Scenario, stage: Stage, control: Control): IdleRule {
  const users = usersOf(scenario);
  const copies = scenario.names.copies
    .filter((copy) => dropsOneAtMost(scenario, copy))
    .map((copy): Used => {
      const ids = users.get(copy) ?? new Set();
      const own = stage.system.actions.flatMap(({ id }, i) =>
        ids.has(stage.origins.get(id) ?? id) ? [i] : [],
      );
      return { copy, users: bits(own) };
    });
  const filled = stage.system.actions.map(({ id }) =>
    copies.filter(({ copy }) => stage.fills.get(id)?.includes(copy)),
  );
  return {
    forbids: (node, action) => at(filled, action).some((one) => !isUsed(control, one, node)),
    updatesOf: (action) => dropping(control, copies, action),
  };
}

// A fill that nobody will use may still throw another copy out: so does an eviction of that one.
// Where it throws out several, or writes one back that stays, no single event does the same.
function dropsOneAtMost({ system, names }: Scenario, copy: Copy): boolean {
  const fill = fillOf(system, copy);
  // Where hardware brings in nothing by itself there is nothing to forbid.
  if (fill === undefined) return true;
  const changed = besides(fill, copy);
  const others = names.copies.filter((c) => changed.some((u) => u.field === c.state));
  const drops = others.every((c) =>
    changed.some((u) => u.field === c.state && u.value.op === 'const' && u.value.value === 0),
  );
  return drops && others.length <= 1;
}

function isUsed(control: Control, { users }: Used, node: number): boolean {
  return meet(at(control.future, node), users);
}

function dropping(control: Control, copies: readonly Used[], action: number): readonly Update[] {
  const after = new Map(
    at(control.system.actions, action).updates.map((u) => [u.field, u.value] as const),
  );
  const nodes = at(control.places, action);
  for (const one of copies) {
    const { state, cells } = one.copy;
    const isNew = after.has(state);
    const unused = tableOver(control, nodes, (node) => {
      if (isUsed(control, one, destination(control, node, action))) return 0;
      // What was not used before either is dropped already.
      return isNew || isUsed(control, one, node) ? 1 : undefined;
    });
    if (unused === undefined || (unused.op === 'const' && unused.value === 0)) continue;
    const value = after.get(state) ?? fieldAt(state);
    const isDropped = and(unused, ne(value, constant(2)));
    for (const field of [state, ...cells]) {
      const kept: Expr = after.get(field) ?? fieldAt(field);
      after.set(field, ite(isDropped, constant(0), kept));
    }
  }
  return [...after].map(([field, value]) => ({ field, value }));
}
