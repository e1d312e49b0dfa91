// Scenario tables as text: STALE where the bad outcome is reachable.

import type { ScenarioTable } from '../matrix/index.ts';
import { scenarios } from '../scenario/index.ts';
import { remedies } from '../scenario/index.ts';
import { labelled, wrap } from './layout.ts';
import { tableLines } from './table.ts';

/** The table, a line on each scenario, and with remedies a line on each remedy. */
export function scenarioTableText(table: ScenarioTable): string {
  const lines: string[] = [];
  if (table.by === 'scenarios') {
    lines.push(...gridLines(table, table.rows, (row) => row.cache));
  } else {
    for (const { caches, rows } of alike(table)) {
      lines.push(...wrap(caches.join('; '), 0, 2));
      lines.push(...gridLines(table, rows, (row) => row.remedy).map((l) => `  ${l}`), '');
    }
  }
  if (lines.at(-1) !== '') lines.push('');
  lines.push(
    '  S  STALE: the bad outcome is reachable   .  Never   ?  bound reached',
    '  L7 and L8: without a PMEM API, flush_cache_page() without effect',
    '',
  );
  for (const s of scenarios) lines.push(...labelled(`  ${s.name}`, s.title, 7));
  if (table.by === 'remedies') {
    lines.push('');
    for (const r of remedies) lines.push(...wrap(`${r.name}: ${r.about}`, 2, 4));
  }
  return `${lines.join('\n')}\n`;
}

/** Caches whose grids are equal are shown once, under all their names. */
function alike(table: ScenarioTable) {
  const groups = new Map<string, { caches: string[]; rows: ScenarioTable['rows'] }>();
  for (const cache of new Set(table.rows.map((r) => r.cache))) {
    const rows = table.rows.filter((r) => r.cache === cache);
    const key = JSON.stringify(rows.map((r) => r.cells.map((c) => c.observation)));
    const group = groups.get(key) ?? { caches: [], rows };
    group.caches.push(cache);
    groups.set(key, group);
  }
  return groups.values();
}

function gridLines(
  table: ScenarioTable,
  rows: ScenarioTable['rows'],
  label: (row: ScenarioTable['rows'][number]) => string,
): readonly string[] {
  return tableLines(
    [
      { head: table.by === 'scenarios' ? 'cache' : 'remedy' },
      ...table.columns.map((head) => ({ head })),
    ],
    rows.map((row) => [
      label(row),
      ...row.cells.map((c) => (c.stale ? 'S' : c.observation === 'bound' ? '?' : '.')),
    ]),
  );
}
