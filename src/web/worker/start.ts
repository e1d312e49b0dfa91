// Starts the engine's worker from a file of its own: the page as a folder.

/** A new worker. */
export function startEngine(): Worker {
  return new Worker(new URL('./engine.ts', import.meta.url), { type: 'module', name: 'engine' });
}
