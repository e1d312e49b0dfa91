// Why a witness ends as it does, derived from its path: which copy was old, which write-back came
// last, what a crash dropped, and why the cache could hold two copies in the first place.

import { at, present } from '../base/index.ts';
import type { Path } from '../explore/index.ts';
import type { AccessStep, Step } from '../litmus/index.ts';
import { type CacheModel, copyFor, type Copy, type Scenario } from '../scenario/index.ts';
import { valueText } from './values.ts';
import { type History, historyOf, isAccess, type Moment } from './history.ts';

/** A few sentences; data first, so that each names the addresses and values of this very path. */
export function explainFailure(scenario: Scenario, path: Path): readonly string[] {
  const history = historyOf(scenario, path);
  const { what, because } = causeOf(scenario, path, history);
  if (what.length > 0) return [...what, ...because];
  return [
    'Every access of this run saw the newest value: the outcome is one of the orders in which ' +
      'the steps may come.',
  ];
}

/** What happened in this run, and what in the machine makes it possible. */
interface Cause {
  readonly what: readonly string[];
  readonly because: readonly string[];
}

function causeOf(scenario: Scenario, path: Path, history: History): Cause {
  const crash = path.steps.findIndex((s) => actionAt(scenario, s.action).actor.kind === 'crash');
  if (crash >= 0) return crashCause(scenario, path, crash, history);
  const stuck = path.steps.findIndex((s) => actionAt(scenario, s.action).id === 'deadlock');
  if (stuck >= 0) return deadlockCause(scenario, stateBefore(path, stuck));
  const stale = lastStale(scenario, history);
  if (stale) return loadCause(scenario, path, history, stale);
  if (memoryIsOld(scenario, path, history)) return writeBackCause(scenario, path);
  return { what: [], because: [] };
}

function crashCause(scenario: Scenario, path: Path, crash: number, history: History): Cause {
  const before = stateBefore(path, crash);
  const lost = scenario.program.medium === 'eadr' ? [] : newerThanMemory(scenario, before, history);
  // A crash needs no alias: one has a part in it only where a write-back took the other address.
  const because = lost.some((copy) => wentElsewhere(scenario, history, copy))
    ? whyMissed(scenario.options.model)
    : [];
  if (lost.length > 0) {
    const what = lost.map(
      (c) =>
        'When power failed the newest value was only in the dirty line under ' +
        `${addressesOf(scenario, c)}; nothing had written it back.`,
    );
    return { what, because };
  }
  if (memoryIsOld(scenario, path, history)) {
    const cause = writeBackCause(scenario, path);
    if (cause.what.length > 0) return cause;
  }
  const open = unfinished(scenario, before).map(({ name }) => name);
  if (open.length === 0) return { what: [], because: [] };
  const steps = `${open.join(' and ')} had ended`;
  return {
    what: [`Power failed before ${steps}: what they had not done yet is not done.`],
    because: [],
  };
}

/** Dirty copies with a store that is the newest of its cell and that memory does not have. */
function newerThanMemory(
  scenario: Scenario,
  state: readonly number[],
  { newest }: History,
): readonly Copy[] {
  return scenario.names.copies.filter((copy) => {
    if (copy.cache !== 'data' || at(state, copy.state) !== 2) return false;
    const memory = present(scenario.names.memory.get(copy.line), 'line');
    return copy.cells.some((field, cell) => {
      const value = at(state, field);
      return value === newest.get(`${copy.line}[${cell}]`) && value !== at(state, at(memory, cell));
    });
  });
}

/** Threads with steps before them, and the next of those. */
function unfinished(scenario: Scenario, state: readonly number[]) {
  return scenario.program.threads.flatMap(({ name }, t) => {
    const counter = at(state, present(scenario.names.counters[t], 'counter'));
    const op = scenario.ops[t]?.[counter];
    return op && !scenario.hasEnded?.(t, counter) ? [{ name, step: op.step }] : [];
  });
}

function deadlockCause(scenario: Scenario, state: readonly number[]): Cause {
  const waits = unfinished(scenario, state).map(({ name, step }) => {
    if (step.kind === 'lock') return `${name} waits for the lock ${step.lock}`;
    return `${name} waits for ${'mapping' in step ? step.mapping : 'a mapping'} to be in reach`;
  });
  return { what: [`No thread can go on: ${waits.join(', ')}.`], because: [] };
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
  const wanted = scenario.told
    ? []
    : stale.filter((m) => asked.has(registerField(scenario, m, m.step)));
  return wanted.at(-1) ?? stale.at(-1);
}

function loadCause(scenario: Scenario, path: Path, history: History, moment: StaleRead): Cause {
  const { step, before, thread, newest } = moment;
  const fetches = step.kind === 'fetch' && scenario.options.model.icache === 'split';
  const copy = copyFor(scenario.names, step, thread.cpu, fetches ? 'fetch' : 'data');
  const holders = scenario.names.copies.filter(
    (c) =>
      c !== copy &&
      c.line === step.line &&
      c.cache === 'data' &&
      at(before, c.state) === 2 &&
      at(before, at(c.cells, step.cell)) === newest,
  );
  const newer = holders.map((c) => `dirty under ${addressesOf(scenario, c)}`).join(', ');
  const memory = at(present(scenario.names.memory.get(step.line), 'line'), step.cell);
  const got = valueText(scenario.names, gotBy(scenario, moment, step));
  const what = fetches ? 'fetch' : 'load';
  const inMemory = at(before, memory);
  const hit = copy !== undefined && at(before, copy.state) !== 0;
  // Memory has lost the newer value too: what overwrote it is the cause.
  if (newer === '' && !(hit && inMemory === newest)) {
    return writeBackCause(scenario, path, moment.index);
  }
  if (copy && hit) {
    const where = newer === '' ? `in memory (${valueText(scenario.names, inMemory)})` : newer;
    const line = fetches ? 'instruction-cache line' : 'line';
    return {
      what: [
        `The ${what} hits the ${line} under ${addressesOf(scenario, copy)}, which still holds ` +
          `the old ${got}; the newer value is ${where}.`,
      ],
      because: fetches
        ? whyOldFetch(scenario, history, [copy])
        : [...whyTwoCopies(scenario), ...whyNoSnoop(scenario, copy, holders)],
    };
  }
  if (!copy) {
    return {
      what: [
        `The ${what} goes around the cache and takes ${got} from memory; the newer value is ` +
          `${newer}.`,
      ],
      because: [whyUncached(scenario, step.mapping)],
    };
  }
  const lookup = fetches ? 'a fetch' : `a lookup under ${addressIn(copy, step.mapping)}`;
  return {
    what: [
      `The ${what} misses and takes ${got} from memory; the newer value is ${newer}, where ` +
        `${lookup} does not find it.`,
    ],
    because: fetches
      ? whyOldFetch(scenario, history, holders)
      : [...whyTwoCopies(scenario), ...whyNoSnoop(scenario, copy, holders)],
  };
}

/** `left`: the copies that maintenance should have dealt with. */
function whyOldFetch(
  scenario: Scenario,
  history: History,
  left: readonly Copy[],
): readonly string[] {
  const split =
    scenario.options.model.write === 'back'
      ? 'Stores do not reach the instruction cache, and fetches do not look into the data cache: ' +
        'the line must be written back, and then dropped from the instruction cache.'
      : 'Stores go to memory and do not reach the instruction cache: the line must be dropped ' +
        'from it.';
  const missed = left.filter((copy) => wentElsewhere(scenario, history, copy));
  const { model } = scenario.options;
  const caches = new Set(missed.map(({ cache }) => cache));
  return [
    split,
    ...(caches.has('data') ? whyMissed(model) : []),
    ...(caches.has('fetch') ? whyMissed(model.instruction, 'instruction cache') : []),
  ];
}

/** Whether maintenance that could have dealt with the copy was done through another key. */
function wentElsewhere(scenario: Scenario, { moments }: History, copy: Copy): boolean {
  return moments.some(({ step, thread }) => {
    if (!('mapping' in step) || !('line' in step) || step.line !== copy.line) return false;
    const suits =
      copy.cache === 'fetch'
        ? step.kind === 'invalidate-icache'
        : step.kind === 'flush' || step.kind === 'clean';
    return suits && copyFor(scenario.names, step, thread.cpu, copy.cache)?.key !== copy.key;
  });
}

/** Why maintenance through one address passed by the line of the other. */
function whyMissed(
  model: Pick<CacheModel, 'aliasClass' | 'colours'>,
  cache: 'cache' | 'instruction cache' = 'cache',
): readonly string[] {
  switch (model.aliasClass) {
    case 'vivt':
      return [
        `The ${cache} is tagged by virtual address: maintenance through one address of a page ` +
          'does not find the line of the other.',
      ];
    case 'vipt-aliasing':
      return [
        `The ${cache} has ${model.colours} colours and the two addresses differ in colour: ` +
          'maintenance through one of them looks in another set and does not find the line of ' +
          'the other.',
      ];
    default:
      return [];
  }
}

/** Whether memory ends with something else than the newest stores. */
function memoryIsOld(scenario: Scenario, path: Path, { newest }: History): boolean {
  const end = path.steps.at(-1)?.state ?? path.initial;
  return [...scenario.names.memory].some(([line, cells]) =>
    cells.some((field, cell) => at(end, field) !== newest.get(`${line}[${cell}]`)),
  );
}

// The last write-back, or drop of an unwritten store, before step `end` of the path.
function writeBackCause(scenario: Scenario, path: Path, end: number = path.steps.length): Cause {
  for (let index = end - 1; index >= 0; index--) {
    const before = stateBefore(path, index);
    const { state: after, action } = at(path.steps, index);
    const written = scenario.names.copies.find(
      (c) => c.cache === 'data' && at(before, c.state) === 2 && at(after, c.state) !== 2,
    );
    if (!written) continue;
    const line = `line under ${addressesOf(scenario, written)}`;
    const step = stepOf(scenario, action);
    if (step?.kind === 'invalidate') {
      return {
        what: [
          `The dirty ${line} was invalidated without being written back: its stores are gone.`,
        ],
        because: [],
      };
    }
    const cells = present(scenario.names.memory.get(written.line), 'line');
    const whole = cells.length > 1 ? ', all its bytes,' : '';
    return {
      what: [
        `The ${line} was written back last: it replaced the whole line${whole} in memory, and ` +
          'with it a store made through the other address.',
      ],
      because: whyTwoCopies(scenario),
    };
  }
  return { what: [], because: [] };
}

function whyUncached(scenario: Scenario, mapping: string): string {
  if (scenario.options.remedy === 'uncached-user') return USER_UNCACHED;
  return `Accesses through ${mapping} go around the cache, others do not: they never meet.`;
}

const USER_UNCACHED = 'User accesses go around the cache, kernel accesses do not: they never meet.';

/** Where the newer value is in the cache of another CPU only. */
function whyNoSnoop(scenario: Scenario, copy: Copy, holders: readonly Copy[]): readonly string[] {
  if (holders.length === 0 || holders.some((c) => c.cpu === copy.cpu)) return [];
  const under = scenario.options.model.aliasClass === 'vivt' ? 'address' : 'colour';
  return [`Other CPUs are asked for the line under the same ${under} only.`];
}

function whyTwoCopies(scenario: Scenario): readonly string[] {
  const { model, remedy } = scenario.options;
  if (remedy === 'uncached-user') return [USER_UNCACHED];
  const keysOf = new Map<string, Set<string>>();
  for (const { line, key, cache } of scenario.names.copies) {
    if (cache === 'data') keysOf.set(line, (keysOf.get(line) ?? new Set()).add(key));
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

/** An address as witnesses call it. */
function addressIn({ own, addresses }: Copy, mapping: string): string {
  return addresses[own.mappings.indexOf(mapping)] ?? mapping;
}

/** What a read takes, as raw bits. */
export function gotBy(scenario: Scenario, moment: Moment, step: Read): number {
  if (scenario.told) return seenBy(scenario, moment, step);
  return at(moment.after, registerField(scenario, moment, step));
}

// Kernel functions have no registers: what a load gets is what its line holds after it.
function seenBy({ names }: Scenario, { after, thread }: Moment, step: Read): number {
  const copy = copyFor(names, step, thread.cpu);
  const isCached = copy !== undefined && at(after, copy.state) !== 0;
  const memory = present(names.memory.get(step.line), 'line');
  return at(after, at(isCached ? copy.cells : memory, step.cell));
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

function addressesOf({ names }: Scenario, copy: Copy): string {
  const on = names.cpus.length > 1 ? ` on CPU ${copy.cpu}` : '';
  return `${copy.addresses.join(' and ')}${on}`;
}
