// What is said of a value that a step reads.

import type { FilmRead } from '../../../../verdict/index.ts';

/** Beside the arrow: `read: 0 (old)`. */
export function readLabel({ value, old }: FilmRead): string {
  return `read: ${value}${old ? ' (old)' : ''}`;
}

/** After the sentence of the step: `takes the old 0`. */
export function readWords({ value, old }: FilmRead): string {
  return `takes ${old ? 'the old ' : ''}${value}`;
}
