// How the steps of a function reach whoever performs them, also those of functions that it calls
// beside itself.

import { expect, test } from 'vitest';
import { Lock, Shared } from './shared.ts';
import {
  call,
  type Executor,
  fillRun,
  getRun,
  lock,
  type Op,
  set,
  setRun,
  unlock,
  update,
  withoutCalls,
} from './steps.ts';
import { run } from './run.ts';

const cells = new Shared('cells', 0);
const gate = new Lock('gate');

function executorOf(values: Map<number, number>): Executor {
  return {
    load: () => new Uint8Array(),
    store: () => undefined,
    maintain: () => undefined,
    get: (shared) => shared.initial,
    set: (_shared, key, value) => {
      values.set(key, Number(value));
    },
    scan: () => [],
    lock: (what, mode) => what.tryLock(mode),
    unlock: (what, mode) => {
      what.unlock(mode);
    },
    fails: () => false,
  };
}

function* inner(from: number): Op<number> {
  yield* set(cells, from, 1);
  yield* lock(gate);
  yield* set(cells, from + 1, 2);
  yield* unlock(gate);
  return from + 2;
}

function* outer(): Op<number> {
  const next = yield* call(inner(10));
  yield* set(cells, next, 3);
  return yield* call(call(inner(next + 1)));
}

test('a function that runs beside its caller takes its steps and gives its value', () => {
  const values = new Map<number, number>();
  expect(run(outer(), executorOf(values))).toEqual({ kind: 'done', value: 15 });
  expect([...values]).toEqual([
    [10, 1],
    [11, 2],
    [12, 3],
    [13, 1],
    [14, 2],
  ]);
});

test('it waits for a lock as its caller would, and goes on with the step that had to wait', () => {
  const values = new Map<number, number>();
  const executor = executorOf(values);
  gate.tryLock('exclusive');
  const op = call(inner(0));
  const step = op.next();
  if (step.done === true) throw new Error('the function has steps');
  expect(step.value.perform(executor)).toBe(false);
  expect(step.value.perform(executor)).toBe(false);
  expect([...values.keys()]).toEqual([0]);
  gate.unlock('exclusive');
  expect(step.value.perform(executor)).toBe(true);
  expect([...values.keys()]).toEqual([0, 1]);
  expect(op.next()).toEqual({ done: true, value: 2 });
});

test('whoever takes steps one by one gets those of all functions, and the value', () => {
  const executor = executorOf(new Map());
  const kinds: string[] = [];
  const op = withoutCalls(outer());
  for (let next = op.next(); ; next = op.next()) {
    if (next.done === true) {
      expect(next.value).toBe(15);
      break;
    }
    kinds.push(next.value.kind);
    next.value.perform(executor);
  }
  const part = ['set', 'lock', 'set', 'unlock'];
  expect(kinds).toEqual([...part, 'set', ...part]);
});

test('an update tells the value that was there, and puts what follows from it', () => {
  const values = new Map<number, number>();
  const op = update(cells, 9, (value) => value + 5);
  expect(run(op, executorOf(values))).toEqual({ kind: 'done', value: 0 });
  expect([...values]).toEqual([[9, 5]]);
});

test('cells in a row are one step that tells how many they are', () => {
  const values = new Map<number, number>();
  const op = (function* (): Op<readonly number[]> {
    yield* setRun(cells, 4, [7, 8]);
    yield* setRun(cells, 4, []);
    yield* fillRun(cells, { first: 6, count: 2 }, 1);
    yield* fillRun(cells, { first: 8, count: 0 }, 1);
    return yield* getRun(cells, { first: 4, count: 3 });
  })();
  const step = op.next();
  if (step.done === true || step.value.kind !== 'set') throw new Error('a step that sets');
  expect([step.value.key, step.value.count]).toEqual([4, 2]);
  step.value.perform(executorOf(values));
  expect([...values]).toEqual([
    [4, 7],
    [5, 8],
  ]);
  expect(run(op, executorOf(values))).toEqual({ kind: 'done', value: [0, 0, 0] });
  expect([...values.keys()]).toEqual([4, 5, 6, 7]);
});
