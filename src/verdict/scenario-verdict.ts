// The verdict on one scenario: explored, counted, and with the shortest witness where it fails.

import { type Bounds, type Exploration, search } from '../explore/index.ts';
import {
  type CacheModel,
  compileScenario,
  type RemedyName,
  remedies,
  type Scenario,
  type ScenarioOptions,
} from '../scenario/index.ts';
import { and, constant, eq, fieldAt } from '../ir/index.ts';
import { kernelRemedies } from '../kernel/index.ts';
import type { Program } from '../litmus/index.ts';
import { compileTest, type TestOptions } from './compile.ts';
import { type Witness, witnessOf } from './witness.ts';

/** `Never`: no end state has the bad outcome. `bound`: cut off before one, so nothing is said. */
export type Observation = 'Never' | 'Sometimes' | 'Always' | 'bound';

/** What exploring one program said, with the size of the search; `bound` names a limit reached. */
export interface ScenarioVerdict {
  readonly scenario: string;
  readonly remedy: RemedyName;
  readonly model: CacheModel;
  readonly observation: Observation;
  /** STALE where the bad outcome can be reached. */
  readonly stale: boolean;
  /** Distinct outcomes with and without the bad values. */
  readonly positive: number;
  readonly negative: number;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly bound?: string;
  readonly witness?: Witness;
}

/** Explores one program under the options. */
export function judgeScenario(
  program: Program,
  options: ScenarioOptions,
  bounds?: Bounds,
): ScenarioVerdict {
  const scenario = compileScenario(program, options);
  const found = search(scenario.system, scenario.question, bounds ? { bounds } : {});
  return verdictOf(scenario, found);
}

function verdictOf(scenario: Scenario, found: Exploration): ScenarioVerdict {
  const positive = found.ends.filter((e) => e.satisfies).length;
  const negative = found.ends.length - positive;
  const common = {
    scenario: scenario.program.name,
    remedy: scenario.options.remedy,
    model: scenario.options.model,
    observation: observe(found, positive, negative),
    stale: positive > 0,
    positive,
    negative,
    states: found.states,
    transitions: found.transitions,
    depth: found.depth,
    ...(found.outcome === 'complete'
      ? {}
      : { bound: `${found.outcome.limit} ${found.outcome.bound}` }),
  };
  return found.witness ? { ...common, witness: witnessOf(scenario, found.witness) } : common;
}

// A witness stands even where the search was cut off; its absence then says nothing.
function observe(found: Exploration, positive: number, negative: number): Observation {
  if (found.outcome !== 'complete') return positive > 0 ? 'Sometimes' : 'bound';
  if (positive === 0) return 'Never';
  return negative === 0 ? 'Always' : 'Sometimes';
}

/**
 * The remedies under which the bad outcome of the program is gone, found by exploring each. One
 * that keeps the program from ending, because it takes an address away for good, is none.
 */
export function remediesThatHelp(
  program: Program,
  options: Omit<TestOptions, 'remedy'>,
): readonly RemedyName[] {
  return remedies
    .map((r) => r.name)
    .filter((remedy) => remedy !== 'none' && helps(program, { ...options, remedy }));
}

function helps(program: Program, options: TestOptions): boolean {
  const { stack, remedy } = options;
  const known = kernelRemedies.find((name) => name === remedy);
  const under = stack && known ? { ...options, stack: { ...stack, remedy: known } } : options;
  const compiled = compileTest(program, under);
  if (!compiled.ok || (stack && !known)) return false;
  const scenario = compiled.value;
  const found = search(scenario.system, scenario.question);
  if (found.outcome !== 'complete' || found.ends.some((end) => end.satisfies)) return false;
  return endsNormally(scenario);
}

/** Whether some run ends: neither with threads that wait for ever, nor because power failed. */
function endsNormally({ system, names }: Scenario): boolean {
  const cut = [names.deadlock, names.crashed].filter((field) => field !== undefined);
  const whole = and(...cut.map((field) => eq(fieldAt(field), constant(0))));
  const isEnd = and(system.isEnd, whole);
  return search({ ...system, isEnd }, constant(0)).ends.length > 0;
}
