// One schedule of a test on a machine with real caches, byte by byte: what every search must have
// among its ends.

import { at, fail, never, ok, type Result } from '../base/index.ts';
import { isOops, type Lock, Oops, type PlainStep, withoutCalls } from '../kernel/index.ts';
import type { KernelState, Location, Program } from '../litmus/index.ts';
import { NotSearched, observedLocations } from '../scenario/index.ts';
import { type Bench, setUp, type StackSetting, taskOf } from './bench.ts';
import { isBroken } from './question.ts';
import { type Progress, threadOp } from './thread.ts';
import { type FollowedCell, followedCells } from './track.ts';
import { isTurn } from './turns.ts';

/** How a run ended. */
export interface ConcreteEnd {
  /** Values of what the question reads, in the order of `observedLocations`. */
  readonly values: readonly number[];
  readonly deadlock: boolean;
}

/** A thread of a run. */
interface Runner {
  readonly progress: Progress;
  readonly steps: Generator<PlainStep, unknown, void>;
  readonly name: string;
  /** Locks that it has taken or waits for. */
  readonly locks: Set<Lock>;
  /** A step that has to be tried again. */
  waiting: PlainStep | undefined;
  ended: boolean;
  result: unknown;
}

/**
 * Runs a test once. `choose(n)` gives a number from 0 to n - 1 for each choice there is: which
 * thread takes the next step, whether a line is evicted, something fails, power fails.
 */
export function runConcretely(
  program: Program,
  setting: StackSetting,
  choose: (count: number) => number,
): Result<ConcreteEnd> {
  let isSetUp = false;
  const failAnywhere = program.stack?.failAnywhere === true;
  const plan = () => isSetUp && failAnywhere && choose(4) === 0;
  const made = setUp(program, { ...setting, plan });
  if (!made.ok) return made;
  const bench = made.value;
  const cells = followedCells(bench, () => setUp(program, setting));
  if (!cells.ok) return cells;
  isSetUp = true;
  const runners = program.threads.map((thread): Runner => {
    const progress: Progress = { registers: new Map(), says: '' };
    const steps = withoutCalls(threadOp(bench, thread, progress));
    const { name } = thread;
    const now = { waiting: undefined, ended: false, result: undefined };
    return { progress, steps, name, locks: new Set(), ...now };
  });
  const ran = scheduled(bench, runners, { choose, cells: cells.value });
  if (!ran.ok) return ran;
  const { crashed } = ran.value;
  const deadlock = !crashed && runners.some(({ ended }) => !ended);
  if (!crashed) for (const cpu of bench.linux.machine.cpus) cpu.flushAll();
  const read = (location: Location) =>
    valueAt({ bench, runners, cells: cells.value, crashed, deadlock }, location);
  return ok({ values: observedLocations(program.question).map(read), deadlock });
}

function scheduled(...run: Parameters<typeof schedule>): Result<{ readonly crashed: boolean }> {
  try {
    return ok({ crashed: schedule(...run) });
  } catch (error) {
    if (error instanceof NotSearched) return fail({ what: error.message });
    throw error;
  }
}

/** Runs until all threads have ended or wait, or power fails: whether it did. */
function schedule(
  bench: Bench,
  runners: readonly Runner[],
  with_: {
    readonly choose: (count: number) => number;
    readonly cells: readonly FollowedCell[];
  },
): boolean {
  const { choose, cells } = with_;
  const { program, stack, linux } = bench;
  for (;;) {
    const able = runners.filter((one) => {
      const others = stack.after.get(one.name) ?? [];
      return !one.ended && others.every((o) => runners.find(({ name }) => name === o)?.ended);
    });
    if (program.crashAnywhere && choose(12) === 0) {
      linux.machine.crash();
      return true;
    }
    evict(bench, cells, choose);
    const first = choose(Math.max(able.length, 1));
    const order = [...able.slice(first), ...able.slice(0, first)];
    if (!order.some((one) => takeStep(bench, one))) return false;
  }
}

function evict(bench: Bench, cells: readonly FollowedCell[], choose: (count: number) => number) {
  if (cells.length === 0 || choose(3) !== 0) return;
  const { machine } = bench.linux;
  const { paddr } = at(cells, choose(cells.length));
  const lines = machine.lines(paddr, 1);
  if (lines.length > 0) machine.evict(at(lines, choose(lines.length)));
}

/** Whether the thread could take a step. */
function takeStep(bench: Bench, runner: Runner): boolean {
  const process = bench.stack.processes.get(runner.name) ?? 0;
  const executor = bench.linux.executor(taskOf(bench, process));
  if (runner.waiting) {
    if (!runner.waiting.perform(executor)) return false;
    runner.waiting = undefined;
    return true;
  }
  try {
    const next = runner.steps.next();
    if (next.done === true) {
      runner.ended = true;
      runner.result = next.value;
      return true;
    }
    if (next.value.kind === 'lock') runner.locks.add(next.value.lock);
    if (!next.value.perform(executor)) runner.waiting = next.value;
  } catch (error) {
    if (!(error instanceof Oops)) throw error;
    runner.ended = true;
    runner.result = error.result;
  }
  return true;
}

function valueAt(
  ended: {
    readonly bench: Bench;
    readonly runners: readonly Runner[];
    readonly cells: readonly FollowedCell[];
    readonly crashed: boolean;
    readonly deadlock: boolean;
  },
  location: Location,
): number {
  const { bench, runners, cells, crashed, deadlock } = ended;
  const isOver = !crashed && !deadlock;
  switch (location.op) {
    case 'register': {
      const runner = runners.find(({ name }) => name === location.thread);
      return runner?.progress.registers.get(location.register) ?? 0;
    }
    case 'memory': {
      const { line, cell } = location;
      const found = cells.find((one) => one.line === line && one.cell === cell);
      if (found === undefined) return bench.variables.get(line)?.peek() ?? 0;
      return at([...bench.linux.machine.memory.read(found.paddr, 1)], 0);
    }
    case 'crashed':
      return Number(crashed);
    case 'deadlock':
      return Number(deadlock);
    case 'kernel':
      return Number(isState(bench, { runners, isOver }, location.state));
    default:
      return never(location);
  }
}

function isState(
  { linux }: Bench,
  // Whether all threads have come to their ends, with power.
  { runners, isOver }: { readonly runners: readonly Runner[]; readonly isOver: boolean },
  state: KernelState,
): boolean {
  switch (state) {
    case 'oops':
      return runners.some(({ result }) => isOops(result));
    case 'locked':
      return (
        isOver &&
        runners.some(({ locks }) => [...locks].some((one) => one.isHeld && !isTurn(one.name)))
      );
    default:
      return isBroken(linux, state);
  }
}
