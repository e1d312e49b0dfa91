// Symbol names as small integers. One table serves every port of a tree, so that the parsed files,
// which hold numbers, can be shared between ports.

import { at } from '../../base/index.ts';

/** Number of a symbol in a NameTable. */
export type SymbolId = number;

/** Number of the constant n in every table; its value as a tristate, too. */
export const idN: SymbolId = 0;
/** Number of the constant m in every table; its value as a tristate, too. */
export const idM: SymbolId = 1;
/** Number of the constant y in every table; its value as a tristate, too. */
export const idY: SymbolId = 2;

/**
 * Grows while files are parsed. A quoted word (constant) and an unquoted one (symbol) of the same
 * spelling are different entries; `y`, `m` and `n` are constants in both spellings.
 */
export interface NameTable {
  /** Number of entries so far. */
  size(): number;
  /** The number of a word, entered if new. */
  intern(text: string, quoted: boolean): SymbolId;
  /** The number of an unquoted word, or undefined where it never occurred. */
  find(text: string): SymbolId | undefined;
  text(id: SymbolId): string;
  /** All unquoted words, in the order of their numbers. */
  bare(): Iterable<string>;
  /** Whether the entry is a constant: quoted, or one of y, m, n. */
  isConstant(id: SymbolId): boolean;
}

/** A table that holds the constants n, m and y only. */
export function createNames(): NameTable {
  const texts: string[] = ['n', 'm', 'y'];
  const constant: boolean[] = [true, true, true];
  const start: readonly (readonly [string, SymbolId])[] = [
    ['n', idN],
    ['m', idM],
    ['y', idY],
  ];
  const bare = new Map<string, SymbolId>(start);
  const quotedIds = new Map<string, SymbolId>(start);
  return {
    size: () => texts.length,
    intern(text, quoted) {
      const map = quoted ? quotedIds : bare;
      const known = map.get(text);
      if (known !== undefined) return known;
      const id = texts.length;
      texts.push(text);
      constant.push(quoted);
      map.set(text, id);
      return id;
    },
    find: (text) => bare.get(text),
    text: (id) => at(texts, id),
    bare: () => bare.keys(),
    isConstant: (id) => at(constant, id),
  };
}
