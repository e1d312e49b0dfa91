// How a state lies in the engine's memory: a row of 64-bit words.
//
// The row holds the words of ir's layout unchanged (little-endian, two to a 64-bit word), so that
// interpreter and engine read the same bytes. The top bits of the last word are the engine's own;
// where a field needs the first two of them, the row is one word longer:
//
//   bit 63  present: 1 in every row, so that no state is all zeros and an empty slot is told apart
//   bit 62  satisfies: 0 in every row; 1 in the key of an outcome that satisfies the question
//   below   via: 1 + number of the action by which the state was found, 0 for the initial state;
//           left out where there is no room
//
// All bits between the last field and bit 62 are spare: no part of the state, every comparison
// masks them. A chunk's row has `via` there. The table's copy of a one-word row has the state's
// level instead, so that the rows of a level can be made again after their chunks went to other
// uses.

import { at, present } from '../../base/index.ts';
import { type Field, type Layout, layoutOf, type TransitionSystem } from '../../ir/index.ts';

/** Where a field lies in a row: `mask` is not shifted. */
export interface RowPlace {
  readonly word: number;
  readonly shift: bigint;
  readonly mask: bigint;
}

/** The layout of a row. */
export interface RowLayout {
  /** The layout of the same state for the interpreter, in 32-bit words. */
  readonly layout: Layout;
  readonly places: readonly RowPlace[];
  /** 64-bit words of a row. */
  readonly wordCount: number;
  readonly rowBytes: number;
  /** Where `via` lies in the last word; undefined where there is no room for it. */
  readonly via: { readonly shift: bigint; readonly mask: bigint } | undefined;
  /** The bits of the last word that tell states apart: all but the spare ones. */
  readonly keyMask: bigint;
  /** Where the table keeps a state's level; the largest number means this level or a later one. */
  readonly level: { readonly shift: bigint; readonly largest: number };
}

/** Bit 63 of a row's last word: set in every row. */
export const presentBit = 1n << 63n;
/** Bit 62 of the last word: in an outcome's key, that it satisfies the question. */
export const satisfiesBit = 1n << 62n;

const allBits = (1n << 64n) - 1n;

// Few searches are deeper than this, and the number fits a control word with ease.
const mostLevelBits = 16;

/** Lays out the rows of a system. */
export function rowLayoutOf({ fields, actions }: TransitionSystem): RowLayout {
  const layout = layoutOf(fields);
  const bitsUsed = bitsOfLastWord(fields, layout);
  const isFull = bitsUsed > 62;
  const wordCount = Math.ceil(layout.wordCount / 2) + (isFull ? 1 : 0);
  const viaBits = 32 - Math.clz32(actions.length);
  const viaShift = 62 - viaBits;
  const via =
    viaShift >= (isFull ? 0 : bitsUsed)
      ? { shift: BigInt(viaShift), mask: (1n << BigInt(viaBits)) - 1n }
      : undefined;
  const places = layout.places.map(({ word, shift, mask }) => ({
    word: word >> 1,
    shift: BigInt(shift + (word % 2) * 32),
    mask: BigInt(mask >>> 0),
  }));
  const firstSpare = isFull ? 0 : bitsUsed;
  const spareMask = (1n << 62n) - (1n << BigInt(firstSpare));
  const levelBits = wordCount === 1 ? Math.min(62 - firstSpare, mostLevelBits) : 0;
  return {
    layout,
    places,
    wordCount,
    rowBytes: wordCount * 8,
    via,
    keyMask: allBits ^ spareMask,
    level: { shift: BigInt(firstSpare), largest: 2 ** levelBits - 1 },
  };
}

/** For each word of a row, the bits that these fields take. */
export function masksOf(row: RowLayout, fields: readonly number[]): readonly bigint[] {
  const masks = Array.from({ length: row.wordCount }, () => 0n);
  for (const field of fields) {
    const { word, shift, mask } = at(row.places, field);
    masks[word] = at(masks, word) | (mask << shift);
  }
  return masks;
}

function bitsOfLastWord(fields: readonly Field[], layout: Layout): number {
  const place = present(layout.places.at(-1), 'a field');
  const { widthBits } = present(fields.at(-1), 'a field');
  return place.shift + widthBits + (place.word % 2) * 32;
}
