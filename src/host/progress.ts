// Progress on stderr, for a terminal only: a bar that vanishes when work is done or interrupted.

import cliProgress from 'cli-progress';

/** A bar that someone advances and stops; without a terminal both do nothing visible. */
export interface Progress {
  /** Shows that `done` of `total` parts are finished and `label` is next; lets signals through. */
  readonly step: (done: number, total: number, label: string) => Promise<void>;
  readonly stop: () => void;
}

/** A bar on stderr; silent when `quiet` or when stderr is not a terminal. */
export function openProgress(quiet: boolean): Progress {
  const bar =
    quiet || !process.stderr.isTTY
      ? undefined
      : new cliProgress.SingleBar({
          format: '{bar} {value}/{total} {label}',
          barCompleteChar: '#',
          barIncompleteChar: '-',
          barsize: 30,
          stream: process.stderr,
          clearOnComplete: true,
          hideCursor: true,
          synchronousUpdate: true,
        });
  let started = false;
  return {
    async step(done, total, label) {
      if (bar && !started) bar.start(total, done, { label });
      started = true;
      bar?.setTotal(total);
      bar?.update(done, { label });
      // Yields to the event loop, so that Ctrl-C is heard between two parts.
      await new Promise((resolve) => setImmediate(resolve));
    },
    stop() {
      if (started) bar?.stop();
    },
  };
}
