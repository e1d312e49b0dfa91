// The sentences and changes of a witness, for each kind of step, and the history behind them.

import { expect, test } from 'vitest';
import { replay } from '../explore/index.ts';
import type { Program, Step } from '../litmus/index.ts';
import { type CacheModel, compileScenario, genericModel } from '../scenario/index.ts';
import { historyOf } from './history.ts';
import { witnessOf } from './witness.ts';

const pipt = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });
const vivt = genericModel({ aliasClass: 'vivt', write: 'back', ways: 'set' });
const access = { mapping: 'K', line: 'x', cell: 0 } as const;

function program(threads: readonly (readonly Step[])[], rest: Partial<Program> = {}): Program {
  return {
    name: 'T',
    title: '',
    about: '',
    lines: [{ name: 'x', page: 'p', cells: [0] }],
    mappings: [{ name: 'K', page: 'p', side: 'kernel' }],
    threads: threads.map((steps, i) => ({ name: `P${i}`, cpu: i, steps })),
    question: { quantifier: 'exists', condition: { op: 'true' } },
    sources: [],
    ...rest,
  };
}

function compiled(asked: Program, model: CacheModel = pipt, answers = {}) {
  return compileScenario(asked, { model, remedy: 'none', answers });
}

/** The run that a list of choices names, told as `actor: says; what from -> to`. */
function told(scenario: ReturnType<typeof compiled>, ids: string): readonly string[] {
  const path = replay(scenario.system, ids.split(' '));
  if (!path) throw new Error(`${ids} cannot be taken`);
  return witnessOf(scenario, path).steps.map(({ actor, says, changes }) =>
    [`${actor}: ${says}`, ...changes.map((c) => `${c.what} ${c.from} -> ${c.to}`)].join('; '),
  );
}

test('a fetch hits or misses its own cache, whose copies have a name of their own', () => {
  const fetch: Step = { kind: 'fetch', ...access, register: 'r0', says: 'P0 fetches' };
  const store: Step = { kind: 'store', ...access, value: 1, says: 'P0 stores 1' };
  const drop: Step = {
    kind: 'invalidate-icache',
    mapping: 'K',
    line: 'x',
    says: 'P0 drops the line',
  };
  const asked = program([[store, fetch, drop, fetch]]);
  expect(told(compiled(asked), 'P0.0 P0.1 P0.2 evict.x.K P0.3 evict.x.K.icache')).toEqual([
    'program: P0 stores 1: miss; copy of x under K absent -> dirty 1',
    'program: P0 fetches: miss; instruction copy of x under K absent -> clean 0',
    'program: P0 drops the line; instruction copy of x under K clean 0 -> absent',
    'hardware: the cache evicts the copy of x under K: written back; ' +
      'copy of x under K dirty 1 -> absent; memory x 0 -> 1',
    'program: P0 fetches: miss; instruction copy of x under K absent -> clean 1; P0:r0 0 -> 1',
    'hardware: the cache evicts the instruction copy of x under K; ' +
      'instruction copy of x under K clean 1 -> absent',
  ]);
  expect(told(compiled(asked), 'P0.0 fill.x.K.icache P0.1').slice(1)).toEqual([
    'hardware: the cache fills the instruction copy of x under K; ' +
      'instruction copy of x under K absent -> clean 0',
    'program: P0 fetches: hit',
  ]);
  const coherent = compiled(asked, { ...pipt, icache: 'coherent' });
  expect(told(coherent, 'P0.0 P0.1')[1]).toBe('program: P0 fetches; P0:r0 0 -> 1');
});

test('copies of several CPUs are told apart', () => {
  const store: Step = { kind: 'store', ...access, value: 1, says: 'stores' };
  const load: Step = { kind: 'load', ...access, register: 'r0', says: 'loads' };
  expect(told(compiled(program([[store], [load]])), 'P0.0 P1.0')).toEqual([
    'program: stores: miss; copy of x under K on CPU 0 absent -> dirty 1',
    'program: loads: miss; copy of x under K on CPU 0 dirty 1 -> clean 1; ' +
      'copy of x under K on CPU 1 absent -> clean 1; memory x 0 -> 1; P1:r0 0 -> 1',
  ]);
});

test('conditions say yes or no, a failing call its error', () => {
  const call: Step = {
    kind: 'call',
    name: 'f',
    register: 'r0',
    failures: [-2],
    says: 'P0 calls f()',
  };
  const r0 = { op: 'register', register: 'r0' } as const;
  const condition = { op: 'lt', a: r0, b: 0 } as const;
  const branch: Step = { kind: 'if', condition, yes: [], no: [], says: 'r0 < 0?' };
  const loop: Step = { kind: 'while', condition, body: [], says: 'while r0 < 0' };
  const scenario = compiled(program([[call, branch, loop]], { signed: true }));
  expect(told(scenario, 'P0.0:-2 P0.1 P0.2')).toEqual([
    'failure: P0 calls f() and fails: -2; P0:r0 0 -> -2',
    'program: r0 < 0?: yes',
    'program: while r0 < 0: yes',
  ]);
  expect(told(scenario, 'P0.0 P0.1:else P0.2:else')).toEqual([
    'program: P0 calls f()',
    'program: r0 < 0?: no',
    'program: while r0 < 0: no',
  ]);
});

test('locks, crashes and deadlocks', () => {
  const lock: Step = { kind: 'lock', lock: 'm', says: 'takes m' };
  const asked = program([[lock], [lock]], { locks: ['m'], crashAnywhere: true });
  const scenario = compiled(asked);
  expect(told(scenario, 'P0.0 deadlock')).toEqual([
    'program: takes m; m free -> held',
    'failure: no thread can go on',
  ]);
  expect(told(scenario, 'P0.0 crash')).toEqual([
    'program: takes m; m free -> held',
    'crash: power fails; m held -> free',
  ]);
  const crash: Step = { kind: 'crash', says: 'the plug is pulled' };
  expect(told(compiled(program([[crash]])), 'P0.0')).toEqual(['crash: the plug is pulled']);
});

test('a deadlock stays the cause when a line is written back after it', () => {
  const lock: Step = { kind: 'lock', lock: 'm', says: '' };
  const store: Step = { kind: 'store', ...access, value: 1, says: '' };
  const scenario = compiled(program([[store, lock, lock]], { locks: ['m'] }));
  const path = replay(scenario.system, ['P0.0', 'P0.1', 'deadlock', 'evict.x.K']);
  expect(path && witnessOf(scenario, path).why).toEqual([
    'No thread can go on: P0 waits for the lock m.',
  ]);
});

test('an uncached access says so, unless the line is a variable known by its own name', () => {
  const flag = { kind: 'store', line: 'f', cell: 0, value: 1, says: 'raises f' } as const;
  const around = { page: 'f', side: 'kernel', uncached: true } as const;
  const asked = program(
    [
      [
        { ...flag, mapping: 'f' },
        { ...flag, mapping: 'F' },
      ],
    ],
    {
      lines: [{ name: 'f', page: 'f', cells: [0] }],
      mappings: [
        { name: 'f', ...around },
        { name: 'F', ...around },
      ],
    },
  );
  expect(told(compiled(asked), 'P0.0 P0.1')).toEqual([
    'program: raises f; memory f 0 -> 1',
    'program: raises f, uncached',
  ]);
});

test('the history knows the newest value of each cell, whoever stored it and however', () => {
  const exchange: Step = { kind: 'exchange', ...access, value: 2, register: 'r0', says: '' };
  const again: Step = {
    kind: 'store',
    ...access,
    mapping: 'U',
    value: { op: 'add', a: { op: 'register', register: 'r0' }, b: 1 },
    says: '',
  };
  const set: Step = { kind: 'set', register: 'r1', value: 1, says: '' };
  const load: Step = { kind: 'load', ...access, register: 'r1', says: '' };
  const scenario = compiled(
    program([[exchange, again, set], [load]], {
      lines: [{ name: 'x', page: 'p', cells: [3, 1] }],
      mappings: [
        { name: 'K', page: 'p', side: 'kernel' },
        { name: 'U', page: 'p', side: 'user' },
      ],
    }),
    vivt,
  );
  const path = replay(scenario.system, [
    'fill.x.U@0',
    'P0.0',
    'P0.1',
    'evict.x.K@0',
    'P0.2',
    'P1.0',
  ]);
  if (!path) throw new Error('the path can be taken');
  const { moments, newest } = historyOf(scenario, path);
  // What the hardware does by itself is no moment of the program; r0 was 3, and 3 + 1 is 0 here.
  expect(moments.map((m) => [m.index, m.thread.name, m.thread.cpu, m.step.kind, m.newest])).toEqual(
    [
      [1, 'P0', 0, 'exchange', 3],
      [2, 'P0', 0, 'store', 2],
      [4, 'P0', 0, 'set', undefined],
      [5, 'P1', 1, 'load', 0],
    ],
  );
  expect([...newest]).toEqual([
    ['x[0]', 0],
    ['x[1]', 1],
  ]);
});
