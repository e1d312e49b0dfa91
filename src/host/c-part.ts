// Reads the C of a tree in a thread of its own, where the machine has one to spare.

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CPart } from '../audit/index.ts';
import { InvariantError, type Result } from '../base/index.ts';

/** What is under way, and how it is given up. */
export interface CPartUnderWay {
  readonly part: Promise<Result<CPart>>;
  stop(): Promise<void>;
}

/** Starts reading, by the protocols that come with the program; undefined with one processor. */
export function startCPart(path: string): CPartUnderWay | undefined {
  if (availableParallelism() < 2) return undefined;
  const worker = new Worker(new URL('./c-part-worker.js', import.meta.url), { workerData: path });
  const part = new Promise<Result<CPart>>((resolve, reject) => {
    worker.once('message', (told: Result<CPart>) => resolve(told));
    // The name of an error is lost on its way between threads.
    worker.once('error', (error: Error) => reject(new InvariantError(error.message)));
  });
  // Whoever stops it before it is asked for does not care how it ended.
  part.catch(() => undefined);
  return {
    part,
    async stop() {
      await worker.terminate();
    },
  };
}
