// One thread that replays scenarios: see replay-workers.ts. It answers each message with a result.

import { parentPort } from 'node:worker_threads';
import { replayScenario } from '../replay/index.ts';
import { isReplayJob } from './replay-workers.ts';

parentPort?.on('message', (given: unknown) => {
  if (!isReplayJob(given)) return;
  parentPort?.postMessage(replayScenario(given.scenario, given.options));
});
