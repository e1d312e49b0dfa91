// A thread of a test as the kernel runs it: its statements in order, with registers of its own.

import { never, present } from '../base/index.ts';
import {
  get,
  lock,
  type Op,
  pause,
  set,
  type Task,
  unlock,
  update,
  user_load,
  user_store,
} from '../kernel/index.ts';
import type { Step, Thread, Value } from '../litmus/index.ts';
import { NotSearched } from '../scenario/index.ts';
import { type Bench, offsetInPage, taskOf } from './bench.ts';
import { callOp } from './calls.ts';
import { onCpu, processOf } from './turns.ts';

/** What the registers of a thread hold. */
export type Registers = Map<string, number>;

/** Rounds of a loop, at most: with more, nothing would be said for minutes. */
const MOST_ROUNDS = 100;

/** How far a thread has come: its registers, and what it is about to do or doing. */
export interface Progress {
  readonly registers: Registers;
  says: string;
}

/** What SIGBUS or SIGSEGV leaves in a register, and as what it ends an access. */
export const EFAULT = -14;

/**
 * The thread from its start; `progress` is kept as it goes. Its value is what it leaves in its
 * registers, by name.
 */
export function* threadOp(
  bench: Bench,
  thread: Thread,
  progress: Progress,
): Op<Readonly<Record<string, number>>> {
  const process = processOf(bench.stack, thread);
  const { registers } = progress;
  const task = taskOf(bench, process);
  const running = { bench, thread, task, process, registers, progress, held: new Set<string>() };
  yield* stepsOp(running, thread.steps);
  // In the order of their names, so that equal registers are equal records.
  return Object.fromEntries([...registers].toSorted(byName));
}

/** What a thread runs with. */
export interface Running {
  readonly bench: Bench;
  readonly thread: Thread;
  readonly task: Task;
  readonly process: number;
  readonly registers: Registers;
  readonly progress: Progress;
  /** Locks of the test that the thread holds. */
  readonly held: Set<string>;
}

function* stepsOp(running: Running, steps: readonly Step[]): Op<void> {
  for (const step of steps) yield* stepOp(running, step);
}

// Power may fail before each change of a register, or of a variable that no other thread uses.
function* stepOp(running: Running, step: Step): Op<void> {
  const { registers, bench, progress } = running;
  progress.says = step.kind === 'kernel-access' ? '' : step.says;
  switch (step.kind) {
    case 'load':
    case 'store':
    case 'kernel':
      return yield* onCpu(bench, running.thread, systemOp(running, step));
    case 'exchange': {
      // Of variables alone: lowering sees to that.
      const shared = present(bench.variables.get(step.mapping), 'variable');
      const value = valueOf(registers, step.value);
      yield* pause();
      const before = yield* update(shared, 0, () => value);
      yield* pause();
      registers.set(step.register, before);
      return;
    }
    case 'set':
      if (!step.isInitial) yield* pause();
      registers.set(step.register, valueOf(registers, step.value));
      return;
    case 'if': {
      const isTrue = valueOf(registers, step.condition) !== 0;
      return yield* stepsOp(running, isTrue ? step.yes : step.no);
    }
    case 'while':
      for (let round = 0; valueOf(registers, step.condition) !== 0; round++) {
        if (round === MOST_ROUNDS) {
          const { name } = running.thread;
          throw new NotSearched(`${name} goes round a loop more than ${MOST_ROUNDS} times`);
        }
        yield* stepsOp(running, step.body);
      }
      return;
    case 'lock':
      yield* lock(present(bench.locks.get(step.lock), 'lock'));
      running.held.add(step.lock);
      return;
    case 'unlock':
      if (!running.held.delete(step.lock)) {
        const { name } = running.thread;
        throw new NotSearched(`${name} frees ${step.lock}, which it does not hold`);
      }
      return yield* unlock(present(bench.locks.get(step.lock), 'lock'));
    case 'mark':
      return;
    case 'flush':
    case 'clean':
    case 'invalidate':
    case 'invalidate-icache':
    case 'fetch':
    case 'map':
    case 'unmap':
    case 'call':
    case 'crash':
    case 'fsync':
    case 'dax-flush':
    case 'kernel-access':
      throw new RangeError(`${step.kind} is a step of the small model`);
    default:
      return never(step);
  }
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}

type SystemStep = Extract<Step, { readonly kind: 'load' | 'store' | 'kernel' }>;

// What a process needs its CPU for.
function* systemOp(running: Running, step: SystemStep): Op<void> {
  const { registers } = running;
  switch (step.kind) {
    case 'load': {
      const value = yield* loadOp(running, step);
      yield* pause();
      registers.set(step.register, value);
      return;
    }
    case 'store':
      return yield* storeOp(running, step, valueOf(registers, step.value));
    case 'kernel': {
      const answer = yield* callOp(running, step.call);
      yield* pause();
      if (step.register !== undefined) registers.set(step.register, answer);
      return;
    }
    default:
      return never(step);
  }
}

interface Place {
  readonly mapping: string;
  readonly line: string;
  readonly cell: number;
}

function* loadOp({ bench, task }: Running, place: Place): Op<number> {
  const variable = bench.variables.get(place.mapping);
  if (variable) return yield* get(variable);
  const address = userAddress(bench, place);
  if (address === undefined) return EFAULT;
  const access = yield* user_load(task, address, 1);
  return access.kind === 'done' ? (access.value[0] ?? 0) : EFAULT;
}

function* storeOp(running: Running, place: Place, value: number): Op<void> {
  const { bench, task } = running;
  const variable = bench.variables.get(place.mapping);
  if (variable) {
    yield* pause();
    return yield* set(variable, 0, value);
  }
  const address = userAddress(bench, place);
  if (address !== undefined) yield* user_store(task, address, new Uint8Array([value]));
}

/** The user address of a cell; undefined where nothing is mapped. */
export function userAddress(bench: Bench, { mapping, line, cell }: Place): number | undefined {
  const { address } = present(bench.addresses.get(mapping), `address ${mapping}`);
  return address === undefined ? undefined : address + offsetInPage(bench, line, cell);
}

/** The value of an expression over registers, as numbers of any size. */
export function valueOf(registers: Registers, value: Value): number {
  if (typeof value === 'number') return value;
  const of = (part: Value) => valueOf(registers, part);
  switch (value.op) {
    case 'register':
      return registers.get(value.register) ?? 0;
    case 'add':
      return of(value.a) + of(value.b);
    case 'eq':
      return Number(of(value.a) === of(value.b));
    case 'ne':
      return Number(of(value.a) !== of(value.b));
    case 'lt':
      return Number(of(value.a) < of(value.b));
    case 'and':
      return Number(of(value.a) !== 0 && of(value.b) !== 0);
    case 'or':
      return Number(of(value.a) !== 0 || of(value.b) !== 0);
    case 'not':
      return Number(of(value.a) === 0);
    default:
      return never(value);
  }
}
