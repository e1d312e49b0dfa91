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
function under(remedy: RemedyName, steps: readonly Step[]): string {
  return stepsUnder(remedy, program, steps)
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
