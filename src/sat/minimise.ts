// From a core to one of which nothing can be left out: each literal is dropped in turn, and what
// the solver did not need for the rest goes with it.
// @source Marques-Silva, "Minimal Unsatisfiability: Models, Algorithms and Applications", 2010

import type { Literal } from './literal.ts';
import type { SolveLimits, Solver } from './solver.ts';

/** A core; `minimal` where leaving out any one literal was shown to be satisfiable. */
export interface MinimalCore {
  readonly literals: readonly Literal[];
  readonly minimal: boolean;
}

/**
 * Shrinks `core`, a set of assumptions under which (with `always`) the solver has no solution. The
 * literals that stand first are tried first, so the last ones are the likelier to stay.
 */
export function minimiseCore(
  solver: Solver,
  core: readonly Literal[],
  always: readonly Literal[] = [],
  limits: SolveLimits = {},
): MinimalCore {
  const needed: Literal[] = [];
  let rest = [...core];
  let minimal = true;
  while (rest.length > 0) {
    const [candidate = -1, ...others] = rest;
    const outcome = solver.solve([...always, ...needed, ...others], limits);
    if (outcome === 'unsat') {
      const used = new Set(solver.core());
      rest = others.filter((literal) => used.has(literal));
      continue;
    }
    if (outcome === 'bound') minimal = false;
    needed.push(candidate);
    rest = others;
  }
  const kept = new Set(needed);
  return { literals: core.filter((literal) => kept.has(literal)), minimal };
}
