// How the three answers of a cell become one word: every combination there is.

import { expect, test } from 'vitest';
import { judge, type ThreeAnswers, withoutPort, wordMeanings } from './words.ts';

const open = [true, false, undefined] as const;
const all: readonly ThreeAnswers[] = open.flatMap((built) =>
  open.flatMap((offered) =>
    [true, false].flatMap((breaks) =>
      open.flatMap((attachable) =>
        open.map((coherent) => ({ built, offered, breaks, attachable, coherent })),
      ),
    ),
  ),
);

function where(condition: (answers: ThreeAnswers) => boolean) {
  const chosen = all.filter(condition);
  expect(chosen.length).toBeGreaterThan(0);
  return chosen.map((answers) => ({ answers, verdict: judge(answers) }));
}

test('there are 162 combinations', () => {
  expect(all.length).toBe(162);
});

test.each([
  [true, true, 'on'],
  [true, false, 'STALE'],
  [false, true, 'LOST'],
  [false, false, 'off'],
] as const)('offered %s, coherent %s: %s where it can be built', (offered, coherent, word) => {
  const fits = (a: ThreeAnswers) => !a.breaks && a.offered === offered && a.coherent === coherent;
  for (const { verdict } of where((a) => fits(a) && a.built === true)) {
    expect(verdict).toMatchObject({ word, asIfBuilt: word, latent: false });
  }
  // Where it cannot be built a fault keeps its word, latent; what is right becomes a dot.
  const faulty = word === 'STALE' || word === 'LOST';
  for (const { verdict } of where((a) => fits(a) && a.built === false)) {
    expect(verdict).toEqual({
      word: faulty ? word : '.',
      asIfBuilt: word,
      latent: faulty,
      decidedBy: 'built',
    });
  }
  for (const { verdict } of where((a) => fits(a) && a.built === undefined)) {
    expect(verdict).toEqual({ word: '?', asIfBuilt: word, latent: false, decidedBy: 'built' });
  }
});

test('a bound or an unchecked part is never on or off', () => {
  for (const { answers, verdict } of where(
    (a) => a.built === undefined || a.offered === undefined || a.coherent === undefined,
  )) {
    expect([answers, ['on', 'off', 'LOST', 'STALE'].includes(verdict.word)]).toEqual([
      answers,
      false,
    ]);
  }
  for (const { verdict } of where(
    (a) => !a.breaks && (a.offered === undefined || a.coherent === undefined),
  )) {
    expect(verdict.asIfBuilt).toBe('?');
    expect(verdict.latent).toBe(false);
  }
});

test('a driver that breaks is FAIL whatever else holds, latent unless it can be built', () => {
  for (const { answers, verdict } of where((a) => a.breaks)) {
    const { attachable } = answers;
    expect(verdict).toEqual({
      word: 'FAIL',
      asIfBuilt: 'FAIL',
      latent: attachable === undefined ? 'unknown' : !attachable,
      decidedBy: attachable === false ? 'built' : 'believed',
    });
  }
});

test('nothing but a broken driver depends on whether it attaches', () => {
  for (const { answers, verdict } of where((a) => !a.breaks)) {
    expect(judge({ ...answers, attachable: !answers.attachable })).toEqual(verdict);
  }
});

test('the answer that settled the word is named', () => {
  const base = { built: true, breaks: false, attachable: true } as const;
  expect(judge({ ...base, offered: false, coherent: false }).decidedBy).toBe('believed');
  expect(judge({ ...base, offered: true, coherent: false }).decidedBy).toBe('true');
  expect(judge({ ...base, offered: true, coherent: true }).decidedBy).toBe('true');
  expect(judge({ ...base, offered: false, coherent: true }).decidedBy).toBe('true');
});

test('every word has its line in the legend, once', () => {
  const words = new Set([...all.map((answers) => judge(answers).word), withoutPort(false).word]);
  expect(wordMeanings.map(({ word }) => word).sort()).toEqual([...words].sort());
});
