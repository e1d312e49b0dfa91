// Shows dachs matrix --series as users meet it: what it says of a broken and of a sound series, and
// what it answers to what is not there.

import { describe, expect, test } from 'vitest';
import { dachs } from './dachs.ts';

const series = (...args: readonly string[]) => dachs(['matrix', '--series', ...args]);

test('v4 is safe at each state, v3 is not, and the exit status tells', () => {
  const v4 = series('v4');
  expect([v4.status, v4.stderr]).toEqual([0, '']);
  expect(v4.stdout).toContain('Bisecting through v4: safe at each state.');
  expect(v4.stdout).toContain('and no longer b.');
  const v3 = series('v3');
  expect(v3.status).toBe(1);
  expect(v3.stdout).toContain('Bisecting through v3: unsafe at v3/01, v3/02, v3/03, v3/04.');
  expect(v3.stdout).toContain('users meet l, m too.');
});

test('a cell is told step by step', () => {
  const { stdout, status } = series('v3', '--why', 'v3/02:pmem');
  expect(status).toBe(0);
  expect(stdout).toContain('=> never given back: disk pmem0');
  expect(stdout).toContain('OOPS: NULL pointer dereference in set_dax_nocache()');
});

describe('what is not there has a hint', () => {
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [['v7'], 'there is no series v7'],
    [['v4', '--why', 'v4/13:pmem'], 'there is no state v4/13'],
    [['v4', '--why', 'v4/00:pmen'], 'did you mean pmem?'],
    [['v4', '--why', 'v4/00'], 'there is no driver'],
    [['v4', '--kernel', '6.12'], '--kernel has no meaning with --series'],
    [['v4', '--by', 'scenarios'], '--by has no meaning with --series'],
  ];
  test.each(wrong)('%j', (args, says) => {
    const { status, stderr, stdout } = series(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
  });

  test('--why without --series', () => {
    expect(dachs(['matrix', '--why', 'v4/00:pmem']).status).toBe(2);
  });
});
