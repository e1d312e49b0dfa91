// A litmus test over beds: equal systems once, equal outcomes together, claims held against them.

import { expect, test } from 'vitest';
import { assert, present } from '../base/index.ts';
import { explore } from '../explore/index.ts';
import { machineById } from '../hw/index.ts';
import { policyById } from '../kernel/index.ts';
import {
  type Condition,
  parseLitmus,
  type Program,
  type Question,
  type ResultLine,
  type Step,
} from '../litmus/index.ts';
import { bedOf, cacheKinds, type Setting } from './settings.ts';
import { type JudgedTest, judgeTest, type Searcher } from './test-verdict.ts';

const search: Searcher = ({ system, question }, bounds) => explore(system, question, bounds);
const bounds = { states: 10_000, depth: 1000 };
const how = { search, bounds };
const x = { line: 'x', cell: 0 } as const;
const store: Step = { kind: 'store', mapping: 'k', ...x, value: 1, says: 'P0 stores 1 through k' };
const load: Step = { kind: 'load', mapping: 'u', ...x, register: 'r0', says: 'P0 loads through u' };
const r0: Condition = { op: 'register', thread: 'P0', register: 'r0', value: 0 };

function program(
  question: Question,
  steps: readonly (readonly Step[])[] = [[store, load]],
): Program {
  return {
    name: 'CoWR',
    title: '',
    about: '',
    lines: [{ name: 'x', page: 'x', cells: [0] }],
    mappings: [
      { name: 'k', page: 'x', side: 'kernel', colour: 0 },
      { name: 'u', page: 'x', side: 'user', colour: 1 },
    ],
    threads: steps.map((list, i) => ({ name: `P${i}`, steps: list })),
    question,
    sources: [],
    locks: ['l'],
  };
}

function judge(question: Question, more: Partial<JudgedTest> = {}, on: readonly Setting[] = kinds) {
  return judgeTest({ program: program(question), calls: [], results: [], ...more }, on, how);
}

const kinds: readonly Setting[] = cacheKinds.map((bed) => ({ bed, remedy: 'none' }));
const never: ResultLine = { word: 'Never', on: [], under: [], with: [] };
const onVirtual: ResultLine = {
  ...never,
  word: 'Sometimes',
  on: [
    [{ kind: 'trait', not: false, trait: 'vivt' }],
    [{ kind: 'trait', not: false, trait: 'vipt-aliasing' }],
  ],
};

test('what a kernel that runs cannot be asked is not checked, with a hint', async () => {
  const init = 'page x = 0; device d = pmem; mount m = ext4(d, dax=never); file f = x on m;';
  const thread = 'P0(struct file *f)\n{\n\twrite(f, 1);\n}';
  const bed = bedOf(present(machineById('skylake'), 'a machine'));
  const kernel = { ...present(policyById('6.9'), '6.9'), id: '6.12' };
  const parsed = parseLitmus(`DAX t\n\n{\n\t${init}\n}\n\n${thread}\n\nexists (x=1)\n`, 't');
  assert(parsed.ok, 'the sample is a test');
  const { notChecked } = await judgeTest(parsed.test, [{ bed, kernel, remedy: 'none' }], how);
  expect(notChecked.map(({ why }) => why)).toEqual([
    'x is in the page cache here: what its medium holds is not followed; ask what read() gives',
  ]);
});

test('sixteen kinds, fewer systems, two outcomes, with their end states counted', async () => {
  const verdict = await judge({ quantifier: 'exists', condition: r0 });
  expect(verdict.systems).toBeLessThan(8);
  expect(verdict.groups.map((g) => [g.outcome.observation, g.settings.length])).toEqual([
    ['Sometimes', 8],
    ['Never', 8],
  ]);
  const [stale, right] = verdict.groups;
  expect([stale?.outcome.positive, stale?.outcome.negative, stale?.outcome.ok]).toEqual([
    1,
    1,
    true,
  ]);
  expect([right?.outcome.positive, right?.outcome.negative, right?.outcome.ok]).toEqual([
    0,
    1,
    false,
  ]);
  expect(stale?.outcome.witness?.steps.length).toBeGreaterThan(1);
  expect(right?.outcome.witness).toBeUndefined();
});

test.each([
  ['not-exists', 'Sometimes', [1, 1], false],
  ['forall', 'Sometimes', [1, 1], false],
] as const)(
  '%s counts the states of its condition and is refuted',
  async (quantifier, word, counts, ok) => {
    const [group] = (await judge({ quantifier, condition: r0 })).groups;
    const { observation, positive, negative } = group?.outcome ?? {};
    expect([observation, [positive, negative], group?.outcome.ok]).toEqual([word, counts, ok]);
  },
);

test('forall holds where its condition fails nowhere, and is then Always', async () => {
  const groups = (await judge({ quantifier: 'forall', condition: { op: 'not', of: r0 } })).groups;
  const right = groups.find((g) => g.outcome.ok === true);
  expect([right?.outcome.observation, right?.outcome.negative]).toEqual(['Always', 0]);
});

test('only end states that pass the filter count', async () => {
  const filter: Condition = { ...r0, value: 1 };
  const groups = (await judge({ quantifier: 'exists', condition: r0, filter })).groups;
  expect(groups.map((g) => [g.outcome.observation, g.outcome.negative])).toEqual([['Never', 1]]);
});

test('claims: what is not as a Result line says is told, and where none speaks', async () => {
  const question: Question = { quantifier: 'exists', condition: r0 };
  const right = await judge(question, { results: [never, onVirtual] });
  expect(right.groups.flatMap((g) => g.unexpected)).toEqual([]);
  const wrong = await judge(question, { results: [never] });
  expect(wrong.groups.map((g) => g.unexpected.length)).toEqual([8, 0]);
  expect((await judge(question)).groups.map((g) => g.unstated.length)).toEqual([8, 8]);
});

test('a search that is cut off says neither Never nor Always', async () => {
  const cut = await judgeTest(
    { program: program({ quantifier: 'exists', condition: r0 }), calls: [], results: [never] },
    kinds.slice(-1),
    { search, bounds: { states: 1, depth: 1000 } },
  );
  const [group] = cut.groups;
  expect([group?.outcome.observation, group?.outcome.ok]).toEqual(['bound', undefined]);
  expect(group?.outcome.bound).toBe('1 states');
});

test('threads that wait for ever are counted apart', async () => {
  const lock: Step = { kind: 'lock', lock: 'l', says: '' };
  const question: Question = { quantifier: 'exists', condition: r0 };
  const stuck = program(question, [[lock, store, load], [lock]]);
  const verdict = await judgeTest({ program: stuck, calls: [], results: [] }, kinds.slice(-1), how);
  const ends = verdict.groups.flatMap((g) => g.outcome.ends);
  expect(ends.filter((e) => e.deadlock)).toHaveLength(2);
  expect(verdict.groups.map((g) => g.outcome.positive + g.outcome.negative)).toEqual([0]);
});

test('a question to the kernel: its answer, or why there is none', async () => {
  const call: Step = { kind: 'call', name: 'alloc_dax', register: 'r0', failures: [], says: '' };
  const question: Question = { quantifier: 'exists', condition: { ...r0, value: -95 } };
  const asking = { ...program(question, [[call]]), valueBits: 8, signed: true } as const;
  const calls = [{ name: 'alloc_dax', call: { kind: 'alloc_dax', device: 'pmem' } }] as const;
  const kernel = policyById('6.9');
  const settings: Setting[] = ['arm926ej-s', 'cortex-a9'].flatMap((id) => {
    const machine = machineById(id);
    return machine && kernel ? [{ bed: bedOf(machine), kernel, remedy: 'none' }] : [];
  });
  const verdict = await judgeTest(
    { program: asking, calls, results: [] },
    [...settings, ...kinds],
    how,
  );
  expect(verdict.groups.map((g) => [g.outcome.observation, g.outcome.ends[0]?.values])).toEqual([
    ['Always', [-95, 0]],
    ['Never', [0, 0]],
  ]);
  expect(verdict.notChecked).toHaveLength(16);
  expect(verdict.notChecked[0]?.why).toMatch(/kind of cache has none/);
});
