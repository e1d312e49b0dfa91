// Rows of the table of designs: verdict, races, and the shortest witness for each of them.

import { expect, test } from 'vitest';
import { at } from '../base/index.ts';
import { designMatrix, designPrograms, shortestWitnesses } from './designs.ts';

test('a row has an answer to every program, and its verdict follows from them', () => {
  const rows = designMatrix(['D4b', 'D5', 'D6', 'D6x']);
  expect(rows.map(({ rules, verdict }) => [rules.id, verdict])).toEqual([
    ['D4b', 'refuted'],
    ['D5', 'holds'],
    ['D6', 'holds'],
    ['D6x', 'refuted'],
  ]);
  for (const { answers } of rows) expect(answers).toHaveLength(designPrograms.length);
  expect(rows.map(({ races }) => races.join(' '))).toEqual(['R6', '', 'R7', 'R7 E1']);
  expect(rows.map(({ broken }) => [...broken].join(' '))).toEqual(['P7', '', '', 'P3']);
  const [witness] = shortestWitnesses(at(rows, 0));
  expect(witness?.answer.program.id).toBe('map-sync');
  // A delay has no schedule of its own, and what holds has none at all.
  expect(rows.slice(1).map((row) => shortestWitnesses(row).length)).toEqual([0, 0, 1]);
});
