// Tables and locks that threads share: what a cell holds, which cells are in use, and in which
// order they are told.

import { expect, test } from 'vitest';
import { LockTable, Shared } from './shared.ts';

test('a cell never written has the initial value, and so has one that is given it back', () => {
  const table = new Shared('free blocks', 5);
  expect([table.peek(), table.peek(1000), table.peek(-1)]).toEqual([5, 5, 5]);
  table.poke(1000, 7);
  expect([table.peek(1000), table.peek(1001), table.peek(999)]).toEqual([7, 5, 5]);
  expect(table.count).toBe(1);
  table.poke(1000, 5);
  expect([table.peek(1000), table.count, table.keys()]).toEqual([5, 0, []]);
});

test('keys are told in ascending order, whatever their signs and distances', () => {
  const table = new Shared<string | undefined>('entries', undefined);
  const keys = [2 ** 40, 64, 0, -1, 63, 200, -130];
  for (const key of keys) table.poke(key, `at ${key}`);
  const ascending = keys.toSorted((a, b) => a - b);
  expect(table.keys()).toEqual(ascending);
  expect(table.count).toBe(keys.length);
  expect(new Map(table.entries())).toEqual(new Map(keys.map((key) => [key, `at ${key}`])));
  expect(ascending.map((key) => table.peek(key))).toEqual(ascending.map((key) => `at ${key}`));
});

test('keys of a range include its ends, be it short, long or endless', () => {
  const table = new Shared('tags', 0);
  for (const key of [3, 63, 64, 127, 128, 5000]) table.poke(key, 1);
  expect(table.keysIn(63, 64)).toEqual([63, 64]);
  expect(table.keysIn(64, 127)).toEqual([64, 127]);
  expect(table.keysIn(65, 126)).toEqual([]);
  expect(table.keysIn(100, Number.POSITIVE_INFINITY)).toEqual([127, 128, 5000]);
  expect(table.keysIn(-5000, 5000)).toEqual([3, 63, 64, 127, 128, 5000]);
  expect(table.keysIn(5, 4)).toEqual([]);
});

test('a table that was emptied can be filled again', () => {
  const table = new Shared('i_pages', 0);
  for (let key = 0; key < 300; key++) table.poke(key, key + 1);
  for (let key = 0; key < 300; key++) table.poke(key, 0);
  expect([table.count, table.keys(), table.peek(299)]).toEqual([0, [], 0]);
  table.poke(299, 4);
  expect([table.count, table.keys(), table.peek(299)]).toEqual([1, [299], 4]);
});

test('a lock of a table is the same each time, and has its number in its name', () => {
  const locks = new LockTable('entry # of inode 12');
  const lock = locks.at(70);
  expect(lock.name).toBe('entry 70 of inode 12');
  expect(locks.at(70)).toBe(lock);
  expect(locks.at(71)).not.toBe(lock);
  lock.tryLock('exclusive');
  expect([locks.at(70).isHeld, locks.at(71).isHeld]).toEqual([true, false]);
});
