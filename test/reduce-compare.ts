// A reduced system against the whole one: the same outcomes, and a witness that is one.

import { expect } from 'vitest';
import { type Exploration, explore, exploreWasm, replay } from '../src/explore/index.ts';
import { valueIn } from '../src/ir/index.ts';
import { allReductions, type Reduction, reduce, witnessReductions } from '../src/reduce/index.ts';
import type { Scenario } from '../src/scenario/index.ts';

/** Each reduction alone, those that keep witnesses together, and all together. */
export const choices: readonly (readonly Reduction[])[] = [
  ...allReductions.map((one) => [one]),
  witnessReductions,
  allReductions,
];

/** States beyond which the random systems are not compared: the time goes into others. */
const few = { states: 15_000, depth: 10_000 };

/** Compares every choice with plain enumeration; false where the system is too large for that. */
export function compareAll(name: string, scenario: Scenario): boolean {
  const whole = explore(scenario.system, scenario.question, few);
  if (whole.outcome !== 'complete') return false;
  for (const which of choices) compare(`${name}: ${which.join(' ')}`, scenario, which, whole);
  return true;
}

/** Compares one choice with the exploration of the whole system. */
export function compare(
  name: string,
  scenario: Scenario,
  which: readonly Reduction[],
  whole: Exploration,
): Exploration {
  const reduced = reduce(scenario, which);
  const search = whole.states > 100_000 ? exploreWasm : explore;
  const found = search(reduced.system, reduced.question);
  expect({ [name]: found.outcome }).toEqual({ [name]: 'complete' });
  expect({ [name]: reduced.endsOf(found.ends) }).toEqual({ [name]: whole.ends });
  const isWitness = found.witness !== undefined;
  expect({ [name]: isWitness }).toEqual({ [name]: whole.witness !== undefined });
  const keepsPaths = which.every((one) => witnessReductions.includes(one));
  if (!keepsPaths || !found.witness) return found;
  expect({ [name]: found.witness.steps.length }).toEqual({ [name]: whole.witness?.steps.length });
  const ids = found.witness.steps.map(({ action }) => reduced.system.actions[action]?.id ?? '');
  const isReplayed = reduced.pathsOf(ids).some((path) => isWitnessOf(scenario, path));
  expect({ [name]: isReplayed }).toEqual({ [name]: true });
  return found;
}

function isWitnessOf({ system, question }: Scenario, ids: readonly string[]): boolean {
  const path = replay(system, ids);
  const last = path?.steps.at(-1)?.state ?? path?.initial;
  return last !== undefined && valueIn(system.isEnd, last) !== 0 && valueIn(question, last) !== 0;
}
