// How far a run is.

import type { Told } from '../../worker/asks.ts';
import { numbered } from './use-run.ts';

/** What was told last, and states a second since the start. */
export interface ProgressProps {
  readonly told: Told | undefined;
  readonly rate: number | undefined;
}

/** A bar of systems that are done, and the size of the search. */
export function Progress({ told, rate }: ProgressProps) {
  if (!told) return <p aria-busy="true">Starting ...</p>;
  const { what, share = 0, search } = told;
  return (
    <div class="litmus-progress" data-testid="progress">
      <progress value={share} aria-label="Systems that are done" />
      <p>
        {what}
        {search === undefined ? null : (
          <span class="quiet">
            {' '}
            {numbered(search.states)} states, depth {search.depth}
            {rate === undefined ? '' : `, ${numbered(rate)} states/s`}, {megabytes(search.bytes)} MB
          </span>
        )}
      </p>
    </div>
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
