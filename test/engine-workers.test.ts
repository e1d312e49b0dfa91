// Real threads on the built program: the same answer with one, two and three workers, also with
// more workers than processors, for states of one word and of several.

import { expect, test } from 'vitest';
import { rowNamed } from '../bench/rows.mjs';
// The compiled modules: a thread cannot be started from a source that still has its types.
import { type Exploration, exploreWasm, explore } from '../dist/explore/index.js';
import { threads } from '../dist/host/search-workers.js';

const bounds = { states: 2 ** 30, depth: 2 ** 30 };

function answer(found: Exploration): Exploration {
  return { ...found, bytes: 0 };
}

test.each(['10^4', '10^4, 32 bytes'])('%s: as many workers as you like', async (row) => {
  const { system, question } = rowNamed(row);
  const plain = answer(explore(system, question, bounds));
  expect(plain.witness?.steps.length).toBeGreaterThan(3);
  for (const count of [1, 2, 4]) {
    const crew = await threads(count);
    // Every level is shared, and everything has to grow.
    const tuning = {
      crewStates: 0,
      claimRows: 16,
      chunkRows: 16,
      tableLog: 4,
      batchSize: 1,
      segmentLog: 5,
    };
    const found = exploreWasm(system, question, { bounds, tuning, ...(crew ? { crew } : {}) });
    expect(answer(found)).toEqual(plain);
  }
});

test('a search large enough for the threads to join: every state is found once', async () => {
  const { system, question } = rowNamed('10^6');
  const crew = await threads(2);
  const found = exploreWasm(system, question, { bounds, ...(crew ? { crew } : {}) });
  expect([found.states, found.transitions, found.depth]).toEqual([3_251_625, 23_810_210, 29]);
  const alone = exploreWasm(system, question, { bounds });
  expect(answer(found)).toEqual(answer(alone));
  // The table has 10.3 bytes a state; the rest are the rows of the level that is expanded, and of
  // the next. With the rows of all levels it would be 18 at least.
  expect(alone.bytes / alone.states).toBeLessThan(16);
  expect(found.bytes / found.states).toBeLessThan(17);
});
