// Kernels by their words: ids, `all`, what somebody else must read, and names that are taken.

import { describe, expect, test } from 'vitest';
import { at, ok } from '../base/index.ts';
import { kernelsByAge, policies } from '../kernel/index.ts';
import { kernelsCalled } from './kernels.ts';

const named = kernelsByAge([]);
const first = at(policies, 0);

function ids(typed: string): string {
  const found = kernelsCalled(typed, named);
  return found.ok ? found.value.map(({ id }) => id).join(' ') : found.problem.what;
}

describe('kernelsCalled', () => {
  test('takes ids in their order, each once', () => {
    expect(ids(' 6.9, 4.0,6.9,')).toBe('6.9 4.0');
    expect(ids('all')).toBe(named.map(({ id }) => id).join(' '));
    expect(ids('6.9,all').split(' ')).toHaveLength(named.length);
  });

  test('refuses no word and unknown words', () => {
    expect(ids(' , ')).toBe('no kernel is named');
    expect(ids('6.9,7.l')).toBe('there is no kernel 7.l');
  });

  test('asks for words that are no id; two kernels of one name are refused', () => {
    const other = { ...first, title: 'another' };
    const read = kernelsCalled('a/b.json', named, () => ok(other));
    expect(read.ok && read.value).toEqual([other]);
    const both = kernelsCalled(`${first.id},a/b.json`, named, () => ok(other));
    expect(both.ok || both.problem.what).toBe(
      `two kernels are called ${first.id}: ${first.id} and a/b.json`,
    );
  });
});

test('kernels stand by age, revisions of the series between 6.7 and 6.9', () => {
  const recorded = ['6.12', '6.1', '6.7', '6.8'].map((id) => ({ ...first, id }));
  const order = kernelsByAge(recorded).map(({ id }) => id);
  const between = order.slice(order.indexOf('6.8'), order.indexOf('6.9') + 1);
  expect(between).toEqual(['6.8', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6', '6.9']);
  expect(order.indexOf('6.1')).toBeLessThan(order.indexOf('6.7'));
  expect(order.indexOf('6.12')).toBeGreaterThan(order.indexOf('6.9'));
});
