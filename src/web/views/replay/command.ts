// The command line that says what the view says.

import { forShell } from '../../../answer/index.ts';
import type { BedChoice } from './asks.ts';

/** What is chosen of a recording, and what it runs on. */
export interface ReplayChoice {
  readonly only: string;
  readonly group: string;
  readonly bed: BedChoice;
}

/** `dachs replay FILE ...`, to be pasted into a shell; what is empty is left out. */
export function commandOf(file: string, { only, group, bed }: ReplayChoice): string {
  const options = [
    ['--only', only],
    ['--group', group],
    ['--machine', bed.machine],
    ['--kernel', bed.kernel],
    ['--gate', bed.gate],
  ] as const;
  const words = options.filter(([, value]) => value !== '').flat();
  return ['dachs', 'replay', file, ...words, ...(bed.fresh ? ['--fresh'] : [])]
    .map(forShell)
    .join(' ');
}
