// The thread of one large search: see deep-search.ts.

import { parentPort, workerData } from 'node:worker_threads';
import { search } from '../explore/index.ts';
import { searchReduced } from '../verdict/index.ts';
import type { DeepMessage, DeepSearch } from './deep-search.ts';
import { threads } from './search-workers.ts';

/** Milliseconds between two words on how far the search is. */
const PAUSE = 200;

if (parentPort && isAsked(workerData)) await answer(parentPort, workerData);

async function answer(
  port: NonNullable<typeof parentPort>,
  { scenario, reductions, bounds, jobs }: DeepSearch,
): Promise<void> {
  const say = (message: DeepMessage): void => port.postMessage(message);
  const crew = await threads(jobs - 1);
  let last = Date.now();
  const exploration = await searchReduced(scenario, reductions, {
    bounds,
    engine: (system, question, options) => {
      return search(system, question, {
        ...options,
        backEnd: 'wasm',
        ...(crew ? { crew } : {}),
        onProgress: (progress) => {
          if (Date.now() - last >= PAUSE) {
            last = Date.now();
            say({ kind: 'progress', progress });
          }
          return undefined;
        },
      });
    },
  });
  say({ kind: 'found', exploration });
}

function isAsked(value: unknown): value is DeepSearch {
  return typeof value === 'object' && value !== null && 'scenario' in value && 'jobs' in value;
}
