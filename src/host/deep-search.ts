// A large search in a thread of its own: the main thread stays free for Ctrl-C and for a line that
// says how far the search is.

import type { Bounds, Exploration, Progress } from '../explore/index.ts';
import type { Reduction } from '../reduce/index.ts';
import type { Scenario } from '../scenario/index.ts';

/** What the thread is given; plain data. */
export interface DeepSearch {
  readonly scenario: Scenario;
  readonly reductions: readonly Reduction[];
  readonly bounds: Bounds;
  readonly jobs: number;
}

/** What the thread says while it searches, and at the end. */
export type DeepMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'found'; readonly exploration: Exploration };

/** Reduces and searches with `jobs` workers; progress goes to stderr, where that is a terminal. */
export async function searchInThread(asked: DeepSearch, quiet: boolean): Promise<Exploration> {
  const line = progressLine(quiet);
  const { Worker } = await import('node:worker_threads');
  const searched = new Promise<Exploration>((resolve, reject) => {
    const worker = new Worker(new URL('./deep-search-thread.js', import.meta.url), {
      workerData: { ...asked, scenario: plain(asked.scenario) },
    });
    worker.on('message', (message: DeepMessage) => {
      if (message.kind === 'progress') line.show(message.progress);
      else {
        line.clear();
        resolve(message.exploration);
      }
    });
    worker.on('error', (error) => {
      line.clear();
      reject(error);
    });
  });
  // A limit of the process: nothing was searched, and that is an answer, not a fault of ours.
  return searched.catch((error: unknown) => {
    if (hasNoRoom(error)) return nothingFound;
    throw error;
  });
}

// What tells a scenario of a kernel that runs in words stays here.
function plain(scenario: Scenario): Scenario {
  const { told: _, hasEnded: __, says: ___, ...rest } = scenario;
  return rest;
}

/** Node says it by a code, or where no thread can be started by the system's word alone. */
function hasNoRoom(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : error.message;
  return ['ERR_WORKER_INIT_FAILED', 'ERR_WORKER_OUT_OF_MEMORY', 'EAGAIN', 'ENOMEM'].includes(code);
}

const nothingFound: Exploration = {
  outcome: { bound: 'memory', limit: 0 },
  states: 0,
  transitions: 0,
  depth: 0,
  ends: [],
  bytes: 0,
};

/** One line that is written over: states, depth, states a second, memory. */
function progressLine(quiet: boolean) {
  const shown = !quiet && process.stderr.isTTY;
  const began = Date.now();
  return {
    show({ states, depth, bytes }: Progress): void {
      if (!shown) return;
      const seconds = Math.max(0.001, (Date.now() - began) / 1000);
      const rate = (states / seconds / 1e6).toFixed(1);
      const memory = (bytes / 2 ** 20).toFixed(0);
      process.stderr.write(
        `\r\x1b[K${states} states, depth ${depth}, ${rate} M/s, ${memory} MiB (Ctrl-C stops)`,
      );
    },
    clear(): void {
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}
