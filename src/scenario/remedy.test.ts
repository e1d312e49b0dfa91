// Where each remedy puts its steps, which colours it gives, and what is in reach at the start.

import { expect, test } from 'vitest';
import type { Program, Step } from '../litmus/index.ts';
import { scenarioByName } from './scenarios.ts';
import {
  bypassesCache,
  coloursUnder,
  mappedAtStart,
  type RemedyName,
  remedies,
  stepsUnder,
} from './remedy.ts';

const store: Step = { kind: 'store', mapping: 'K', line: 'x', cell: 0, value: 1, says: '' };
const load: Step = { kind: 'load', mapping: 'K', line: 'x', cell: 0, register: 'r0', says: '' };
const unmap: Step = { kind: 'unmap', mapping: 'U', says: '' };
const write: Step = {
  kind: 'kernel-access',
  does: 'write',
  mapping: 'K',
  line: 'x',
  body: [store],
};
const read: Step = { kind: 'kernel-access', does: 'read', mapping: 'K', line: 'x', body: [load] };

const program: Program = {
  name: 'T',
  title: '',
  about: '',
  lines: [
    { name: 'x', page: 'p', cells: [0] },
    { name: 'y', page: 'p', cells: [0] },
  ],
  mappings: [
    { name: 'K', page: 'p', side: 'kernel' },
    { name: 'U', page: 'p', side: 'user' },
    { name: 'V', page: 'p', side: 'user' },
  ],
  threads: [],
  question: { quantifier: 'exists', condition: { op: 'and', of: [] } },
  sources: [],
};

/** E.g. `flush U.x, store K.x`. */
function under(remedy: RemedyName, steps: readonly Step[], of: Program = program): string {
  return stepsUnder(remedy, of, steps)
    .map((s) => {
      const mapping = 'mapping' in s ? ` ${s.mapping}` : '';
      return `${s.kind}${mapping}${'line' in s ? `.${s.line}` : ''}`;
    })
    .join(', ');
}

test.each(['none', 'congruent', 'congruent-all', 'uncached-user', 'uncached'] as const)(
  '%s adds no step',
  (remedy) => {
    expect(under(remedy, [write, read, unmap])).toBe('store K.x, load K.x, unmap U');
  },
);

test("Wilcox's two rules: user addresses before a read, the kernel's after a write", () => {
  expect(under('flush-literal', [write])).toBe('store K.x, flush K.x');
  expect(under('flush-literal', [read])).toBe('flush U.x, flush V.x, load K.x');
});

test('both sides: user addresses before, the kernel address after, every access', () => {
  expect(under('flush-reachable', [write])).toBe('flush U.x, flush V.x, store K.x, flush K.x');
  expect(under('flush-reachable', [read])).toBe('flush U.x, flush V.x, load K.x, flush K.x');
});

test('the complete rule: a side is out of reach when flushed, and while the other is in', () => {
  expect(under('flush-complete', [write])).toBe(
    'unmap U, unmap V, flush U.x, flush V.x, map K, store K.x, unmap K, flush K.x, map U, map V',
  );
});

test('a mapping that is gone is neither flushed nor put back by later accesses', () => {
  expect(under('flush-complete', [unmap, write])).toBe(
    'unmap U, flush U.x, flush U.y, ' +
      'unmap V, flush V.x, map K, store K.x, unmap K, flush K.x, map V',
  );
  expect(under('flush-reachable', [unmap, read])).toBe('unmap U, flush V.x, load K.x, flush K.x');
});

test('a mapping that is there again, or only now, is flushed and put back from then on', () => {
  const map: Step = { kind: 'map', mapping: 'U', says: '' };
  expect(under('flush-reachable', [unmap, map, read])).toBe(
    'unmap U, map U, flush U.x, flush V.x, load K.x, flush K.x',
  );
  const [k, u] = program.mappings;
  if (!k || !u) throw new Error('mappings');
  const later: Program = { ...program, mappings: [k, { ...u, mappedLater: true }] };
  expect(under('flush-reachable', [read, map, read], later)).toBe(
    'load K.x, flush K.x, map U, flush U.x, load K.x, flush K.x',
  );
});

test('a kernel address that is uncached on every machine stays in reach', () => {
  const [k, u] = program.mappings;
  if (!k || !u) throw new Error('mappings');
  const around: Program = { ...program, mappings: [{ ...k, uncached: true }, u] };
  expect(under('flush-complete', [read], around)).toBe(
    'unmap U, flush U.x, load K.x, flush K.x, map U',
  );
  expect([...mappedAtStart('flush-complete', around)]).toEqual(['K', 'U']);
});

test('only user addresses of the same page are flushed, in branches and loops too', () => {
  const [k, u, v] = program.mappings;
  if (!k || !u || !v) throw new Error('mappings');
  const pages: Program = { ...program, mappings: [k, u, { ...v, page: 'q' }] };
  expect(under('flush-literal', [read], pages)).toBe('flush U.x, load K.x');
  const loop: Step = { kind: 'while', condition: 1, body: [read], says: '' };
  const branch: Step = { kind: 'if', condition: 1, yes: [loop], no: [write], says: '' };
  const flush = (mapping: string) => expect.objectContaining({ kind: 'flush', mapping });
  expect(stepsUnder('flush-literal', pages, [branch])).toEqual([
    { ...branch, yes: [{ ...loop, body: [flush('U'), load] }], no: [store, flush('K')] },
  ]);
});

test('a congruent address joins the first user of its page; without one it stays', () => {
  const two = (side: 'kernel' | 'user'): Program => ({
    ...program,
    mappings: [
      { name: 'K', page: 'p', side: 'kernel', colour: 2 },
      { name: 'L', page: 'q', side: 'kernel', colour: 3 },
      { name: 'U', page: 'q', side, colour: 5 },
    ],
  });
  const colours = (side: 'kernel' | 'user', remedy: RemedyName) =>
    [...coloursUnder(remedy, two(side), { colourCount: 4, modulusSuffices: true })].join(' ');
  expect(colours('user', 'none')).toBe('K,2 L,3 U,1');
  expect(colours('user', 'congruent')).toBe('K,2 L,1 U,1');
  expect(colours('kernel', 'congruent')).toBe('K,2 L,3 U,1');
  expect(colours('kernel', 'congruent-all')).toBe('K,2 L,3 U,1');
});

test('without a remedy each address has the next colour; congruent ones join the user', () => {
  const colours = (remedy: RemedyName, colourCount: number, modulusSuffices = true) =>
    [...coloursUnder(remedy, program, { colourCount, modulusSuffices })].join(' ');
  expect(colours('none', 4)).toBe('K,0 U,1 V,2');
  expect(colours('none', 2)).toBe('K,0 U,1 V,0');
  expect(colours('none', 1)).toBe('K,0 U,0 V,0');
  expect(colours('congruent', 4)).toBe('K,1 U,1 V,2');
  expect(colours('congruent-all', 4)).toBe('K,1 U,1 V,1');
  expect(colours('uncached', 4)).toBe('K,0 U,1 V,2');
  expect(colours('congruent-all', 4, false)).toBe('K,0 U,1 V,2');
});

test('the complete rule starts with K out of reach; L2 does so without a remedy', () => {
  expect([...mappedAtStart('none', program)]).toEqual(['K', 'U', 'V']);
  expect([...mappedAtStart('flush-complete', program)]).toEqual(['U', 'V']);
  const late = scenarioByName('l2');
  if (!late) throw new Error('L2');
  expect([...mappedAtStart('none', late)]).toEqual(['U']);
});

test('uncached bypasses on both sides, uncached-user on one, the others on none', () => {
  const bypass = remedies.map(({ name }) => [
    name,
    bypassesCache(name, 'kernel'),
    bypassesCache(name, 'user'),
  ]);
  expect(bypass.filter(([, kernel, user]) => kernel || user)).toEqual([
    ['uncached-user', false, true],
    ['uncached', true, true],
  ]);
});
