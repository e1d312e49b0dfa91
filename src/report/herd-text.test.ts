// herd's lines in herd's order, and what stands beside them.

import { expect, test } from 'vitest';
import type { Condition, Question } from '../litmus/index.ts';
import {
  cacheKinds,
  type EndState,
  type TestGroup,
  type TestOutcome,
  type TestVerdict,
} from '../verdict/index.ts';
import { herdText, questionHerd, unexpectedLines } from './herd-text.ts';
import { hashOf } from '../base/index.ts';
import { ktapText } from './ktap-text.ts';

const r0: Condition = { op: 'register', thread: 'P0', register: 'r0', value: 0 };
const x1: Condition = { op: 'memory', line: 'x', cell: 1, value: -95 };
const question: Question = { quantifier: 'exists', condition: r0 };

function outcome(ends: readonly EndState[], more: Partial<TestOutcome> = {}): TestOutcome {
  const positive = ends.filter((e) => e.positive && !e.deadlock).length;
  const negative = ends.filter((e) => !e.positive && !e.deadlock).length;
  return {
    observation: positive === 0 ? 'Never' : negative === 0 ? 'Always' : 'Sometimes',
    locations: [{ op: 'register', thread: 'P0', register: 'r0' }, { op: 'deadlock' }],
    ends,
    positive,
    negative,
    ok: positive > 0,
    states: 10,
    transitions: 20,
    depth: 3,
    bytes: 300,
    ...more,
  };
}

const stale: EndState = { values: [0, 0], positive: true, deadlock: false };
const fresh: EndState = { values: [1, 0], positive: false, deadlock: false };
const stuck: EndState = { values: [0, 1], positive: true, deadlock: true };

function group(from: number, to: number, told: TestOutcome, claimed?: string): TestGroup {
  const settings = cacheKinds.slice(from, to).map((bed) => ({ bed, remedy: 'none' as const }));
  const unexpected =
    claimed === undefined ? [] : settings.map((setting) => ({ setting, expected: claimed }));
  return { settings, outcome: told, unexpected, unstated: [] };
}

function verdict(...groups: readonly TestGroup[]): TestVerdict {
  return { name: 'CoWR', groups, notChecked: [], systems: groups.length };
}

const plain = { terse: false, verbose: false, memory: true };

test('one outcome: the lines of herd in its order, under the plain name', () => {
  const told = { verdict: verdict(group(0, 1, outcome([stale, fresh]))), question, hash: 'ab' };
  expect(herdText(told, plain).split('\n')).toEqual([
    'Test CoWR Allowed',
    'States 2',
    '0:r0=0;',
    '0:r0=1;',
    'Ok',
    'Witnesses',
    'Positive: 1 Negative: 1',
    'Condition exists (0:r0=0)',
    'Observation CoWR Sometimes 1 1',
    'Hash=ab',
    'Machines vivt-direct-back',
    '',
    '',
  ]);
});

test('several outcomes are told apart by their first machine; many machines are counted', () => {
  const groups = [group(0, 8, outcome([stale, fresh])), group(8, 9, outcome([fresh]))];
  const text = herdText({ verdict: verdict(...groups), question, hash: '' }, plain);
  expect(text).toContain('Observation CoWR@vivt-direct-back Sometimes 1 1\n');
  expect(text).toContain('Observation CoWR@vipt-nonaliasing-direct-back Never 0 1\n');
  expect(text).toMatch(/^Machines .* and 4 more$/ms);
  const all = herdText(
    { verdict: verdict(...groups), question, hash: '' },
    { ...plain, verbose: true },
  );
  expect(all).toContain('vipt-aliasing-set-through');
  expect(all).toContain('Explored 10 states, 20 transitions, depth 3, 30 bytes a state\n');
});

test('deadlocks are no end states of the condition; a bound is said and is no answer', () => {
  const held = verdict(group(0, 1, outcome([fresh, stuck])));
  const text = herdText({ verdict: held, question, hash: '' }, plain);
  expect(text).toContain('States 1\n0:r0=1;\nNo\n');
  expect(text).toContain('Observation CoWR Never 0 1\n');
  expect(text).toContain('Deadlocks 1\n');
  const cut = outcome([], { observation: 'bound', ok: undefined, bound: '1 states' });
  const cutText = herdText({ verdict: verdict(group(0, 1, cut)), question, hash: '' }, plain);
  expect(cutText).not.toMatch(/^(Ok|No)$/m);
  expect(cutText).toContain('Observation CoWR ? 0 0\n');
  expect(cutText).toContain('Bound reached: 1 states; whole levels below it were searched\n');
});

test('a program that never ends says so: its Never is about nothing', () => {
  const told = { verdict: verdict(group(0, 1, outcome([]))), question, hash: '' };
  expect(herdText(told, plain)).toContain('States 0\nNo\n');
  expect(herdText(told, plain)).toContain('No end state: in no run does every thread end\n');
  expect(unexpectedLines(told.verdict)).toEqual([
    '!!! CoWR: no end state, in no run does every thread end, on vivt-direct-back',
  ]);
});

test('terse is the Observation lines alone', () => {
  const told = { verdict: verdict(group(0, 1, outcome([fresh]))), question, hash: '' };
  expect(herdText(told, { ...plain, terse: true })).toBe('Observation CoWR Never 0 1\n');
});

test('what is not as its Result says has a line of its own, and is not ok in KTAP', () => {
  const wrong = verdict(group(0, 2, outcome([stale]), 'Never'), group(8, 9, outcome([fresh])));
  expect(unexpectedLines(wrong)).toEqual([
    '!!! CoWR: Result says Never, observed Always on vivt-direct-back, vivt-direct-through',
  ]);
  expect(ktapText([wrong, verdict(group(0, 1, outcome([fresh])))]).split('\n')).toEqual([
    'KTAP version 1',
    '1..2',
    '# !!! CoWR: Result says Never, observed Always on vivt-direct-back, vivt-direct-through',
    'not ok 1 CoWR',
    'ok 2 CoWR',
    '',
  ]);
});

test('a test that ran nowhere, or was cut off, is skipped in KTAP and says why', () => {
  const [bed] = cacheKinds;
  if (!bed) throw new Error('a kind');
  const setting = { bed, remedy: 'none' as const };
  const nowhere = { ...verdict(), notChecked: [{ setting, why: 'no port' }] };
  expect(ktapText([nowhere])).toContain('# not checked: no port\nok 1 CoWR # SKIP');
  const cut = outcome([], { observation: 'bound', ok: undefined, bound: '1 states' });
  expect(ktapText([verdict(group(0, 1, cut))])).toContain('ok 1 CoWR # SKIP a bound was reached');
});

test.each<[Question, string]>([
  [{ quantifier: 'forall', condition: { op: 'true' } }, 'forall (true)'],
  [{ quantifier: 'not-exists', condition: { op: 'not', of: r0 } }, '~exists (~(0:r0=0))'],
  [
    { quantifier: 'exists', condition: { op: 'and', of: [r0, { op: 'or', of: [x1, r0] }] } },
    'exists (0:r0=0 /\\ (x[1]=-95 \\/ 0:r0=0))',
  ],
  [
    { quantifier: 'exists', condition: { op: 'or', of: [{ op: 'and', of: [r0, x1] }, r0] } },
    'exists (0:r0=0 /\\ x[1]=-95 \\/ 0:r0=0)',
  ],
])('a question is written as herd writes it', (asked, text) => {
  expect(questionHerd(asked)).toBe(text);
});

test('the hash tells texts apart and is the same on every run', () => {
  expect(hashOf('DAX a\n')).toBe(hashOf('DAX a\n'));
  expect(hashOf('DAX a\n')).not.toBe(hashOf('DAX b\n'));
  expect(hashOf('')).toMatch(/^[0-9a-f]{16}$/);
});
