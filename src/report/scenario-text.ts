// Scenario tables as text: STALE where the bad outcome is reachable.

import type { ScenarioTable } from '../matrix/index.ts';
import { scenarios } from '../scenario/index.ts';
import { remedies } from '../scenario/index.ts';
import { labelled, tableLines, wrap } from './layout.ts';

/** The table, a line on each scenario, and with remedies a line on each remedy. */
export function scenarioTableText(table: ScenarioTable): string {
  const lines: string[] = [];
  const groups = [...new Set(table.rows.map((r) => r.cache))];
  if (table.by === 'scenarios') {
    lines.push(...gridLines(table, table.rows, (row) => row.cache));
  } else {
    for (const cache of groups) {
      const rows = table.rows.filter((r) => r.cache === cache);
      lines.push(cache, ...gridLines(table, rows, (row) => row.remedy).map((l) => `  ${l}`), '');
    }
  }
  if (lines.at(-1) !== '') lines.push('');
  lines.push('  S  STALE: the bad outcome is reachable   .  Never   ?  bound reached', '');
  for (const s of scenarios) lines.push(...labelled(`  ${s.name}`, s.title, 7));
  if (table.by === 'remedies') {
    lines.push('');
    for (const r of remedies) lines.push(...wrap(`${r.name}: ${r.about}`, 2, 4));
  }
  return `${lines.join('\n')}\n`;
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
