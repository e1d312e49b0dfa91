// What the reductions that know of caches are told: a scenario's system on its way to a smaller
// one, with the copies that each action fills.

import { present } from '../base/index.ts';
import type { Action, TransitionSystem, Update } from '../ir/index.ts';
import { type Copy, copyFor, type Scenario } from '../scenario/index.ts';

/** A system between two reductions. */
export interface Stage {
  readonly system: TransitionSystem;
  /** By action id: the id in the scenario's own system; absent: the same. */
  readonly origins: ReadonlyMap<string, string>;
  /** By action id: the copies that are in the cache because the action filled them, unasked. */
  readonly fills: ReadonlyMap<string, readonly Copy[]>;
}

/** The scenario's system before any reduction. */
export function firstStage({ names }: Scenario, system: TransitionSystem): Stage {
  return {
    system,
    origins: new Map(),
    fills: new Map(names.copies.map((copy) => [`fill.${copy.label}`, [copy]] as const)),
  };
}

/** By copy: the ids of the steps that load, store or fetch through it. */
export function usersOf(scenario: Scenario): ReadonlyMap<Copy, ReadonlySet<string>> {
  const { names, ops, positions, options } = scenario;
  const users = new Map<Copy, Set<string>>(names.copies.map((copy) => [copy, new Set()]));
  for (const [id, { thread, step: index }] of positions) {
    const step = present(ops[thread]?.[index], 'operation').step;
    if (!('cell' in step)) continue;
    const cpu = names.program.threads[thread]?.cpu ?? 0;
    const fetches = step.kind === 'fetch' && options.model.icache === 'split';
    const copy = copyFor(names, step, cpu, fetches ? 'fetch' : 'data');
    if (copy) users.get(copy)?.add(id);
  }
  return users;
}

/** The event that fills a copy: what else it does, the model of the cache decides. */
export function fillOf(system: TransitionSystem, copy: Copy): Action | undefined {
  const id = `fill.${copy.label}`;
  return system.actions.find((action) => action.id === id);
}

/** The updates of a copy's fill that are not about the copy itself. */
export function besides(fill: Action, copy: Copy): readonly Update[] {
  const own = new Set([copy.state, ...copy.cells]);
  return fill.updates.filter((u) => !own.has(u.field));
}
