// Starts the engine's worker from inside the page: the page as one file.

import InlineEngine from './engine.ts?worker&inline';

/** A new worker. */
export function startEngine(): Worker {
  return new InlineEngine({ name: 'engine' });
}
