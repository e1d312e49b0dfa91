// A scenario with fewer states and the same answers.
//
// What comes out is a transition system again, so that every search runs it unchanged.
// docs/model/reductions.md says what each reduction does and why it is allowed.

import type { Expr, TransitionSystem } from '../ir/index.ts';
import type { Names, Scenario } from '../scenario/index.ts';
import { withoutCleanCopies } from './clean.ts';
import { askedFields, type Control, controlOf } from './control.ts';
import { readsOf } from './footprint.ts';
import { reduceByControl } from './guards.ts';
import { idleRule } from './idle.ts';
import { needsOf } from './needs.ts';
import { type Outcome, outcomesUnder, pathsUnder, questionUnder } from './outcomes.ts';
import { persistentSets } from './persistent.ts';
import { settled } from './settle.ts';
import { firstStage, type Stage } from './stage.ts';
import { inOrder, type Ordered, unordered } from './symmetry.ts';

/** One way to leave states out; each can be switched by itself. */
export type Reduction = 'live' | 'dead' | 'idle' | 'commute' | 'symmetry' | 'settle' | 'clean';

/** Every reduction, in the order of the documents. */
export const allReductions: readonly Reduction[] = [
  'live',
  'dead',
  'idle',
  'commute',
  'symmetry',
  'settle',
  'clean',
];

/** Those that keep the length of a shortest witness, and whose paths are paths of the scenario. */
export const witnessReductions: readonly Reduction[] = [
  'live',
  'dead',
  'idle',
  'commute',
  'symmetry',
];

/** A system to search in place of the scenario's own, and what to make of what is found. */
export interface Reduced {
  readonly system: TransitionSystem;
  /** Holds in some end state exactly where the scenario's question does in one of its own. */
  readonly question: Expr;
  /** Those that were asked for and could be applied: one that would cost too much is left out. */
  readonly applied: readonly Reduction[];
  /** The scenario's outcomes, sorted, from those that were found here. */
  readonly endsOf: (found: readonly Outcome[]) => readonly Outcome[];
  /**
   * Paths of the scenario for a path found here, as action ids: where it ends in a witness, so does
   * one of them. None where `clean` was applied: search again with `witnessReductions`.
   */
  readonly pathsOf: (ids: readonly string[]) => readonly (readonly string[])[];
}

/** The scenario's system, reduced in the ways that are asked for. */
export function reduce(scenario: Scenario, wanted: readonly Reduction[]): Reduced {
  // A refused program takes no step, so there is nothing to leave out.
  const which = scenario.ops.length === 0 ? [] : wanted;
  const { stage, ordered, early } = startingStage(scenario, new Set(which));
  const question = questionUnder(scenario.question, ordered.group);
  const late = which.filter((r) => r === 'live' || r === 'dead' || r === 'idle' || r === 'commute');
  const control = controlOf(stage.system, [...controlFields(scenario.names), ...ordered.started]);
  const applied = [...early, ...(control ? late : [])];
  const system = control ? byControl(scenario, { stage, question, control }, late) : stage.system;
  return {
    system,
    question,
    applied: allReductions.filter((r) => applied.includes(r)),
    endsOf: (found) => outcomesUnder(scenario, ordered.group, found),
    pathsOf: (ids) => (applied.includes('clean') ? [] : pathsUnder(ordered.group, ids)),
  };
}

// What rests on the control graph: all four are made from the same one.
function byControl(
  scenario: Scenario,
  on: { readonly stage: Stage; readonly question: Expr; readonly control: Control },
  which: readonly Reduction[],
): TransitionSystem {
  const { stage, question, control } = on;
  const needs = needsOf(control, askedFields(stage.system, readsOf(question)));
  const idle = which.includes('idle') ? idleRule(scenario, stage, control) : undefined;
  return reduceByControl(control, needs, {
    live: which.includes('live'),
    dead: which.includes('dead'),
    idle,
    taken: which.includes('commute') ? persistentSets(control, needs, idle) : undefined,
  });
}

// What changes the system before anything is asked of its control.
function startingStage(
  scenario: Scenario,
  asked: ReadonlySet<Reduction>,
): { readonly stage: Stage; readonly ordered: Ordered; readonly early: readonly Reduction[] } {
  const system = asked.has('settle') ? settled(scenario) : scenario.system;
  const exchanged = asked.has('symmetry') ? inOrder(scenario, system) : undefined;
  const ordered = exchanged ?? unordered(system);
  const quotient = asked.has('clean') ? withoutCleanCopies(scenario, ordered.system) : undefined;
  return {
    stage: quotient ?? firstStage(scenario, ordered.system),
    ordered,
    early: [
      ...(system === scenario.system ? [] : ['settle' as const]),
      ...(exchanged ? ['symmetry' as const] : []),
      ...(quotient ? ['clean' as const] : []),
    ],
  };
}

function controlFields(names: Names): readonly number[] {
  return [
    ...names.counters,
    ...names.locks.values(),
    ...names.reach.values(),
    ...(names.control ?? []),
    ...[names.crashed, names.deadlock].filter((field) => field !== undefined),
  ];
}
