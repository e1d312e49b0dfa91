// Threads that help a search: the crew of `explore`, on Node's worker_threads. They start while the
// search goes on, join it when they are ready, and end with it; none keeps the process alive.

import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Crew } from '../explore/index.ts';

/** A crew of `count` threads besides the one that searches; undefined for none. */
export function threads(count: number): Crew | undefined {
  if (count < 1) return undefined;
  return {
    count,
    start(job) {
      for (let i = 0; i < count; i++) {
        const file = new URL('./search-worker.js', import.meta.url);
        new Worker(file, { workerData: job }).unref();
      }
    },
  };
}

/** Processors that this process may use: more workers than these only wait for each other. */
export function processorCount(): number {
  return os.availableParallelism();
}
