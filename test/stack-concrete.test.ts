// Litmus tests that run on a kernel, held against that kernel with bytes in caches of real
// geometry: whatever a random schedule with random evictions ends in, the search has found.

import { expect, test } from 'vitest';
import { defaultBounds, explore } from '../src/explore/index.ts';
import { runConcretely } from '../src/stack/index.ts';
import { optionsOf, outcomeOf } from '../src/verdict/index.ts';
import { catalogueFiles, parsed, systemsOf } from './catalogue-systems.ts';

const RUNS = 12;

const stacks = catalogueFiles().filter((file) => parsed(file).program.stack !== undefined);

/** Numbers that look random and are the same in every run. */
function chooser(seed: number): (count: number) => number {
  let state = seed * 2654435761 + 1;
  return (count) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * count);
  };
}

test.each(stacks.map((file) => [`${file.shelf}/${file.name}`, file] as const))(
  'what happens on real caches was found: %s',
  async (_, file) => {
    for (const { name, test: litmus, setting, scenario } of systemsOf(file.shelf, parsed(file))) {
      const { program } = litmus;
      // Threads of several CPUs or processes are not interleaved by one executor.
      if (program.threads.some(({ cpu }) => cpu)) continue;
      if ((program.stack?.processes.size ?? 0) > 0) continue;
      const judged = { program, calls: litmus.calls, results: litmus.results };
      const options = optionsOf(judged, setting);
      if ('why' in options || !options.stack) continue;
      const { ends, bound } = await outcomeOf(scenario, {
        search: ({ system, question }, bounds) => explore(system, question, bounds),
        bounds: defaultBounds,
      });
      expect(bound, name).toBe(undefined);
      const found = new Set(ends.map(({ values }) => values.join()));
      for (let seed = 0; seed < RUNS; seed++) {
        const run = runConcretely(program, options.stack, chooser(seed));
        if (!run.ok) throw new Error(run.problem.what);
        const { values } = run.value;
        expect(found, `${name}: ${values.join()} of run ${seed}`).toContain(values.join());
      }
    }
  },
);

test('there are tests that run on a kernel', () => {
  expect(stacks.length).toBeGreaterThan(0);
});
