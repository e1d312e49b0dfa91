// The nearest known word: typing errors are found, far words are not offered.

import { expect, test } from 'vitest';
import { nearest, suggestion } from './nearest.ts';

test('one letter wrong, missing, doubled, or two swapped', () => {
  for (const typed of ['flsuh', 'flus', 'flushh', 'flosh']) {
    expect(nearest(typed, ['clean', 'flush'])).toEqual(['flush']);
  }
});

test('words that begin with what was typed', () => {
  expect(nearest('vipt', ['vivt', 'vipt-aliasing', 'pipt'])).toContain('vipt-aliasing');
});

test('nothing for a word of one letter, a far word, and the word itself', () => {
  expect(nearest('v', ['k', 'u'])).toEqual([]);
  expect(nearest('kmalloc', ['alloc_dax', 'mount'])).toEqual([]);
  expect(nearest('k', ['k'])).toEqual([]);
});

test('without a near word all are told', () => {
  expect(suggestion('zebra', ['k', 'u'], 'addresses')).toBe('addresses: k, u');
  expect(suggestion('zebra', [], 'addresses')).toBe('there are no addresses here');
});
