// One thread that judges litmus tests: see judge-workers.ts. It answers each message with a list of
// verdicts.

import { parentPort } from 'node:worker_threads';
import { search } from '../explore/index.ts';
import { judgeTest, type TestVerdict } from '../verdict/index.ts';
import { isJudgeJobs, type JudgeJob } from './judge-workers.ts';

/** States of one search in a thread, at most: those that the main thread searches at once. */
const SMALL = 50_000;

parentPort?.on('message', (given: unknown) => {
  if (isJudgeJobs(given)) void answer(given);
});

async function answer(jobs: readonly JudgeJob[]): Promise<void> {
  const verdicts: (TestVerdict | null)[] = [];
  for (const { test, settings, bounds, witness } of jobs) {
    const verdict = await judgeTest(test, settings, {
      search: ({ system, question }, limits) => search(system, question, { bounds: limits }),
      bounds: { ...bounds, states: Math.min(bounds.states, SMALL) },
      witness,
    });
    // What is larger the main thread searches as it would without this one.
    const isCut = verdict.groups.some(({ outcome }) => outcome.bound !== undefined);
    verdicts.push(isCut ? null : verdict);
  }
  parentPort?.postMessage(verdicts);
}
