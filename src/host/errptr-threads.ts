// Threads that read files and walk functions. What they answer depends on the job alone, and comes
// in the order of the jobs, so that it is the same for any number of threads.

import { Worker } from 'node:worker_threads';
import { InvariantError, present } from '../base/index.ts';

/** Functions of one file that are to be walked. */
export interface FileFunctions {
  readonly path: string;
  readonly functions: readonly {
    readonly name: string;
    readonly start: number;
    readonly end: number;
  }[];
}

/** What a thread is asked for. `scans`: not the digests of the files alone. */
export type ErrptrJob =
  | { readonly kind: 'read'; readonly paths: readonly string[]; readonly scans: boolean }
  | { readonly kind: 'walk'; readonly files: readonly FileFunctions[] };

/** Whether a message to a thread is a job. */
export function isErrptrJob(value: unknown): value is ErrptrJob {
  return typeof value === 'object' && value !== null && ('paths' in value || 'files' in value);
}

/** Threads that live until they are ended. */
export class ErrptrThreads {
  readonly workers: readonly Worker[];

  constructor(root: string, count: number) {
    this.workers = Array.from({ length: count }, () => {
      const url = new URL('./errptr-worker.js', import.meta.url);
      return new Worker(url, { workerData: root });
    });
  }

  /** Answers in the order of the jobs; `onDone` is awaited before each is given out. */
  async run(
    jobs: readonly ErrptrJob[],
    onDone: (done: number) => Promise<void>,
  ): Promise<readonly (readonly string[])[]> {
    const answers = new Map<number, readonly string[]>();
    let next = 0;
    const serve = async (worker: Worker): Promise<void> => {
      for (;;) {
        const index = next++;
        const job = jobs[index];
        if (job === undefined) return;
        await onDone(answers.size);
        answers.set(index, await answerOf(worker, job));
      }
    };
    await Promise.all(this.workers.map(serve));
    return jobs.map((_, index) => present(answers.get(index), 'answer of a thread'));
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

function answerOf(worker: Worker, job: ErrptrJob): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      worker.off('message', done);
      // The name of an error is lost on its way between threads.
      reject(new InvariantError(error.message));
    };
    const done = (answer: readonly string[]): void => {
      worker.off('error', failed);
      resolve(answer);
    };
    worker.once('message', done);
    worker.once('error', failed);
    worker.postMessage(job);
  });
}
