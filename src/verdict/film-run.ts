// What a film tells of a path beside its states: what each read takes, who holds a lock, which
// registers have been written, and which addresses anything has gone through.

import { at, present } from '../base/index.ts';
import type { Path } from '../explore/index.ts';
import { copyFor, type Scenario } from '../scenario/index.ts';
import type { FilmRead } from './film-record.ts';
import { historyOf, isAccess, type Moment } from './history.ts';
import { valueText } from './values.ts';
import { gotBy } from './why.ts';

/** What the steps of a path do, by their number. */
export interface PathFacts {
  /** Of the steps that load or fetch. */
  readonly reads: ReadonlyMap<number, FilmRead>;
  /** By lock, who holds it after each step; one more than there are steps. */
  readonly holders: readonly ReadonlyMap<string, string>[];
  /** Registers that hold something that was put there, likewise. */
  readonly written: readonly ReadonlySet<string>[];
  /** Names of the mappings that steps of the program go through. */
  readonly mappings: ReadonlySet<string>;
}

/** Follows a path. */
export function factsOf(scenario: Scenario, path: Path): PathFacts {
  const { moments } = historyOf(scenario, path);
  const byIndex = new Map(moments.map((moment) => [moment.index, moment] as const));
  const reads = new Map<number, FilmRead>();
  const mappings = new Set<string>();
  const holders = [new Map<string, string>()];
  const written = [declared(scenario)];
  for (const index of path.steps.keys()) {
    const held = new Map(holders.at(-1));
    const now = new Set(written.at(-1));
    const moment = byIndex.get(index);
    if (moment) {
      const { step, thread } = moment;
      const read = readOf(scenario, moment);
      if (read) reads.set(index, read);
      for (const name of mappingsOf(step)) mappings.add(name);
      if (step.kind === 'lock') held.set(step.lock, thread.name);
      if (step.kind === 'unlock') held.delete(step.lock);
      if ('register' in step && step.register !== undefined) {
        now.add(`${thread.name}:${step.register}`);
      }
    }
    holders.push(held);
    written.push(now);
  }
  return { reads, holders, written, mappings };
}

/** Registers with a value from their declaration: they have it before anything happens. */
function declared({ ops, program }: Scenario): Set<string> {
  return new Set(
    ops.flatMap((list, thread) =>
      list.flatMap(({ step }) =>
        step.kind === 'set' && step.isInitial === true
          ? [`${program.threads[thread]?.name ?? ''}:${step.register}`]
          : [],
      ),
    ),
  );
}

function mappingsOf(step: Moment['step']): readonly string[] {
  if (step.kind === 'fsync') return [step.kernel, ...step.users];
  return 'mapping' in step && typeof step.mapping === 'string' ? [step.mapping] : [];
}

function readOf(scenario: Scenario, moment: Moment): FilmRead | undefined {
  const { step, thread, before, newest } = moment;
  if (!isAccess(step) || step.kind === 'store') return undefined;
  const { names, options, told } = scenario;
  const fetches = step.kind === 'fetch';
  const splits = fetches && options.model.icache === 'split';
  // A coherent fetch looks everywhere: it takes its value from no place in particular.
  const copy =
    fetches && !splits ? undefined : copyFor(names, step, thread.cpu, fetches ? 'fetch' : 'data');
  const got = gotBy(scenario, moment, step);
  const isHit = copy !== undefined && at(before, copy.state) !== 0;
  return {
    ...(copy === undefined ? {} : { copy: `copy:${copy.label}` }),
    line: `line:${copy?.own.line ?? present(step.line, 'line')}`,
    isHit,
    value: valueText(names, got),
    old: newest !== undefined && got !== newest,
    ...(told ? {} : { register: `register:${thread.name}:${step.register}` }),
    thread: thread.name,
  };
}
