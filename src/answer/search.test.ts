// Which searches are done at once, which are handed on, and with what.

import { expect, test } from 'vitest';
import { at, present } from '../base/index.ts';
import { type Exploration, search as plain } from '../explore/index.ts';
import { add, constant, fieldAt, ne, type TransitionSystem } from '../ir/index.ts';
import { allReductions, type Reduction } from '../reduce/index.ts';
import { compileScenario, genericModel, type Scenario, scenarioByName } from '../scenario/index.ts';
import { SMALL_SEARCH } from '../verdict/index.ts';
import { searchPolicy } from './search.ts';

const bounds = { states: 1_000_000, depth: 10_000 };
const model = genericModel({ aliasClass: 'vivt', write: 'back', ways: 'set' });
const small = compileScenario(present(scenarioByName('L1'), 'L1'), { model, remedy: 'none' });

/** Two counters of nine bits: four times as many states as are searched at once. */
const large: Scenario = { ...small, system: counters(9), question: constant(0) };

function counters(bits: number): TransitionSystem {
  const last = constant(2 ** bits - 1);
  return {
    ...small.system,
    fields: [0, 1].map((i) => ({ name: `c${i}`, widthBits: bits, init: 0 })),
    actions: [0, 1].map((i) => ({
      ...at(small.system.actions, 0),
      id: `more.${i}`,
      guard: ne(fieldAt(i), last),
      updates: [{ field: i, value: add(fieldAt(i), constant(1), bits) }],
    })),
    isEnd: constant(0),
    observed: [],
  };
}

const found: Exploration = {
  outcome: 'complete',
  states: 1,
  transitions: 0,
  depth: 0,
  ends: [],
  bytes: 0,
};

function spied(reductions?: readonly Reduction[] | 'auto') {
  const calls: { readonly reductions: readonly Reduction[]; readonly states: number }[] = [];
  const search = searchPolicy({
    ...(reductions ? { reductions } : {}),
    deep: (_scenario, with_, { states }) => {
      calls.push({ reductions: with_, states });
      return found;
    },
  });
  return { search, calls };
}

test('a small search is the plain one, done at once', async () => {
  const { search, calls } = spied();
  expect(await search(small, bounds)).toEqual(plain(small.system, small.question, { bounds }));
  expect(calls).toEqual([]);
});

test('reductions that were asked for leave fewer states of a small search', async () => {
  const { search, calls } = spied(allReductions);
  const reduced = await search(small, bounds);
  const whole = plain(small.system, small.question, { bounds });
  expect(reduced.states).toBeLessThan(whole.states);
  expect(reduced.ends).toEqual(whole.ends);
  expect(calls).toEqual([]);
});

test('a large search is handed on, with all reductions or those that were asked for', async () => {
  const auto = spied();
  expect(await auto.search(large, bounds)).toBe(found);
  expect(auto.calls).toEqual([{ reductions: allReductions, states: bounds.states }]);
  const none = spied([]);
  await none.search(large, bounds);
  expect(none.calls).toEqual([{ reductions: [], states: bounds.states }]);
});

test('a bound below what is small is reached here', async () => {
  const { search, calls } = spied();
  const states = SMALL_SEARCH / 5;
  const { outcome } = await search(large, { ...bounds, states });
  expect(outcome).toEqual({ bound: 'states', limit: states });
  expect(calls).toEqual([]);
});
