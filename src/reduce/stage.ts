// What the reductions that know of caches are told: a scenario's system on its way to a smaller
// one, with the copies that each action fills.

import { present } from '../base/index.ts';
import type { TransitionSystem } from '../ir/index.ts';
import { type Copy, copyFor, type Names, type Scenario } from '../scenario/index.ts';

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

/** The copies of the same data on other CPUs, which a fill may have to write back. */
export function peersOf({ copies }: Names, copy: Copy): readonly Copy[] {
  if (copy.cache === 'fetch') return [];
  return copies.filter(
    (c) => c.cache === 'data' && c.line === copy.line && c.key === copy.key && c.cpu !== copy.cpu,
  );
}

/** The copies of the same CPU that must leave before `copy` can be filled. */
export function victimsOf({ names, options }: Scenario, copy: Copy): readonly Copy[] {
  const { excludes } = options.model;
  if (copy.cache === 'fetch' || excludes === 'none') return [];
  return names.copies.filter(
    (c) =>
      c.cache === 'data' &&
      c.line === copy.line &&
      c.cpu === copy.cpu &&
      c.key !== copy.key &&
      (excludes === 'all' || c.colour === copy.colour),
  );
}
