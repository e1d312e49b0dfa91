// The bitmap gives the lowest free run at or after a goal and knows what an image uses.

import { expect, test } from 'vitest';
import { run } from '../../run.ts';
import type { DiskImage } from '../../include/linux/fs.ts';
import { type Lock, Shared } from '../../shared.ts';
import type { Executor, Op } from '../../steps.ts';
import { BlockBitmap } from './balloc.ts';

const image: DiskImage = {
  id: 1,
  format: 'ext2',
  block_size: 4096,
  block_count: 100,
  features: new Set(),
  external: {},
  root: 2,
  inodes: new Map(),
  next_ino: 11,
  reserved: 10,
};

/** Performs steps on the cells alone. */
const executor: Executor = {
  load: () => new Uint8Array(),
  store: () => undefined,
  maintain: () => undefined,
  get: (shared, key) => shared.peek(key),
  set: (shared, key, value) => shared.poke(key, value),
  scan: (shared, start, end) => shared.keysIn(start, end),
  lock: (lock: Lock, mode) => lock.tryLock(mode),
  unlock: (lock, mode) => lock.unlock(mode),
  fails: () => false,
};

function now<T>(op: Op<T>): T | undefined {
  const ran = run(op, executor);
  return ran.kind === 'done' ? ran.value : undefined;
}

test('a run starts at the goal, ends at a used block, and wraps to the lowest free one', () => {
  const free = new Shared('free', 0);
  const bitmap = new BlockBitmap(image, free);
  expect(free.peek()).toBe(90);
  expect(now(bitmap.take(50, 5))).toEqual({ block: 50, count: 5 });
  expect(now(bitmap.take(45, 20))).toEqual({ block: 45, count: 5 });
  expect(now(bitmap.take(0, 3))).toEqual({ block: 10, count: 3 });
  expect(now(bitmap.take(98, 9))).toEqual({ block: 98, count: 2 });
  expect(now(bitmap.take(98, 1))).toEqual({ block: 13, count: 1 });
  expect(free.peek()).toBe(90 - 16);
});

test('what is given back is found again, and a full filesystem gives nothing', () => {
  const free = new Shared('free', 0);
  const bitmap = new BlockBitmap(image, free);
  expect(now(bitmap.take(0, 90))).toEqual({ block: 10, count: 90 });
  expect(now(bitmap.take(0, 1))).toBeUndefined();
  now(bitmap.give({ block: 20, count: 2 }));
  expect(free.peek()).toBe(2);
  expect(now(bitmap.take(0, 5))).toEqual({ block: 20, count: 2 });
});

test('clusters of a bigalloc filesystem are given and taken whole', () => {
  const free = new Shared('free', 0);
  const bitmap = new BlockBitmap(image, free, 16);
  expect(free.peek()).toBe(80);
  expect(now(bitmap.take(0, 1))).toEqual({ block: 16, count: 16 });
  expect(now(bitmap.take(33, 17))).toEqual({ block: 48, count: 32 });
});
