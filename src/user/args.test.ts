// Arguments of operations are read with a sentence about what is wrong with them.

import { describe, expect, test } from 'vitest';
import { Args } from './args.ts';

describe('arguments', () => {
  test('numbers may be written as people write them', () => {
    const args = new Args('pread', { a: '4k', b: '0x10', c: '2M', d: 7, e: '1G' });
    const counts = ['a', 'b', 'c', 'd', 'e'].map((name) => args.count(name));
    expect(counts).toEqual([4096, 16, 2 ** 21, 7, 2 ** 30]);
    expect(args.problem()).toBeUndefined();
  });

  test.each([
    ['-1', /'offset' of pread must be a whole number from 0 to 2251799813685248/],
    [1.5, /whole number from 0/],
    ['1x', /whole number from 0/],
    ['1e12', /whole number from 0/],
    ['9007199254740991', /whole number from 0/],
    [null, /whole number from 0/],
    [[], /whole number from 0/],
    [undefined, /pread needs 'offset'/],
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

  test('a number may have a bound of its own', () => {
    const args = new Args('load', { length: '2G' });
    args.count('length', undefined, 2 ** 30);
    expect(args.problem()?.what).toMatch(/from 0 to 1073741824$/);
  });

  test('what is missing is named: texts, words, lists and bytes', () => {
    const ask: ((args: Args) => unknown)[] = [
      (args) => args.text('a'),
      (args) => args.word('a', ['x']),
      (args) => args.texts('a'),
      (args) => args.byte('a'),
    ];
    for (const one of ask) {
      const args = new Args('op', {});
      one(args);
      expect(args.problem()?.what).toBe(`op needs 'a'`);
    }
  });

  test('what an operation asks for is kept, for those who ask for help', () => {
    const args = new Args('mmap', {});
    args.text('fd');
    args.word('prot', ['r', 'rw'], 'rw');
    expect(args.asked).toEqual([
      { name: 'fd', kind: 'text', optional: false, known: [] },
      { name: 'prot', kind: 'word', optional: true, known: ['r', 'rw'] },
    ]);
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
