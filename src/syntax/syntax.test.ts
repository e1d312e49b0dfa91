// The grammar for editors holds with the parser that decides: no mistake found in a right test, one
// found in each text that is wrong in its syntax. And what `highlight` calls each stretch.

import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeds } from '../../fuzz/seeds.mjs';
import { litmusText } from '../../test/litmus/arbitrary.ts';
import { sample } from '../../test/litmus/sample.ts';
import { formatLitmus } from '../litmus/index.ts';
import { highlight, MAX_HIGHLIGHTED, parser, syntaxErrors } from './index.ts';

test('no mistake in any test of the catalogue', () => {
  const right = seeds().filter((text) => formatLitmus(text, 'f').ok);
  expect(right.length).toBeGreaterThan(0);
  for (const text of right) expect(syntaxErrors(text), text).toEqual([]);
});

test('no mistake in random tests, as they are and as they are printed', () => {
  fc.assert(
    fc.property(litmusText, (text) => {
      const formatted = formatLitmus(text, 'f');
      expect(syntaxErrors(text)).toEqual([]);
      expect(syntaxErrors(formatted.ok ? formatted.text : '')).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe('a mistake where our parser finds one', () => {
  const inits =
    'page x = 0|pgae x;|page;|page x[;|page y { a };|int *k;|int *k = f();|cpu P1;|device d;|{|}|' +
    'struct y k = linear(x);|file f = ;|mount m = ext4;|fail alloc_dax;|crash;|spinlock_t *l;';
  const bodies =
    'r0 = 1|r0 = ;|r0 = (1;|r0 = 1);|r0++;|r0 += 1;|r0 - 1;|r0 = 1 * 2;|for (;;) ;|if r0) ;|' +
    'else ;|if (r0 = 1) ;|while () ;|int *p;|int r1 r2;|goto out;|f(,);|f(1;|k->;|k.m = 1;|' +
    'k[;|@;|"a";|}|(* a|/* a';
  const questions =
    'exist (x=1)|exists x=1|exists (x==1)|exists (x=1 && x=1)|exists (x=)|exists (!x=1)|' +
    'exists ()|exists (x=1|exists (x=1) foo|locations [x|~(x=1)';
  const broken: readonly string[] = [
    ...'|C t|DAX|DAX t|DAX t {|DAX t { } P0() { }|DAX t { } exists'.split('|'),
    ...inits.split('|').map((init) => sample({ init })),
    ...bodies.split('|').map((body) => sample({ body })),
    ...'int|k|int *|*k|,'.split('|').map((params) => sample({ params })),
    ...questions.split('|').map((question) => sample({ question })),
  ];
  test.each(broken)('%j', (text) => {
    expect(formatLitmus(text, 'f').ok).toBe(false);
    expect(syntaxErrors(text).length).toBeGreaterThan(0);
  });
});

describe('highlight', () => {
  const kinds = (text: string) =>
    highlight(text).map(({ from, to, kind }) => `${kind} ${text.slice(from, to)}`);

  test('each stretch of a test has its kind', () => {
    const text = 'DAX a+b (* c *) { page x = 1; } P0(int *k) { int r0; r0 = f(*k); } exists (x=2)';
    const expected =
      'keyword DAX|name a+b|comment (* c *)|keyword page|name x|operator =|number 1|name P0|' +
      'keyword int|operator *|name k|keyword int|register r0|register r0|operator =|primitive f|' +
      'operator *|name k|keyword exists|name x|operator =|number 2';
    expect(kinds(text)).toEqual(expected.split('|'));
    expect(kinds('DAX a { } exists (0:r0=1)')).toContain('register r0');
  });

  test('a text that is too long has no colours, one without end has them in time', () => {
    expect(highlight(`DAX t ${' '.repeat(MAX_HIGHLIGHTED)}`)).toEqual([]);
    const open = highlight(`DAX t ${'(* '.repeat(6000)}`);
    expect(open.map(({ kind }) => kind)).toEqual(['keyword', 'name', 'comment']);
  });

  test('stretches are in order, apart, and inside of the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(litmusText, fc.string({ maxLength: 200 })), fc.nat(), (text, cut) => {
        const half = text.slice(0, cut % (text.length + 1));
        let end = 0;
        for (const { from, to } of highlight(half)) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(half.length);
      }),
      { numRuns: 200 },
    );
  });
});

test('an editor colours the same calls as a terminal', () => {
  const text = sample({ body: 'r0 = READ_ONCE(*k); WRITE_ONCE(*k, 1);' });
  const colours = tagHighlighter([{ tag: tags.function(tags.variableName), class: 'primitive' }]);
  const inEditor: { from: number; to: number; kind: string }[] = [];
  highlightTree(parser.parse(text), colours, (from, to, kind) => {
    inEditor.push({ from, to, kind });
  });
  const inTerminal = highlight(text).filter(({ kind }) => kind === 'primitive');
  expect(inTerminal.length).toBeGreaterThan(3);
  expect(inEditor).toEqual(inTerminal);
});
