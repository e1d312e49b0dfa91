// A test's condition, asked of one end of a kernel that runs.

import { at, never } from '../base/index.ts';
import { daxAccounts, isOops, type Linux, lostDisks, type Shared } from '../kernel/index.ts';
import type { Condition, KernelState, Location, Question } from '../litmus/index.ts';
import {
  type ClosedScene,
  locksHeld,
  lookAt,
  observedLocations,
  type SceneEnd,
} from '../scenario/index.ts';
import type { Bench } from './bench.ts';
import type { FollowedCell } from './track.ts';
import { isTurn } from './turns.ts';

/** An end with what the test's question reads in it. */
export interface JudgedEnd {
  readonly end: SceneEnd;
  /** Values of the observed locations, in their order. */
  readonly values: readonly number[];
  /** The condition holds, or for `forall` fails; never where threads wait for ever unasked. */
  readonly satisfies: boolean;
  readonly passesFilter: boolean;
}

/** What ends are judged with. */
export interface Judging {
  readonly bench: Bench;
  readonly closed: ClosedScene;
  readonly cells: readonly FollowedCell[];
  /** Registers of a thread in an end. */
  readonly registersOf: (end: SceneEnd, thread: number) => ReadonlyMap<string, number>;
}

/** Judges one end. */
export function judgeEnd(judging: Judging, end: SceneEnd): JudgedEnd {
  const { question } = judging.bench.program;
  const read = reader(judging, end);
  const holds = conditionHolds(question.condition, read);
  const asksDeadlock = locationsIn(question).some(({ op }) => op === 'deadlock');
  const counts = asksDeadlock || !end.isDeadlocked;
  return {
    end,
    values: observedLocations(question).map(read),
    satisfies: counts && (question.quantifier === 'forall' ? !holds : holds),
    passesFilter: question.filter === undefined || conditionHolds(question.filter, read),
  };
}

/** Everything that condition, filter and locations read. */
export function locationsIn(question: Question): readonly Location[] {
  const { filter } = question;
  const filters = filter ? observedLocations({ quantifier: 'exists', condition: filter }) : [];
  return [...observedLocations(question), ...filters];
}

/**
 * What the question reads of a thread that goes no further: its registers, and variables that no
 * other thread uses.
 */
export function tellsOf(
  { program, variables }: Pick<Bench, 'program' | 'variables'>,
  thread: string,
): (
  registers: ReadonlyMap<string, number>,
  isShared: (variable: Shared<number>) => boolean,
) => string {
  const asked = locationsIn(program.question);
  const names = asked.flatMap((one) =>
    one.op === 'register' && one.thread === thread ? one.register : [],
  );
  const own = asked.flatMap((one) => (one.op === 'memory' && variables.get(one.line)) || []);
  return (registers, isShared) =>
    [
      ...names.map((name) => registers.get(name) ?? 0),
      ...own.map((variable) => (isShared(variable) ? '-' : variable.peek())),
    ].join(' ');
}

function conditionHolds(condition: Condition, read: (location: Location) => number): boolean {
  switch (condition.op) {
    case 'true':
      return true;
    case 'and':
      return condition.of.every((one) => conditionHolds(one, read));
    case 'or':
      return condition.of.some((one) => conditionHolds(one, read));
    case 'not':
      return !conditionHolds(condition.of, read);
    case 'register':
    case 'memory':
    case 'crashed':
    case 'deadlock':
    case 'kernel':
      return read(condition) === condition.value;
    default:
      return never(condition);
  }
}

function reader(judging: Judging, end: SceneEnd): (location: Location) => number {
  const { bench, closed, cells } = judging;
  return (location) => {
    switch (location.op) {
      case 'register': {
        const thread = bench.program.threads.findIndex(({ name }) => name === location.thread);
        return judging.registersOf(end, thread).get(location.register) ?? 0;
      }
      case 'memory': {
        const { line, cell } = location;
        const found = cells.find((one) => one.line === line && one.cell === cell);
        const { bytes } = closed.automata.sharing.tracking;
        if (found)
          return at(
            end.bytes,
            bytes.findIndex(({ paddr }) => paddr === found.paddr),
          );
        return variableAt(judging, end, line);
      }
      case 'crashed':
        return Number(end.isCrashed);
      case 'deadlock':
        return Number(end.isDeadlocked);
      case 'kernel':
        return Number(isState(judging, end, location.state));
      default:
        return never(location);
    }
  };
}

function variableAt({ bench, closed }: Judging, end: SceneEnd, name: string): number {
  return lookAt(closed, end, () => bench.variables.get(name)?.peek() ?? 0);
}

function isState({ bench, closed }: Judging, end: SceneEnd, state: KernelState): boolean {
  switch (state) {
    case 'oops':
      return end.results.some(isOops);
    case 'locked':
      // Who waits for ever, or died with the power, has not ended.
      if (end.isCrashed || end.isDeadlocked) return false;
      return locksHeld(closed, end).some((name) => !isTurn(name));
    default:
      return lookAt(closed, end, () => isBroken(bench.linux, state));
  }
}

/** Whether the kernel, as it is now, has lost something or broken an invariant. */
export function isBroken(linux: Linux, state: Exclude<KernelState, 'oops' | 'locked'>): boolean {
  const isLeaked = state === 'leaked';
  const invariant = isLeaked ? 'I3' : state;
  if (isLeaked && lostDisks(linux).length > 0) return true;
  return daxAccounts(linux).some((one) => one.invariant === invariant);
}
