// Both back ends give the same answer on every system of the catalogue: the same states,
// transitions, depth, end states and shortest witness, to the byte.

import { expect, test } from 'vitest';
import { explore, exploreWasm } from '../src/explore/index.ts';
import { catalogueFiles, parsed, systemsOf } from './catalogue-systems.ts';

const shelves = [...new Set(catalogueFiles().map((file) => file.shelf))];

test.each(shelves)('interpreter and WebAssembly agree on the shelf %s', (shelf) => {
  let systems = 0;
  for (const file of catalogueFiles().filter((f) => f.shelf === shelf)) {
    for (const { name, scenario } of systemsOf(shelf, parsed(file))) {
      const { bytes: _, ...reference } = explore(scenario.system, scenario.question);
      const { bytes: __, ...engine } = exploreWasm(scenario.system, scenario.question);
      expect({ name, ...engine }).toEqual({ name, ...reference });
      systems += 1;
    }
  }
  expect(systems).toBeGreaterThan(0);
});
