// How words of cells look: a glyph and a tone beside the word, never in its place.

import { bare } from './filters.ts';

/** What a word's colour says again. */
export type Tone = 'bad' | 'warn' | 'good' | 'open' | 'quiet';

/** A glyph for each word that should be found at a glance; the rest are their own. */
const GLYPHS: ReadonlyMap<string, string> = new Map([
  ['FAIL', '\u2716'],
  ['STALE', '\u25b2'],
  ['LOST', '\u25bd'],
  ['on', '\u25cf'],
  ['off', '\u25cb'],
]);

const TONES: ReadonlyMap<string, Tone> = new Map([
  ['FAIL', 'bad'],
  ['STALE', 'bad'],
  ['LOST', 'warn'],
  ['on', 'good'],
  ['off', 'good'],
  ['?', 'open'],
]);

/** The glyph of a word, with or without mark; empty where it has none. */
export function glyphOf(word: string): string {
  return GLYPHS.get(plain(word)) ?? '';
}

/** The tone of a word. */
export function toneOf(word: string): Tone {
  return TONES.get(plain(word)) ?? 'quiet';
}

/** Nobody can meet it, or nobody knows whether somebody can. */
export function isMarked(word: string): boolean {
  return word.length > 1 && /[*~?]$/.test(word);
}

// The table of CPUs marks what nobody evaluated with a question mark.
function plain(word: string): string {
  return word.length > 1 ? bare(word).replace(/\?$/, '') : word;
}

/** The word that says of a class of cells what its letter stands for. */
export function wordOf(severity: readonly string[], letter: string): string {
  return severity[letter.charCodeAt(0) - FIRST] ?? '?';
}

const SPOKEN: ReadonlyMap<string, string> = new Map([
  ['?', 'open (?)'],
  ['.', 'not buildable (.)'],
  ['none', 'no DAX asked for (none)'],
  ['-', 'no such stack (-)'],
]);

/** A word where it is counted: those that are signs say what they stand for. */
export function spokenOf(word: string): string {
  return SPOKEN.get(word) ?? word;
}

/** The letter of a word; undefined: it is none of the severity's. */
export function letterOf(severity: readonly string[], word: string): string | undefined {
  const at = severity.indexOf(word);
  return at < 0 ? undefined : String.fromCharCode(FIRST + at);
}

const FIRST = 97;

/** What a word means, mark included. */
export function meaningOf(
  meanings: readonly { readonly word: string; readonly meaning: string }[],
  word: string,
): string {
  const own = meanings.find((one) => one.word === plain(word))?.meaning ?? '';
  if (!isMarked(word)) return own;
  return word.endsWith('*')
    ? `${own}; latent: nobody can meet it, it cannot be built`
    : `${own}; whether it can be built was not evaluated`;
}
