// The explorer against SPIN on the identical graph, in one run: states per second by CPU time,
// bytes per state, workers, Chromium, reductions, and a litmus test from a cold start, which SPIN
// is given as `dachs export` writes it. Run by `npm run bench`; needs `npm run build`. Figures are
// recorded in explorer.json with --record. SPIN and Chromium take part where they are installed.
// Names of rows as arguments measure only those.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { haveChromium, searchInChromium } from './chromium.mjs';
import { rowNamed, rowNames } from './rows.mjs';
import { searchReduced } from './reductions.mjs';
import { haveSpin, spin, spinFromText, usualTableLog } from './spin.mjs';
import { timed } from './timed.mjs';

/** @typedef {import('./measure.mjs').Measured} Measured */
/** @typedef {import('./spin.mjs').SpinRun} SpinRun */
/** @typedef {import('./timed.mjs').Timed} Timed */

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
if (wanted.length === 0 || wanted.includes('reductions')) reductions();
if (haveChromium() && (wanted.length === 0 || wanted.includes('chromium'))) await inChromium();
if (args.includes('--record') && wanted.length === 0) record();

/**
 * Runs a row in all ways and prints a line each.
 * @param {string} name
 */
function measureRow(name) {
  const { model } = rowNamed(name);
  const runs = name === '10^7' ? 1 : 3;
  const all = Array.from({ length: runs }, () => measure(name, 'wasm'));
  const alone = leastCpu(all);
  const two = Array.from({ length: runs }, () => measure(name, 'wasm 2'));
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
    twoWorkers: rounded(leastWall(all) / leastWall(two)),
  };
  if (alone.states < 100_000) {
    row['interpreterStatesPerSecond'] = Math.round(rateOf(measure(name, 'interpret')));
  }
  if (other) Object.assign(row, beside(alone, other, usualTableLog));
  // A table of pan's with more slots than there are states, where its own choice has fewer.
  const tableLog = Math.ceil(Math.log2(alone.states)) + 1;
  if (model && other && alone.states > 2 ** usualTableLog) {
    Object.assign(row, beside(alone, spin(model, tableLog), tableLog));
  }
  figures[name] = row;
  print(name, row);
}

/**
 * Our figures beside those of SPIN with a table of 2^tableLog slots.
 * @param {Measured} alone
 * @param {SpinRun} other
 * @param {number} tableLog
 * @returns {Record<string, number>}
 */
function beside(alone, other, tableLog) {
  const which = `spin -w${tableLog}`;
  return {
    [`${which}: statesPerSecond`]: Math.round(rateOf(other)),
    [`${which}: bytesPerState`]: rounded(other.bytesPerState),
    [`${which}: timesSpin`]: rounded(rateOf(alone) / rateOf(other)),
    [`${which}: bytesOfSpin`]: rounded(alone.bytesPerState / other.bytesPerState),
  };
}

/** A litmus test from no process to the answer, against SPIN on what is exported of that test. */
function coldStart() {
  const test = 'CoWR+k+u+other --machine arm1176-32k';
  const dachs = `${JSON.stringify(process.execPath)} bin/dachs.js`;
  /** @type {(count: number, run: () => Timed) => { wall: number, cpu: number }} */
  const medians = (count, run) => {
    const all = Array.from({ length: count }, run);
    const wall = median(all.map(({ wallSeconds }) => wallSeconds));
    return { wall, cpu: median(all.map(({ cpuSeconds }) => cpuSeconds)) };
  };
  const ours = medians(11, () => timed(root, `${dachs} run ${test} --terse`));
  const empty = medians(11, () => timed(root, `${JSON.stringify(process.execPath)} -e 0`));
  /** @type {Record<string, number>} */
  const row = {
    wallSeconds: rounded(ours.wall),
    cpuSeconds: rounded(ours.cpu),
    emptyNodeWallSeconds: rounded(empty.wall),
    emptyNodeCpuSeconds: rounded(empty.cpu),
  };
  if (haveSpin()) {
    const model = spawnSync('sh', ['-c', `${dachs} export --to promela ${test}`], { cwd: root });
    const other = medians(3, () => spinFromText(model.stdout.toString()));
    row['spinWallSeconds'] = rounded(other.wall);
    row['spinCpuSeconds'] = rounded(other.cpu);
    row['timesSooner'] = rounded(other.wall / ours.wall);
    row['timesLessCpu'] = rounded(other.cpu / ours.cpu);
    row['timesSoonerBeyondNode'] = rounded(other.wall / (ours.wall - empty.wall));
  }
  figures['litmus'] = row;
  print('litmus, cold', row);
}

/** Three lines and three threads, whole and reduced. */
function reductions() {
  const { whole, reduced } = searchReduced();
  if (whole.ends !== reduced.ends) throw new Error('the reduced system has other ends');
  const row = {
    states: whole.states,
    reducedStates: reduced.states,
    timesFewer: rounded(whole.states / reduced.states),
    cpuSeconds: rounded(whole.cpuSeconds),
    reducedCpuSeconds: rounded(reduced.cpuSeconds),
  };
  figures['reductions'] = row;
  print('reductions, 10^6', row);
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

/**
 * The run that took least CPU time: what disturbs a run only ever makes it slower.
 * @template {{ cpuSeconds: number }} Run
 * @param {number} count
 * @param {() => Run} run
 * @returns {Run}
 */
function best(count, run) {
  return leastCpu(Array.from({ length: count }, run));
}

/**
 * @template {{ cpuSeconds: number }} Run
 * @param {readonly Run[]} all
 * @returns {Run}
 */
function leastCpu(all) {
  return all.reduce((a, b) => (b.cpuSeconds < a.cpuSeconds ? b : a));
}

/**
 * What several workers are judged by: the run of least CPU time may be the one that nobody joined.
 * @param {readonly Measured[]} all
 */
function leastWall(all) {
  return Math.min(...all.map(({ wallSeconds }) => wallSeconds));
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
  const cells = Object.entries(row).map(([key, value]) => `  ${key.padEnd(30)} ${value}`);
  process.stdout.write(`explore, ${name}\n${cells.join('\n')}\n`);
}

function record() {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root });
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}`;
  const text = { machine, commit: commit.stdout.toString().trim(), rows: figures };
  writeFileSync(file, `${JSON.stringify(text, null, 2)}\n`);
}
