// --bound: how far a search may go.

import { fail, ok, type Result } from '../base/index.ts';
import { type Bounds, defaultBounds } from '../explore/index.ts';

/** Bounds from `--bound N`: N distinct states for each search. */
export function parseBound(typed: string | undefined): Result<Bounds> {
  if (typed === undefined) return ok(defaultBounds);
  const states = Number(typed);
  if (!Number.isInteger(states) || states < 1) {
    return fail({
      what: `--bound takes a whole number of states, not ${typed}`,
      hint: `the default is ${defaultBounds.states}`,
    });
  }
  return ok({ ...defaultBounds, states });
}
