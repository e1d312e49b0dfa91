// Shell commands with the time they took: wall time, and CPU time of all their processes.

import { spawnSync } from 'node:child_process';

/** @typedef {{ stdout: string, wallSeconds: number, cpuSeconds: number }} Timed */

/**
 * Runs a line of shell; throws where it fails.
 * @param {string} folder
 * @param {string} line
 * @param {NodeJS.ProcessEnv} env
 * @returns {Timed}
 */
export function timed(folder, line, env = process.env) {
  const started = performance.now();
  const run = spawnSync('sh', ['-e', '-c', `${line}; times`], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  const wallSeconds = (performance.now() - started) / 1000;
  if (run.status !== 0) throw new Error(`${line} fails: ${run.stdout}${run.stderr}`);
  return { stdout: run.stdout, wallSeconds, cpuSeconds: childSeconds(run.stdout) };
}

/**
 * The last line of the shell's `times`: user and system time of its children.
 * @param {string} output
 */
function childSeconds(output) {
  const line = output.trim().split('\n').at(-1) ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}
