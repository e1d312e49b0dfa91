// What threads of the kernel share: tables of cells, and locks. Kernel functions read and write
// them through steps (steps.ts); set-up work and displays may look directly.

import { assert } from '../base/index.ts';

/** How a lock is held: by one, or by many that only read. */
export type LockMode = 'exclusive' | 'shared';

/** Cells in a row: tables are sparse, and dense where something is, as the pages of a file are. */
interface Chunk<V> {
  readonly number: number;
  /** From its first cell on; what is missing at the end has the initial value. */
  readonly cells: V[];
  /** How many of them differ from the initial value. */
  used: number;
}

const CHUNK_CELLS = 64;

/** A table of cells with numbers as keys, sparse: a cell never written has the initial value. */
export class Shared<V> {
  /** For people, and for the order of steps: `i_size of inode 12`. */
  readonly name: string;
  readonly initial: V;
  /** The chunk asked for last: neighbours come one after the other. Most tables have no other. */
  #last: Chunk<V> | undefined;
  /** All chunks, where there are several. */
  #chunks: Map<number, Chunk<V>> | undefined;
  #count = 0;
  constructor(name: string, initial: V) {
    this.name = name;
    this.initial = initial;
  }
  /** The value of a cell, without a step: set-up work, displays and executors only. */
  peek(key = 0): V {
    const number = Math.floor(key / CHUNK_CELLS);
    const chunk = this.#chunk(number);
    // A cell that is there may hold `undefined` only where that is the initial value.
    return chunk?.cells[key - number * CHUNK_CELLS] ?? this.initial;
  }
  /** Gives a cell a value, without a step. */
  poke(key: number, value: V): void {
    const number = Math.floor(key / CHUNK_CELLS);
    const chunk = this.#chunk(number);
    if (chunk !== undefined) this.#put(chunk, key - number * CHUNK_CELLS, value);
    else if (value !== this.initial)
      this.#put(this.#add(number), key - number * CHUNK_CELLS, value);
  }
  /** Keys of the cells that differ from the initial value, in ascending order. */
  keys(): readonly number[] {
    return this.keysIn(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  }
  /** Those keys from `start` to `end`, both included. */
  keysIn(start: number, end: number): readonly number[] {
    const keys: number[] = [];
    for (const { number, cells } of this.#chunksIn(start, end)) {
      const base = number * CHUNK_CELLS;
      const last = Math.min(cells.length - 1, end - base);
      for (let i = Math.max(0, start - base); i <= last; i++) {
        if (cells[i] !== this.initial) keys.push(base + i);
      }
    }
    return keys;
  }
  /** How many cells differ from the initial value. */
  get count(): number {
    return this.#count;
  }
  /** Cells that differ from the initial value, in no particular order: for copies of a table. */
  *entries(): Generator<readonly [number, V], void> {
    for (const { number, cells } of this.#all()) {
      for (const [i, value] of cells.entries()) {
        if (value !== this.initial) yield [number * CHUNK_CELLS + i, value];
      }
    }
  }

  #chunk(number: number): Chunk<V> | undefined {
    if (this.#last?.number === number) return this.#last;
    const found = this.#chunks?.get(number);
    if (found !== undefined) this.#last = found;
    return found;
  }

  #add(number: number): Chunk<V> {
    const made: Chunk<V> = { number, cells: [this.initial], used: 0 };
    if (this.#last !== undefined) {
      this.#chunks ??= new Map([[this.#last.number, this.#last]]);
      this.#chunks.set(number, made);
    }
    this.#last = made;
    return made;
  }

  #all(): Iterable<Chunk<V>> {
    return this.#chunks?.values() ?? (this.#last === undefined ? [] : [this.#last]);
  }

  #put(chunk: Chunk<V>, index: number, value: V): void {
    const { cells } = chunk;
    while (cells.length <= index) cells.push(this.initial);
    const change = Number(cells[index] === this.initial) - Number(value === this.initial);
    cells[index] = value;
    chunk.used += change;
    this.#count += change;
    // One chunk stays, for a cell that comes and goes.
    if (this.#count === 0) this.#chunks = undefined;
  }

  /** Chunks with cells in use that have keys from `start` to `end`, in order. */
  #chunksIn(start: number, end: number): readonly Chunk<V>[] {
    if (this.#count === 0 || !(start <= end)) return [];
    const first = Math.floor(start / CHUNK_CELLS);
    const last = Math.floor(end / CHUNK_CELLS);
    const chunks: Chunk<V>[] = [];
    if (this.#chunks !== undefined && last - first < this.#chunks.size) {
      for (let number = first; number <= last; number++) {
        const chunk = this.#chunks.get(number);
        if (chunk !== undefined && chunk.used > 0) chunks.push(chunk);
      }
      return chunks;
    }
    for (const chunk of this.#all()) {
      if (chunk.used > 0 && chunk.number >= first && chunk.number <= last) chunks.push(chunk);
    }
    return chunks.sort((a, b) => a.number - b.number);
  }
}

/** A sleeping lock, of one holder or of many readers. Owners are not tracked. */
export class Lock {
  readonly #name: string;
  readonly #number: number | undefined;
  #writers = 0;
  #readers = 0;
  /** `number`: the one of many that have the name, in which it stands for `#`. */
  constructor(name: string, number?: number) {
    this.#name = name;
    this.#number = number;
  }
  get name(): string {
    return this.#number === undefined ? this.#name : this.#name.replace('#', `${this.#number}`);
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
      if (this.#writers !== 1) assert(false, `${this.name} is held when it is released`);
      this.#writers--;
    } else {
      if (this.#readers === 0) assert(false, `${this.name} is held when it is released`);
      this.#readers--;
    }
  }
  get isHeld(): boolean {
    return this.#writers + this.#readers > 0;
  }
}

/** Locks by number, made when they are asked for: `entry # of inode 12`. */
export class LockTable {
  readonly #name: string;
  readonly #locks: Shared<Lock | undefined>;
  constructor(name: string) {
    this.#name = name;
    this.#locks = new Shared<Lock | undefined>(name, undefined);
  }
  at(number: number): Lock {
    const found = this.#locks.peek(number);
    if (found !== undefined) return found;
    const made = new Lock(this.#name, number);
    this.#locks.poke(number, made);
    return made;
  }
}
