// One thread of a crew: see search-workers.ts. It says when it is ready, and then serves one search
// after the other.

import { parentPort } from 'node:worker_threads';
import { type Job, serve } from '../explore/index.ts';

parentPort?.on('message', (given: unknown) => {
  if (isJob(given)) serve(given);
});
parentPort?.postMessage('ready');

function isJob(value: unknown): value is Job {
  return typeof value === 'object' && value !== null && 'module' in value && 'sizes' in value;
}
