// The transition systems of all scenarios, and of random programs, against a concrete cache: the
// end outcomes must be the same sets.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { icacheOf, type Machine, machines, waySizeBytes } from '../../src/hw/index.ts';
import type { Program } from '../../src/litmus/index.ts';
import {
  cacheModelOf,
  genericModel,
  type RemedyName,
  scenarios,
  type ScenarioOptions,
} from '../../src/scenario/index.ts';
import { compare } from './compare.ts';
import { directed } from './directed.ts';
import { randomProgram, type Taste } from './random.ts';
import { machineRig, rigOf } from './rigs.ts';
import type { Rig } from './setup.ts';

const tried: readonly RemedyName[] = [
  'none',
  'congruent',
  'congruent-all',
  'flush-literal',
  'flush-reachable',
  'flush-complete',
  'uncached-user',
  'uncached',
];

/** Everything is small enough here: a run that was given up is a failure. */
function mustAgree(program: Program, options: ScenarioOptions, on: Rig): void {
  const seen = compare(program, options, on);
  expect([program.name, options.remedy, typeof seen]).toEqual([
    program.name,
    options.remedy,
    'boolean',
  ]);
}

const kinds = ['vivt', 'vipt-aliasing', 'vipt-nonaliasing', 'pipt'] as const;
const generic = kinds.flatMap((aliasClass) =>
  (['back', 'through'] as const).flatMap((write) =>
    (['direct', 'set'] as const).map((ways) => ({ aliasClass, write, ways })),
  ),
);

test.each(generic)(
  'every scenario and remedy ends alike on sets, ways and tags: $aliasClass $write $ways',
  ({ aliasClass, write, ways }) => {
    const model = genericModel({ aliasClass, write, ways });
    const on = rigOf(aliasClass, write, ways);
    for (const program of scenarios) {
      for (const remedy of tried) mustAgree(program, { model, remedy }, on);
    }
  },
);

test.each(generic)(
  'what fsync() does for durability ends alike: $aliasClass $write $ways',
  ({ aliasClass, write, ways }) => {
    const model = genericModel({ aliasClass, write, ways });
    const on = rigOf(aliasClass, write, ways);
    const both = [false, true];
    for (const program of scenarios.filter(({ name }) => name === 'L7' || name === 'L8')) {
      for (const pmemApi of both) {
        for (const flushcache of both) {
          for (const flushCachePage of both) {
            const persistence = { pmemApi, flushcache, flushCachePage };
            mustAgree(program, { model, remedy: 'none', persistence }, on);
          }
        }
      }
    }
  },
);

/** One machine for each way in which the hardware of the catalogue differs for one line. */
const differing = new Map(
  machines.map((machine): [string, Machine] => {
    const { dcache, pageBytes } = machine;
    if (!dcache) return ['none', machine];
    const { kind, ways, write, allocateOnWrite, synonyms } = dcache;
    const coloured = waySizeBytes(dcache) > pageBytes;
    const data = [kind, ways === 1, write, allocateOnWrite, synonyms, coloured];
    const fetches = [icacheOf(machine), JSON.stringify(cacheModelOf(machine).instruction)];
    return [[...data, ...fetches].join(), machine];
  }),
);

test.each([...differing.values()].map((machine) => [machine.id, machine] as const))(
  'every scenario and remedy ends alike on the real geometry of %s',
  (_, machine) => {
    const model = cacheModelOf(machine);
    for (const program of scenarios) {
      for (const remedy of tried) mustAgree(program, { model, remedy }, machineRig(machine));
    }
  },
);

type Bed = readonly [string, Rig, ScenarioOptions['model']];

/** Every cache that programs are tried on: the generic kinds, and one machine of each kind. */
const beds: readonly Bed[] = [
  ...generic.map(
    ({ aliasClass, write, ways }): Bed => [
      `${aliasClass} ${write} ${ways}`,
      rigOf(aliasClass, write, ways),
      genericModel({ aliasClass, write, ways }),
    ],
  ),
  ...[...differing.values()].map(bedOf),
];

function bedOf(machine: Machine): Bed {
  return [machine.id, machineRig(machine), cacheModelOf(machine)];
}

test.each(directed)('what was worked out by hand: $name', ({ program, remedy, seen, never }) => {
  for (const name of [...seen, ...never]) {
    const machine = machines.find(({ id }) => id === name);
    const found = machine ? bedOf(machine) : beds.find(([id]) => id === name);
    if (!found) throw new Error(name);
    const [, on, model] = found;
    expect([name, compare(program, { model, remedy }, on)]).toEqual([name, seen.includes(name)]);
  }
});

/** Programs of each taste; more than the default where somebody has an hour. */
const runs = Number(process.env['DACHS_ORACLE_RUNS'] ?? 150);

test.each([
  ['one CPU, one page', { cpus: 1, pages: 1, fetches: false, flow: false }],
  ['one CPU, two lines or pages', { cpus: 1, pages: 2, fetches: false, flow: false }],
  ['two CPUs', { cpus: 2, pages: 1, fetches: false, flow: false }],
  ['instruction fetches', { cpus: 1, pages: 1, fetches: true, flow: false }],
  ['instruction fetches on two CPUs', { cpus: 2, pages: 1, fetches: true, flow: false }],
  ['branches, loops, locks, calls and values', { cpus: 1, pages: 1, fetches: false, flow: true }],
] as const satisfies readonly (readonly [string, Taste])[])(
  'random programs end alike on every machine and kind: %s',
  (_, taste) => {
    let told = 0;
    fc.assert(
      fc.property(
        randomProgram(taste),
        fc.constantFrom(...beds),
        fc.constantFrom(...tried),
        (program, [, on, model], remedy) => {
          const answers = { asked: 1 };
          if (compare(program, { model, remedy, answers }, on) !== undefined) told += 1;
        },
      ),
      { numRuns: runs },
    );
    expect(told).toBeGreaterThan(runs * 0.9);
  },
  10_000 + runs * 100,
);
