// Comparisons of symbols: numbers, texts and tristates.

import { expect, test } from 'vitest';
import { compareOperands, leadingNumber } from './compare.ts';

const plain = (text: string) => ({ text, type: undefined });

test('numbers compare as numbers, whatever their base', () => {
  expect(compareOperands(plain('120200'), '>=', plain('90000'))).toBe(true);
  expect(compareOperands(plain('0x10'), '=', plain('16'))).toBe(true);
  expect(compareOperands({ text: '10', type: 'hex' }, '=', plain('16'))).toBe(true);
  expect(compareOperands(plain('-3'), '<', plain('2'))).toBe(true);
});

test('numbers beyond 53 bits compare exactly', () => {
  expect(compareOperands(plain('0xffffffff80000000'), '<', plain('0xffffffff80000001'))).toBe(true);
});

test('two strings compare as texts, and so does what is no number', () => {
  const string = (text: string) => ({ text, type: 'string' }) as const;
  expect(compareOperands(string('10'), '<', string('9'))).toBe(true);
  expect(compareOperands(plain('x86'), '!=', plain('i386'))).toBe(true);
});

test('y, m and n have an order under their own type only', () => {
  const tristate = (text: string) => ({ text, type: 'tristate' }) as const;
  expect(compareOperands(tristate('m'), '<', tristate('y'))).toBe(true);
  expect(compareOperands(tristate('n'), '<', tristate('m'))).toBe(true);
});

test('a range limit is read as far as it is a number', () => {
  expect(leadingNumber('42abc', 10)).toBe(42n);
  expect(leadingNumber('0x1f', 16)).toBe(31n);
  expect(leadingNumber('none', 10)).toBe(0n);
});
