// --bound: how far a search may go.

import { fail, ok, type Result } from '../base/index.ts';
import { type Bounds, defaultBounds } from '../explore/index.ts';

/** Bounds from `--bound N`: N distinct states for each search; else the usual ones. */
export function parseBound(typed: string | undefined): Result<Bounds> {
  const bounds = typedBound(typed);
  return bounds.ok ? ok(bounds.value ?? defaultBounds) : bounds;
}

/** Bounds from `--bound N`, for what may have its own; undefined where none is typed. */
export function typedBound(typed: string | undefined): Result<Bounds | undefined> {
  if (typed === undefined) return ok(undefined);
  const states = Number(typed);
  if (!Number.isInteger(states) || states < 1) {
    return fail({
      what: `--bound takes a whole number of states, not ${typed}`,
      hint: `the default is ${defaultBounds.states}`,
    });
  }
  return ok({ ...defaultBounds, states });
}
