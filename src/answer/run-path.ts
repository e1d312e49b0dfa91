// The states that a told run goes through: what a drawing of it needs and its words do not.

import { type Path, replay } from '../explore/index.ts';
import type { Scenario } from '../scenario/index.ts';
import type { Witness } from '../verdict/index.ts';

/**
 * The path of a witness or replayed run through the system it was told of: the values of all fields
 * before and after each step. Undefined where the run is of another system.
 */
export function pathOf({ system }: Scenario, run: Witness): Path | undefined {
  const ids = run.steps.map(({ id }) => id);
  return replay(system, ids);
}
