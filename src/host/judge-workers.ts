// Judges litmus tests in threads beside the main one. Each verdict depends on its test and settings
// alone, so they are the same for any number of threads.

import { Worker } from 'node:worker_threads';
import { at, InvariantError } from '../base/index.ts';
import type { JudgeJob, TestVerdict } from '../verdict/index.ts';

/** Whether a message to a thread is a list of jobs. */
export function isJudgeJobs(value: unknown): value is readonly JudgeJob[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && 'bounds' in one);
}

/**
 * Tests that a thread is given at once, and how many such lists it has before it: it must not wait
 * for the main thread after each.
 */
const BATCH = 2;
const AHEAD = 2;

/** Tests below which a thread takes longer to start than it saves. */
const FEW = 12;

/**
 * Verdicts in the order of `jobs`. The main thread judges as well, by `judge`, beside `threads`
 * others. `onDone` is awaited before each test of its own.
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
  const left = threads === 0 ? [...jobs.keys()] : longestFirst(jobs);
  const own = async (): Promise<void> => {
    // It begins with the small ones, so that not all threads compile the same code first.
    const next = () => (threads === 0 ? left.shift() : left.pop());
    for (let index = next(); index !== undefined; index = next()) {
      const job = at(jobs, index);
      await how.onDone(verdicts.size, job);
      // Threads are given their next tests while nothing else runs.
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

/** Tests that start kernels take longest, those with the most settings first. */
function longestFirst(jobs: readonly JudgeJob[]): number[] {
  const weight = ({ test, settings }: JudgeJob): number =>
    test.program.stack === undefined ? 0 : settings.length;
  return [...jobs.keys()].toSorted((a, b) => weight(at(jobs, b)) - weight(at(jobs, a)) || a - b);
}

async function serve(
  jobs: readonly JudgeJob[],
  left: number[],
  verdicts: Map<number, TestVerdict>,
): Promise<void> {
  const worker = new Worker(new URL('./judge-worker.js', import.meta.url));
  const ahead: { readonly indices: readonly number[]; readonly answers: Promise<Answers> }[] = [];
  const post = (): void => {
    const indices = left.splice(0, BATCH);
    if (indices.length === 0) return;
    const before = ahead.at(-1)?.answers;
    worker.postMessage(indices.map((index) => at(jobs, index)));
    ahead.push({ indices, answers: answersOf(worker, before) });
  };
  try {
    for (let i = 0; i < AHEAD; i++) post();
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      const answers = await next.answers;
      post();
      for (const [i, verdict] of answers.entries()) {
        if (verdict !== null) verdicts.set(at(next.indices, i), verdict);
      }
    }
  } finally {
    await worker.terminate();
  }
}

type Answers = readonly (TestVerdict | null)[];

// The answers to a list of tests, which come after those to the list before.
async function answersOf(worker: Worker, before: Promise<Answers> | undefined): Promise<Answers> {
  await before;
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
  });
}
