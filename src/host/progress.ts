// Progress on stderr, for a terminal only: a bar that vanishes when work is done or interrupted.

import type { SingleBar } from 'cli-progress';

/** A bar that someone advances and stops; without a terminal both do nothing visible. */
export interface Progress {
  /** Shows that `done` of `total` parts are finished and `label` is next; lets signals through. */
  readonly step: (done: number, total: number, label: string) => Promise<void>;
  readonly stop: () => void;
}

/** A bar on stderr; silent when `quiet` or when stderr is not a terminal. */
export function openProgress(quiet: boolean): Progress {
  const shown = !quiet && process.stderr.isTTY;
  let bar: SingleBar | undefined;
  return {
    async step(done, total, label) {
      if (shown && !bar) {
        bar = await newBar();
        bar.start(total, done, { label });
      }
      bar?.setTotal(total);
      bar?.update(done, { label });
      // Yields to the event loop, so that Ctrl-C is heard between two parts.
      await new Promise((resolve) => setImmediate(resolve));
    },
    stop() {
      bar?.stop();
    },
  };
}

// Loaded where a bar is shown, not before: an answer into a pipe must not wait for it.
async function newBar(): Promise<SingleBar> {
  const { default: cliProgress } = await import('cli-progress');
  return new cliProgress.SingleBar({
    format: '{bar} {value}/{total} {label}',
    barCompleteChar: '#',
    barIncompleteChar: '-',
    barsize: 30,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    synchronousUpdate: true,
  });
}
