// Fields in packed words: none straddles two words, none touches another.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOf, readField, writeField } from './layout.ts';
import type { Field } from './system.ts';

function fieldsOf(widths: readonly number[]): readonly Field[] {
  return widths.map((widthBits, i) => ({ name: `f${i}`, widthBits, init: 0 }));
}

const someWidths = fc.array(fc.integer({ min: 1, max: 32 }), { minLength: 1, maxLength: 20 });

test('fields are packed in order, and one that would straddle starts the next word', () => {
  const { places, wordCount } = layoutOf(fieldsOf([2, 28, 2, 1, 31, 1, 32]));
  expect(places.map(({ word, shift }) => [word, shift])).toEqual([
    [0, 0],
    [0, 2],
    [0, 30],
    [1, 0],
    [1, 1],
    [2, 0],
    [3, 0],
  ]);
  expect(wordCount).toBe(4);
});

test('no field straddles two words and no two share a bit', () => {
  fc.assert(
    fc.property(someWidths, (widths) => {
      const { places, wordCount } = layoutOf(fieldsOf(widths));
      const taken = new Set<number>();
      places.forEach(({ word, shift }, i) => {
        const width = widths[i] ?? 0;
        expect(shift + width).toBeLessThanOrEqual(32);
        expect(word).toBeLessThan(wordCount);
        for (let bit = shift; bit < shift + width; bit++) {
          expect(taken.has(word * 32 + bit)).toBe(false);
          taken.add(word * 32 + bit);
        }
      });
    }),
  );
});

test('what was written is read back and nothing else changes, at any offset', () => {
  fc.assert(
    fc.property(someWidths, fc.nat(3), fc.nat(19), fc.nat(0xffffffff), (widths, at, pick, bits) => {
      const layout = layoutOf(fieldsOf(widths));
      const offset = at * layout.wordCount;
      const words = new Uint32Array(offset + layout.wordCount).fill(0xa5a5a5a5);
      const before = layout.places.map((place) => readField(words, offset, place));
      const target = pick % widths.length;
      const place = layout.places[target];
      if (!place) throw new Error('a place');
      const value = (bits & place.mask) >>> 0;
      writeField(words, offset, place, value);
      const after = layout.places.map((p) => readField(words, offset, p));
      expect(after).toEqual(before.map((old, i) => (i === target ? value : old)));
      expect(words.slice(0, offset).every((word) => word === 0xa5a5a5a5)).toBe(true);
    }),
  );
});

test('a value, width or initial value that does not fit is refused', () => {
  const { places } = layoutOf(fieldsOf([2]));
  const place = places[0];
  if (!place) throw new Error('a place');
  expect(() => writeField(new Uint32Array(1), 0, place, 4)).toThrow('value fits');
  expect(() => layoutOf(fieldsOf([0]))).toThrow('has a width');
  expect(() => layoutOf(fieldsOf([33]))).toThrow('fits a word');
  expect(() => layoutOf([{ name: 'x', widthBits: 2, init: 4 }])).toThrow('initial value of x');
});
