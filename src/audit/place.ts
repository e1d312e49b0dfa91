// Where a finding points when its facts carry sources instead of places.

import type { Source } from '../base/index.ts';
import type { Place } from './c/index.ts';

/** The first place in the tree among the sources; the top of the tree where there is none. */
export function placeOf(sources: readonly Source[]): Place {
  const source = sources.find((s) => s.kind === 'tree');
  return source ? { file: source.file, line: source.line, col: 1 } : { file: '.', line: 1, col: 1 };
}
