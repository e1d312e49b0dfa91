// What is wrong with a text, as the command line says it, at the places of an editor.

import type { Problem } from '../../../../base/index.ts';
import { parseLitmus } from '../../../../litmus/index.ts';

/** A problem and the stretch of text that it is about. */
export interface Mistake {
  readonly problem: Problem;
  /** From 1; absent where the problem is about no place. */
  readonly line?: number;
  readonly column?: number;
  /** Offsets in the text; the word that stands there, at least one character where there is one. */
  readonly from: number;
  readonly to: number;
}

/** The problems of a test in the order of their places; none where it can be run. */
export function mistakesIn(text: string, file: string): readonly Mistake[] {
  const parsed = parseLitmus(text, file);
  return parsed.ok ? [] : parsed.problems.map((problem) => mistakeAt(text, problem));
}

/** Finds the place of a problem, `FILE:LINE:COLUMN`, in the text. */
export function mistakeAt(text: string, problem: Problem): Mistake {
  const place = /:(\d+):(\d+)$/.exec(problem.where ?? '');
  if (!place) return { problem, from: 0, to: 0 };
  const line = Number(place[1]);
  const column = Number(place[2]);
  const from = Math.min(offsetOf(text, line) + column - 1, text.length);
  const word = /^(?:[\w+-]+|[^\w\n])/.exec(text.slice(from, from + 80))?.[0] ?? '';
  // At the end of a line nothing stands: the character before is what can be underlined.
  if (word === '' && from > 0) return { problem, line, column, from: from - 1, to: from };
  return { problem, line, column, from, to: from + word.length };
}

function offsetOf(text: string, line: number): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}
