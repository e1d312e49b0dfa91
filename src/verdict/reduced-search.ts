// A search with reductions whose answer speaks of the whole system: the end states come from the
// reduced system, the witness is a shortest run of the full one.
//
// Reductions that merge states of different pasts keep the end states but not the paths. So where
// the question can be satisfied, a second search, with those reductions that keep paths, looks for
// the shortest run and stops there; its steps are then taken again in the full system.

import { InvariantError } from '../base/index.ts';
import {
  type Bounds,
  type Exploration,
  type Path,
  replay,
  type SearchOptions,
} from '../explore/index.ts';
import { type Expr, type TransitionSystem, valueIn } from '../ir/index.ts';
import { type Reduced, type Reduction, reduce, witnessReductions } from '../reduce/index.ts';
import type { Scenario } from '../scenario/index.ts';

/**
 * States up to which a search is small: done at once, without reductions unless they are asked for,
 * and by whichever thread is at hand.
 */
export const SMALL_SEARCH = 50_000;

/** Searches one system; which engine does it, and where, is the caller's choice. */
export type Engine = (
  system: TransitionSystem,
  question: Expr,
  options: SearchOptions,
) => Exploration | Promise<Exploration>;

/**
 * Searches the scenario with the reductions in `which`. Counts of states and transitions, depth and
 * bytes are those of the reduced system; end states, verdict and witness those of the full one.
 */
export async function searchReduced(
  scenario: Scenario,
  which: readonly Reduction[],
  how: { readonly engine: Engine; readonly bounds: Bounds },
): Promise<Exploration> {
  const { engine, bounds } = how;
  const reduced = reduce(scenario, which);
  const { witness, ...part } = await engine(reduced.system, reduced.question, { bounds });
  const found = { ...part, ends: reduced.endsOf(part.ends) };
  if (!found.ends.some((end) => end.satisfies)) return found;
  const keepsPaths = reduced.applied.every((r) => witnessReductions.includes(r));
  const path =
    witness && keepsPaths
      ? inFull(scenario, reduced, witness)
      : await shortest(scenario, reduced, { engine, bounds });
  return path ? { ...found, witness: path } : found;
}

async function shortest(
  scenario: Scenario,
  { applied }: Reduced,
  how: { readonly engine: Engine; readonly bounds: Bounds },
): Promise<Path | undefined> {
  const keeping = applied.filter((r) => witnessReductions.includes(r));
  const reduced = reduce(scenario, keeping);
  const options = { bounds: how.bounds, stopAtWitness: true };
  const found = await how.engine(reduced.system, reduced.question, options);
  return found.witness ? inFull(scenario, reduced, found.witness) : undefined;
}

/** The same steps in the full system, where dead values are still there and no thread waits. */
function inFull(scenario: Scenario, reduced: Reduced, path: Path): Path {
  const { system, question } = scenario;
  if (reduced.system === system) return path;
  const ids = path.steps.map(({ action }) => reduced.system.actions[action]?.id ?? '');
  for (const choice of reduced.pathsOf(ids)) {
    const again = replay(system, choice);
    const last = again?.steps.at(-1)?.state ?? again?.initial;
    if (again && last && holds(system.isEnd, last) && holds(question, last)) return again;
  }
  throw new InvariantError('a witness of the reduced system is one of the full system');
}

function holds(expr: Expr, state: readonly number[]): boolean {
  return valueIn(expr, state) !== 0;
}
