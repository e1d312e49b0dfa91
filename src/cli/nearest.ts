// The nearest known word, for hints on mistyped names.

import { distance } from 'fastest-levenshtein';

/** Up to three known words: those that begin with the word, then the nearest by edit distance. */
export function nearest(word: string, known: readonly string[]): readonly string[] {
  const limit = Math.max(2, Math.floor(word.length / 3));
  return known
    .map((candidate) => ({ candidate, far: farness(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function farness(word: string, candidate: string): number {
  return word !== '' && candidate.startsWith(word) ? 0 : distance(word, candidate);
}
