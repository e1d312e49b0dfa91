// The engine in Chromium: the same modules in a worker of a page give the same bytes as in Node.
// Needs Debian's chromium; skipped where it is not installed.

import { expect, test } from 'vitest';
import { haveChromium, searchInChromium } from '../bench/chromium.mjs';
import { rowNamed } from '../bench/rows.mjs';
import { type Exploration, exploreWasm } from '../src/explore/index.ts';

const bounds = { states: 2 ** 30, depth: 2 ** 30 };

function inNode(row: string): Exploration {
  const { system, question } = rowNamed(row);
  return exploreWasm(system, question, { bounds });
}

test.skipIf(!haveChromium()).each(['litmus', '10^4'])(
  'a worker of a page finds the same bytes: %s',
  async (row) => {
    const { record } = await searchInChromium(row, 0);
    expect(record).toBe(JSON.stringify(inNode(row)));
  },
);

test.skipIf(!haveChromium())('two workers of a page share the search', async () => {
  const { record } = await searchInChromium('10^4', 1);
  const found: Exploration = JSON.parse(record);
  expect({ ...found, bytes: 0 }).toEqual({ ...inNode('10^4'), bytes: 0 });
});
