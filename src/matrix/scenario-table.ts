// Scenarios and remedies over cache kinds: what breaks where, and what would mend it.

import type { Bounds } from '../explore/index.ts';
import type { Program } from '../litmus/index.ts';
import {
  type CacheModel,
  genericModel,
  type RemedyName,
  remedies,
  scenarios,
} from '../scenario/index.ts';
import { judgeScenario, type ScenarioVerdict } from '../verdict/index.ts';

/** Rows of verdicts, one for each of the scenarios in `columns`. */
export interface ScenarioTable {
  readonly by: 'scenarios' | 'remedies';
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly cache: string;
    readonly remedy: RemedyName;
    readonly model: CacheModel;
    readonly cells: readonly ScenarioVerdict[];
  }[];
}

/** One cache kind of the generic tables. */
export interface GenericCache {
  readonly name: string;
  readonly model: CacheModel;
}

const WAYS = ['direct', 'set'] as const;
const WRITES = ['back', 'through'] as const;
const KINDS = ['vivt', 'vipt-aliasing', 'vipt-nonaliasing', 'pipt'] as const;

/** Every cache kind, write-back and write-through, direct mapped and set associative. */
export const genericCaches: readonly GenericCache[] = KINDS.flatMap((aliasClass) =>
  WRITES.flatMap((write) =>
    WAYS.map((ways) => ({
      name: `${aliasClass} ${write} ${ways}`,
      model: genericModel({ aliasClass, write, ways }),
    })),
  ),
);

/** Direct-mapped VIVT whose stores do not allocate: a store leaves the other alias alone. */
const noAllocate: readonly GenericCache[] = genericCaches
  .filter(({ model }) => model.excludes === 'same-index')
  .map(({ name, model }) => ({
    name: `${name}, no allocate on store`,
    model: { ...model, allocateOnWrite: false },
  }));

/**
 * By scenarios: every cache kind without a remedy. By remedies: every remedy on each write-back
 * kind that aliases.
 */
export function scenarioTable(by: ScenarioTable['by'], bounds?: Bounds): ScenarioTable {
  const caches =
    by === 'scenarios'
      ? genericCaches
      : [...genericCaches.filter(({ model }) => model.colours > 1), ...noAllocate];
  const tried: readonly RemedyName[] = by === 'scenarios' ? ['none'] : remedies.map((r) => r.name);
  return {
    by,
    columns: scenarios.map((s) => s.name),
    rows: caches.flatMap(({ name, model }) =>
      tried.map((remedy) => ({
        cache: name,
        remedy,
        model,
        cells: scenarios.map((program) => judged(program, model, remedy, bounds)),
      })),
    ),
  };
}

function judged(
  program: Program,
  model: CacheModel,
  remedy: RemedyName,
  bounds: Bounds | undefined,
): ScenarioVerdict {
  return judgeScenario(program, { model, remedy }, bounds);
}
