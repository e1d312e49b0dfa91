// Processes of a test on their CPUs: which address space each CPU has loaded, and what it costs to
// load another. Ports whose cache has virtual tags empty it then, and flush by user address only
// what is loaded.

import { loadMm, lock, Lock, type Op, switch_mm, unlock } from '../kernel/index.ts';
import type { Thread } from '../litmus/index.ts';
import { type Bench, taskOf } from './bench.ts';

type Setting = Pick<Bench, 'linux' | 'program' | 'stack' | 'tasks'>;

/**
 * What a process holds while it runs on a CPU that others share, by a name that is no test's. CPUs
 * of one process alone get its address space.
 */
export function sharedCpus(bench: Setting): ReadonlyMap<string, Lock> {
  const { program, stack, linux } = bench;
  const shared = new Map<string, Lock>();
  const owners = new Map<number, number>();
  for (const thread of program.threads) {
    const cpu = thread.cpu ?? 0;
    const process = processOf(stack, thread);
    const owner = owners.get(cpu) ?? process;
    owners.set(cpu, owner);
    if (owner === process) loadMm(linux, cpu, taskOf(bench, process).mm);
    else shared.set(cpuName(cpu), new Lock(cpuName(cpu)));
  }
  return shared;
}

function cpuName(cpu: number): string {
  return `CPU ${cpu}`;
}

/** Whether a lock has the name of a CPU that processes share: no test can declare such a one. */
export function isTurn(lock: string): boolean {
  return lock.startsWith('CPU ');
}

/** The process of a thread. */
export function processOf({ processes }: Bench['stack'], { name }: Thread): number {
  return processes.get(name) ?? 0;
}

/**
 * Performs one statement of a thread. Processes that share a CPU take turns between statements: a
 * system call runs to its end there. That leaves schedules out, and no kernel of one CPU waits for
 * what another process holds.
 */
export function* onCpu(bench: Bench, thread: Thread, body: Op<void>): Op<void> {
  const cpu = thread.cpu ?? 0;
  const turn = bench.locks.get(cpuName(cpu));
  if (turn) {
    yield* lock(turn);
    yield* switch_mm(bench.linux, cpu, taskOf(bench, processOf(bench.stack, thread)).mm);
  }
  yield* body;
  if (turn) yield* unlock(turn);
}
