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

test('by remedies: every remedy on each cache that aliases, and without allocation', () => {
  const { rows } = scenarioTable('remedies');
  const kinds = ['vivt', 'vipt-aliasing'].flatMap((kind) =>
    ['back', 'through'].flatMap((write) =>
      ['direct', 'set'].map((ways) => `${kind} ${write} ${ways}`),
    ),
  );
  const noAllocate = ['back', 'through'].map((w) => `vivt ${w} direct, no allocate on store`);
  expect([...new Set(rows.map((r) => r.cache))]).toEqual([...kinds, ...noAllocate]);
  expect(rows.length).toBe(10 * remedies.length);
  for (const row of rows.filter((r) => r.remedy === 'deny')) {
    expect(row.cells.every((c) => c.observation === 'Never')).toBe(true);
  }
});

test('a congruent mapping cures direct-mapped VIVT only where stores allocate', () => {
  const { rows } = scenarioTable('remedies');
  const stale = (cache: string) =>
    rows
      .filter((r) => r.cache === cache && r.remedy === 'congruent')
      .flatMap((r) => r.cells.filter((c) => c.stale).map((c) => c.scenario));
  expect(stale('vivt back direct')).toEqual(['L6', 'L7', 'L8']);
  expect(stale('vivt back direct, no allocate on store')).toContain('L1');
});

test('with a bound too small for anything no cell is Never', () => {
  const { rows } = scenarioTable('scenarios', { states: 1, depth: 99 });
  for (const cell of rows.flatMap((r) => r.cells)) expect(cell.observation).not.toBe('Never');
});
