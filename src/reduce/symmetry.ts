// Threads that do the same: which starts first need not be tried both ways.
//
// A symmetry is a renaming of fields under which the system stays what it is: action by action, end
// and initial state. It is guessed from the program (two threads whose steps are the same up to the
// names of registers, lines, addresses, locks and CPUs) and proved on the system itself, by
// comparing every expression. Of threads that can be exchanged, each starts only after the one
// before it; the outcomes that this leaves out are the found ones with their names exchanged.

import { at } from '../base/index.ts';
import { and, constant, eq, fieldAt, type TransitionSystem } from '../ir/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { guessedRenaming } from './guess.ts';
import { textOf } from './text.ts';

/** A renaming that leaves a system as it is: fields by index, actions by id. */
export interface Symmetry {
  readonly fields: readonly number[];
  readonly actions: ReadonlyMap<string, string>;
}

/** A system whose threads start in order, and the symmetries that give back what is left out. */
export interface Ordered {
  readonly system: TransitionSystem;
  /** Fields that were added: 1 once a thread has started. */
  readonly started: readonly number[];
  /** Every renaming, the one that changes nothing included. */
  readonly group: readonly Symmetry[];
}

/** Renamings that are kept, at most: the exchanges of four threads. */
const maxGroup = 24;

/** The scenario's threads in the order of their numbers; `undefined`: no two can be exchanged. */
export function inOrder(scenario: Scenario, system: TransitionSystem): Ordered | undefined {
  let found = unordered(system);
  for (let second = 1; second < scenario.names.counters.length; second++) {
    for (let first = second - 1; first >= 0; first--) {
      const symmetry = exchange(scenario, system, { first, second });
      if (!symmetry) continue;
      const group = generated([...found.group, symmetry]);
      // Only neighbours: a thread waits for one other, so that the order is one chain.
      if (group.length <= maxGroup)
        found = { ...waiting(scenario, found, { first, second }), group };
      break;
    }
  }
  return found.group.length > 1 ? found : undefined;
}

/** A system as it is, without any exchange. */
export function unordered(system: TransitionSystem): Ordered {
  return { system, started: [], group: [identity(system)] };
}

interface Pair {
  readonly first: number;
  readonly second: number;
}

function exchange(
  scenario: Scenario,
  system: TransitionSystem,
  { first, second }: Pair,
): Symmetry | undefined {
  const fields = guessedRenaming(scenario, first, second);
  if (!fields) return undefined;
  const returns = scenario.ops.flat().some((op) => op.next === 0 || op.otherwise === 0);
  // A thread that comes back to its first step looks as if it had not started.
  return returns ? undefined : provenSymmetry(system, fields);
}

/** The symmetry that renames the fields so; `undefined` where the system does not stay the same. */
export function provenSymmetry(
  system: TransitionSystem,
  fields: readonly number[],
): Symmetry | undefined {
  const renamed = (field: number): number => at(fields, field);
  const same = (field: number): number => field;
  const isInit = system.fields.every((field, i) => {
    const other = at(system.fields, renamed(i));
    return field.init === other.init && field.widthBits === other.widthBits;
  });
  const seen = new Set(system.observed);
  const isClosed = system.observed.every((field) => seen.has(renamed(field)));
  const isEnd = textOf(system.isEnd, renamed) === textOf(system.isEnd, same);
  if (!isInit || !isClosed || !isEnd) return undefined;
  const byText = new Map(system.actions.map((a) => [actionText(a, same), a.id] as const));
  const actions = new Map<string, string>();
  for (const action of system.actions) {
    const id = byText.get(actionText(action, renamed));
    if (id === undefined) return undefined;
    actions.set(action.id, id);
  }
  return new Set(actions.values()).size === actions.size ? { fields, actions } : undefined;
}

function actionText(
  { actor, guard, updates }: TransitionSystem['actions'][number],
  name: (field: number) => number,
): string {
  const set = updates.map(({ field, value }) => `${name(field)}=${textOf(value, name)}`).sort();
  return `${actor.kind} ${textOf(guard, name)} ${set.join()}`;
}

function identity(system: TransitionSystem): Symmetry {
  return {
    fields: system.fields.map((_, i) => i),
    actions: new Map(system.actions.map(({ id }) => [id, id])),
  };
}

/** All products of the symmetries; stops once there are more than are kept. */
function generated(generators: readonly Symmetry[]): readonly Symmetry[] {
  const group = new Map(generators.map((g) => [g.fields.join(), g] as const));
  for (const g of group.values()) {
    for (const h of generators) {
      const product = composed(g, h);
      group.set(product.fields.join(), product);
      if (group.size > maxGroup) return [...group.values()];
    }
  }
  return [...group.values()];
}

function composed(first: Symmetry, then: Symmetry): Symmetry {
  return {
    fields: first.fields.map((field) => at(then.fields, field)),
    actions: new Map([...first.actions].map(([id, to]) => [id, then.actions.get(to) ?? to])),
  };
}

/** The second thread takes its first step only after the first one has. */
function waiting({ positions }: Scenario, to: Ordered, { first, second }: Pair): Ordered {
  const started = to.system.fields.length;
  const name = `P${first} started before P${second}`;
  const actions = to.system.actions.map((action) => {
    const position = positions.get(action.id);
    if (position?.step !== 0) return action;
    if (position.thread === first) {
      return { ...action, updates: [...action.updates, { field: started, value: constant(1) }] };
    }
    const isFree = eq(fieldAt(started), constant(1));
    return position.thread === second ? { ...action, guard: and(action.guard, isFree) } : action;
  });
  const fields = [...to.system.fields, { name, widthBits: 1, init: 0 }];
  return { ...to, system: { ...to.system, actions, fields }, started: [...to.started, started] };
}
