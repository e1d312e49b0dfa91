// Findings have names that links can hold, and the link says which are listed.

import { expect, test } from 'vitest';
import type { ShownFinding } from '../../../forms/index.ts';
import { listed, nextSort, rowsOf } from './filters.ts';

const one = (more: Partial<ShownFinding>): ShownFinding => ({
  type: 'LEAK',
  level: 'warning',
  message: 'm',
  paths: [],
  notes: [],
  conditions: [],
  machines: [],
  ...more,
});

const rows = rowsOf([
  one({ place: { file: 'b.c', line: 2, col: 1 }, level: 'check', reach: 'latent' }),
  one({ place: { file: 'b.c', line: 2, col: 1 }, suppressed: 'known' }),
  one({ place: { file: 'a.c' }, type: 'WRONG_CHECK', message: 'Upper', level: 'error' }),
  one({}),
]);

const keys = (params: Readonly<Record<string, string>>) =>
  listed(rows, params).map(({ key }) => key);

test('findings of one type and place are told apart by their order in the file', () => {
  expect(rows.map(({ key }) => key)).toEqual([
    'LEAK@b.c:2:1',
    'LEAK@b.c:2:1~2',
    'WRONG_CHECK@a.c',
    'LEAK@no place',
  ]);
});

test('filters are joined; words of text may stand anywhere', () => {
  expect(keys({ type: 'LEAK', reach: 'latent' })).toEqual(['LEAK@b.c:2:1']);
  expect(keys({ reach: 'not-asked', suppressed: 'no' })).toHaveLength(2);
  expect(keys({ suppressed: 'only' })).toEqual(['LEAK@b.c:2:1~2']);
  expect(keys({ where: 'upper A.C' })).toEqual(['WRONG_CHECK@a.c']);
  expect(keys({ level: 'note' })).toEqual([]);
});

test('a column sorts up, then down, then not at all', () => {
  expect(keys({ sort: 'level' })[0]).toBe('WRONG_CHECK@a.c');
  expect(keys({ sort: '-place' })[0]).toBe('LEAK@b.c:2:1');
  expect(nextSort({}, 'place')).toBe('place');
  expect(nextSort({ sort: 'place' }, 'place')).toBe('-place');
  expect(nextSort({ sort: '-place' }, 'place')).toBe('');
});
