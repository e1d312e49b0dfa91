// Which engine and which reductions an answer is searched with.
//
// A small search is done here and at once. A large one goes where the rim wants it: to a thread of
// its own on the command line, to a worker's own loop in a page.

import { type Bounds, type Exploration, search } from '../explore/index.ts';
import { allReductions, type Reduction } from '../reduce/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { SMALL_SEARCH, type Searcher, searchReduced } from '../verdict/index.ts';

/** A search that may take minutes, with the reductions in `reductions`. */
export type DeepSearcher = (
  scenario: Scenario,
  reductions: readonly Reduction[],
  bounds: Bounds,
) => Exploration | Promise<Exploration>;

/**
 * The search of every answer. With `auto` a system of at most SMALL_SEARCH states is searched
 * plainly, and a larger one by `deep` with all reductions.
 */
export function searchPolicy({
  deep,
  reductions: asked = 'auto',
}: {
  readonly deep: DeepSearcher;
  readonly reductions?: readonly Reduction[] | 'auto';
}): Searcher {
  const reductions = asked === 'auto' ? allReductions : asked;
  return (scenario, bounds) => {
    // The plain search of a small system costs less than to find out how it could be reduced.
    const states = Math.min(bounds.states, SMALL_SEARCH);
    const first = search(scenario.system, scenario.question, { bounds: { ...bounds, states } });
    const isLarge = isCut(first.outcome) && states < bounds.states;
    if (isLarge) return deep(scenario, reductions, bounds);
    const isAsked = asked !== 'auto' && asked.length > 0 && !isCut(first.outcome);
    return isAsked ? searchReduced(scenario, asked, { engine: search, bounds }) : first;
  };
}

function isCut(outcome: Exploration['outcome']): boolean {
  return typeof outcome === 'object' && outcome.bound === 'states';
}
