// What a witness says: who did what, what changed, and why it ended badly, for each cause.

import { expect, test } from 'vitest';
import { machineById } from '../hw/index.ts';
import type { Condition, Program, Step } from '../litmus/index.ts';
import {
  type CacheModel,
  cacheModelOf,
  genericModel,
  type RemedyName,
  scenarioByName,
  type ScenarioOptions,
  scenarios,
} from '../scenario/index.ts';
import { judgeScenario } from './scenario-verdict.ts';

const vipt = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
const vivt = genericModel({ aliasClass: 'vivt', write: 'back', ways: 'set' });
const pipt = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });

function scenario(name: string): Program {
  const found = scenarioByName(name);
  if (!found) throw new Error(name);
  return found;
}

function witness(program: Program, model: CacheModel, rest: Partial<ScenarioOptions> = {}) {
  const found = judgeScenario(program, { model, remedy: 'none', ...rest }).witness;
  if (!found) throw new Error(`no witness of ${program.name}`);
  return found;
}

function why(name: string, model: CacheModel, remedy: RemedyName = 'none'): readonly string[] {
  return witness(scenario(name), model, { remedy }).why;
}

const DIFFER =
  'The cache has 4 colours and the two addresses differ in colour: they index different sets, ' +
  'so one line of memory is held twice.';
const TAGS =
  'The cache is tagged by virtual address: two addresses of one page are two lines, and a ' +
  'congruent address only puts them in one set.';

const PASSED_BY =
  'The cache has 4 colours and the two addresses differ in colour: maintenance through one of ' +
  'them looks in another set and does not find the line of the other.';

test('a hit on an old copy: which line, and where the newer value is', () => {
  expect(why('L1', vipt)).toEqual([
    'The load hits the line under U, which still holds the old 0; the newer value is dirty ' +
      'under K.',
    DIFFER,
  ]);
  // Here the old copy was filled after the store: the sentence must not say otherwise.
  expect(why('L3', vivt)).toEqual([
    'The load hits the line under K, which still holds the old 0; the newer value is in ' +
      'memory (1).',
    TAGS,
  ]);
});

test('a miss that takes an old value from memory while the newer one is dirty elsewhere', () => {
  expect(why('L2', vipt)).toEqual([
    'The load misses and takes 0 from memory; the newer value is dirty under U, where a lookup ' +
      'under K does not find it.',
    DIFFER,
  ]);
});

test('an uncached load does not miss: it never asks the cache', () => {
  expect(why('L1', vivt, 'uncached-user')).toEqual([
    'The load goes around the cache and takes 0 from memory; the newer value is dirty under K.',
    'User accesses go around the cache, kernel accesses do not: they never meet.',
  ]);
});

test('a lost update: which line was written back last, and whether bytes went with it', () => {
  expect(why('L4', vipt)[0]).toBe(
    'The line under K was written back last: it replaced the whole line in memory, and with it ' +
      'a store made through the other address.',
  );
  expect(why('L5', vivt)).toEqual([
    'The line under U was written back last: it replaced the whole line, all its bytes, in ' +
      'memory, and with it a store made through the other address.',
    TAGS,
  ]);
});

test('a crash: the dirty line, and aliases only where a write-back took the other address', () => {
  const crash = (address: string) =>
    `When power failed the newest value was only in the dirty line under ${address}; nothing ` +
    'had written it back.';
  expect(why('L7', vipt)).toEqual([crash('K')]);
  expect(why('L8', pipt)).toEqual([crash('K and U')]);
  const persistence = { pmemApi: true, flushcache: true, flushCachePage: false };
  expect(witness(scenario('L8'), vipt, { persistence }).why).toEqual([crash('U'), PASSED_BY]);
  expect(witness(scenario('L8'), vivt, { persistence }).why).toEqual([
    crash('U'),
    'The cache is tagged by virtual address: maintenance through one address of a page does not ' +
      'find the line of the other.',
  ]);
});

test('a crash after a write-back through the right address has no alias in it', () => {
  const clean: Step = { kind: 'clean', mapping: 'K', line: 'x', says: '' };
  const again: Step = { kind: 'store', ...access, mapping: 'K', value: 2 };
  const one: Condition = { op: 'memory', line: 'x', cell: 0, value: 1 };
  expect(witness(asking(one, [[storeK, clean, again, crash]]), vipt).why).toEqual([
    'When power failed the newest value was only in the dirty line under K; nothing had written ' +
      'it back.',
  ]);
});

test('an old line that overwrote a newer store before the load is named as the cause', () => {
  const access = { mapping: 'K', line: 'x', cell: 0, says: '' } as const;
  const steps: readonly Step[] = [
    { ...access, kind: 'store', value: 1 },
    { ...access, kind: 'store', mapping: 'U', value: 2 },
    { kind: 'flush', mapping: 'U', line: 'x', says: '' },
    { kind: 'flush', mapping: 'K', line: 'x', says: '' },
    { ...access, kind: 'load', mapping: 'U', register: 'r0' },
  ];
  const program: Program = {
    ...scenario('L1'),
    threads: [{ name: 'P0', steps }],
    question: {
      quantifier: 'exists',
      condition: { op: 'register', thread: 'P0', register: 'r0', value: 1 },
    },
  };
  expect(witness(program, vipt).why[0]).toMatch(/^The line under K was written back last/);
});

test('the newer value is that of the cell that is loaded', () => {
  const access = { mapping: 'K', line: 'x', cell: 1, says: '' } as const;
  const steps: readonly Step[] = [
    { ...access, kind: 'load', mapping: 'U', register: 'r0' },
    { ...access, kind: 'store', value: 3 },
    { kind: 'flush', mapping: 'K', line: 'x', says: '' },
    { ...access, kind: 'load', mapping: 'U', register: 'r1' },
  ];
  const program: Program = {
    ...scenario('L1'),
    lines: [{ name: 'x', page: 'x', cells: [0, 2] }],
    threads: [{ name: 'P0', steps }],
    question: {
      quantifier: 'exists',
      condition: { op: 'register', thread: 'P0', register: 'r1', value: 2 },
    },
  };
  expect(witness(program, vipt).why[0]).toMatch(/still holds the old 2; .* is in memory \(3\)\.$/);
});

const access = { line: 'x', cell: 0, says: '' } as const;
const crash: Step = { kind: 'crash', says: 'power fails' };

/** A program on a line x of K and U that holds 0; thread i runs on CPU i. */
function asking(
  condition: Condition,
  threads: readonly (readonly Step[])[],
  rest: Partial<Program> = {},
): Program {
  return {
    ...scenario('L1'),
    threads: threads.map((steps, i) => ({ name: `P${i}`, cpu: i, steps })),
    question: { quantifier: 'exists', condition },
    ...rest,
  };
}

function register(thread: string, name: string, value: number): Condition {
  return { op: 'register', thread, register: name, value };
}

const x0: Condition = { op: 'memory', line: 'x', cell: 0, value: 0 };
const storeK: Step = { kind: 'store', ...access, mapping: 'K', value: 1 };
const flushK: Step = { kind: 'flush', line: 'x', mapping: 'K', says: '' };

const SPLIT =
  'Stores do not reach the instruction cache, and fetches do not look into the data cache: the ' +
  'line must be written back, and then dropped from the instruction cache.';

test('a fetch of old bytes: what stores do not reach, not why there are aliases', () => {
  const fetchK = (name: string): Step => ({
    kind: 'fetch',
    ...access,
    mapping: 'K',
    register: name,
  });
  const missed = asking(register('P0', 'r0', 0), [[storeK, fetchK('r0')]]);
  for (const model of [pipt, vipt]) {
    expect(witness(missed, model).why).toEqual([
      `The fetch misses and takes 0 from memory; the newer value is dirty under K${
        model === pipt ? ' and U' : ''
      }, where a fetch does not find it.`,
      SPLIT,
    ]);
  }
  const steps = [fetchK('r0'), storeK, flushK, fetchK('r1')];
  const hit = asking(register('P0', 'r1', 0), [steps]);
  expect(witness(hit, vipt).why).toEqual([
    'The fetch hits the instruction-cache line under K, which still holds the old 0; the newer ' +
      'value is in memory (1).',
    SPLIT,
  ]);
});

test('a fetch after maintenance through another address: the line was passed by', () => {
  const fetchU: Step = { kind: 'fetch', ...access, mapping: 'U', register: 'r0' };
  const cleanU: Step = { kind: 'clean', mapping: 'U', line: 'x', says: '' };
  const dropK: Step = { kind: 'invalidate-icache', mapping: 'K', line: 'x', says: '' };
  const old = register('P0', 'r0', 0);
  const dirty = asking(old, [[storeK, cleanU, fetchU]]);
  expect(witness(dirty, vipt).why.slice(1)).toEqual([SPLIT, PASSED_BY]);
  const left = asking(old, [[storeK, flushK, dropK, fetchU]]);
  const fetchPassedBy = PASSED_BY.replace('The cache', 'The instruction cache');
  expect(witness(left, vipt).why.slice(1)).toEqual([SPLIT, fetchPassedBy]);
  const through = { ...vipt, write: 'through' } as const;
  expect(witness(left, through).why.slice(1)).toEqual([
    'Stores go to memory and do not reach the instruction cache: the line must be dropped from it.',
    fetchPassedBy,
  ]);
});

test('a crash between two steps loses nothing that was stored: the rest was not done', () => {
  const asked = asking(x0, [[{ kind: 'mark', says: '' }, storeK, flushK]], { crashAnywhere: true });
  expect(witness(asked, pipt).why).toEqual([
    'Power failed before P0 had ended: what they had not done yet is not done.',
  ]);
});

test('a crash does not lose what memory has as well', () => {
  const two = {
    lines: [...scenario('L1').lines, { name: 'y', page: 'x', cells: [0] }],
  };
  const storeY: Step = { ...access, kind: 'store', line: 'y', mapping: 'K', value: 0 };
  const asked = asking(x0, [[storeK, storeY, crash]], two);
  expect(witness(asked, pipt).why).toEqual([
    'When power failed the newest value was only in the dirty line under K and U; nothing had ' +
      'written it back.',
  ]);
});

test('under eADR no dirty line is lost; what overwrote the newer store is the cause', () => {
  const storeU: Step = { kind: 'store', ...access, mapping: 'U', value: 2 };
  const one: Condition = { op: 'memory', line: 'x', cell: 0, value: 1 };
  const asked = asking(one, [[storeK, storeU, crash]], { medium: 'eadr' });
  expect(witness(asked, vipt).why).toEqual([
    'The line under K was written back last: it replaced the whole line in memory, and with it ' +
      'a store made through the other address.',
    DIFFER,
  ]);
});

test('a deadlock: who waits for what, and nothing of the cache', () => {
  const lock = (name: string): Step => ({ kind: 'lock', lock: name, says: '' });
  const unmap: Step = { kind: 'unmap', mapping: 'U', says: '' };
  const loadU: Step = { kind: 'load', ...access, mapping: 'U', register: 'r0' };
  const threads = [[lock('m'), lock('m')], [unmap, loadU], [storeK]];
  const asked = asking({ op: 'deadlock', value: 1 }, threads, { locks: ['m'] });
  expect(witness(asked, vipt).why).toEqual([
    'No thread can go on: P0 waits for the lock m, P1 waits for U to be in reach.',
  ]);
});

test('an invalidate that loses a store needs no alias', () => {
  const invalidate: Step = { kind: 'invalidate', line: 'x', mapping: 'K', says: '' };
  const lost =
    'The dirty line under K was invalidated without being written back: its stores are gone.';
  expect(witness(asking(x0, [[storeK, invalidate]]), vipt).why).toEqual([lost]);
  const loadK: Step = { kind: 'load', ...access, mapping: 'K', register: 'r0' };
  const seen = asking(register('P0', 'r0', 0), [[storeK, invalidate, loadK]]);
  expect(witness(seen, vipt).why).toEqual([lost]);
});

test('two CPUs: on which one each line is, and why the other was not asked', () => {
  const flag = { line: 'f', cell: 0, mapping: 'F', says: '' } as const;
  const raise: Step = { kind: 'store', ...flag, value: 1 };
  const look: Step = { kind: 'load', ...flag, register: 'f' };
  const loadU: Step = { kind: 'load', ...access, mapping: 'U', register: 'r0' };
  const both: Condition = { op: 'and', of: [register('P1', 'f', 1), register('P1', 'r0', 0)] };
  const asked = asking(
    both,
    [
      [storeK, raise],
      [look, loadU],
    ],
    {
      lines: [...scenario('L1').lines, { name: 'f', page: 'f', cells: [0] }],
      mappings: [
        ...scenario('L1').mappings,
        { name: 'F', page: 'f', side: 'kernel', uncached: true },
      ],
    },
  );
  const missed =
    'The load misses and takes 0 from memory; the newer value is dirty under K on CPU 0, where a ' +
    'lookup under U does not find it.';
  const only = (what: string) => `Other CPUs are asked for the line under the same ${what} only.`;
  expect(witness(asked, vipt).why).toEqual([missed, DIFFER, only('colour')]);
  expect(witness(asked, vivt).why).toEqual([missed, TAGS, only('address')]);
});

test('an uncached mapping never meets the cache', () => {
  const mappings = scenario('L1').mappings.map((m) =>
    m.name === 'U' ? ({ ...m, uncached: true } as const) : m,
  );
  const loadU: Step = { kind: 'load', ...access, mapping: 'U', register: 'r0' };
  const asked = asking(register('P0', 'r0', 0), [[storeK, loadU]], { mappings });
  expect(witness(asked, vipt).why).toEqual([
    'The load goes around the cache and takes 0 from memory; the newer value is dirty under K.',
    'Accesses through U go around the cache, others do not: they never meet.',
  ]);
});

test('error codes are told as negative numbers, in memory too', () => {
  const loadU = (name: string): Step => ({
    kind: 'load',
    ...access,
    mapping: 'U',
    register: name,
  });
  const storeError: Step = { ...storeK, kind: 'store', ...access, mapping: 'K', value: -2 };
  const steps = [loadU('r0'), storeError, flushK, loadU('r1')];
  const asked = asking(register('P0', 'r1', 0), [steps], { signed: true });
  expect(witness(asked, vipt).why[0]).toMatch(/in memory \(-2\)\.$/);
});

test('only lines with the newest value are named as holding it', () => {
  const v = { name: 'V', page: 'x', side: 'user' } as const;
  const storeU: Step = { kind: 'store', ...access, mapping: 'U', value: 2 };
  const loadV: Step = { kind: 'load', ...access, mapping: 'V', register: 'r0' };
  const mappings = [...scenario('L1').mappings, v];
  const asked = asking(register('P0', 'r0', 0), [[storeK, storeU, loadV]], { mappings });
  expect(witness(asked, vipt).why[0]).toBe(
    'The load misses and takes 0 from memory; the newer value is dirty under U, where a lookup ' +
      'under V does not find it.',
  );
});

test('a witness tells hits and misses, hardware, and only what changes', () => {
  const { steps, condition, replay, scenario: name, remedy } = witness(scenario('L4'), vipt);
  expect([name, remedy, condition]).toEqual(['L4', 'none', 'x[0]=1']);
  expect(steps.map((s) => `${s.id} ${s.actor}: ${s.says}`)).toEqual([
    'P0.0 program: write() stores 1 through K: miss',
    'P0.1 program: the process stores 2 through U: miss',
    'evict.x.U hardware: the cache evicts the copy of x under U: written back',
    'evict.x.K hardware: the cache evicts the copy of x under K: written back',
  ]);
  expect(steps.map((s) => s.changes)).toEqual([
    [{ kind: 'copy', what: 'copy of x under K', from: 'absent', to: 'dirty 1' }],
    [{ kind: 'copy', what: 'copy of x under U', from: 'absent', to: 'dirty 2' }],
    [
      { kind: 'copy', what: 'copy of x under U', from: 'dirty 2', to: 'absent' },
      { kind: 'memory', what: 'memory x', from: '0', to: '2' },
    ],
    [
      { kind: 'copy', what: 'copy of x under K', from: 'dirty 1', to: 'absent' },
      { kind: 'memory', what: 'memory x', from: '2', to: '1' },
    ],
  ]);
  expect(replay).toBe('P0.0,P0.1,evict.x.U,evict.x.K');
});

test('reach, registers, fills and uncached accesses are told too', () => {
  const reach = witness(scenario('L2'), vipt).steps;
  expect(reach[1]?.changes).toEqual([
    { kind: 'reach', what: 'K', from: 'out of reach', to: 'in reach' },
  ]);
  expect(reach.flatMap((s) => s.changes).map((c) => c.kind)).not.toContain('register');
  const around = witness(scenario('L1'), vivt, { remedy: 'uncached-user' }).steps;
  expect(around.map((s) => s.says)).toContain('the process loads through U, uncached');
  const arm = machineById('arm926ej-s');
  if (!arm) throw new Error('arm926ej-s');
  const filled = witness(scenario('L3'), cacheModelOf(arm)).steps;
  expect(filled.map((s) => s.says)).toContain('the cache fills the copy of x under K');
});

test('every witness of every scenario and remedy has a cause in whole sentences', () => {
  const remedies = [
    'none',
    'congruent',
    'flush-literal',
    'flush-reachable',
    'uncached-user',
  ] as const;
  let told = 0;
  for (const program of scenarios) {
    for (const model of [vipt, vivt]) {
      for (const remedy of remedies) {
        const found = judgeScenario(program, { model, remedy }).witness;
        if (!found) continue;
        told += 1;
        expect(found.why.length).toBeGreaterThan(0);
        for (const sentence of found.why) {
          expect(sentence).toMatch(/^[A-Z][ -~]*\.$/);
          expect(sentence).not.toMatch(/ is [,.]|undefined|NaN/);
        }
      }
    }
  }
  expect(told).toBeGreaterThan(60);
});
