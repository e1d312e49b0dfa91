// Printing and reading again gives the same program and the same tree, and printing what was
// printed changes nothing: for the catalogue, and for random tests in random layouts.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seeds } from '../../fuzz/seeds.mjs';
import { litmusText } from '../../test/litmus/arbitrary.ts';
import { bare } from '../../test/litmus/tree.ts';
import { formatLitmus, type LitmusTest, parseLitmus } from './index.ts';

function read(text: string): LitmusTest {
  const parsed = parseLitmus(text, 'x');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.test;
}

function format(text: string): string {
  const formatted = formatLitmus(text, 'x');
  if (!formatted.ok) throw new Error(JSON.stringify(formatted.problems));
  return formatted.text;
}

function comesBack(text: string): void {
  const before = read(text);
  const printed = format(text);
  const after = read(printed);
  expect(after.program).toEqual(before.program);
  expect(after.results).toEqual(before.results);
  expect(after.keys).toEqual(before.keys);
  expect(bare(after.ast)).toEqual(bare(before.ast));
  expect(format(printed)).toBe(printed);
}

test('every test of the catalogue comes back', () => {
  const right = seeds().filter((text) => parseLitmus(text, 'x').ok);
  expect(right.length).toBeGreaterThan(0);
  for (const text of right) comesBack(text);
});

test('random tests in random layouts come back', () => {
  fc.assert(fc.property(litmusText, comesBack), { numRuns: 300 });
});

test('no comment is lost', () => {
  const words = (text: string) =>
    (text.match(/one|two lines|to the end|herd|and in/g) ?? []).length;
  fc.assert(
    fc.property(litmusText, (text) => {
      expect(words(format(text))).toBe(words(text));
    }),
    { numRuns: 200 },
  );
});
