// The transition systems of all scenarios, and of random programs, against a concrete cache: the
// end outcomes must be the same sets.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explore } from '../../src/explore/index.ts';
import { type Dcache, type Machine, machines, waySizeBytes } from '../../src/hw/index.ts';
import type { Condition, Program, Step } from '../../src/litmus/index.ts';
import {
  cacheModelOf,
  compileScenario,
  genericModel,
  type RemedyName,
  scenarios,
  type ScenarioOptions,
} from '../../src/scenario/index.ts';
import { outcomes } from './run.ts';

/** The program with a question that looks at every register and every cell. */
function lookingAtAll(program: Program): Program {
  const registers = program.threads.flatMap(({ name, steps }) =>
    steps
      .flatMap((s) => (s.kind === 'kernel-access' ? s.body : [s]))
      .flatMap((s): Condition[] =>
        s.kind === 'load' ? [{ op: 'register', thread: name, register: s.register, value: 0 }] : [],
      ),
  );
  const cells = program.lines.flatMap(({ name, cells: all }) =>
    all.map((_, cell): Condition => ({ op: 'memory', line: name, cell, value: 0 })),
  );
  const condition: Condition = { op: 'or', of: [...registers, ...cells] };
  return { ...program, question: { quantifier: 'exists', condition } };
}

function modelled(program: Program, options: ScenarioOptions): ReadonlySet<string> {
  const { system, question } = compileScenario(lookingAtAll(program), options);
  const found = explore(system, question);
  if (found.outcome !== 'complete') throw new Error('the search was cut off');
  const names = system.observed.map((field) => system.fields[field]?.name ?? '');
  return new Set(
    found.ends.map(({ values }) =>
      names
        .map((n, i) => `${n}=${values[i]}`)
        .filter((said) => said !== 'deadlock=0')
        .sort()
        .join(' '),
    ),
  );
}

function compare(
  program: Program,
  options: ScenarioOptions,
  on: { readonly dcache?: Dcache; readonly pageBytes: number },
): void {
  const label = `${program.name} ${options.remedy}`;
  const concrete = outcomes(program, on, options);
  expect({ [label]: [...modelled(program, options)].sort() }).toEqual({
    [label]: [...concrete].sort(),
  });
  const { system, question } = compileScenario(program, options);
  const bad = explore(system, question).ends.some((end) => end.satisfies);
  expect({ [label]: bad }).toEqual({
    [label]: [...concrete].some(
      (outcome) => !outcome.includes('deadlock=1') && holds(program.question.condition, outcome),
    ),
  });
}

/** Whether a condition holds of an outcome such as `P0:r0=0 x[0]=1`. */
function holds(condition: Condition, outcome: string): boolean {
  const says = (text: string): boolean => outcome.split(' ').includes(text);
  switch (condition.op) {
    case 'and':
      return condition.of.every((c) => holds(c, outcome));
    case 'or':
      return condition.of.some((c) => holds(c, outcome));
    case 'not':
      return !holds(condition.of, outcome);
    case 'register':
      return says(`${condition.thread}:${condition.register}=${condition.value}`);
    case 'memory':
      return says(`${condition.line}[${condition.cell}]=${condition.value}`);
    case 'true':
      return true;
    case 'crashed':
    case 'deadlock':
      throw new RangeError(`no program here asks for ${condition.op}`);
  }
}

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

/** Real geometry for a kind of the generic tables: 4 KiB pages, four colours where it aliases. */
function geometryOf(
  aliasClass: Parameters<typeof genericModel>[0]['aliasClass'],
  write: 'back' | 'through',
  ways: 'direct' | 'set',
): Dcache {
  const count = ways === 'direct' ? 1 : 2;
  const way = aliasClass === 'vipt-nonaliasing' ? 4096 : 16_384;
  return {
    kind: aliasClass.startsWith('vipt') ? 'vipt' : aliasClass === 'vivt' ? 'vivt' : 'pipt',
    sizeBytes: way * count,
    ways: count,
    lineBytes: 16,
    write,
    allocateOnWrite: true,
    synonyms: 'none',
  };
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
    const on = { dcache: geometryOf(aliasClass, write, ways), pageBytes: 4096 };
    for (const program of scenarios) {
      for (const remedy of tried) compare(program, { model, remedy }, on);
    }
  },
);

test.each(generic)(
  'what fsync() does for durability ends alike: $aliasClass $write $ways',
  ({ aliasClass, write, ways }) => {
    const model = genericModel({ aliasClass, write, ways });
    const on = { dcache: geometryOf(aliasClass, write, ways), pageBytes: 4096 };
    const both = [false, true];
    for (const program of scenarios.filter(({ name }) => name === 'L7' || name === 'L8')) {
      for (const pmemApi of both) {
        for (const flushcache of both) {
          for (const flushCachePage of both) {
            const persistence = { pmemApi, flushcache, flushCachePage };
            compare(program, { model, remedy: 'none', persistence }, on);
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
    return [[kind, ways === 1, write, allocateOnWrite, synonyms, coloured].join(), machine];
  }),
);

test.each([...differing.values()].map((machine) => [machine.id, machine] as const))(
  'every scenario and remedy ends alike on the real geometry of %s',
  (_, machine) => {
    const model = cacheModelOf(machine);
    for (const program of scenarios) {
      for (const remedy of tried) compare(program, { model, remedy }, machine);
    }
  },
);

const access = { mapping: fc.constantFrom('A', 'B'), line: fc.constantFrom('x', 'y') };
const cell = fc.nat(1);
const says = fc.constant('');
const plain: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('load' as const),
    ...access,
    cell,
    says,
    register: fc.constantFrom('r0', 'r1'),
  }),
  fc.record({
    kind: fc.constant('store' as const),
    ...access,
    cell,
    says,
    value: fc.integer({ min: 1, max: 3 }),
  }),
);
const rare: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('flush' as const, 'clean' as const, 'invalidate' as const),
    ...access,
    says,
  }),
  fc.record({
    kind: fc.constantFrom('map' as const, 'unmap' as const),
    mapping: access.mapping,
    says,
  }),
  fc.record({ kind: fc.constant('crash' as const), says }),
  fc.record({
    kind: fc.constant('kernel-access' as const),
    does: fc.constantFrom('read' as const, 'write' as const),
    mapping: fc.constant('A'),
    line: fc.constant('x'),
    body: fc.array(plain, { maxLength: 1 }),
  }),
);
const randomProgram = fc
  .record({
    threads: fc.array(fc.array(fc.oneof({ arbitrary: plain, weight: 2 }, rare), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 2,
    }),
    sides: fc.constantFrom(['kernel', 'user'] as const, ['user', 'user'] as const),
    later: fc.boolean(),
    two: fc.boolean(),
  })
  .map(
    ({ threads, sides, later, two }): Program => ({
      name: 'R',
      title: '',
      about: '',
      // Not 0: a line that appears out of nothing must not look like memory.
      lines: [
        { name: 'x', page: 'p', cells: [1, 2] },
        ...(two ? [{ name: 'y', page: 'p', cells: [3, 1] }] : []),
      ],
      mappings: [
        { name: 'A', page: 'p', side: sides[0], ...(later ? { mappedLater: true } : {}) },
        { name: 'B', page: 'p', side: sides[1] },
      ],
      threads: threads.map((steps, i) => ({
        name: `P${i}`,
        steps: two ? steps : steps.map(inOneLine),
      })),
      question: { quantifier: 'exists', condition: { op: 'true' } },
      sources: [],
    }),
  );

function inOneLine(step: Step): Step {
  if (!('line' in step)) return step;
  return 'body' in step
    ? { ...step, line: 'x', body: step.body.map(inOneLine) }
    : { ...step, line: 'x' };
}

test('random programs end alike on every machine of the catalogue', () => {
  fc.assert(
    fc.property(
      randomProgram,
      fc.constantFrom(...machines),
      fc.constantFrom(...tried),
      (program, machine, remedy) => {
        compare(program, { model: cacheModelOf(machine), remedy }, machine);
      },
    ),
    { numRuns: 500 },
  );
});
