// The reductions that rest on the control graph: live, dead, idle and commute.
//
// `live` takes away events (what the hardware does by itself) that can make no difference any more.
// `commute` takes at each node a persistent set. `dead` sets to 0 what nobody will read before it
// is overwritten. docs/model/reductions.md says why each is allowed, alone and together.

import { at } from '../base/index.ts';
import {
  type Action,
  and,
  constant,
  type Expr,
  type Field,
  fieldAt,
  ite,
  type TransitionSystem,
  TRUE,
  type Update,
} from '../ir/index.ts';
import { type Bits, bits, has, NONE } from './bits.ts';
import { type Control, destination } from './control.ts';
import type { IdleRule } from './idle.ts';
import { isRelevant, type Needs } from './needs.ts';
import { tableOver } from './tables.ts';

/** What rests on the control graph; each may be on or off. */
export interface ControlChoice {
  readonly live: boolean;
  readonly dead: boolean;
  /** By node: the actions that are taken there; `undefined`: all. */
  readonly taken: readonly Bits[] | undefined;
  readonly idle: IdleRule | undefined;
}

/** The system with guards and updates changed as chosen; the ids of its actions stay. */
export function reduceByControl(
  control: Control,
  needs: Needs,
  choice: ControlChoice,
): TransitionSystem {
  const { system } = control;
  const { taken } = choice;
  const actions = system.actions.flatMap((action, index): readonly Action[] => {
    const allowed = tableOver(control, at(control.places, index), (node) => {
      const kept = taken === undefined || has(at(taken, node), index);
      const matters = !choice.live || isRelevant(control, needs, node, index);
      return kept && matters && !choice.idle?.forbids(node, index) ? 1 : 0;
    });
    const guard = and(action.guard, allowed ?? TRUE);
    if (guard.op === 'const' && guard.value === 0) return [];
    const kept = choice.idle?.updatesOf(index) ?? action.updates;
    const updates = choice.dead ? zeroing(control, needs, index, kept) : kept;
    return [{ ...action, guard, updates }];
  });
  const fields = choice.dead ? system.fields.map(startOf(needs)) : system.fields;
  return { ...system, actions, fields };
}

function startOf(needs: Needs): (field: Field, index: number) => Field {
  return (field, index) => (has(at(needs.now, 0), index) ? field : { ...field, init: 0 });
}

/** The updates with 0 for each field that makes no difference after it. */
function zeroing(
  control: Control,
  needs: Needs,
  action: number,
  updates: readonly Update[],
): readonly Update[] {
  const own = new Map(updates.map((u) => [u.field, u.value] as const));
  const passages = passagesOf(control, needs, action);
  const memo = new Map<string, Expr | undefined>();
  const written = bits(own.keys());
  const dying = passages.reduce(
    (set, { before, after }) => set | ((before | written) & ~after),
    NONE,
  );
  // 1 where the field is dead after the action. What was dead before is 0 already.
  const deadness = (field: number): Expr | undefined => {
    const wanted = passages.map(({ before, after }) =>
      has(after, field) ? 0 : own.has(field) || has(before, field) ? 1 : undefined,
    );
    const key = wanted.join();
    if (!memo.has(key)) {
      const byNode = new Map(passages.map(({ node }, i) => [node, wanted[i]] as const));
      memo.set(
        key,
        tableOver(control, [...byNode.keys()], (node) => byNode.get(node)),
      );
    }
    return memo.get(key);
  };
  return control.system.fields.flatMap((_, field): readonly Update[] => {
    const value = own.get(field);
    const dead = (has(dying, field) ? deadness(field) : undefined) ?? constant(0);
    const lives = dead.op === 'const' && dead.value === 0;
    if (lives) return value === undefined ? [] : [{ field, value }];
    return [{ field, value: ite(dead, constant(0), value ?? fieldAt(field)) }];
  });
}

/** Each node at which the action may be taken, with the fields that matter before and after. */
function passagesOf(control: Control, needs: Needs, action: number) {
  return at(control.places, action).map((node) => ({
    node,
    before: at(needs.now, node),
    after: at(needs.now, destination(control, node, action)),
  }));
}
