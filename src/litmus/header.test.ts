// The first comment of a test: its paragraph and its sources.

import { expect, test } from 'vitest';
import { sample } from '../../test/litmus/sample.ts';
import { ascii, parseSource } from './header.ts';
import { parseLitmus } from './index.ts';

function headerOf(head: string) {
  const parsed = parseLitmus(sample({ head }), 'f');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.test;
}

test('paragraphs are unwrapped, fields go on over deeper lines', () => {
  const { header, program } = headerOf(`(*
 * Result: Never
 *
 * The first
 * sentence. The second.
 *
 * Another paragraph.
 * Source: mail "A very long
 *   subject", 2016-01-25
 *)`);
  expect(header.about).toBe('The first sentence. The second.\n\nAnother paragraph.');
  expect(header.sources).toEqual([
    { kind: 'mail', subject: 'A very long subject', date: '2016-01-25' },
  ]);
  expect(program.title).toBe('The first sentence');
  expect(program.about).toBe(header.about);
});

test('a quoted title comes before the first sentence', () => {
  expect(headerOf('"lost update"\n/* A sentence. */').program.title).toBe('lost update');
});

test.each([
  ['fs/dax.c dax_iomap_iter() (6.12)', { symbol: 'dax_iomap_iter()', release: '6.12' }],
  ['fs/Kconfig v6.1', { file: 'fs/Kconfig', release: '6.1' }],
])('kernel source: %s', (text, expected) => {
  expect(parseSource(text)).toMatchObject({ kind: 'kernel', ...expected });
});

test('commits, inferences and manuals', () => {
  expect(parseSource('commit d92576f1167c ("dax: does not work")')).toEqual({
    kind: 'commit',
    id: 'd92576f1167c',
    subject: 'dax: does not work',
  });
  expect(parseSource('inferred: one line')).toEqual({ kind: 'inference', why: 'one line' });
  expect(parseSource('ARM1176 manual')).toEqual({ kind: 'manual', title: 'ARM1176 manual' });
});

test('what is printed is ASCII', () => {
  expect(ascii('na\u00efve \u2013 \u{1F600}')).toBe('naive ? ?');
});

test('machines may stand on several lines', () => {
  const parsed = parseLitmus(
    sample({ head: 'Machines=arm926ej-s, skylake\nMachines=r4000pc' }),
    'f',
  );
  expect(parsed.ok && parsed.test.keys.machines).toEqual(['arm926ej-s', 'skylake', 'r4000pc']);
});
