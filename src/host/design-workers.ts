// Runs programs against designs for switching S_DAX in threads beside the main one. Each answer
// depends on its design and program alone, so they are the same for any number of threads.

import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { at, InvariantError } from '../base/index.ts';
import type { DesignId } from '../kernel/index.ts';
import type { SDaxAnswer, SDaxProgram } from '../scenario/index.ts';

/** A program under a design, by their names. */
export interface DesignTask {
  readonly design: DesignId;
  readonly program: string;
}

/** An answer without the program, which holds functions and stays in its thread. */
export type BareAnswer = Omit<SDaxAnswer, 'program'>;

/** Whether a message to a thread is a list of designs with programs. */
export function isDesignTasks(value: unknown): value is readonly DesignTask[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && 'design' in one);
}

/** Programs that a thread is given at once: it must not wait for the main one after each. */
const BATCH = 4;

/** Programs below which a thread takes longer to start than it saves. */
const FEW = 40;

interface Job {
  readonly rules: { readonly id: DesignId };
  readonly program: SDaxProgram;
}

/**
 * Answers in the order of `jobs`. The main thread answers as well, by `answer`, from the front;
 * `jobs` from the back are answered by `threads` others.
 */
export async function answerDesigns<J extends Job>(
  jobs: readonly J[],
  how: { readonly threads: number; readonly answer: (job: J) => SDaxAnswer },
): Promise<readonly SDaxAnswer[]> {
  const answers: SDaxAnswer[] = [];
  const left = { first: 0, end: jobs.length };
  const own = async (): Promise<void> => {
    while (left.first < left.end) {
      const index = left.first++;
      answers[index] = how.answer(at(jobs, index));
      // Messages of the others come in between.
      await setImmediate();
    }
  };
  const threads = jobs.length < FEW ? 0 : how.threads;
  await Promise.all([...Array.from({ length: threads }, () => serve(jobs, left, answers)), own()]);
  return answers;
}

async function serve(
  jobs: readonly Job[],
  left: { first: number; end: number },
  answers: SDaxAnswer[],
): Promise<void> {
  const worker = new Worker(new URL('./judge-worker.js', import.meta.url));
  try {
    while (left.first < left.end) {
      const start = Math.max(left.first, left.end - BATCH);
      const batch = jobs.slice(start, left.end);
      left.end = start;
      const found = await answersOf(
        worker,
        batch.map(({ rules, program }) => ({ design: rules.id, program: program.id })),
      );
      for (const [i, answer] of found.entries()) {
        answers[start + i] = { ...answer, program: at(batch, i).program };
      }
    }
  } finally {
    await worker.terminate();
  }
}

function answersOf(worker: Worker, tasks: readonly DesignTask[]): Promise<readonly BareAnswer[]> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      worker.off('message', done);
      // The name of an error is lost on its way between threads.
      reject(new InvariantError(error.message));
    };
    const done = (found: readonly BareAnswer[]): void => {
      worker.off('error', failed);
      resolve(found);
    };
    worker.once('message', done);
    worker.once('error', failed);
    worker.postMessage(tasks);
  });
}
