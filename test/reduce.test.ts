// Reductions against plain enumeration: on every scenario, every system of the catalogue, random
// programs, and a large one. And the figures that the documents state.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultBounds, explore, exploreWasm } from '../src/explore/index.ts';
import { valueIn } from '../src/ir/index.ts';
import { allReductions, reduce, witnessReductions } from '../src/reduce/index.ts';
import { compileScenario, genericModel, remedies, scenarios } from '../src/scenario/index.ts';
import { type Engine, searchReduced } from '../src/verdict/index.ts';
import { catalogueFiles, parsed, systemsOf } from './catalogue-systems.ts';
import { choices, compare, compareAll } from './reduce-compare.ts';
import { alike, coloured, threeByThree, twoByTwo, twoColours } from './reduce-models.ts';
import { randomSample } from './reduce-programs.ts';
import { figuresTable } from './reduce-table.ts';

const kinds = ['vivt', 'vipt-aliasing', 'vipt-nonaliasing', 'pipt'] as const;
const models = kinds.flatMap((aliasClass) =>
  (['back', 'through'] as const).flatMap((write) =>
    (['direct', 'set'] as const).map((ways) => ({ aliasClass, write, ways })),
  ),
);

test.each(models)(
  'every scenario and remedy keeps its outcomes: $aliasClass $write $ways',
  (choice) => {
    for (const program of scenarios) {
      for (const { name } of remedies) {
        const scenario = compileScenario(program, { model: genericModel(choice), remedy: name });
        expect(compareAll(`${program.name} ${name}`, scenario)).toBe(true);
      }
    }
  },
);

const shelves = [...new Set(catalogueFiles().map((file) => file.shelf))];

test.each(shelves)('every system of the shelf %s keeps its outcomes', (shelf) => {
  let compared = 0;
  for (const file of catalogueFiles().filter((f) => f.shelf === shelf)) {
    for (const { name, scenario } of systemsOf(shelf, parsed(file))) {
      if (compareAll(name, scenario)) compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(0);
});

test('random programs on random caches keep their outcomes', () => {
  const applied = new Map<string, number>();
  let skipped = 0;
  fc.assert(
    fc.property(randomSample, ({ program, options }) => {
      const scenario = compileScenario(program, options);
      if (!compareAll('random', scenario)) skipped += 1;
      for (const one of reduce(scenario, allReductions).applied) {
        applied.set(one, (applied.get(one) ?? 0) + 1);
      }
    }),
    { numRuns: 1000 },
  );
  expect(skipped).toBeLessThan(50);
  // A reduction that is never applied is not tested either.
  for (const one of allReductions) expect([one, (applied.get(one) ?? 0) > 25]).toEqual([one, true]);
});

test('two lines and two threads, and threads alike, keep outcomes and witness', () => {
  for (const program of [twoByTwo, alike]) {
    const scenario = compileScenario(program, { model: twoColours, remedy: 'none' });
    expect(compareAll(program.name, scenario)).toBe(true);
  }
});

test('a reduced search answers for the whole system, with a witness that replays', async () => {
  // The first one asks for what only an exchange of the threads in order can show.
  const first = coloured('first', ['x0 x0=1', 'x0 x0=1'], { '0:0': 1, '1:0': 0 });
  for (const program of [first, alike, twoByTwo]) {
    const scenario = compileScenario(program, { model: twoColours, remedy: 'none' });
    const whole = explore(scenario.system, scenario.question);
    for (const which of choices) {
      const how = { engine: explorer, bounds: defaultBounds };
      const found = await searchReduced(scenario, which, how);
      expect(found.ends).toEqual(whole.ends);
      expect(found.witness?.steps.length).toBe(whole.witness?.steps.length);
      const last = found.witness?.steps.at(-1)?.state ?? [];
      expect(valueIn(scenario.question, last)).toBe(1);
    }
  }
});

const explorer: Engine = (system, question, options) =>
  explore(system, question, options.bounds, options);

test('three lines and three threads: 100 times fewer states, the same outcomes', () => {
  const scenario = compileScenario(threeByThree, { model: twoColours, remedy: 'none' });
  const bounds = { states: 4_000_000, depth: 10_000 };
  const whole = exploreWasm(scenario.system, scenario.question, { bounds });
  expect([whole.outcome, whole.states, whole.ends.length]).toEqual(['complete', 3_251_625, 160]);
  for (const which of choices.filter((one) => one.length > 1)) {
    const found = compare(which.join(' '), scenario, which, whole);
    expect(whole.states / found.states).toBeGreaterThan(100);
  }
});

test('a control graph beyond the bound is not built, and the answer says so', () => {
  const long = Array.from({ length: 30 }, () => 'x0').join(' ');
  const program = coloured('long', [long, long, long]);
  const scenario = compileScenario(program, { model: twoColours, remedy: 'none' });
  expect(reduce(scenario, witnessReductions).applied).toEqual(['symmetry']);
  expect(reduce(scenario, ['live']).system).toEqual(scenario.system);
});

test('the table of figures in the documents is the one that is measured', () => {
  const page = new URL('../docs/model/reductions.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toContain(figuresTable());
});
