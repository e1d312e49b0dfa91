// Which scenarios of a recording are listed: those whose id the search finds.

import type { RecordingList } from './asks.ts';

/** A recording with what of it is listed. */
export interface Filtered {
  readonly recording: RecordingList;
  readonly groups: readonly {
    readonly group: string;
    readonly ids: readonly string[];
    /** Scenarios of the group, listed or not. */
    readonly all: number;
  }[];
  readonly count: number;
  /** The search is no regular expression. */
  readonly wrong: boolean;
}

/** A longer search is none: nobody types it. */
const MOST = 200;

/** The scenarios that `only` finds, as the command line takes it; all for an empty one. */
export function filtered(recording: RecordingList, only: string): Filtered {
  const pattern = patternOf(only);
  const groups = recording.groups.map(({ group, ids }) => ({
    group,
    ids: ids.filter((id) => pattern?.test(id) === true),
    all: ids.length,
  }));
  const count = groups.reduce((sum, { ids }) => sum + ids.length, 0);
  return { recording, groups, count, wrong: pattern === undefined };
}

/**
 * Whether a search is one step for each letter, whatever it is matched against. One that repeats
 * or groups may try more ways than there is time for: `(a+)+$`.
 */
export function isQuick(only: string): boolean {
  return !/[*+?{(\\]/.test(only);
}

function patternOf(only: string): RegExp | undefined {
  if (only.length > MOST) return undefined;
  try {
    return new RegExp(only);
  } catch {
    return undefined;
  }
}
