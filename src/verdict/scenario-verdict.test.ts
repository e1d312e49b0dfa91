// The verdicts of the built-in scenarios and remedies, against what was worked out by hand.

import { expect, test } from 'vitest';
import { coherenceScenarios, genericModel, type RemedyName, scenarios } from '../scenario/index.ts';
import { judgeScenario, remediesThatHelp } from './scenario-verdict.ts';

type Kind = 'vivt' | 'vipt-aliasing' | 'vipt-nonaliasing' | 'pipt';

function staleOnes(
  aliasClass: Kind,
  write: 'back' | 'through',
  ways: 'direct' | 'set',
  remedy: RemedyName = 'none',
): string {
  const model = genericModel({ aliasClass, write, ways });
  return scenarios
    .filter((s) => judgeScenario(s, { model, remedy }).stale)
    .map((s) => s.name)
    .join(' ');
}

const ALL = 'L1 L2 L3 L4 L5 L6 L7 L8 L9 L10';

test.each([
  ['vivt', 'back', 'set', ALL],
  ['vivt', 'back', 'direct', ALL],
  ['vipt-aliasing', 'back', 'set', ALL],
  ['vipt-aliasing', 'back', 'direct', ALL],
  // Write-through: only the stale reads; no lost update, nothing to lose in a crash.
  ['vivt', 'through', 'set', 'L1 L3 L6 L10'],
  ['vivt', 'through', 'direct', 'L1 L3 L6 L10'],
  ['vipt-aliasing', 'through', 'set', 'L1 L3 L6 L10'],
  // No aliases: only durability is left, and only for write-back caches.
  ['vipt-nonaliasing', 'back', 'set', 'L7 L8'],
  ['pipt', 'back', 'set', 'L7 L8'],
  ['vipt-nonaliasing', 'through', 'set', ''],
  ['pipt', 'through', 'direct', ''],
] as const)(
  '%s, write-%s, %s: the stale scenarios are exactly these',
  (kind, write, ways, stale) => {
    expect(staleOnes(kind, write, ways)).toBe(stale);
  },
);

test('a congruent kernel mapping cures VIPT and direct-mapped VIVT, not VIVT with ways', () => {
  expect(staleOnes('vipt-aliasing', 'back', 'set', 'congruent')).toBe('L6 L7 L8');
  expect(staleOnes('vivt', 'back', 'direct', 'congruent')).toBe('L6 L7 L8');
  expect(staleOnes('vivt', 'back', 'set', 'congruent')).toBe(ALL);
});

test('user against user needs all mappings congruent', () => {
  expect(staleOnes('vipt-aliasing', 'back', 'set', 'congruent-all')).toBe('L7 L8');
});

test("Wilcox's two rules, taken literally, leave L1, L3 and L5", () => {
  const left = staleOnes('vipt-aliasing', 'back', 'set', 'flush-literal').split(' ');
  expect(left).toEqual(expect.arrayContaining(['L1', 'L3', 'L5']));
  expect(left).not.toContain('L2');
  expect(left).not.toContain('L4');
});

test('the complete rule cures every kernel/user scenario, on VIVT too', () => {
  for (const kind of ['vivt', 'vipt-aliasing'] as const) {
    expect(staleOnes(kind, 'back', 'set', 'flush-complete')).toBe('L6 L8');
  }
});

test('flushing both sides is not enough while both mappings stay in reach of fills', () => {
  expect(staleOnes('vipt-aliasing', 'back', 'set', 'flush-reachable')).toContain('L1');
});

test('uncached user mappings alone do not help; all mappings uncached do', () => {
  expect(staleOnes('vivt', 'back', 'set', 'uncached-user')).toContain('L1');
  expect(staleOnes('vivt', 'back', 'set', 'uncached')).toBe('');
});

test('deny leaves nothing to go wrong', () => {
  expect(staleOnes('vivt', 'back', 'set', 'deny')).toBe('');
});

test('a congruence modulus that does not cover the way size cures nothing', () => {
  const model = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
  for (const program of coherenceScenarios) {
    const options = { model, remedy: 'congruent', modulusSuffices: false } as const;
    expect(judgeScenario(program, options).stale).toBe(true);
  }
});

test('fsync makes write() and stores durable where the kernel can flush', () => {
  const model = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });
  const persistence = { pmemApi: true, flushcache: true, flushCachePage: false };
  for (const name of ['L7', 'L8']) {
    const program = scenarios.find((s) => s.name === name);
    if (!program) throw new Error(name);
    expect(judgeScenario(program, { model, remedy: 'none', persistence }).observation).toBe(
      'Never',
    );
    // riscv: a PMEM API without the flushcache copy leaves L7 open and mends L8.
    const riscv = { pmemApi: true, flushcache: false, flushCachePage: false };
    const verdict = judgeScenario(program, { model, remedy: 'none', persistence: riscv });
    expect(verdict.stale).toBe(name === 'L7');
  }
});

test('the shortest witness of L1 is the three steps of the scenario itself', () => {
  const model = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
  const program = scenarios.find((s) => s.name === 'L1');
  if (!program) throw new Error('L1');
  const { witness } = judgeScenario(program, { model, remedy: 'none' });
  expect(witness?.replay).toBe('P0.0,P0.1,P0.2');
  expect(remediesThatHelp(program, { model })).toEqual([
    'congruent',
    'congruent-all',
    'flush-complete',
    'uncached',
    'deny',
  ]);
});

test('Always: no outcome without the bad values', () => {
  const model = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });
  const program = scenarios.find((s) => s.name === 'L6');
  if (!program) throw new Error('L6');
  const [thread] = program.threads;
  const steps = thread?.steps.filter((step) => step.kind === 'load') ?? [];
  const alone = { ...program, threads: [{ name: 'P0', steps }] };
  const verdict = judgeScenario(alone, { model, remedy: 'none' });
  expect([verdict.observation, verdict.positive, verdict.negative]).toEqual(['Always', 1, 0]);
});

test('a bound is never a pass', () => {
  const model = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });
  const program = scenarios.find((s) => s.name === 'L1');
  if (!program) throw new Error('L1');
  const verdict = judgeScenario(program, { model, remedy: 'none' }, { states: 3, depth: 100 });
  expect(verdict.observation).toBe('bound');
  expect(verdict.bound).toBe('3 states');
});
