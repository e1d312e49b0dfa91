// The kinds of steps that kernel functions take, and what performs them. steps.ts has the functions
// that take them.

import { assert } from '../base/index.ts';
import type { Lock, LockMode, Shared } from './shared.ts';

/** A kernel function that may race; it gives `T` once its steps have been performed in order. */
export type Op<T> = Generator<Step, T, void>;

/** Where an access goes: the address the program uses, and what the MMU makes of it. */
export interface Place {
  /** Virtual address in bytes, kernel or user. */
  readonly vaddr: number;
  /** Physical address in bytes; the bytes from here on stay within one page. */
  readonly paddr: number;
  /** Absent: cached. `uncached` asks no cache, `nontemporal` leaves no line behind. */
  readonly attribute?: 'uncached' | 'nontemporal';
}

/**
 * Cache maintenance of the lines of a range, through an address. `flush-all` writes back and drops
 * every line whatever the range.
 */
export type Maintenance = 'flush' | 'clean' | 'invalidate' | 'persist' | 'flush-all';

/** Performs the steps of one thread. Every method is one step: nothing comes in between. */
export interface Executor {
  load(place: Place, lengthBytes: number): Uint8Array;
  store(place: Place, bytes: Uint8Array): void;
  maintain(what: Maintenance, place: Place, lengthBytes: number): void;
  get<V>(shared: Shared<V>, key: number): V;
  set<V>(shared: Shared<V>, key: number, value: V): void;
  /** Keys from `start` to `end`, both included, of cells that differ from the initial value. */
  scan<V>(shared: Shared<V>, start: number, end: number): readonly number[];
  /** False where the lock cannot be taken now: the thread waits, and the step is tried again. */
  lock(lock: Lock, mode: LockMode): boolean;
  unlock(lock: Lock, mode: LockMode): void;
  /** Whether a thing that may fail fails this time; `what` names it, e.g. `kzalloc pmem`. */
  fails(what: string): boolean;
}

/** One step. `perform` hands it to an executor; false: it has to wait and is tried again. */
export type Step = PlainStep | CallStep<unknown>;

/** A step that is one: nothing comes in between. */
export type PlainStep =
  | LoadStep
  | StoreStep
  | MaintainStep
  | SharedStep
  | ScanStep
  | LockStep
  | ChanceStep
  | PauseStep;

/** Reads memory through a cache. */
export class LoadStep {
  readonly kind = 'load';
  readonly place: Place;
  readonly lengthBytes: number;
  #answer: Uint8Array | undefined;
  constructor(place: Place, lengthBytes: number) {
    this.place = place;
    this.lengthBytes = lengthBytes;
  }
  perform(executor: Executor): boolean {
    this.#answer = executor.load(this.place, this.lengthBytes);
    return true;
  }
  answer(): Uint8Array {
    assert(this.#answer !== undefined, 'a load is performed before it is answered');
    return this.#answer;
  }
}

/** Writes memory through a cache. The bytes are never changed afterwards by anyone. */
export class StoreStep {
  readonly kind = 'store';
  readonly place: Place;
  readonly bytes: Uint8Array;
  constructor(place: Place, bytes: Uint8Array) {
    this.place = place;
    this.bytes = bytes;
  }
  perform(executor: Executor): boolean {
    executor.store(this.place, this.bytes);
    return true;
  }
}

/** Cache maintenance by instruction. */
export class MaintainStep {
  readonly kind = 'maintain';
  readonly what: Maintenance;
  readonly place: Place;
  readonly lengthBytes: number;
  constructor(what: Maintenance, place: Place, lengthBytes: number) {
    this.what = what;
    this.place = place;
    this.lengthBytes = lengthBytes;
  }
  perform(executor: Executor): boolean {
    executor.maintain(this.what, this.place, this.lengthBytes);
    return true;
  }
}

/** Reads or writes one cell that threads share; the kind tells which. */
export interface SharedStep {
  readonly kind: 'get' | 'set';
  /** Name of the table of cells, e.g. `i_size of inode 12`. */
  readonly name: string;
  readonly key: number;
  /** Cells from `key` on; absent: one. */
  readonly count?: number;
  perform(executor: Executor): boolean;
}

/** Reads one cell. */
export class GetStep<V> implements SharedStep {
  readonly kind = 'get';
  readonly shared: Shared<V>;
  readonly key: number;
  #answer: { readonly value: V } | undefined;
  constructor(shared: Shared<V>, key: number) {
    this.shared = shared;
    this.key = key;
  }
  get name(): string {
    return this.shared.name;
  }
  perform(executor: Executor): boolean {
    this.#answer = { value: executor.get(this.shared, this.key) };
    return true;
  }
  answer(): V {
    assert(this.#answer !== undefined, 'a cell is read before its value is used');
    return this.#answer.value;
  }
}

/** Writes one cell. */
export class SetStep<V> implements SharedStep {
  readonly kind = 'set';
  readonly shared: Shared<V>;
  readonly key: number;
  readonly value: V;
  constructor(shared: Shared<V>, key: number, value: V) {
    this.shared = shared;
    this.key = key;
    this.value = value;
  }
  get name(): string {
    return this.shared.name;
  }
  perform(executor: Executor): boolean {
    executor.set(this.shared, this.key, this.value);
    return true;
  }
}

/** Reads a cell and writes what follows from its value. */
export class UpdateStep<V> implements SharedStep {
  readonly kind = 'set';
  readonly shared: Shared<V>;
  readonly key: number;
  readonly #change: (value: V) => V;
  #answer: { readonly value: V } | undefined;
  constructor(shared: Shared<V>, key: number, change: (value: V) => V) {
    this.shared = shared;
    this.key = key;
    this.#change = change;
  }
  get name(): string {
    return this.shared.name;
  }
  perform(executor: Executor): boolean {
    const value = executor.get(this.shared, this.key);
    executor.set(this.shared, this.key, this.#change(value));
    this.#answer = { value };
    return true;
  }
  answer(): V {
    assert(this.#answer !== undefined, 'a cell is read before its value is used');
    return this.#answer.value;
  }
}

/** Reads cells in a row. */
export class GetRunStep<V> implements SharedStep {
  readonly kind = 'get';
  readonly shared: Shared<V>;
  readonly key: number;
  readonly count: number;
  #answer: readonly V[] | undefined;
  constructor(shared: Shared<V>, run: { readonly first: number; readonly count: number }) {
    this.shared = shared;
    this.key = run.first;
    this.count = run.count;
  }
  get name(): string {
    return this.shared.name;
  }
  perform(executor: Executor): boolean {
    const values: V[] = [];
    for (let i = 0; i < this.count; i++) values.push(executor.get(this.shared, this.key + i));
    this.#answer = values;
    return true;
  }
  answer(): readonly V[] {
    assert(this.#answer !== undefined, 'cells are read before their values are used');
    return this.#answer;
  }
}

/** Writes cells in a row, each its value. */
export class SetRunStep<V> implements SharedStep {
  readonly kind = 'set';
  readonly shared: Shared<V>;
  readonly key: number;
  readonly values: readonly V[];
  constructor(shared: Shared<V>, first: number, values: readonly V[]) {
    this.shared = shared;
    this.key = first;
    this.values = values;
  }
  get name(): string {
    return this.shared.name;
  }
  get count(): number {
    return this.values.length;
  }
  perform(executor: Executor): boolean {
    let { key } = this;
    for (const value of this.values) executor.set(this.shared, key++, value);
    return true;
  }
}

/** Writes one value to cells in a row. */
export class FillRunStep<V> implements SharedStep {
  readonly kind = 'set';
  readonly shared: Shared<V>;
  readonly key: number;
  readonly count: number;
  readonly #value: V;
  constructor(
    shared: Shared<V>,
    run: { readonly first: number; readonly count: number },
    value: V,
  ) {
    this.shared = shared;
    this.key = run.first;
    this.count = run.count;
    this.#value = value;
  }
  get name(): string {
    return this.shared.name;
  }
  perform(executor: Executor): boolean {
    const end = this.key + this.count;
    for (let key = this.key; key < end; key++) executor.set(this.shared, key, this.#value);
    return true;
  }
}

/** Asks which cells of a table are in use: xa_for_each() in one look. */
export interface ScanStep {
  readonly kind: 'scan';
  readonly name: string;
  /** First and last key asked about. */
  readonly start: number;
  readonly end: number;
  perform(executor: Executor): boolean;
}

/** Asks for the cells of a range that are in use. */
export class KeysStep<V> implements ScanStep {
  readonly kind = 'scan';
  readonly shared: Shared<V>;
  readonly start: number;
  readonly end: number;
  #answer: readonly number[] | undefined;
  constructor(shared: Shared<V>, range: { readonly start: number; readonly end: number }) {
    this.shared = shared;
    this.start = range.start;
    this.end = range.end;
  }
  get name(): string {
    return this.shared.name;
  }
  perform(executor: Executor): boolean {
    this.#answer = executor.scan(this.shared, this.start, this.end);
    return true;
  }
  answer(): readonly number[] {
    assert(this.#answer !== undefined, 'a table is scanned before its keys are used');
    return this.#answer;
  }
}

/** Takes or releases a lock; taking waits until it can. */
export class LockStep {
  readonly kind: 'lock' | 'unlock';
  readonly lock: Lock;
  readonly mode: LockMode;
  constructor(kind: 'lock' | 'unlock', lock: Lock, mode: LockMode) {
    this.kind = kind;
    this.lock = lock;
    this.mode = mode;
  }
  perform(executor: Executor): boolean {
    if (this.kind === 'lock') return executor.lock(this.lock, this.mode);
    executor.unlock(this.lock, this.mode);
    return true;
  }
}

/** Asks whether something that may fail fails this time. */
export class ChanceStep {
  readonly kind = 'chance';
  readonly what: string;
  #fails: boolean | undefined;
  constructor(what: string) {
    this.what = what;
  }
  perform(executor: Executor): boolean {
    this.#fails = executor.fails(this.what);
    return true;
  }
  answer(): boolean {
    assert(this.#fails !== undefined, 'a chance is taken before it is answered');
    return this.#fails;
  }
}

/** Does nothing: a place where power may fail, before a program goes on with what it knows. */
export class PauseStep {
  readonly kind = 'pause';
  perform(): boolean {
    return true;
  }
}

/** A function that runs beside its caller: all of its steps at once, or one by one. */
export class CallStep<T> {
  readonly kind = 'call';
  readonly #op: Op<T>;
  /** The step that had to wait. */
  #waiting: Step | undefined;
  #answer: { readonly value: T } | undefined;
  constructor(op: Op<T>) {
    this.#op = op;
  }
  *steps(): Generator<PlainStep, void, void> {
    this.#answer = { value: yield* withoutCalls(this.#op) };
  }
  perform(executor: Executor): boolean {
    if (this.#waiting !== undefined && !this.#waiting.perform(executor)) return false;
    for (;;) {
      const next = this.#op.next();
      if (next.done === true) {
        this.#answer = { value: next.value };
        return true;
      }
      if (next.value.perform(executor)) continue;
      this.#waiting = next.value;
      return false;
    }
  }
  answer(): T {
    assert(this.#answer !== undefined, 'a function has ended before its value is used');
    return this.#answer.value;
  }
}

/** The same function with the steps of those that it calls, for whoever takes them one by one. */
export function* withoutCalls<T>(op: Op<T>): Generator<PlainStep, T, void> {
  for (;;) {
    const next = op.next();
    if (next.done === true) return next.value;
    if (next.value.kind === 'call') yield* next.value.steps();
    else yield next.value;
  }
}

/** No step at all. */
export class NoSteps<T> implements Generator<Step, T, void> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  next(): IteratorResult<Step, T> {
    return { done: true, value: this.#value };
  }
  return(value: T): IteratorResult<Step, T> {
    return { done: true, value };
  }
  throw(error: unknown): never {
    throw error;
  }
  [Symbol.iterator](): this {
    return this;
  }
}
