// Threads that help a search: the crew of `explore`, on Node's worker_threads. To start one takes
// as long as to find a hundred thousand states, so they are started before the search and serve
// any number of searches, one after the other. None keeps the process alive.

import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Crew } from '../explore/index.ts';

/** A crew of `count` threads besides the one that searches, ready to serve; undefined for none. */
export async function threads(count: number): Promise<Crew | undefined> {
  if (count < 1) return undefined;
  const file = new URL('./search-worker.js', import.meta.url);
  const members = await Promise.all(
    Array.from({ length: count }, () => {
      const member = new Worker(file);
      return new Promise<Worker>((resolve, reject) => {
        member.once('message', () => {
          member.unref();
          resolve(member);
        });
        member.once('error', reject);
      });
    }),
  );
  return {
    count,
    start(job) {
      for (const member of members) member.postMessage(job);
    },
  };
}

/** Processors that this process may use: more workers than these only wait for each other. */
export function processorCount(): number {
  return os.availableParallelism();
}
