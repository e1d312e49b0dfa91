// One thread that judges litmus tests and designs for switching S_DAX: see judge-workers.ts and
// design-workers.ts. It answers each message with a list of verdicts or answers.

import { parentPort } from 'node:worker_threads';
import { present } from '../base/index.ts';
import { search, searchGraph } from '../explore/index.ts';
import { designById } from '../kernel/index.ts';
import { exploreSDax, lifePrograms, switchPrograms } from '../scenario/index.ts';
import { type JudgeJob, judgeTest, SMALL_SEARCH, type TestVerdict } from '../verdict/index.ts';
import { type BareAnswer, type DesignTask, isDesignTasks } from './design-workers.ts';
import { isJudgeJobs } from './judge-workers.ts';

parentPort?.on('message', (given: unknown) => {
  if (isJudgeJobs(given)) void answer(given);
  else if (isDesignTasks(given)) parentPort?.postMessage(given.map(answerDesign));
});

function answerDesign({ design, program }: DesignTask): BareAnswer {
  const rules = present(designById(design), design);
  const found = [...switchPrograms, ...lifePrograms].find(({ id }) => id === program);
  const { program: _, ...answer } = exploreSDax(rules, present(found, program), searchGraph);
  return answer;
}

async function answer(jobs: readonly JudgeJob[]): Promise<void> {
  const verdicts: (TestVerdict | null)[] = [];
  for (const { test, settings, bounds, witness } of jobs) {
    const verdict = await judgeTest(test, settings, {
      search: ({ system, question }, limits) => search(system, question, { bounds: limits }),
      bounds: { ...bounds, states: Math.min(bounds.states, SMALL_SEARCH) },
      witness,
    });
    // What is larger the main thread searches as it would without this one.
    const isCut = verdict.groups.some(({ outcome }) => outcome.bound !== undefined);
    verdicts.push(isCut ? null : verdict);
  }
  parentPort?.postMessage(verdicts);
}
