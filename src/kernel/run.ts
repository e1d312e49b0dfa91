// Runs a kernel function on one machine: steps are performed at once, in order, by one thread.

import type { ConcreteCpu } from '../hw/index.ts';
import { Oops, type OopsResult } from './oops.ts';
import type { Lock, LockMode, Shared } from './shared.ts';
import type { Executor, Maintenance, Op, Place, Step } from './steps.ts';

/** What became of a function: its value, the lock that nobody will release, or an oops. */
export type Ran<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'blocked'; readonly step: Step }
  /** It used a bad pointer; locks that it held stay held. */
  | OopsResult;

/** Which of the things that may fail shall fail: asked once for each chance, in order. */
export type FailurePlan = (what: string) => boolean;

/** Performs steps on one CPU of a machine with real caches. */
export class ConcreteExecutor implements Executor {
  readonly #cpu: ConcreteCpu;
  readonly #plan: FailurePlan;
  constructor(cpu: ConcreteCpu, plan: FailurePlan) {
    this.#cpu = cpu;
    this.#plan = plan;
  }
  load(place: Place, lengthBytes: number): Uint8Array {
    return this.#cpu.load(place, lengthBytes);
  }
  store(place: Place, bytes: Uint8Array): void {
    this.#cpu.store(place, bytes);
  }
  maintain(what: Maintenance, place: Place, lengthBytes: number): void {
    this.#cpu.maintain(what, place, lengthBytes);
  }
  get<V>(shared: Shared<V>, key: number): V {
    return shared.peek(key);
  }
  set<V>(shared: Shared<V>, key: number, value: V): void {
    shared.poke(key, value);
  }
  scan<V>(shared: Shared<V>, start: number, end: number): readonly number[] {
    return shared.keysIn(start, end);
  }
  lock(lock: Lock, mode: LockMode): boolean {
    return lock.tryLock(mode);
  }
  unlock(lock: Lock, mode: LockMode): void {
    lock.unlock(mode);
  }
  fails(what: string): boolean {
    return this.#plan(what);
  }
}

/**
 * Performs all steps of `op` in order, with nobody else running. Where a lock is held by a thread
 * that is not running the answer is `blocked`, as a real task would sleep for ever.
 */
export function run<T>(op: Op<T>, executor: Executor): Ran<T> {
  try {
    for (;;) {
      const next = op.next();
      if (next.done === true) return { kind: 'done', value: next.value };
      if (!next.value.perform(executor)) return { kind: 'blocked', step: next.value };
    }
  } catch (error) {
    if (error instanceof Oops) return error.result;
    throw error;
  }
}
