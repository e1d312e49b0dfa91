// Films for tests: of the shortest witness of a catalogue test, and of runs that choose anyhow.

import { type Path, search } from '../explore/index.ts';
import { machines } from '../hw/index.ts';
import { valueIn } from '../ir/index.ts';
import type { Kernel } from '../kernel/index.ts';
import type { LitmusTest } from '../litmus/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { compileTest } from './compile.ts';
import { type Bed, bedOf, cacheKinds } from './settings.ts';
import { optionsOf } from './test-verdict.ts';

/** Everything that a test can be run on. */
export const allBeds: readonly Bed[] = [...machines.map(bedOf), ...cacheKinds];

/** The bed with that id. */
export function bedNamed(id: string): Bed {
  const found = allBeds.find((bed) => bed.id === id);
  if (!found) throw new Error(`no bed ${id}`);
  return found;
}

/** The scenario of a test on a bed; under a kernel where it asks one. */
export function scenarioOf(test: LitmusTest, bed: Bed, kernel?: Kernel): Scenario {
  const options = optionsOf(test, { bed, remedy: 'none', ...(kernel ? { kernel } : {}) });
  if ('why' in options) throw new Error(options.why);
  const scenario = compileTest(test.program, options);
  if (!scenario.ok) throw new Error(scenario.problem.what);
  return scenario.value;
}

/** The shortest path to the outcome that the test asks for. */
export function shortest(scenario: Scenario): Path {
  const { witness } = search(scenario.system, scenario.question);
  if (!witness) throw new Error(`${scenario.program.name} has no witness`);
  return witness;
}

/** A path of at most `length` steps, each chosen anyhow by numbers that `seed` decides. */
export function anyPath({ system }: Scenario, seed: number, length: number): Path {
  let state: readonly number[] = system.fields.map(({ init }) => init);
  let random = seed;
  const initial = state;
  const steps: { action: number; state: readonly number[] }[] = [];
  for (let i = 0; i < length; i++) {
    const before = state;
    const enabled = [...system.actions.keys()].filter((index) => {
      const action = system.actions[index];
      return action !== undefined && valueIn(action.guard, before) !== 0;
    });
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    const action = enabled[(random >>> 8) % Math.max(1, enabled.length)];
    const taken = action === undefined ? undefined : system.actions[action];
    if (action === undefined || !taken) break;
    const after = [...before];
    for (const { field, value } of taken.updates) after[field] = valueIn(value, before);
    state = after;
    steps.push({ action, state });
  }
  return { initial, steps };
}
