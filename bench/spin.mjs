// SPIN on the same model: compiled as SPIN's own manual advises for speed, depth first, without its
// partial-order reduction. The size of its table is the caller's choice: pan's own is 2^24 slots
// (-w24), which is fewer than the states of the largest model.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { has } from '../scripts/lib/run.mjs';
import { promelaOf } from './promela.mjs';
import { timed } from './timed.mjs';

const compileFlags = ['-O3', '-march=native', '-DSAFETY', '-DNOREDUCE'];

/**
 * @typedef {{ states: number, transitions: number, cpuSeconds: number, bytesPerState: number }}
 *   SpinRun
 */

/** Slots of pan's table unless it is told otherwise, as a power of two. */
export const usualTableLog = 24;

/** Whether SPIN and a compiler are installed. */
export function haveSpin() {
  return has('spin') && has('gcc');
}

/**
 * Runs SPIN on the model; throws where it does not find the model's graph.
 * @param {import('./models.mjs').Model} model
 * @param {number} tableLog slots of pan's table, as a power of two
 * @returns {SpinRun}
 */
export function spin(model, tableLog = usualTableLog) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-spin-'));
  try {
    writeFileSync(path.join(folder, 'model.pml'), promelaOf(model));
    run(folder, 'spin', ['-o1', '-o2', '-o3', '-a', 'model.pml']);
    run(folder, 'gcc', [...compileFlags, '-o', 'pan', 'pan.c']);
    const { stdout: output, cpuSeconds } = timed(folder, `./pan -n -w${tableLog}`);
    // pan counts the step to the initial state as one, and prints eight digits.
    const states = number(output, /([\d.e+]+) states, stored/);
    const transitions = number(output, /([\d.e+]+) transitions/) - 1;
    if (states !== model.states || Math.abs(transitions / model.transitions - 1) > 1e-7) {
      throw new Error(`SPIN finds ${states} states and ${transitions} transitions`);
    }
    const megabytes = number(output, /([\d.]+)\s+total actual memory usage/);
    const bytesPerState = (megabytes * 2 ** 20) / states;
    return { states, transitions, cpuSeconds, bytesPerState };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What SPIN needs for a model that `dachs export` wrote, from the text to pan's last line: wall
 * time, and CPU time of all three programs.
 * @param {string} text
 * @returns {import('./timed.mjs').Timed}
 */
export function spinFromText(text) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-spin-'));
  try {
    writeFileSync(path.join(folder, 'model.pml'), text);
    const gcc = `gcc ${compileFlags.join(' ')} -o pan pan.c`;
    const all = timed(folder, `spin -a model.pml && ${gcc} && ./pan`);
    number(all.stdout, /([\d.e+]+) states, stored/);
    return all;
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
