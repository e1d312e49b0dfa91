// A shortest path told in the words of the domain: who does what, and only what changes.

import { at, present } from '../base/index.ts';
import type { Path } from '../explore/index.ts';
import type { Action } from '../ir/index.ts';
import { type Copy, copyFor, type Names, questionText, type Scenario } from '../scenario/index.ts';
import { isAccess } from './history.ts';
import { valueText } from './values.ts';
import { explainFailure } from './why.ts';

/** One thing that a step changes: `U`'s copy, memory, a register, or what is in reach. */
export interface Change {
  readonly kind: 'copy' | 'memory' | 'register' | 'reach' | 'lock';
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
    condition: questionText(scenario.program.question),
    steps,
    why: explainFailure(scenario, path),
    replay: steps.map((s) => s.id).join(','),
  };
}

function actorOf(action: Action): WitnessStep['actor'] {
  return action.actor.kind === 'thread' ? 'program' : action.actor.kind;
}

function sentence(scenario: Scenario, action: Action, before: readonly number[]): string {
  const position = scenario.positions.get(action.id);
  if (!position) return hardwareSentence(scenario, action, before);
  const { step } = present(scenario.ops[position.thread]?.[position.step], `step ${action.id}`);
  if (step.kind === 'kernel-access') return '';
  const says = scenario.says?.(action.id) ?? step.says;
  if (action.actor.kind === 'failure') {
    if (scenario.says) return says;
    return `${step.says} and fails: ${action.id.slice(action.id.indexOf(':') + 1)}`;
  }
  if (step.kind === 'if' || step.kind === 'while') {
    return `${says}: ${action.id.endsWith(':else') ? 'no' : 'yes'}`;
  }
  if (!isAccess(step)) return says;
  const key = present(scenario.names.keys.get(step.mapping), 'mapping').key;
  if (key === undefined) {
    const { uncached } = present(scenario.names.keys.get(step.mapping), 'mapping').mapping;
    return uncached === true && step.mapping === step.line ? says : `${says}, uncached`;
  }
  const { cpu = 0 } = present(scenario.program.threads[position.thread], 'thread');
  const fetches = step.kind === 'fetch';
  // A coherent fetch looks everywhere: it neither hits nor misses a line.
  if (fetches && scenario.options.model.icache === 'coherent') return says;
  const copy = present(copyFor(scenario.names, step, cpu, fetches ? 'fetch' : 'data'), 'copy');
  const hit = at(before, copy.state) !== 0;
  return `${says}: ${hit ? 'hit' : 'miss'}`;
}

function hardwareSentence(scenario: Scenario, action: Action, before: readonly number[]): string {
  if (action.id === 'crash') return 'power fails';
  if (action.id === 'deadlock') return 'no thread can go on';
  const copy = present(
    scenario.names.copies.find((c) => action.id === `${verbOf(action.id)}.${c.label}`),
    'copy of a hardware action',
  );
  const name = copyName(copy, scenario.names.cpus.length > 1);
  if (verbOf(action.id) === 'fill') return `the cache fills the ${name}`;
  const dirty = copy.cache === 'data' && at(before, copy.state) === 2;
  return `the cache evicts the ${name}${dirty ? ': written back' : ''}`;
}

function verbOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}

/** `copy of x under U`, `instruction copy of x under U`, `copy of x under U on CPU 1`. */
export function copyName(copy: Copy, severalCpus: boolean): string {
  const kind = copy.cache === 'fetch' ? 'instruction copy' : 'copy';
  const on = severalCpus ? ` on CPU ${copy.cpu}` : '';
  return `${kind} of ${copy.line} under ${copy.addresses.join(' and ')}${on}`;
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
    const name = copyName(copy, names.cpus.length > 1);
    compare('copy', name, (state) => showCopy(names, copy, state));
  }
  for (const [line, cells] of names.memory) {
    compare('memory', `memory ${line}`, (state) => showCells(names, cells, state));
  }
  for (const [name, field] of names.registers)
    compare('register', name, (s) => valueText(names, at(s, field)));
  for (const [name, field] of names.reach) {
    compare('reach', name, (s) => (at(s, field) === 1 ? 'in reach' : 'out of reach'));
  }
  for (const [name, field] of names.locks) {
    compare('lock', name, (s) => (at(s, field) === 1 ? 'held' : 'free'));
  }
  return changes;
}

function showCopy(names: Names, copy: Copy, state: readonly number[]): string {
  const status = ['absent', 'clean', 'dirty'][at(state, copy.state)] ?? '?';
  return status === 'absent' ? status : `${status} ${showCells(names, copy.cells, state)}`;
}

function showCells(names: Names, cells: readonly number[], state: readonly number[]): string {
  return cells.map((c) => valueText(names, at(state, c))).join(' ');
}
