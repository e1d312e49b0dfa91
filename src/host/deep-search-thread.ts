// The thread of one large search: see deep-search.ts.

import { parentPort, workerData } from 'node:worker_threads';
import { search } from '../explore/index.ts';
import type { DeepMessage, DeepSearch } from './deep-search.ts';
import { threads } from './search-workers.ts';

/** Milliseconds between two words on how far the search is. */
const PAUSE = 200;

if (parentPort && isAsked(workerData)) answer(parentPort, workerData);

function answer(port: NonNullable<typeof parentPort>, asked: DeepSearch): void {
  const say = (message: DeepMessage): void => port.postMessage(message);
  const crew = threads(asked.jobs - 1);
  let last = Date.now();
  const exploration = search(asked.system, asked.question, {
    ...asked.options,
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
  say({ kind: 'found', exploration });
}

function isAsked(value: unknown): value is DeepSearch {
  return typeof value === 'object' && value !== null && 'system' in value && 'jobs' in value;
}
