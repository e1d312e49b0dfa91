// Shows the texts of series: within 72 columns, the same each time, and a way to every finding.

import { describe, expect, test } from 'vitest';
import { at } from '../base/index.ts';
import { stateSeries } from '../kernel/index.ts';
import { seriesMatrix, systemOf } from '../matrix/index.ts';
import { type AttachEvent, witnessOf } from '../scenario/index.ts';
import { seriesText } from './series-text.ts';
import { seriesWhyText } from './series-why.ts';
import { attachWitnessLines } from './series-witness.ts';

describe.each(stateSeries.map((series) => [series.id, series] as const))('%s', (_, series) => {
  const matrix = seriesMatrix(series);
  const text = seriesText(matrix);

  test('is 72 columns wide at most', () => {
    expect(text.split('\n').filter((line) => line.length > 72)).toEqual([]);
  });

  test('names each finding once, and each state in the table', () => {
    for (const { id, driver } of matrix.findings) {
      const head = `${id.padEnd(3)}${driver} `;
      expect(text.split('\n').filter((line) => line.startsWith(head))).toHaveLength(1);
    }
    for (const { state } of matrix.rows) expect(text).toContain(`\n  ${state.id}`);
  });

  test('has a way to each finding of its last state', () => {
    const { state } = at(matrix.rows, matrix.rows.length - 1);
    for (const finding of matrix.findings) {
      const on = finding.metOn.get(state.id);
      if (on === undefined) continue;
      const events = witnessOf(on.variant, systemOf(on), finding);
      const said = finding.says.split(';', 1).join('');
      const lines = attachWitnessLines(events).join('\n');
      const isTold = finding.kind === 'rule' || finding.kind === 'NULL' || finding.kind === 'LOST';
      expect(lines.includes(isTold ? '=> the attach gives' : said), finding.id).toBe(true);
      const why = seriesWhyText('cell', [{ finding, on, events }]);
      expect(why).toContain(`  ${on.where.title}`.trim());
    }
  });
});

test('events as lines: what fails, what is taken and given back, where it ends', () => {
  const set = (table: string, before: unknown, after: unknown, key = 3): AttachEvent => {
    return { kind: 'set', table, key, before, after };
  };
  const events: readonly AttachEvent[] = [
    { kind: 'phase', what: 'attach' },
    { kind: 'chance', what: 'kzalloc', fails: false },
    { kind: 'chance', what: 'kzalloc', fails: true },
    set('dax_minor_ida', false, true),
    set('dax_minor_ida', true, false),
    set('flags of dax object 0', 1, 0),
    set('flags of dax object 0', 0, 12),
    set('i_count of dax device 0', 0, 1),
    set('loaded segments', [], ['DCSS']),
    set('capacity of pmem0', 0, 8),
    { kind: 'result', rc: 0 },
    { kind: 'result', rc: -95 },
    { kind: 'oops', says: 'NULL' },
  ];
  expect(attachWitnessLines(events)).toEqual([
    ' 1  --- attach',
    ' 2  kzalloc',
    ' 3  kzalloc  FAILS',
    ' 4    alloc_dax: minor 3 of dax_minor_ida',
    ' 5    put_dax: minor 3 is free again',
    ' 6    DAXDEV_ALIVE is cleared (kill_dax)',
    ' 7    DAXDEV_SYNC, DAXDEV_NOCACHE is set',
    ' 8    references of DAX device 0: 0 -> 1',
    ' 9    loaded segments: DCSS is added',
    '10  => the attach gives 0',
    '11  => the attach gives -EOPNOTSUPP',
    '12  OOPS: NULL',
  ]);
});

test('a cell without findings is ok', () => {
  expect(seriesWhyText('v4/12:brd', [])).toBe(
    'v4/12:brd: ok. Every step that can fail is undone.\n',
  );
});
