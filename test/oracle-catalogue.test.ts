// Every test of the catalogue on concrete caches: sets, ways, tags and bytes must end in the same
// outcomes as the model, on one machine or kind for each distinct system.

import { expect, test } from 'vitest';
import { catalogueFiles, parsed, systemsOf } from './catalogue-systems.ts';
import { compare } from './oracle/compare.ts';
import { rigOfBed } from './oracle/rigs.ts';

let compared = 0;
const tooLarge: string[] = [];

// What runs on a kernel is held against that kernel: test/stack-concrete.test.ts.
const small = catalogueFiles().filter((file) => parsed(file).program.stack === undefined);

test.each(small.map((file) => [`${file.shelf}/${file.name}`, file] as const))(
  'ends alike on concrete caches: %s',
  (_, file) => {
    for (const { name, setting, scenario } of systemsOf(file.shelf, parsed(file))) {
      const program = { ...scenario.program, name };
      const seen = compare(program, scenario.options, rigOfBed(setting.bed));
      if (seen === undefined) tooLarge.push(name);
      else compared += 1;
    }
  },
);

// What is too large for concrete caches is left to the other judges.
test('all but a few systems were compared', () => {
  expect(compared).toBeGreaterThan(500);
  expect(tooLarge.length).toBeLessThan(compared / 20);
});
