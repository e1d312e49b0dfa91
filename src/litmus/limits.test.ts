// Hostile texts: every limit is a named problem, and time is linear in the text.

import { describe, expect, test } from 'vitest';
import { sample } from '../../test/litmus/sample.ts';
import { formatLitmus, parseLitmus } from './index.ts';

const KIB = 2 ** 10;

/** A problem of the text, or that it is a test; linear time is seen by what the runner allows. */
function first(text: string): string {
  const parsed = parseLitmus(text, 'f');
  formatLitmus(text, 'f');
  return parsed.ok ? 'a test' : (parsed.problems[0]?.what ?? '');
}

describe('limits are named', () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `int v${i};`).join('\n');
  test.each([
    ['a file', sample({ head: `/*${'x'.repeat(1024 * KIB)}*/` }), 'larger than 1048576 characters'],
    ['parentheses', sample({ body: `r0 = ${'('.repeat(100)}` }), 'nested more than 64 levels deep'],
    [
      'blocks',
      sample({ body: `${'{'.repeat(100)} ${'}'.repeat(100)}` }),
      'nested more than 64 levels deep',
    ],
    ['negations', sample({ question: `exists (${'~'.repeat(100)}` }), 'nested more than 64 levels'],
    ['sums', sample({ body: `r0 = 0${' + 1'.repeat(100)};` }), 'more than 64 operators in a row'],
    ['terms', sample({ question: `exists (${'x=1 /\\ '.repeat(300)}x=1)` }), 'more than 256 terms'],
    [
      'names',
      sample({ init: `page x; int *u = user(x); ${names(100)}`, params: 'int *u' }),
      'the test has 102 names',
    ],
    [
      'cells',
      sample({ init: 'page x[17]; int *u = user(x);', params: 'int *u' }),
      'x cannot have 17 cells',
    ],
    ['values', sample({ init: `page x = {${'0,'.repeat(20)}};` }), 'more than 16 values'],
    ['steps', sample({ body: 'smp_mb();\n'.repeat(2001) }), 'P0 has 2002 steps'],
    [
      'threads',
      sample({ more: Array.from({ length: 16 }, (_, i) => `P${i + 1}() { }`).join('\n') }),
      'the test has 17 threads',
    ],
  ])('%s', (_, text, what) => {
    expect(first(text)).toContain(what);
  });
});

describe('a file of the same over and over is answered at once', () => {
  const size = 300 * KIB;
  const pieces = [
    '( { } ~ ! " \' ; , (* *) /* */ // P0( x=1/\\ r0+ - /**/ (**) if(r0) while(r0){ int\tr0;',
    'exists( page\tx; READ_ONCE( k-> k[ else\t ;/**/ \n \t \0 \u00e9',
  ]
    .join(' ')
    .split(' ');
  test.each(pieces)('%j', { timeout: 4_000 }, (piece) => {
    const many = piece.repeat(size / piece.length);
    expect(first(many)).not.toBe('a test');
    first(sample({ body: many }));
    const some = many.slice(0, size / 10);
    first(`DAX t\n${some}`);
    first(sample({ init: some }));
    first(sample({ question: `exists (${some}` }));
    first(sample({ head: `(*\n${some}\n*)` }));
  });
});

test('byte order mark, carriage returns and tabs are taken', () => {
  const text = `\uFEFF${sample().replaceAll('\n', '\r\n').replaceAll(' ', '\t')}`;
  expect(first(text)).toBe('a test');
});
