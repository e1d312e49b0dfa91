// What a finding is known by lasts while lines move, and tells apart what is not the same.

import { expect, test } from 'vitest';
import { fingerprintOf, heldAgainst, knownBy } from './baseline.ts';
import type { Finding } from './finding.ts';

function finding(line: number, change: Partial<Finding> = {}): Finding {
  return {
    type: 'LEAK',
    level: 'warning',
    place: { file: 'drivers/x/sample.c', line, col: 2 },
    message: `sample_attach() leaks what it got (line ${line})`,
    reach: 'reachable',
    notes: [],
    function: 'sample_attach',
    ...change,
  };
}

test('the same finding on another line, with other lines in its message, is known', () => {
  const message = (at: string) => `from ${at} on, lines 3 and 4`;
  const before = [finding(10, { message: message('drivers/x/sample.c:8:4') })];
  const after = [finding(90, { message: message('drivers/x/sample.c:88:2') })];
  expect(knownBy(before)).toEqual(knownBy(after));
  expect(knownBy(before)[0]?.message).toBe('from drivers/x/sample.c:N on, line N');
  const held = heldAgainst(after, knownBy(before));
  expect(held.findings.map(({ known }) => known)).toEqual([true]);
  expect(held.stale).toEqual([]);
});

test.each<[string, Partial<Finding>]>([
  ['type', { type: 'DOUBLE_RELEASE' }],
  ['file', { place: { file: 'drivers/x/other.c', line: 10, col: 2 } }],
  ['function', { function: 'sample_detach' }],
  ['message', { message: 'sample_attach() leaks something else' }],
])('another %s is another finding', (_, change) => {
  const baseline = knownBy([finding(10)]);
  const held = heldAgainst([finding(10, change)], baseline);
  expect(held.findings.map(({ known }) => known)).toEqual([false]);
  expect(held.stale).toEqual(baseline);
});

test('level, reach, column and notes are not what a finding is known by', () => {
  const change = { level: 'check', reach: 'latent', notes: [{ message: 'x' }] } as const;
  const place = { file: 'drivers/x/sample.c', line: 10, col: 40 };
  expect(knownBy([finding(10, { ...change, place })])).toEqual(knownBy([finding(10)]));
});

test('of equal findings each is known once: a third is new, a second that is gone stale', () => {
  const two = knownBy([finding(10), finding(20)]);
  expect(two.map(({ ordinal }) => ordinal)).toEqual([0, 1]);
  const three = heldAgainst([finding(1), finding(2), finding(3)], two);
  expect(three.findings.map(({ known }) => known)).toEqual([true, true, false]);
  expect(heldAgainst([finding(1)], two).stale).toEqual(two.slice(1));
});

test('a fingerprint is 16 digits, and tells equal findings apart', () => {
  const prints = knownBy([finding(10), finding(20)]).map(fingerprintOf);
  for (const print of prints) expect(print).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set(prints).size).toBe(2);
});
