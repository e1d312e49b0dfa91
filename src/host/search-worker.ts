// One thread of a crew: see search-workers.ts.

import { workerData } from 'node:worker_threads';
import { type Job, serve } from '../explore/index.ts';

const given: unknown = workerData;
if (isJob(given)) serve(given);

function isJob(value: unknown): value is Job {
  return typeof value === 'object' && value !== null && 'module' in value && 'sizes' in value;
}
