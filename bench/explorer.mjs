// The explorer against SPIN on the identical graph, in one run: states per second by CPU time,
// bytes per state, workers, Chromium, and a small model from a cold start. Run by `npm run bench`;
// needs `npm run build`. Figures are recorded in explorer.json with --record. SPIN and Chromium
// take part where they are installed. Names of rows as arguments measure only those.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { haveChromium, searchInChromium } from './chromium.mjs';
import { rowNamed, rowNames } from './rows.mjs';
import { haveSpin, spin } from './spin.mjs';

/** @typedef {import('./measure.mjs').Measured} Measured */
/** @typedef {import('./spin.mjs').SpinRun} SpinRun */

const root = path.resolve(import.meta.dirname, '..');
const file = path.join(root, 'bench/explorer.json');
const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith('--'));
/** @type {Record<string, Record<string, number>>} */
const figures = {};

for (const name of rowNames) {
  if (name === 'litmus' || (wanted.length > 0 && !wanted.includes(name))) continue;
  measureRow(name);
}
if (wanted.length === 0 || wanted.includes('litmus')) coldStart();
if (haveChromium() && (wanted.length === 0 || wanted.includes('chromium'))) await inChromium();
if (args.includes('--record') && wanted.length === 0) record();

/**
 * Runs a row in all ways and prints a line each.
 * @param {string} name
 */
function measureRow(name) {
  const { model } = rowNamed(name);
  const runs = name === '10^7' ? 1 : 3;
  const alone = best(runs, () => measure(name, 'wasm'));
  const two = best(runs, () => measure(name, 'wasm 2'));
  const plain = best(runs, () => measure(name, 'plain'));
  const other = model && haveSpin() ? best(runs, () => spin(model)) : undefined;
  const rate = rateOf(alone);
  /** @type {Record<string, number>} */
  const row = {
    states: alone.states,
    transitions: alone.transitions,
    statesPerSecond: Math.round(rate),
    bytesPerState: rounded(alone.bytesPerState),
    ofPlain: rounded(rate / rateOf(plain)),
    twoWorkers: rounded(alone.wallSeconds / two.wallSeconds),
  };
  if (alone.states < 100_000) {
    row['interpreterStatesPerSecond'] = Math.round(rateOf(measure(name, 'interpret')));
  }
  if (other) {
    row['spinStatesPerSecond'] = Math.round(rateOf(other));
    row['spinBytesPerState'] = rounded(other.bytesPerState);
    row['timesSpin'] = rounded(rate / rateOf(other));
    row['bytesOfSpin'] = rounded(alone.bytesPerState / other.bytesPerState);
  }
  figures[name] = row;
  print(name, row);
}

/** A model as small as a litmus test, from no process to the answer, against SPIN's compilation. */
function coldStart() {
  const runs = 5;
  const seconds = median(
    Array.from({ length: runs }, () => secondsOf(() => measure('litmus', 'auto'))),
  );
  const empty = median(
    Array.from({ length: runs }, () => secondsOf(() => spawnSync(process.execPath, ['-e', '0']))),
  );
  /** @type {Record<string, number>} */
  const row = { seconds: rounded(seconds), emptyNodeSeconds: rounded(empty) };
  const { model } = rowNamed('litmus');
  if (model && haveSpin()) {
    const other = median(Array.from({ length: 3 }, () => spin(model).totalSeconds));
    row['spinSeconds'] = rounded(other);
    row['timesSooner'] = rounded(other / seconds);
    row['timesSoonerBeyondNode'] = rounded(other / (seconds - empty));
  }
  figures['litmus'] = row;
  print('litmus, cold', row);
}

/** Wall time of a worker in a page against Node's, the same search. */
async function inChromium() {
  const name = '10^6';
  const inNode = best(3, () => measure(name, 'wasm'));
  const alone = [];
  const two = [];
  for (let run = 0; run < 3; run++) {
    alone.push((await searchInChromium(name, 0)).seconds);
    two.push((await searchInChromium(name, 1)).seconds);
  }
  const seconds = Math.min(...alone);
  const row = {
    statesPerSecond: Math.round(inNode.states / seconds),
    ofNode: rounded(inNode.wallSeconds / seconds),
    twoWorkers: rounded(seconds / Math.min(...two)),
  };
  figures['Chromium, 10^6'] = row;
  print('Chromium, 10^6', row);
}

/**
 * @param {string} name
 * @param {string} way
 * @returns {Measured}
 */
function measure(name, way) {
  const script = path.join(root, 'bench/measure.mjs');
  const run = spawnSync(process.execPath, [script, name, way], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${name}, ${way}: ${run.stderr}`);
  /** @type {unknown} */
  const measured = JSON.parse(run.stdout);
  if (!isMeasured(measured)) throw new Error(`${name}, ${way}: not what was to be measured`);
  return measured;
}

/**
 * @param {unknown} value
 * @returns {value is Measured}
 */
function isMeasured(value) {
  return typeof value === 'object' && value !== null && 'cpuSeconds' in value;
}

/** @param {() => void} run */
function secondsOf(run) {
  const started = performance.now();
  run();
  return (performance.now() - started) / 1000;
}

/**
 * The run that took least CPU time: what disturbs a run only ever makes it slower.
 * @template {{ cpuSeconds: number }} Run
 * @param {number} count
 * @param {() => Run} run
 * @returns {Run}
 */
function best(count, run) {
  const all = Array.from({ length: count }, run);
  return all.reduce((a, b) => (b.cpuSeconds < a.cpuSeconds ? b : a));
}

/** @param {{ states: number, cpuSeconds: number }} run */
function rateOf({ states, cpuSeconds }) {
  return states / cpuSeconds;
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(3));
}

/**
 * @param {string} name
 * @param {Record<string, number>} row
 */
function print(name, row) {
  const cells = Object.entries(row).map(([key, value]) => `  ${key.padEnd(28)} ${value}`);
  process.stdout.write(`explore, ${name}\n${cells.join('\n')}\n`);
}

function record() {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root });
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}`;
  const text = { machine, commit: commit.stdout.toString().trim(), rows: figures };
  writeFileSync(file, `${JSON.stringify(text, null, 2)}\n`);
}
