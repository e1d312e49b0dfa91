// Text layout: widths, wrapping, and that every report is ASCII without trailing spaces.

import { expect, test } from 'vitest';
import { machines } from '../hw/index.ts';
import { policies } from '../kernel/index.ts';
import { matrixOf, scenarioTable, truthTeller } from '../matrix/index.ts';
import { bytesText, labelled, WIDTH, wrap } from './layout.ts';
import { tableLines } from './table.ts';
import { matrixText } from './matrix-text.ts';
import { scenarioTableText } from './scenario-text.ts';

test('a table: two spaces between columns, each as wide as its widest cell', () => {
  const lines = tableLines(
    [{ head: 'id' }, { head: 'size', align: 'right' }, { head: 'note' }],
    [
      ['long-name', '4', 'x'],
      ['b', '1024', ''],
    ],
  );
  expect(lines).toEqual(['id         size  note', 'long-name     4  x', 'b          1024']);
});

test('a sentence breaks at 72 columns, indented, with its own indent for later lines', () => {
  const words = Array.from({ length: 40 }, (_, i) => `word${i}`);
  const lines = wrap(words.join(' '), 2, 7);
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(WIDTH);
  expect(lines[0]?.startsWith('  word0')).toBe(true);
  for (const line of lines.slice(1)) expect(line).toMatch(/^ {7}word/);
  expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(words);
  // No line would have had room for the first word of the next.
  lines.slice(0, -1).forEach((line, i) => {
    const next = lines[i + 1]?.trim().split(' ')[0] ?? '';
    expect(line.length + 1 + next.length).toBeGreaterThan(WIDTH);
  });
});

test('a line of exactly 72 columns is not broken, one more is', () => {
  const fits = `${'a'.repeat(35)} ${'b'.repeat(36)}`;
  expect(wrap(fits)).toEqual([fits]);
  expect(wrap(`${fits}b`)).toEqual(['a'.repeat(35), 'b'.repeat(37)]);
});

test('a word longer than a line is kept whole, and nothing gives no lines', () => {
  const address = 'x'.repeat(100);
  expect(wrap(`see ${address} there`, 2)).toEqual(['  see', `  ${address}`, '  there']);
  expect(wrap('', 4)).toEqual([]);
  expect(wrap('  \n ', 4)).toEqual([]);
});

test('a label stands beside the first line, the others below the text', () => {
  const lines = labelled('  why', `${'word '.repeat(20)}end`);
  expect(lines[0]?.startsWith('  why       word word')).toBe(true);
  for (const line of lines.slice(1)) expect(line).toMatch(/^ {12}\S/);
  expect(labelled('  why', '')).toEqual(['  why']);
});

test('sizes are in K and M where they are whole, quarters of M included', () => {
  const sizes = [0, 256, 1024, 1536, 4096, 0x40000, 0x100000, 0x180000, 0x100001];
  expect(sizes.map(bytesText)).toEqual([
    '0',
    '256',
    '1K',
    '1536',
    '4K',
    '256K',
    '1M',
    '1.5M',
    '1048577',
  ]);
});

const truthOf = truthTeller();

test.each([2, 4, policies.length])('a matrix of %i kernels is ASCII in 72 columns', (count) => {
  const text = matrixText(matrixOf(machines, policies.slice(0, count), truthOf));
  expect(text).toMatch(/^[\n -~]*\n$/);
  expect(text).not.toMatch(/ \n/);
  const wide = text.split('\n').filter((line) => line.length > WIDTH);
  expect(wide).toEqual([]);
  for (const machine of machines) expect(text).toContain(machine.name);
});

test.each(['scenarios', 'remedies'] as const)('the table by %s is ASCII in 72 columns', (by) => {
  const text = scenarioTableText(scenarioTable(by));
  expect(text).toMatch(/^[\n -~]*\n$/);
  expect(text).not.toMatch(/ \n/);
  expect(text.split('\n').filter((line) => line.length > WIDTH)).toEqual([]);
});
