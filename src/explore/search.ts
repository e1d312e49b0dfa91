// The search that the rest of Dachs asks for: it picks the back end.
//
// The interpreter needs no preparation and answers the small searches, which are most; the engine
// needs up to ten milliseconds to be emitted and compiled, and then finds states some thirty times
// as fast. So the interpreter starts, and where it finds more than a few hundred states the engine
// does the search from the beginning.

import type { Expr, TransitionSystem } from '../ir/index.ts';
import { defaultBounds, type Exploration } from './exploration.ts';
import { explore } from './explore.ts';
import { exploreWasm, type WasmOptions } from './wasm/drive.ts';

/** Which back end does a search; `auto` tries the interpreter on the first few hundred states. */
export type BackEnd = 'interpret' | 'wasm' | 'auto';

/** What can be chosen about a search. */
export interface BackEndOptions extends WasmOptions {
  readonly backEnd?: BackEnd;
}

/**
 * States that the interpreter finds in about the time that the engine needs to get ready: in a new
 * process 7 against 11 ms for 500 states, 16 against 11 ms for 1,000 (litmus-sized models).
 */
export const interpretedStates = 500;

/** Searches with the back end asked for, by default the one that answers soonest. */
export function search(
  system: TransitionSystem,
  question: Expr,
  options: BackEndOptions = {},
): Exploration {
  const bounds = options.bounds ?? defaultBounds;
  const backEnd = options.backEnd ?? 'auto';
  if (backEnd === 'wasm') return byEngine(system, question, options);
  if (backEnd === 'interpret') return explore(system, question, bounds, options);
  const few = Math.min(bounds.states, interpretedStates);
  const first = explore(system, question, { ...bounds, states: few }, options);
  const isShort = typeof first.outcome === 'object' && first.outcome.bound === 'states';
  return isShort && few < bounds.states ? byEngine(system, question, options) : first;
}

// The engine asks for the addresses of all the memory that it may ever use. Where a limit of the
// process forbids that, the interpreter does what it can with what there is.
function byEngine(system: TransitionSystem, question: Expr, options: BackEndOptions): Exploration {
  try {
    return exploreWasm(system, question, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return explore(system, question, options.bounds ?? defaultBounds, options);
  }
}
