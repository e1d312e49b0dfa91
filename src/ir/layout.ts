// Where each field of a system lies in the packed words of a state.
//
// Fields are laid one after another from bit 0 of word 0. A field never straddles two words: where
// it would, the rest of the word stays zero and the field starts the next one.

import { assert, at } from '../base/index.ts';
import type { Field } from './system.ts';

/** Word index, shift and mask (unshifted) of one field. */
export interface Place {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
}

/** The places of a system's fields, in the order of the fields. */
export interface Layout {
  readonly places: readonly Place[];
  /** 32-bit words of one state. */
  readonly wordCount: number;
}

/** Lays the fields out in order. */
export function layoutOf(fields: readonly Field[]): Layout {
  const places: Place[] = [];
  let word = 0;
  let shift = 0;
  for (const field of fields) {
    assert(field.widthBits >= 1, `field ${field.name} has a width`);
    assert(field.widthBits <= 32, `field ${field.name} fits a word`);
    if (shift + field.widthBits > 32) {
      word += 1;
      shift = 0;
    }
    const mask = field.widthBits === 32 ? 0xffffffff : 2 ** field.widthBits - 1;
    assert(field.init >= 0 && field.init <= mask, `initial value of ${field.name} fits`);
    places.push({ word, shift, mask });
    shift += field.widthBits;
  }
  return { places, wordCount: word + 1 };
}

/** Reads one field of the state that starts at `offset` in `words`. */
export function readField(words: Uint32Array, offset: number, place: Place): number {
  return ((at(words, offset + place.word) >>> place.shift) & place.mask) >>> 0;
}

/** Writes one field; bits of `value` beyond the field's width are a bug of the system's builder. */
export function writeField(words: Uint32Array, offset: number, place: Place, value: number): void {
  assert(value >>> 0 <= place.mask >>> 0, 'value fits its field');
  const index = offset + place.word;
  words[index] = (at(words, index) & ~(place.mask << place.shift)) | (value << place.shift);
}
