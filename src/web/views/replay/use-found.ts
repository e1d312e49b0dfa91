// The search among recordings: at once where that is sure to be quick, else in a worker that is
// ended when the reader types on, or when it takes too long.

import { useEffect, useMemo, useState } from 'preact/hooks';
import { ask } from '../../worker/client.ts';
import type { RecordingList } from './asks.ts';
import { type Filtered, filtered, isQuick } from './filter.ts';

/** A search that takes longer is given up: in milliseconds. */
const LONGEST = 2000;

/** What the search found, of each recording, and what is said of it. */
export interface Found {
  readonly lists: readonly Filtered[];
  readonly says: string;
}

interface Answer {
  readonly of: readonly RecordingList[];
  readonly only: string;
  readonly lists: readonly Filtered[];
  /** Why there are none. */
  readonly wrong?: string;
}

/** Searches `recordings`, which must be the same array as long as they are the same. */
export function useFound(recordings: readonly RecordingList[], only: string): Found {
  const [answer, setAnswer] = useState<Answer>();
  const quick = useMemo(
    () => (isQuick(only) ? recordings.map((one) => filtered(one, only)) : undefined),
    [recordings, only],
  );
  useEffect(() => {
    if (quick !== undefined) return undefined;
    const end = new AbortController();
    let isWanted = true;
    const settle = (to: Pick<Answer, 'lists' | 'wrong'>): void => {
      if (isWanted) setAnswer({ of: recordings, only, ...to });
    };
    const timer = setTimeout(() => end.abort(), LONGEST);
    ask('replay-find', { recordings, only }, { signal: end.signal }).then(
      ({ lists }) => settle({ lists }),
      (error: unknown) => {
        const fault = error instanceof Error ? error.message : String(error);
        const wrong = end.signal.aborted
          ? `'${only}' takes longer than ${LONGEST / 1000} seconds: it was not searched for`
          : `a fault of Dachs: ${fault}`;
        settle({ lists: recordings.map(noneOf), wrong });
      },
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
      end.abort();
    };
  }, [recordings, only]);
  const nothing = useMemo(() => recordings.map(noneOf), [recordings]);
  if (quick !== undefined) return foundIn(quick, only);
  if (answer?.of !== recordings || answer.only !== only) {
    return { lists: nothing, says: 'Searching ...' };
  }
  const { lists, wrong } = answer;
  return wrong === undefined ? foundIn(lists, only) : { lists, says: wrong };
}

function foundIn(lists: readonly Filtered[], only: string): Found {
  const count = lists.reduce((sum, one) => sum + one.count, 0);
  const isWrong = lists.some(({ wrong }) => wrong);
  return { lists, says: isWrong ? `'${only}' is no regular expression` : `${count} scenarios` };
}

function noneOf(recording: RecordingList): Filtered {
  return { recording, groups: [], count: 0, wrong: false };
}
