// Runs a witness again from its list of choices.

import { fail, ok, type Result } from '../base/index.ts';
import { replay } from '../explore/index.ts';
import type { Program } from '../litmus/index.ts';
import { compileScenario, type ScenarioOptions } from '../scenario/index.ts';
import { type Witness, witnessOf } from './witness.ts';

/** The run that a replay line names; a Problem where a choice is unknown or not enabled. */
export function replayScenario(
  program: Program,
  options: ScenarioOptions,
  line: string,
): Result<Witness> {
  const scenario = compileScenario(program, options);
  const ids = line.split(',').map((id) => id.trim());
  const known = scenario.system.actions.map((a) => a.id);
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    return fail({
      what: `${program.name} has no step ${stranger === '' ? '(empty)' : stranger}`,
      hint: `steps: ${known.join(' ')}`,
    });
  }
  const path = replay(scenario.system, ids);
  if (!path) {
    const stuck = ids.findIndex((_, i) => !replay(scenario.system, ids.slice(0, i + 1)));
    return fail({
      what: `step ${stuck + 1} (${ids[stuck] ?? ''}) of the replay line cannot be taken there`,
      hint: `the line belongs to another machine or remedy; dachs explain ${program.name}`,
    });
  }
  return ok(witnessOf(scenario, path));
}
