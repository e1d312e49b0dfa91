// Judges litmus tests in threads beside the main one. Each verdict depends on its test and settings
// alone, so they are the same for any number of threads.

import { Worker } from 'node:worker_threads';
import { InvariantError } from '../base/index.ts';
import type { Bounds } from '../explore/index.ts';
import type { JudgedTest, Setting, TestVerdict } from '../verdict/index.ts';

/** A test with what it is judged on. */
export interface JudgeJob {
  readonly test: JudgedTest;
  readonly settings: readonly Setting[];
  readonly bounds: Bounds;
  /** Whether witnesses are told. */
  readonly witness: boolean;
}

/** Whether a message to a thread is a list of jobs. */
export function isJudgeJobs(value: unknown): value is readonly JudgeJob[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && 'bounds' in one);
}

/** Tests that a thread is given at once: it must not wait for the main one after each. */
const BATCH = 6;

/** Tests below which a thread takes longer to start than it saves. */
const FEW = 12;

/**
 * Verdicts in the order of `jobs`. The main thread judges as well, by `judge`, from the front;
 * `jobs` from the back are judged by `threads` others. `onDone` is awaited before each of its own.
 */
export async function judgeAll(
  jobs: readonly JudgeJob[],
  how: {
    readonly threads: number;
    readonly judge: (job: JudgeJob) => Promise<TestVerdict>;
    readonly onDone: (done: number, next: JudgeJob) => Promise<void>;
  },
): Promise<readonly TestVerdict[]> {
  const threads = jobs.length < FEW ? 0 : how.threads;
  const verdicts = new Map<number, TestVerdict>();
  const left = { first: 0, end: jobs.length };
  const own = async (): Promise<void> => {
    while (left.first < left.end) {
      const index = left.first++;
      const job = jobs[index];
      if (job === undefined) return;
      await how.onDone(verdicts.size, job);
      // Threads are given their next batch while nothing else runs.
      if (threads > 0) await new Promise(setImmediate);
      verdicts.set(index, await how.judge(job));
    }
  };
  const others = Array.from({ length: threads }, () => serve(jobs, left, verdicts));
  await Promise.all([...others, own()]);
  // What was too large for a thread is left.
  const all: TestVerdict[] = [];
  for (const [index, job] of jobs.entries()) {
    all.push(verdicts.get(index) ?? (await how.judge(job)));
  }
  return all;
}

async function serve(
  jobs: readonly JudgeJob[],
  left: { first: number; end: number },
  verdicts: Map<number, TestVerdict>,
): Promise<void> {
  const worker = new Worker(new URL('./judge-worker.js', import.meta.url));
  try {
    while (left.first < left.end) {
      const start = Math.max(left.first, left.end - BATCH);
      const batch = jobs.slice(start, left.end);
      left.end = start;
      const answers = await answersOf(worker, batch);
      for (const [i, verdict] of answers.entries()) {
        if (verdict !== null) verdicts.set(start + i, verdict);
      }
    }
  } finally {
    await worker.terminate();
  }
}

type Answers = readonly (TestVerdict | null)[];

function answersOf(worker: Worker, batch: readonly JudgeJob[]): Promise<Answers> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      worker.off('message', done);
      // The name of an error is lost on its way between threads.
      reject(new InvariantError(error.message));
    };
    const done = (answers: Answers): void => {
      worker.off('error', failed);
      resolve(answers);
    };
    worker.once('message', done);
    worker.once('error', failed);
    worker.postMessage(batch);
  });
}
