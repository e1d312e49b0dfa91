// Why a witness ends as it does, derived from its path: which copy was old, which write-back came
// last, what a crash dropped, and why the cache could hold two copies in the first place.

import { at, present } from '../base/index.ts';
import type { Path } from '../explore/index.ts';
import type { AccessStep, Step } from '../litmus/index.ts';
import { copyFor, type Copy, type Scenario } from '../scenario/index.ts';
import { valueText } from './values.ts';
import { type History, historyOf, isAccess, type Moment } from './history.ts';

/** A few sentences; data first, so that each names the addresses and values of this very path. */
export function explainFailure(scenario: Scenario, path: Path): readonly string[] {
  const history = historyOf(scenario, path);
  const cause = causeOf(scenario, path, history);
  if (cause.length > 0) {
    return [...cause, ...(needsTwoCopies(scenario, path, history) ? whyTwoCopies(scenario) : [])];
  }
  return [
    'Every access of this run saw the newest value: the outcome is one of the orders in which ' +
      'the steps may come.',
  ];
}

function causeOf(scenario: Scenario, path: Path, history: History): readonly string[] {
  const crash = path.steps.findIndex((s) => actionAt(scenario, s.action).actor.kind === 'crash');
  if (crash >= 0) return crashCause(scenario, path, crash, history);
  const last = path.steps.at(-1);
  if (last && actionAt(scenario, last.action).id === 'deadlock') {
    return ['No thread can go on: each waits for a lock or a mapping that another one holds.'];
  }
  const stale = lastStale(scenario, history);
  if (stale) return loadCause(scenario, path, stale);
  return memoryIsOld(scenario, path, history) ? writeBackCause(scenario, path) : [];
}

function crashCause(
  scenario: Scenario,
  path: Path,
  crash: number,
  history: History,
): readonly string[] {
  const before = stateBefore(path, crash);
  const dirty = scenario.names.copies.filter(
    (c) => c.cache === 'data' && at(before, c.state) === 2,
  );
  if (dirty.length === 0 && memoryIsOld(scenario, path, history)) {
    return writeBackCause(scenario, path);
  }
  return dirty.map(
    (c) =>
      `When power failed the newest value was only in the dirty line under ${addressesOf(c)}; ` +
      'nothing had written it back.',
  );
}

type Read = Extract<AccessStep, { register: string }>;
type StaleRead = Moment & { readonly step: Read };

/** The last read that did not see the newest value; one the question reads, if there is one. */
function lastStale(scenario: Scenario, { moments }: History): StaleRead | undefined {
  const stale = moments.filter((moment): moment is StaleRead => {
    if (!isAccess(moment.step) || moment.step.kind === 'store') return false;
    return gotBy(scenario, moment, moment.step) !== moment.newest;
  });
  const asked = new Set(scenario.system.observed);
  const wanted = stale.filter((m) => asked.has(registerField(scenario, m, m.step)));
  return wanted.at(-1) ?? stale.at(-1);
}

function loadCause(scenario: Scenario, path: Path, moment: StaleRead): readonly string[] {
  const { step, before, thread, newest } = moment;
  const fetches = step.kind === 'fetch' && scenario.options.model.icache === 'split';
  const copy = copyFor(scenario.names, step, thread.cpu, fetches ? 'fetch' : 'data');
  const others = scenario.names.copies.filter(
    (c) => c !== copy && c.line === step.line && c.cache === 'data' && at(before, c.state) === 2,
  );
  const newer = others.map((c) => `dirty under ${addressesOf(c)}`);
  const memory = at(present(scenario.names.memory.get(step.line), 'line'), step.cell);
  const got = valueText(scenario.names, gotBy(scenario, moment, step));
  const what = fetches ? 'fetch' : 'load';
  if (copy && at(before, copy.state) !== 0) {
    const current = at(before, memory);
    const memoryIsNew = current === newest;
    if (newer.length === 0 && !memoryIsNew) return writeBackCause(scenario, path, moment.index);
    const where = newer.length > 0 ? newer.join(', ') : `in memory (${current})`;
    const line = fetches ? 'instruction-cache line' : 'line';
    return [
      `The ${what} hits the ${line} under ${addressesOf(copy)}, which still holds the old ` +
        `${got}; the newer value is ${where}.`,
    ];
  }
  // Memory has lost the newer value too: what overwrote it is the cause.
  if (newer.length === 0) return writeBackCause(scenario, path, moment.index);
  if (!copy) {
    return [
      `The ${what} goes around the cache and takes ${got} from memory; the newer value is ` +
        `${newer.join(', ')}.`,
    ];
  }
  const lookup = fetches ? 'a fetch' : `a lookup under ${step.mapping}`;
  return [
    `The ${what} misses and takes ${got} from memory; the newer value is ${newer.join(', ')}, ` +
      `where ${lookup} does not find it.`,
  ];
}

/** Whether memory ends with something else than the newest stores. */
function memoryIsOld(scenario: Scenario, path: Path, { newest }: History): boolean {
  const end = path.steps.at(-1)?.state ?? path.initial;
  return [...scenario.names.memory].some(([line, cells]) =>
    cells.some((field, cell) => at(end, field) !== newest.get(`${line}[${cell}]`)),
  );
}

// The last write-back, or drop of an unwritten store, before step `end` of the path.
function writeBackCause(
  scenario: Scenario,
  path: Path,
  end: number = path.steps.length,
): readonly string[] {
  for (let index = end - 1; index >= 0; index--) {
    const before = stateBefore(path, index);
    const { state: after, action } = at(path.steps, index);
    const written = scenario.names.copies.find(
      (c) => c.cache === 'data' && at(before, c.state) === 2 && at(after, c.state) !== 2,
    );
    if (!written) continue;
    const step = stepOf(scenario, action);
    if (step?.kind === 'invalidate') {
      return [
        `The dirty line under ${addressesOf(written)} was invalidated without being written ` +
          'back: its stores are gone.',
      ];
    }
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
function needsTwoCopies(scenario: Scenario, path: Path, { moments }: History): boolean {
  const crashed = path.steps.some(
    ({ action }) => actionAt(scenario, action).actor.kind === 'crash',
  );
  return !crashed || moments.some(({ step }) => step.kind === 'flush' || step.kind === 'clean');
}

function whyTwoCopies(scenario: Scenario): readonly string[] {
  const { model, remedy } = scenario.options;
  if (remedy === 'uncached-user') {
    return ['User accesses go around the cache, kernel accesses do not: they never meet.'];
  }
  const keysOf = new Map<string, Set<string>>();
  for (const { line, key } of scenario.names.copies) {
    keysOf.set(line, (keysOf.get(line) ?? new Set()).add(key));
  }
  if (![...keysOf.values()].some((keys) => keys.size > 1)) return [];
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

function gotBy(scenario: Scenario, moment: Moment, step: Read): number {
  return at(moment.after, registerField(scenario, moment, step));
}

function registerField(scenario: Scenario, { thread }: Moment, step: Read): number {
  return present(scenario.names.registers.get(`${thread.name}:${step.register}`), 'register');
}

function stepOf(scenario: Scenario, action: number): Step | undefined {
  const position = scenario.positions.get(actionAt(scenario, action).id);
  return position && scenario.ops[position.thread]?.[position.step]?.step;
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
