// What is wrong with the text, as a list whose entries lead to the place.

import { Hint } from '../../ui/index.ts';
import type { RunReply } from './asks.ts';
import type { Mistake } from './editor/lint.ts';

/** The mistakes, and where to go. */
export interface MistakesProps {
  readonly mistakes: readonly Mistake[];
  readonly onGo: (offset: number) => void;
}

/** Each mistake with its hint; nothing where the text can be run. */
export function Mistakes({ mistakes, onGo }: MistakesProps) {
  if (mistakes.length === 0) return null;
  return (
    <ul class="problems litmus-mistakes" aria-label="Mistakes">
      {mistakes.map(({ problem, line, column, from }, i) => (
        <li key={i}>
          {line === undefined ? null : (
            <button type="button" class="litmus-place" onClick={() => onGo(from)}>
              line {line}, column {column}
            </button>
          )}{' '}
          {problem.what}
          <Hint after={problem.what} hint={problem.hint} />
        </li>
      ))}
    </ul>
  );
}

/** Whether all that kept a test from being run is among the mistakes of its text. */
export function isToldBy(mistakes: readonly Mistake[], reply: RunReply): boolean {
  if (reply.kind !== 'wrong') return false;
  const known = new Set(mistakes.map(({ problem }) => problem.what));
  const { problem } = reply;
  return [problem, ...(problem.others ?? [])].every(({ what }) => known.has(what));
}
