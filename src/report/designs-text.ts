// Designs for switching S_DAX as text: a line for each, and what the columns mean.

import { type DesignRow, designPrograms } from '../matrix/index.ts';
import { sDaxProperties, sDaxRaces } from '../scenario/index.ts';
import { labelled, wrap } from './layout.ts';
import { tableLines } from './table.ts';

/** The table with its legend. */
export function designsText(rows: readonly DesignRow[]): string {
  const columns = ['design', ...sDaxProperties.map(({ id }) => id), 'races', 'states', 'verdict'];
  const table = tableLines(
    columns.map((head) => (head === 'states' ? { head, align: 'right' as const } : { head })),
    rows.map((row) => [
      row.rules.id,
      ...sDaxProperties.map(({ id }) => (row.broken.has(id) ? 'x' : '.')),
      row.races.join(' '),
      String(row.answers.reduce((sum, { states }) => sum + (states ?? 0), 0)),
      row.verdict,
    ]),
  );
  return `${[...table, '', ...legend(rows), '', ...totals(rows)].join('\n')}\n`;
}

function legend(rows: readonly DesignRow[]): readonly string[] {
  const found = new Set(rows.flatMap(({ races }) => races));
  const entries = [
    ...rows.map(({ rules }) => [rules.id, `${rules.title} (${rules.proponent})`] as const),
    ...sDaxProperties.map(({ id, title }) => [id, title] as const),
    ...sDaxRaces.filter(({ id }) => found.has(id)).map(({ id, title }) => [id, title] as const),
  ];
  return entries.flatMap(([id, title]) => labelled(id, title, 6));
}

function totals(rows: readonly DesignRow[]): readonly string[] {
  const ends = rows.flatMap(({ answers }) => answers).reduce((n, one) => n + (one.ends ?? 0), 0);
  const refuted = rows.filter(({ verdict }) => verdict === 'refuted').length;
  const programs = `${designPrograms.length} programs on XFS, dax=inode; ${ends} ends.`;
  return [
    ...wrap(`x: some schedule breaks it. ${programs}`),
    `${rows.length} designs, ${refuted} refuted. What is behind one: --why D3`,
  ];
}
