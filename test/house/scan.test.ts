// The scanner under the checks: what is code, what is comment, what is string.

import { expect, test } from 'vitest';
import { lineOf, scan } from '../../scripts/lib/scan.mjs';

const kinds = (text: string) =>
  scan(text).spans.map(({ kind, start, end }) => [kind, text.slice(start, end)]);

test('quotes in comments and comment marks in strings do not confuse it', () => {
  expect(kinds(`a = '//'; // it's\nb = "/*";`)).toEqual([
    ['string', `'//'`],
    ['comment', `// it's`],
    ['string', `"/*"`],
  ]);
});

test('code inside a template is code, also with braces and templates of its own', () => {
  const text = 'f(`a${g({ x: `b${c}d` })}e`)';
  expect(kinds(text).map(([, part]) => part)).toEqual(['`a${', '`b${', '}d`', '}e`']);
  expect(scan(text).code.replaceAll(' ', '')).toBe('f(g({x:c}))');
});

test('a slash after a value divides, elsewhere it starts a regular expression', () => {
  expect(kinds('a / b / c')).toEqual([]);
  expect(kinds("return /'/.test(x) && y / 2")).toEqual([['regex', "/'/"]]);
  expect(kinds('x = /[/]"/;')).toEqual([['regex', '/[/]"/']]);
  expect(kinds("'a' / 'b'")).toEqual([
    ['string', "'a'"],
    ['string', "'b'"],
  ]);
});

test('blanked code keeps its lines and offsets', () => {
  const text = '/* one\ntwo */ three';
  expect(scan(text).code).toBe('      \n       three');
  expect(lineOf(text, text.indexOf('three'))).toBe(2);
});
