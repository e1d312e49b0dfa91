// Arguments of operations are read with a sentence about what is wrong with them.

import { describe, expect, test } from 'vitest';
import { Args } from './args.ts';

describe('arguments', () => {
  test('numbers may be written as people write them', () => {
    const args = new Args('pread', { a: '4k', b: '0x10', c: '2M', d: 7 });
    expect(['a', 'b', 'c', 'd'].map((name) => args.count(name))).toEqual([4096, 16, 2 ** 21, 7]);
    expect(args.problem()).toBeUndefined();
  });

  test.each([
    ['-1', /whole number of at least 0/],
    [1.5, /whole number of at least 0/],
    ['1x', /whole number of at least 0/],
    [undefined, /whole number of at least 0/],
  ])('%s is no count', (value, message) => {
    const args = new Args('pread', { offset: value });
    args.count('offset');
    expect(args.problem()?.what).toMatch(message);
  });

  test('an unknown word is named, with those that are known', () => {
    const args = new Args('open', { flags: 'rdwr,foo' });
    args.words('flags', ['rdwr', 'creat']);
    expect(args.problem()).toEqual({
      what: `'flags' of open does not know 'foo'`,
      hint: 'known: rdwr creat',
    });
  });

  test('an argument that nobody reads is an error', () => {
    const args = new Args('close', { fd: 'f', size: 3 });
    args.text('fd');
    expect(args.problem()?.what).toBe(`close has no argument 'size'`);
  });

  test.each([
    ['A', 0x41],
    ['x00', 0],
    ['xff', 0xff],
  ])('byte %s', (text, byte) => {
    expect(new Args('store', { byte: text }).byte('byte')).toBe(byte);
  });
});
