// A program is explored once for all machines with equal keys: so on each of them its transition
// system must be the same, for random programs too.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { machines } from '../../src/hw/index.ts';
import type { Program } from '../../src/litmus/index.ts';
import {
  cacheModelOf,
  compileScenario,
  type RemedyName,
  type ScenarioOptions,
  systemKey,
} from '../../src/scenario/index.ts';
import { randomProgram } from './random.ts';

/** A system without its names, which tell copies by colour and change nothing that happens. */
function shape(program: Program, options: ScenarioOptions): string {
  const { system, question } = compileScenario(program, options);
  const fields = system.fields.map(({ widthBits, init }) => ({ widthBits, init }));
  const actions = system.actions.map(({ actor, guard, updates }) => ({ actor, guard, updates }));
  return JSON.stringify({ ...system, fields, actions, question });
}

const remedies: readonly RemedyName[] = ['none', 'congruent', 'flush-complete', 'uncached-user'];

test('equal keys, equal systems: random programs on every machine', () => {
  const taste = { cpus: 2, pages: 2, fetches: true, flow: true } as const;
  fc.assert(
    fc.property(
      randomProgram(taste),
      fc.constantFrom(...remedies),
      fc.boolean(),
      (program, remedy, pmemApi) => {
        const shapes = new Map<string, string>();
        for (const machine of machines) {
          const persistence = { pmemApi, flushcache: !pmemApi, flushCachePage: pmemApi };
          const options = { model: cacheModelOf(machine), remedy, persistence };
          const key = systemKey(program, options);
          const known = shapes.get(key) ?? shape(program, options);
          shapes.set(key, known);
          expect(`${machine.id} ${shape(program, options)}`).toBe(`${machine.id} ${known}`);
        }
      },
    ),
    { numRuns: 10 },
  );
});
