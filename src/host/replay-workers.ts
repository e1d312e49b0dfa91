// Replays many scenarios in threads. Each scenario has a machine of its own, so that the results
// are the same for any number of threads; they are given in the order of the scenarios.

import { Worker } from 'node:worker_threads';
import { InvariantError, present } from '../base/index.ts';
import {
  type RecordedScenario,
  type ReplayOptions,
  replayScenario,
  type ScenarioResult,
} from '../replay/index.ts';

/** What a thread is asked for. */
export interface ReplayJob {
  readonly scenario: RecordedScenario;
  readonly options: ReplayOptions;
}

/** What a thread answers. */
type Replayed = ScenarioResult;

/** Whether a message to a thread is a job. */
export function isReplayJob(value: unknown): value is ReplayJob {
  return typeof value === 'object' && value !== null && 'scenario' in value && 'options' in value;
}

/** Scenarios below which threads take longer to start than they save. */
const FEW = 40;

/**
 * Results in the order of `scenarios`; `onDone` is awaited after each, with how many are done and
 * the name of one that is not.
 */
export async function replayAll(
  scenarios: readonly RecordedScenario[],
  options: ReplayOptions,
  run: {
    readonly jobs: number;
    readonly onDone: (done: number, next: string) => Promise<void>;
  },
): Promise<readonly Replayed[]> {
  const count = Math.min(run.jobs, scenarios.length);
  if (count <= 1 || scenarios.length < FEW) {
    const results: Replayed[] = [];
    for (const [index, scenario] of scenarios.entries()) {
      await run.onDone(index, scenario.id);
      results.push(replayScenario(scenario, options));
    }
    return results;
  }
  return inThreads(scenarios, options, { ...run, jobs: count });
}

async function inThreads(
  scenarios: readonly RecordedScenario[],
  options: ReplayOptions,
  run: {
    readonly jobs: number;
    readonly onDone: (done: number, next: string) => Promise<void>;
  },
): Promise<readonly Replayed[]> {
  const order = longestFirst(scenarios);
  const results = new Map<number, Replayed>();
  let next = 0;
  const serve = async (): Promise<void> => {
    const worker = new Worker(new URL('./replay-worker.js', import.meta.url));
    try {
      for (;;) {
        const index = order[next++];
        if (index === undefined) return;
        const scenario = present(scenarios[index], 'scenario');
        await run.onDone(results.size, scenario.id);
        results.set(index, await answerOf(worker, { scenario, options }));
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: run.jobs }, serve));
  return scenarios.map((_, index) => present(results.get(index), 'result'));
}

/** Indices with the scenarios that fill a device first: nothing long is left for the end. */
function longestFirst(scenarios: readonly RecordedScenario[]): readonly number[] {
  const fills = scenarios.map(({ steps }) => steps.some(({ op }) => op === 'fill'));
  const indices = [...scenarios.keys()];
  return [...indices.filter((i) => fills[i] === true), ...indices.filter((i) => fills[i] !== true)];
}

function answerOf(worker: Worker, job: ReplayJob): Promise<Replayed> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      worker.off('message', done);
      // The name of an error is lost on its way between threads.
      reject(new InvariantError(`${job.scenario.id}: ${error.message}`));
    };
    const done = (answer: Replayed): void => {
      worker.off('error', failed);
      resolve(answer);
    };
    worker.once('message', done);
    worker.once('error', failed);
    worker.postMessage(job);
  });
}
