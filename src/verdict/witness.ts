// A shortest path told in the words of the domain: who does what, and only what changes.

import { at, present } from '../base/index.ts';
import type { Path } from '../explore/index.ts';
import type { Action } from '../ir/index.ts';
import { type Copy, conditionText, type Scenario } from '../scenario/index.ts';
import { explainFailure } from './why.ts';

/** One thing that a step changes: `U`'s copy, memory, a register, or what is in reach. */
export interface Change {
  readonly kind: 'copy' | 'memory' | 'register' | 'reach';
  /** E.g. `copy of x under U`, `memory x`, `P0:r1`. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** One step of a witness: a step of the program, or an eviction or fill by the hardware. */
export interface WitnessStep {
  /** The action's id: what a replay line lists. */
  readonly id: string;
  readonly actor: 'program' | 'hardware' | 'crash' | 'failure';
  readonly says: string;
  readonly changes: readonly Change[];
}

/** A run that ends in the bad outcome, told step by step; nothing shorter does. */
export interface Witness {
  readonly scenario: string;
  readonly remedy: string;
  /** The bad outcome in litmus words, e.g. `P0:r1=0`. */
  readonly condition: string;
  readonly steps: readonly WitnessStep[];
  /** A few sentences, derived from the path. */
  readonly why: readonly string[];
  /** Action ids joined by commas: replays exactly this run. */
  readonly replay: string;
}

/** Tells a path of the scenario's system. */
export function witnessOf(scenario: Scenario, path: Path): Witness {
  let before = path.initial;
  const steps = path.steps.map(({ action, state }): WitnessStep => {
    const taken = present(scenario.system.actions[action], 'action of a path');
    const step: WitnessStep = {
      id: taken.id,
      actor: actorOf(taken),
      says: sentence(scenario, taken, before),
      changes: changesBetween(scenario, before, state),
    };
    before = state;
    return step;
  });
  return {
    scenario: scenario.program.name,
    remedy: scenario.options.remedy,
    condition: conditionText(scenario.program.exists),
    steps,
    why: explainFailure(scenario, path),
    replay: steps.map((s) => s.id).join(','),
  };
}

function actorOf(action: Action): WitnessStep['actor'] {
  return action.actor.kind === 'thread' ? 'program' : action.actor.kind;
}

function sentence(scenario: Scenario, action: Action, before: readonly number[]): string {
  if (action.actor.kind === 'hardware') return hardwareSentence(scenario, action, before);
  const [thread = '', index = ''] = action.id.split('.');
  const number = scenario.program.threads.findIndex((t) => t.name === thread);
  const step = present(scenario.steps[number]?.[Number(index)], `step ${action.id}`);
  if (step.kind !== 'load' && step.kind !== 'store')
    return step.kind === 'kernel-access' ? '' : step.says;
  const key = present(scenario.names.keys.get(step.mapping), 'mapping').key;
  if (key === undefined) return `${step.says}, uncached`;
  const copy = copyOf(scenario, step.line, key);
  const hit = at(before, copy.state) !== 0;
  return `${step.says}: ${hit ? 'hit' : 'miss'}`;
}

function hardwareSentence(scenario: Scenario, action: Action, before: readonly number[]): string {
  const copy = present(
    scenario.names.copies.find((c) => action.id.endsWith(`${c.line}.${c.addresses.join('+')}`)),
    'copy of a hardware action',
  );
  const name = copyName(copy);
  if (action.id.startsWith('fill.')) return `the cache fills the ${name}`;
  const dirty = at(before, copy.state) === 2;
  return `the cache evicts the ${name}${dirty ? ': written back' : ''}`;
}

function copyOf(scenario: Scenario, line: string, key: string): Copy {
  return present(
    scenario.names.copies.find((c) => c.line === line && c.key === key),
    'copy',
  );
}

/** `copy of x under U`. */
export function copyName(copy: Copy): string {
  return `copy of ${copy.line} under ${copy.addresses.join(' and ')}`;
}

function changesBetween(
  scenario: Scenario,
  before: readonly number[],
  after: readonly number[],
): readonly Change[] {
  const { names } = scenario;
  const changes: Change[] = [];
  const compare = (
    kind: Change['kind'],
    what: string,
    show: (state: readonly number[]) => string,
  ) => {
    const from = show(before);
    const to = show(after);
    if (from !== to) changes.push({ kind, what, from, to });
  };
  for (const copy of names.copies) {
    compare('copy', copyName(copy), (state) => showCopy(copy, state));
  }
  for (const [line, cells] of names.memory) {
    compare('memory', `memory ${line}`, (state) => cells.map((c) => at(state, c)).join(' '));
  }
  for (const [name, field] of names.registers)
    compare('register', name, (s) => String(at(s, field)));
  for (const [name, field] of names.reach) {
    compare('reach', name, (s) => (at(s, field) === 1 ? 'in reach' : 'out of reach'));
  }
  return changes;
}

function showCopy(copy: Copy, state: readonly number[]): string {
  const status = ['absent', 'clean', 'dirty'][at(state, copy.state)] ?? '?';
  return status === 'absent'
    ? status
    : `${status} ${copy.cells.map((c) => at(state, c)).join(' ')}`;
}
