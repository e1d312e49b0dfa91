// What a link to the witness view means.

import { expect, test } from 'vitest';
import { fragmentOf, type Link, readFragment } from '../../link/index.ts';
import { FIRST_TEST, runAskOf, stepOf, wantedOf, withParams } from './subject.ts';

function link(fragment: string): Link {
  return readFragment(fragment).link;
}

test('a link names a test, a scenario, or has a text', () => {
  expect(wantedOf(link('#2/witness'))).toEqual({ kind: 'test', name: FIRST_TEST });
  expect(wantedOf(link('#2/witness?test=A%2Bb'))).toEqual({ kind: 'test', name: 'A+b' });
  expect(wantedOf(link('#2/witness?scenario=L4&test=x'))).toEqual({ kind: 'scenario', name: 'L4' });
  expect(wantedOf(link('#2/witness?text=abc'))).toEqual({ kind: 'packed', packed: 'abc' });
  expect(wantedOf(link('#view=witness&source=DAX%20X'))).toEqual({ kind: 'text', text: 'DAX X' });
});

test('the question of a link has what the link has, and a scenario no kernel', () => {
  const full = link('#2/witness?machine=m&kernel=6.1&remedy=none&replay=P0.0,P0.1');
  const subject = { kind: 'test', name: 'x' } as const;
  expect(runAskOf(full, subject)).toEqual({
    subject,
    machine: 'm',
    kernel: '6.1',
    remedy: 'none',
    replay: 'P0.0,P0.1',
  });
  expect(runAskOf(full, { kind: 'scenario', name: 'L1' })).not.toHaveProperty('kernel');
  expect(runAskOf(link('#2/witness'), subject)).toEqual({ subject });
});

test('a step that cannot be is the nearest that can', () => {
  const at = (step: string) => stepOf(link(`#2/witness?step=${step}`), 5);
  expect(['3', '0', '5', '6', '-1', '1.5', 'x'].map(at)).toEqual([3, 0, 5, 5, 0, 0, 0]);
});

test('changing a parameter keeps the others', () => {
  const from = link('#2/witness?step=3&test=a');
  expect(fragmentOf(withParams(from, { step: undefined, machine: 'm' }))).toBe(
    '#2/witness?machine=m&test=a',
  );
});
