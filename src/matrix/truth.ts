// The third question: what is true of a machine's cache, found by exploring every scenario on it.

import { defaultBounds, type Bounds } from '../explore/index.ts';
import type { Machine } from '../hw/index.ts';
import { cacheModelOf, coherenceScenarios, modelKey } from '../scenario/index.ts';
import { judgeScenario, type ScenarioVerdict } from '../verdict/index.ts';

/** What exploration says of one machine. */
export interface Truth {
  /** Every coherence scenario is Never; `undefined`: a bound was reached before a witness. */
  readonly coherent: boolean | undefined;
  /** Names of the scenarios whose bad outcome is reachable, in order. */
  readonly stale: readonly string[];
  /** A store can be lost or overwritten, not only be seen late (L4, L5, L9). */
  readonly losesStores: boolean;
  readonly verdicts: readonly ScenarioVerdict[];
  /**
   * The scenario with the shortest witness that involves the kernel's address, which is what fsdax
   * is about; earlier scenarios win ties. User against user only where nothing else fails.
   */
  readonly shortest?: ScenarioVerdict;
}

const LOSES_STORES: ReadonlySet<string> = new Set(['L4', 'L5', 'L9']);

/** No program of the catalogue of scenarios uses more addresses of one page. */
const MAPPINGS = 2;

/**
 * A function that explores a machine, once for all machines with equal systems. `bounds` apply to
 * each scenario.
 */
export function truthTeller(bounds: Bounds = defaultBounds): (machine: Machine) => Truth {
  const known = new Map<string, Truth>();
  return (machine) => {
    const model = cacheModelOf(machine);
    const key = modelKey(model, MAPPINGS);
    const seen = known.get(key);
    const truth = seen ?? explored(machine, bounds);
    if (!seen) known.set(key, truth);
    return truth;
  };
}

function explored(machine: Machine, bounds: Bounds): Truth {
  const model = cacheModelOf(machine);
  const verdicts = coherenceScenarios.map((program) =>
    judgeScenario(program, { model, remedy: 'none' }, bounds),
  );
  const stale = verdicts.filter((v) => v.stale);
  const cutOff = verdicts.some((v) => v.observation === 'bound');
  const kernelSide = stale.filter((v) => v.scenario !== 'L6');
  const shortest = shortestOf(kernelSide.length > 0 ? kernelSide : stale);
  return {
    coherent: stale.length > 0 ? false : cutOff ? undefined : true,
    stale: stale.map((v) => v.scenario),
    losesStores: stale.some((v) => LOSES_STORES.has(v.scenario)),
    verdicts,
    ...(shortest ? { shortest } : {}),
  };
}

function shortestOf(stale: readonly ScenarioVerdict[]): ScenarioVerdict | undefined {
  const length = (v: ScenarioVerdict): number => v.witness?.steps.length ?? Infinity;
  return stale.reduce<ScenarioVerdict | undefined>(
    (best, v) => (best && length(best) <= length(v) ? best : v),
    undefined,
  );
}
