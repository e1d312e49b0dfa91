// One text of the kernel, run two ways: a function that may race is a generator that touches what
// others can see only through the steps it yields. Whoever runs it performs the steps: on a machine
// with real caches, one schedule (run.ts), or all schedules, for an explorer.
//
// What a generator keeps in local variables is then a function of the answers it was given so far,
// which is how an explorer names its continuation.

import type { Lock, LockMode, Shared } from './shared.ts';
import {
  CallStep,
  ChanceStep,
  FillRunStep,
  GetRunStep,
  GetStep,
  KeysStep,
  LoadStep,
  LockStep,
  type Maintenance,
  MaintainStep,
  NoSteps,
  type Op,
  PauseStep,
  type Place,
  SetRunStep,
  SetStep,
  StoreStep,
  UpdateStep,
} from './step-kinds.ts';

export {
  type Executor,
  type Maintenance,
  type Op,
  type Place,
  type PlainStep,
  type Step,
  withoutCalls,
} from './step-kinds.ts';

/** `lengthBytes` bytes at `place`, as a load instruction sees them. */
export function* load(place: Place, lengthBytes: number): Op<Uint8Array> {
  const step = new LoadStep(place, lengthBytes);
  yield step;
  return step.answer();
}

/** Stores `bytes` at `place`; nobody may change the array afterwards. */
export function* store(place: Place, bytes: Uint8Array): Op<void> {
  yield new StoreStep(place, bytes);
}

/** Maintenance of the lines that hold `lengthBytes` bytes from `place` on. */
export function* maintain(what: Maintenance, place: Place, lengthBytes: number): Op<void> {
  yield new MaintainStep(what, place, lengthBytes);
}

/** The value of a shared cell. */
export function* get<V>(shared: Shared<V>, key = 0): Op<V> {
  const step = new GetStep(shared, key);
  yield step;
  return step.answer();
}

/** Gives cell `key` of `shared` a value; `set(cell, 0, value)` where there is one cell only. */
export function* set<V>(shared: Shared<V>, key: number, value: V): Op<void> {
  yield new SetStep(shared, key, value);
}

/**
 * Gives a cell the value that `change` makes of the one it has, and tells that one: for what is
 * done by an atomic instruction, or under a lock that is taken for nothing else.
 */
export function* update<V>(shared: Shared<V>, key: number, change: (value: V) => V): Op<V> {
  const step = new UpdateStep(shared, key, change);
  yield step;
  return step.answer();
}

/**
 * Values of `count` cells in a row, in one step: for tables that a lock protects, where nobody can
 * tell this from one step for each.
 */
export function* getRun<V>(
  shared: Shared<V>,
  run: { readonly first: number; readonly count: number },
): Op<readonly V[]> {
  const step = new GetRunStep(shared, run);
  yield step;
  return step.answer();
}

/** Gives cells from `first` on their values, in one step; for the same kind of tables. */
export function* setRun<V>(shared: Shared<V>, first: number, values: readonly V[]): Op<void> {
  if (values.length > 0) yield new SetRunStep(shared, first, values);
}

/** Gives `count` cells in a row one value, in one step; for the same kind of tables. */
export function* fillRun<V>(
  shared: Shared<V>,
  run: { readonly first: number; readonly count: number },
  value: V,
): Op<void> {
  if (run.count > 0) yield new FillRunStep(shared, run, value);
}

/**
 * Keys from `start` to `end`, both included, of the cells that differ from the initial value, in
 * ascending order. Cells may have changed by the time they are read: ask each again.
 */
export function* scan<V>(
  shared: Shared<V>,
  range: { readonly start: number; readonly end: number },
): Op<readonly number[]> {
  const step = new KeysStep(shared, range);
  yield step;
  return step.answer();
}

/** Takes a lock, waiting for it. */
export function* lock(what: Lock, mode: LockMode = 'exclusive'): Op<void> {
  yield new LockStep('lock', what, mode);
}

/** Releases a lock taken in the same mode. */
export function* unlock(what: Lock, mode: LockMode = 'exclusive'): Op<void> {
  yield new LockStep('unlock', what, mode);
}

/** Whether `what`, which may fail, fails this time. */
export function* fails(what: string): Op<boolean> {
  const step = new ChanceStep(what);
  yield step;
  return step.answer();
}

/** Does nothing, where power may fail before a program goes on. */
export function* pause(): Op<void> {
  yield new PauseStep();
}

/**
 * The value of `op`, as `yield* op` gives it. A step passes through all functions between it and
 * whoever performs it; here it passes through those that `op` calls only, which pays where there
 * are thousands of steps.
 */
export function* call<T>(op: Op<T>): Op<T> {
  const step = new CallStep(op);
  yield step;
  return step.answer();
}

/** A function without steps that stands where one with steps may stand. */
export function noSteps<T>(value: T): Op<T> {
  return new NoSteps(value);
}
