// Why a witness ends badly, derived from its path: which copy was old, which write-back came last,
// what a crash dropped, and why the cache could hold two copies in the first place.

import { at, present } from '../base/index.ts';
import type { Path } from '../explore/index.ts';
import type { Step } from '../litmus/index.ts';
import { copyFor, type Copy, type Scenario } from '../scenario/index.ts';

type Load = Extract<Step, { kind: 'load' }>;

/** A few sentences; data first, so that each names the addresses and values of this very path. */
export function explainFailure(scenario: Scenario, path: Path): readonly string[] {
  return [
    ...causeOf(scenario, path),
    ...(needsTwoCopies(scenario, path) ? whyTwoCopies(scenario) : []),
  ];
}

function causeOf(scenario: Scenario, path: Path): readonly string[] {
  const crash = path.steps.findIndex((s) => actionAt(scenario, s.action).actor.kind === 'crash');
  if (crash >= 0) return crashCause(scenario, path, crash);
  const load = lastLoad(scenario, path);
  return load ? loadCause(scenario, path, load) : writeBackCause(scenario, path);
}

function crashCause(scenario: Scenario, path: Path, crash: number): readonly string[] {
  const before = stateBefore(path, crash);
  const dirty = scenario.names.copies.filter((c) => at(before, c.state) === 2);
  return dirty.map(
    (c) =>
      `When power failed the newest value was only in the dirty line under ${addressesOf(c)}; ` +
      'nothing had written it back.',
  );
}

/** The last load that the question looks at, with its place in the path. */
function lastLoad(scenario: Scenario, path: Path): { index: number; step: Load } | undefined {
  if (scenario.program.exists.op !== 'register') return undefined;
  const wanted = scenario.program.exists.register;
  for (let index = path.steps.length - 1; index >= 0; index--) {
    const action = actionAt(scenario, at(path.steps, index).action);
    if (action.actor.kind !== 'thread') continue;
    const step = scenario.steps[action.actor.thread]?.[action.actor.step];
    if (step?.kind === 'load' && step.register === wanted) return { index, step };
  }
  return undefined;
}

function loadCause(
  scenario: Scenario,
  path: Path,
  { index, step }: { index: number; step: Load },
): readonly string[] {
  const before = stateBefore(path, index);
  const copy = copyFor(scenario.names, step.mapping, step.line);
  const others = scenario.names.copies.filter((c) => c !== copy && at(before, c.state) === 2);
  const newer = others.map((c) => `dirty under ${addressesOf(c)}`);
  const memory = present(scenario.names.memory.get(step.line), 'line');
  const got = at(at(path.steps, index).state, registerField(scenario, step));
  if (copy && at(before, copy.state) !== 0) {
    const current = at(before, at(memory, step.cell));
    const where = newer.length > 0 ? newer.join(', ') : `in memory (${current})`;
    return [
      `The load hits the line under ${addressesOf(copy)}, which still holds the old ${got}; ` +
        `the newer value is ${where}.`,
    ];
  }
  // Memory has lost the newer value too: what overwrote it is the cause.
  if (newer.length === 0) return writeBackCause(scenario, path);
  if (!copy) {
    return [
      `The load goes around the cache and takes ${got} from memory; the newer value is ` +
        `${newer.join(', ')}.`,
    ];
  }
  return [
    `The load misses and takes ${got} from memory; the newer value is ${newer.join(', ')}, where ` +
      `a lookup under ${step.mapping} does not find it.`,
  ];
}

function writeBackCause(scenario: Scenario, path: Path): readonly string[] {
  for (let index = path.steps.length - 1; index >= 0; index--) {
    const before = stateBefore(path, index);
    const after = at(path.steps, index).state;
    const written = scenario.names.copies.find(
      (c) => at(before, c.state) === 2 && at(after, c.state) !== 2,
    );
    if (!written) continue;
    const cells = present(scenario.names.memory.get(written.line), 'line');
    const whole = cells.length > 1 ? ', all its bytes,' : '';
    return [
      `The line under ${addressesOf(written)} was written back last: it replaced the whole line` +
        `${whole} in memory, and with it a store made through the other address.`,
    ];
  }
  return [];
}

// A crash needs no alias. An alias has a part in it only where a write-back took the other address.
function needsTwoCopies(scenario: Scenario, path: Path): boolean {
  const kinds = path.steps.map(({ action }) => {
    const { actor } = actionAt(scenario, action);
    return actor.kind === 'thread' ? scenario.steps[actor.thread]?.[actor.step]?.kind : actor.kind;
  });
  return !kinds.includes('crash') || kinds.some((kind) => kind === 'flush' || kind === 'clean');
}

function whyTwoCopies(scenario: Scenario): readonly string[] {
  const { model, remedy } = scenario.options;
  if (remedy === 'uncached-user') {
    return ['User accesses go around the cache, kernel accesses do not: they never meet.'];
  }
  if (new Set(scenario.names.copies.map((c) => c.key)).size < 2) return [];
  switch (model.aliasClass) {
    case 'vivt':
      return [
        'The cache is tagged by virtual address: two addresses of one page are two lines, ' +
          'and a congruent address only puts them in one set.',
      ];
    case 'vipt-aliasing':
      return [
        `The cache has ${model.colours} colours and the two addresses differ in colour: they ` +
          'index different sets, so one line of memory is held twice.',
      ];
    default:
      return [];
  }
}

function registerField(scenario: Scenario, step: Load): number {
  const entry = [...scenario.names.registers].find(([name]) => name.endsWith(`:${step.register}`));
  return present(entry, 'register')[1];
}

function actionAt(scenario: Scenario, index: number) {
  return present(scenario.system.actions[index], 'action of a path');
}

function stateBefore(path: Path, index: number): readonly number[] {
  return index === 0 ? path.initial : at(path.steps, index - 1).state;
}

function addressesOf(copy: Copy): string {
  return copy.addresses.join(' and ');
}
