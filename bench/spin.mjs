// SPIN on the same model: compiled as SPIN's own manual advises for speed, depth first, without its
// partial-order reduction, every other setting as the program chooses it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { has } from '../scripts/lib/run.mjs';
import { promelaOf } from './promela.mjs';

const compileFlags = ['-O3', '-march=native', '-DSAFETY', '-DNOREDUCE'];

/**
 * @typedef {{ states: number, transitions: number, cpuSeconds: number, bytesPerState: number,
 *   prepareSeconds: number, totalSeconds: number }} SpinRun `prepareSeconds` is the wall time of
 *   `spin -a` and gcc, `totalSeconds` that and pan's
 */

/** Whether SPIN and a compiler are installed. */
export function haveSpin() {
  return has('spin') && has('gcc');
}

/**
 * Runs SPIN on the model; throws where it does not find the model's graph. `compile` may be a
 * quicker one for models that take longer to compile than to search.
 * @param {import('./models.mjs').Model} model
 * @param {readonly string[]} flags for gcc
 * @returns {SpinRun}
 */
export function spin(model, flags = compileFlags) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-spin-'));
  try {
    writeFileSync(path.join(folder, 'model.pml'), promelaOf(model));
    const started = performance.now();
    run(folder, 'spin', ['-o1', '-o2', '-o3', '-a', 'model.pml']);
    run(folder, 'gcc', [...flags, '-o', 'pan', 'pan.c']);
    const prepareSeconds = (performance.now() - started) / 1000;
    const output = run(folder, 'sh', ['-c', './pan -n; times']);
    const totalSeconds = (performance.now() - started) / 1000;
    // pan counts the step to the initial state as one, and prints eight digits.
    const states = number(output, /([\d.e+]+) states, stored/);
    const transitions = number(output, /([\d.e+]+) transitions/) - 1;
    if (states !== model.states || Math.abs(transitions / model.transitions - 1) > 1e-7) {
      throw new Error(`SPIN finds ${states} states and ${transitions} transitions`);
    }
    const megabytes = number(output, /([\d.]+)\s+total actual memory usage/);
    const bytesPerState = (megabytes * 2 ** 20) / states;
    return {
      states,
      transitions,
      cpuSeconds: childSeconds(output),
      bytesPerState,
      prepareSeconds,
      totalSeconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(folder, program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} fails: ${stdout}${stderr}`);
  return stdout;
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
function number(text, pattern) {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${pattern} in the output of pan`);
  return Number(found);
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
