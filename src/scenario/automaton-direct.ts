// Performs steps of a run that no other thread sees or is seen by: on the tables themselves, whose
// cells are put back after the run, and on memory of the run's own.

import { type Executor, type Linux, type Op, Oops, run, type Shared } from '../kernel/index.ts';
import type { OwnMemory } from './automaton-memory.ts';
import type { Cell, Sharing } from './automaton-sharing.ts';
import type { Place } from './automaton-run.ts';
import { NotSearched } from './not-searched.ts';

/** What a run keeps for itself. */
export interface OwnState {
  readonly memory: OwnMemory;
  readonly setOwn: (shared: Shared<unknown>, cell: Cell, value: unknown) => void;
}

/** An executor that notices where somebody else would see a step. */
export class DirectExecutor implements Executor {
  /** Some other thread sees the step that was performed last: its answers mean nothing. */
  isSeen = false;
  readonly #sharing: Sharing;
  readonly #thread: number;
  readonly #own: OwnState;
  constructor(sharing: Sharing, thread: number, own: OwnState) {
    this.#sharing = sharing;
    this.#thread = thread;
    this.#own = own;
  }
  load(place: Place, lengthBytes: number): Uint8Array {
    this.#sharing.touchPage(this.#thread, place.paddr, 'get');
    if (this.#sharing.tracking.isWithin(place.paddr, lengthBytes)) this.isSeen = true;
    return this.#own.memory.read(place.paddr, lengthBytes);
  }
  store(place: Place, bytes: Uint8Array): void {
    this.#sharing.touchPage(this.#thread, place.paddr, 'set');
    if (this.#sharing.tracking.isWithin(place.paddr, bytes.length)) this.isSeen = true;
    this.#own.memory.write(place.paddr, bytes);
  }
  maintain(): void {
    this.isSeen = true;
  }
  get<V>(shared: Shared<V>, key: number): V {
    if (this.#sharing.touch(this.#thread, shared, key, 'get').isShared) this.isSeen = true;
    return shared.peek(key);
  }
  set<V>(shared: Shared<V>, key: number, value: V): void {
    const cell = this.#sharing.touch(this.#thread, shared, key, 'set');
    if (cell.isShared) this.isSeen = true;
    else this.#own.setOwn(shared, cell, value);
  }
  scan<V>(shared: Shared<V>, start: number, end: number): readonly number[] {
    this.#sharing.touchRange(this.#thread, shared, { start, end });
    if (this.#sharing.sharedCellsOf(shared, { start, end }).length > 0) this.isSeen = true;
    return shared.keysIn(start, end);
  }
  lock(): boolean {
    this.isSeen = true;
    return true;
  }
  unlock(): void {
    this.isSeen = true;
  }
  fails(): boolean {
    return false;
  }
}

/** Performs what ordinary code does at once (`linux.now`) as a part of the run that calls it. */
export class AtOnceExecutor extends DirectExecutor {
  override maintain(): void {
    // What no other thread uses is in memory of the run's own, without caches.
  }
  override lock(): boolean {
    return true;
  }
  override unlock(): void {
    // Whoever does something at once has waited for nobody.
  }
}

/** Lets `linux.now` go through the executor of the run at hand, where there is one. */
export function redirectNow(linux: Linux, current: () => AtOnceExecutor | undefined): void {
  const now = linux.now.bind(linux);
  Object.assign(linux, {
    now: <T>(op: Op<T>): T => {
      const executor = current();
      if (executor === undefined) return now(op);
      executor.isSeen = false;
      const ran = run(op, executor);
      if (ran.kind === 'oops') throw new Oops(ran);
      if (ran.kind === 'blocked' || executor.isSeen) {
        throw new NotSearched(
          'a call does at once what other threads would see: it is to start after them',
        );
      }
      return ran.value;
    },
  });
}
