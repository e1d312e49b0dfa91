// The generic tables: which caches, which remedies, and that a bound is not a pass.

import { expect, test } from 'vitest';
import { remedies, scenarios } from '../scenario/index.ts';
import { scenarioTable } from './scenario-table.ts';

test('by scenarios: sixteen caches without a remedy, one column a scenario', () => {
  const { columns, rows } = scenarioTable('scenarios');
  expect(columns).toEqual(scenarios.map((s) => s.name));
  expect(rows.length).toBe(16);
  expect(new Set(rows.map((r) => r.cache)).size).toBe(16);
  expect(rows.every((r) => r.remedy === 'none')).toBe(true);
  for (const row of rows) expect(row.cells.map((c) => c.scenario)).toEqual(columns);
});

test('by remedies: every remedy on each write-back cache that aliases', () => {
  const { rows } = scenarioTable('remedies');
  expect([...new Set(rows.map((r) => r.cache))]).toEqual([
    'vivt back direct',
    'vivt back set',
    'vipt-aliasing back direct',
    'vipt-aliasing back set',
  ]);
  expect(rows.length).toBe(4 * remedies.length);
  for (const row of rows.filter((r) => r.remedy === 'deny')) {
    expect(row.cells.every((c) => c.observation === 'Never')).toBe(true);
  }
});

test('with a bound too small for anything no cell is Never', () => {
  const { rows } = scenarioTable('scenarios', { states: 1, depth: 99 });
  for (const cell of rows.flatMap((r) => r.cells)) expect(cell.observation).not.toBe('Never');
});
