// What threads of the kernel share: tables of cells, and locks. Kernel functions read and write
// them through steps (steps.ts); set-up work and displays may look directly.

import { assert } from '../base/index.ts';

/** How a lock is held: by one, or by many that only read. */
export type LockMode = 'exclusive' | 'shared';

/** A table of cells with numbers as keys, sparse: a cell never written has the initial value. */
export class Shared<V> {
  /** For people, and for the order of steps: `i_size of inode 12`. */
  readonly name: string;
  readonly initial: V;
  readonly #cells = new Map<number, V>();
  constructor(name: string, initial: V) {
    this.name = name;
    this.initial = initial;
  }
  /** The value of a cell, without a step: set-up work, displays and executors only. */
  peek(key = 0): V {
    // A cell that is there may hold `undefined` only where that is the initial value.
    return this.#cells.get(key) ?? this.initial;
  }
  /** Gives a cell a value, without a step. A cell with the initial value takes no room. */
  poke(key: number, value: V): void {
    if (value === this.initial) this.#cells.delete(key);
    else this.#cells.set(key, value);
  }
  /** Keys of the cells that differ from the initial value, in ascending order. */
  keys(): readonly number[] {
    return [...this.#cells.keys()].toSorted((a, b) => a - b);
  }
  /** Those keys from `start` to `end`, both included. */
  keysIn(start: number, end: number): readonly number[] {
    if (end - start < this.#cells.size) {
      const keys: number[] = [];
      for (let key = start; key <= end; key++) if (this.#cells.has(key)) keys.push(key);
      return keys;
    }
    const keys = [...this.#cells.keys()].filter((key) => key >= start && key <= end);
    return keys.toSorted((a, b) => a - b);
  }
  /** How many cells differ from the initial value. */
  get count(): number {
    return this.#cells.size;
  }
  /** Cells that differ from the initial value, in no particular order: for copies of a table. */
  entries(): IterableIterator<readonly [number, V]> {
    return this.#cells.entries();
  }
}

/** A sleeping lock, of one holder or of many readers. Owners are not tracked. */
export class Lock {
  readonly name: string;
  #writers = 0;
  #readers = 0;
  constructor(name: string) {
    this.name = name;
  }
  /** Takes the lock if it is free in that mode, and tells whether it did. */
  tryLock(mode: LockMode): boolean {
    if (this.#writers > 0) return false;
    if (mode === 'exclusive' && this.#readers > 0) return false;
    if (mode === 'exclusive') this.#writers++;
    else this.#readers++;
    return true;
  }
  /** Gives the lock back. */
  unlock(mode: LockMode): void {
    if (mode === 'exclusive') {
      assert(this.#writers === 1, `${this.name} is held when it is released`);
      this.#writers--;
    } else {
      assert(this.#readers > 0, `${this.name} is held when it is released`);
      this.#readers--;
    }
  }
  get isHeld(): boolean {
    return this.#writers + this.#readers > 0;
  }
}
