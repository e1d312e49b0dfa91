// A scenario with fewer states and the same answers.
//
// What comes out is a transition system again, so that every search runs it unchanged.
// docs/model/reductions.md says what each reduction does and why it is allowed.

import type { Expr, TransitionSystem } from '../ir/index.ts';
import type { Names, Scenario } from '../scenario/index.ts';
import { withoutCleanCopies } from './clean.ts';
import { askedFields, controlOf } from './control.ts';
import { readsOf } from './footprint.ts';
import { reduceByControl } from './guards.ts';
import { idleRule } from './idle.ts';
import { needsOf } from './needs.ts';
import { settled } from './settle.ts';
import { firstStage, type Stage } from './stage.ts';

/** One way to leave states out; each can be switched by itself. */
export type Reduction = 'live' | 'dead' | 'idle' | 'clean' | 'commute' | 'settle';

/** Every reduction, in the order of the documents. */
export const allReductions: readonly Reduction[] = [
  'live',
  'dead',
  'idle',
  'clean',
  'commute',
  'settle',
];

/** Those that keep the length of a shortest witness, and whose paths are paths of the scenario. */
export const witnessReductions: readonly Reduction[] = ['live', 'dead', 'idle', 'commute'];

/** A system to search in place of the scenario's own, and what to make of what is found. */
export interface Reduced {
  readonly system: TransitionSystem;
  readonly question: Expr;
  /** Those that were asked for and could be applied: one that would cost too much is left out. */
  readonly applied: readonly Reduction[];
}

/** The scenario's system, reduced in the ways that are asked for. */
export function reduce(scenario: Scenario, which: readonly Reduction[]): Reduced {
  const { question } = scenario;
  const asked = new Set(which);
  const left: Reduction[] = [];
  const stage = startingStage(scenario, asked, left);
  const { system } = stage;
  const control = controlOf(system, controlFields(scenario.names));
  if (!control) {
    left.push('live', 'dead', 'idle', 'commute');
    return { system, question, applied: which.filter((r) => !left.includes(r)) };
  }
  const needs = needsOf(control, askedFields(system, readsOf(question)));
  return {
    system: reduceByControl(control, needs, {
      live: asked.has('live'),
      dead: asked.has('dead'),
      commute: asked.has('commute'),
      idle: asked.has('idle') ? idleRule(scenario, stage, control) : undefined,
    }),
    question,
    applied: which.filter((r) => !left.includes(r)),
  };
}

function startingStage(
  scenario: Scenario,
  asked: ReadonlySet<Reduction>,
  left: Reduction[],
): Stage {
  const system = asked.has('settle') ? settled(scenario) : scenario.system;
  const quotient = asked.has('clean') ? withoutCleanCopies(scenario, system) : undefined;
  if (asked.has('clean') && !quotient) left.push('clean');
  return quotient ?? firstStage(scenario, system);
}

function controlFields(names: Names): readonly number[] {
  return [
    ...names.counters,
    ...names.locks.values(),
    ...names.reach.values(),
    ...[names.crashed, names.deadlock].filter((field) => field !== undefined),
  ];
}
