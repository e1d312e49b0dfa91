// Which copies a line can have, what they are called, and which fields a state has at all.

import { expect, test } from 'vitest';
import type { Mapping, Program, Step } from '../litmus/index.ts';
import { type CacheModel, genericModel } from './cache-model.ts';
import { compileScenario } from './compile.ts';
import { copyFor, peersOf, registersOf } from './names.ts';

const says = '';
const pipt = genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });
const vipt = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
const vivt = genericModel({ aliasClass: 'vivt', write: 'back', ways: 'set' });

function mapping(name: string, colour: number, page = 'p'): Mapping {
  return { name, page, side: 'user', colour };
}

function fetch(through: string, line = 'x'): Step {
  return { kind: 'fetch', mapping: through, line, cell: 0, register: 'r0', says };
}

const load: Step = { kind: 'load', mapping: 'A', line: 'x', cell: 0, register: 'r0', says };

function named(model: CacheModel, rest: Partial<Program> = {}) {
  const program: Program = {
    name: 'T',
    title: '',
    about: '',
    lines: [{ name: 'x', page: 'p', cells: [1] }],
    mappings: [mapping('A', 1), mapping('B', 5), mapping('C', 2)],
    threads: [{ name: 'P0', steps: [load] }],
    question: { quantifier: 'exists', condition: { op: 'true' } },
    sources: [],
    ...rest,
  };
  return compileScenario(program, { model, remedy: 'none' }).names;
}

function labels(model: CacheModel, rest: Partial<Program> = {}): readonly string[] {
  return named(model, rest).copies.map((c) => c.label);
}

test('one copy for each address, colour or line, as the cache tells them apart', () => {
  expect(labels(vivt)).toEqual(['x.A', 'x.B', 'x.C']);
  // Colours 1 and 5 are one of four.
  expect(labels(vipt)).toEqual(['x.A+B', 'x.C']);
  expect(labels(pipt)).toEqual(['x.A+B+C']);
});

test('a page has the copies of its own addresses, and what is uncached has none', () => {
  const apart: Mapping = { ...mapping('C', 0), uncached: true };
  const mappings = [mapping('A', 0), mapping('B', 0, 'q'), apart];
  const lines = [
    { name: 'x', page: 'p', cells: [1] },
    { name: 'y', page: 'q', cells: [1] },
  ];
  expect(labels(vivt, { mappings, lines })).toEqual(['x.A', 'y.B']);
});

test('each CPU that runs a thread has copies of its own; one alone goes without a number', () => {
  const threads = [
    { name: 'P0', cpu: 2, steps: [load] },
    { name: 'P1', steps: [load] },
    { name: 'P2', steps: [load] },
  ];
  expect(labels(pipt, { threads })).toEqual(['x.A+B+C@0', 'x.A+B+C@2']);
  expect(named(pipt, { threads }).cpus).toEqual([0, 2]);
});

test('only addresses that are fetched through have instruction copies, on a split cache', () => {
  const threads = [{ name: 'P0', steps: [load, fetch('A')] }];
  expect(labels(vivt, { threads })).toEqual(['x.A', 'x.B', 'x.C', 'x.A.icache']);
  expect(labels({ ...vivt, icache: 'coherent' }, { threads })).toEqual(['x.A', 'x.B', 'x.C']);
});

test('an instruction line can be filled through each executable address of its key', () => {
  const lines = ['x', 'y'].map((name) => ({ name, page: 'p', cells: [1] }));
  const threads = [{ name: 'P0', steps: [load, fetch('A'), fetch('C', 'y')] }];
  expect(labels(pipt, { lines, threads })).toEqual([
    'x.A+B+C',
    'x.A+C.icache',
    'y.A+B+C',
    'y.A+C.icache',
  ]);
  expect(labels(vipt, { lines, threads })).toEqual([
    'x.A+B',
    'x.C',
    'x.A.icache',
    'y.A+B',
    'y.C',
    'y.C.icache',
  ]);
});

test('an access finds the copy of its CPU and cache; other CPUs have peers of the same key', () => {
  const threads = [
    { name: 'P0', steps: [load, fetch('A')] },
    { name: 'P1', cpu: 1, steps: [load] },
  ];
  const names = named(vipt, { threads });
  const own = copyFor(names, { mapping: 'B', line: 'x' }, 1);
  if (!own) throw new Error('a copy');
  expect(own.label).toBe('x.A+B@1');
  expect(copyFor(names, { mapping: 'B', line: 'x' }, 0, 'fetch')?.label).toBe('x.A.icache@0');
  expect(copyFor(names, { mapping: 'C', line: 'x' }, 0, 'fetch')).toBeUndefined();
  expect(peersOf(names, vipt, own).map((c) => c.label)).toEqual(['x.A+B@0']);
  const traps = { ...vipt, excludes: 'all' } as const;
  expect(peersOf(names, traps, own).map((c) => c.label)).toEqual(['x.A+B@0', 'x.C@0']);
});

/** The names of all fields but those of memory, copies and program counters. */
function extras(rest: Partial<Program>): readonly string[] {
  const names = named(pipt, rest);
  return names.fields.map((f) => f.name).filter((name) => !/^(x|pc)/.test(name));
}

test('a state has no field that nothing needs', () => {
  expect(extras({})).toEqual(['P0:r0']);
  expect(extras({ locks: ['m'] })).toEqual(['lock m', 'deadlock', 'P0:r0']);
  expect(extras({ crashAnywhere: true })).toEqual(['crashed', 'P0:r0']);
  const condition = { op: 'crashed', value: 1 } as const;
  expect(extras({ question: { quantifier: 'exists', condition } })).toEqual(['crashed', 'P0:r0']);
  const unmap: Step = { kind: 'unmap', mapping: 'A', says };
  expect(extras({ threads: [{ name: 'P0', steps: [unmap] }] })).toEqual([
    'reach A',
    'reach B',
    'reach C',
    'deadlock',
  ]);
  const later = [mapping('A', 0), { ...mapping('B', 0), mappedLater: true } as const];
  expect(extras({ mappings: later })).toEqual(['reach A', 'reach B', 'deadlock', 'P0:r0']);
});

test('values are as wide as the program says, two bits if it does not', () => {
  const widths = (rest: Partial<Program>) =>
    named(pipt, rest)
      .fields.filter(({ name }) => name === 'x[0]' || name === 'P0:r0')
      .map((f) => f.widthBits);
  expect(widths({})).toEqual([2, 2]);
  expect(widths({ valueBits: 9 })).toEqual([9, 9]);
});

test('a register counts once, however many steps set it', () => {
  const call: Step = { kind: 'call', name: 'f', register: 'r1', failures: [], says };
  expect(registersOf(call)).toEqual(['r1']);
  expect(registersOf({ kind: 'call', name: 'f', failures: [], says })).toEqual([]);
  const threads = [{ name: 'P0', steps: [load, call, load] }];
  expect([...named(pipt, { threads }).registers.keys()]).toEqual(['P0:r0', 'P0:r1']);
});
