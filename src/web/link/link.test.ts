// Links: what is written is read back, and a link of any form there ever was still leads where it
// led. The old ones below must never change.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fitsLink,
  fragmentOf,
  home,
  packText,
  readFragment,
  unpackText,
  viewIds,
} from './index.ts';

test('whatever is written is read back', () => {
  const params = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }));
  fc.assert(
    fc.property(fc.constantFrom(...viewIds), params, (view, given) => {
      const link = { view, params: { ...given } };
      expect(readFragment(fragmentOf(link))).toEqual({ link });
    }),
  );
});

test('any fragment at all is read, and leads somewhere', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(viewIds).toContain(readFragment(`#${text}`).link.view);
    }),
  );
});

test('names stay readable, order does not matter, empty values are left out', () => {
  const params = { machine: 'sh7750/4k', kernel: '6.12', step: '' };
  expect(fragmentOf({ view: 'witness', params })).toBe('#2/witness?kernel=6.12&machine=sh7750/4k');
});

/** Links as they were sent, and where they lead. */
const old = [
  // Form 1.
  ['#view=matrix&kernel=6.1', { view: 'matrix', params: { kernel: '6.1' } }],
  [
    '#view=run&test=CoWR%2Bk%2Bu%2Bother&cpu=arm926ej-s',
    { view: 'litmus', params: { test: 'CoWR+k+u+other', machine: 'arm926ej-s' } },
  ],
  ['#view=run&source=DAX%20a%0A', { view: 'litmus', params: { plain: 'DAX a\n' } }],
  // Form 2.
  ['#2/matrix', { view: 'matrix', params: {} }],
  [
    '#2/witness?machine=sh7750/4k&step=2&test=CoWR+k+u+other',
    { view: 'witness', params: { test: 'CoWR+k+u+other', machine: 'sh7750/4k', step: '2' } },
  ],
] as const;

test.each(old)('%s leads where it led', (fragment, link) => {
  expect(readFragment(fragment)).toEqual({ link });
});

test('a link of a newer form, or to no view, leads home and says why', () => {
  expect(readFragment('#3/matrix?kernel=6.1')).toMatchObject({ link: home });
  expect(readFragment('#3/matrix').problem).toContain('newer');
  expect(readFragment('#2/attic').problem).toContain("'attic'");
  expect(readFragment('#2/matrix?a=%E0%A4%A').problem).toBeUndefined();
});

test('names that every object has are names as others are', () => {
  const { link } = readFragment('#view=matrix&constructor=a&__proto__=b&cpu=c');
  expect(Object.entries(link.params)).toEqual([
    ['constructor', 'a'],
    ['__proto__', 'b'],
    ['machine', 'c'],
  ]);
  expect(fragmentOf(link)).toBe('#2/matrix?__proto__=b&constructor=a&machine=c');
});

test('half a letter has no escape: it is replaced', () => {
  expect(fragmentOf({ view: 'replay', params: { id: 'a\ud800b' } })).toBe(
    '#2/replay?id=a%EF%BF%BDb',
  );
});

test('texts are packed and unpacked; what is damaged is told', async () => {
  const text = 'DAX a\n{ page x = 0; }\n\u00e9\u{1F9A1}'.repeat(20);
  const packed = await packText(text);
  expect(packed).toMatch(/^[\w-]+$/);
  expect(packed.length).toBeLessThan(text.length / 2);
  expect(await unpackText(packed)).toBe(text);
  expect(await unpackText(packed.slice(0, -9))).toBeUndefined();
  expect(await unpackText('%%%')).toBeUndefined();
});

test('the largest text that is packed into a link comes back from it', async () => {
  // Digits of no pattern: what deflates worst among letters that are typed.
  let seed = 1;
  const digits = Array.from({ length: 1_000_000 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCodePoint(33 + (seed % 94));
  }).join('');
  expect([fitsLink(digits), fitsLink(`${digits}a`)]).toEqual([true, false]);
  const fragment = fragmentOf({ view: 'litmus', params: { text: await packText(digits) } });
  const { link, problem } = readFragment(fragment);
  expect(problem).toBeUndefined();
  expect((await unpackText(link.params['text'] ?? '')) === digits).toBe(true);
});

test('a link that is too long, or of too many parts, is not read', () => {
  expect(readFragment(`#2/litmus?plain=${'a'.repeat(1_500_000)}`).problem).toContain('longer');
  expect(readFragment(`#2/litmus?${'a&'.repeat(300)}`).problem).toContain('parts');
});

test('a packed text that would fill the memory is refused', async () => {
  expect(await unpackText(await packText('a'.repeat(2_000_000)))).toBeUndefined();
});
