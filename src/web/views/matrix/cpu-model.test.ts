// CPUs over kernels: the worst word of an architecture, and what its machines say.

import { expect, test } from 'vitest';
import { cpuGrid, cpuWords } from './cpu-model.ts';
import { answerCpus } from './handler.ts';
import { filtersOf } from './filters.ts';
import { plan } from './tables.ts';

test('the grid and its words are those of the table', async () => {
  const table = await answerCpus();
  const filters = filtersOf({ arch: 'sparc32' });
  const grid = cpuGrid({ plan, table, filters, kernel: '6.12' });
  expect(grid.groups.map(({ label }) => label)).toEqual([
    'cache',
    ...plan.kernels.map((k) => k.id),
  ]);
  expect(grid.groups.filter(({ current }) => current).map(({ key }) => key)).toEqual(['6.12']);
  const [head, ...own] = grid.rows;
  expect(head?.cells.slice(0, 3).map(({ word }) => word)).toEqual(['aliases', 'STALE', 'LOST']);
  expect(own).toHaveLength(7);
  const turbo = own.find(({ key }) => key === 'turbosparc');
  expect(turbo?.cells[0]?.word).toBe('stale~');
  expect(turbo?.cells[2]).toMatchObject({ word: 'off', was: 'STALE', opens: 'turbosparc@4.0' });
  expect(cpuWords(plan, table, 'turbosparc').get('6.12')).toBe('STALE*');
  expect(cpuWords(plan, table, 'nobody').size).toBe(0);
});
