// npm run bench: how long the commands take that people wait for, as the median of some runs, with
// the memory of the largest and the ratio to an empty node; then the explorer (bench/explorer.mjs).
// bench/commands.json holds the list and the figures last recorded; with --record they are written
// anew. A tenth slower needs a reason in the commit.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { flags } from './lib/flags.mjs';
import { formatted } from './lib/format.mjs';
import { findTree, treesFolder } from './lib/trees.mjs';

const root = path.resolve(import.meta.dirname, '..');
const file = path.join(root, 'bench/commands.json');

/**
 * @typedef {{ args: string[], limitSeconds: number, needsTree?: string, seconds?: number,
 *   megabytes?: number }} Entry `args` are dachs's, run in the folder of the kernel trees;
 *   `limitSeconds` is the promise, `seconds` and `megabytes` what was measured
 */

const runs = 5;
const { record } = flags('npm run bench [-- --record]  (with it, the figures are written anew)', [
  'record',
]);
const bench = JSON.parse(readFileSync(file, 'utf8'));
const empty = emptyNodeSeconds();
let broken = 0;
for (const entry of bench.commands) broken += measure(entry) ? 0 : 1;
const explorer = path.join(root, 'bench/explorer.mjs');
const explorerArgs = [explorer, ...(record ? ['--record'] : [])];
if (spawnSync(process.execPath, explorerArgs, { stdio: 'inherit' }).status !== 0) broken += 1;
if (record) {
  bench.machine = `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}`;
  writeFileSync(file, formatted(JSON.stringify(bench, null, 2), 'bench/commands.json'));
}
process.exitCode = broken > 0 ? 1 : 0;

/**
 * Measures one command and prints a line; false where it fails or breaks its promise.
 * @param {Entry} entry
 */
function measure(entry) {
  const name = `dachs ${entry.args.join(' ')}`.padEnd(40);
  if (entry.needsTree !== undefined && !findTree(entry.needsTree)) {
    process.stdout.write(`${name} skipped: npm run trees brings what it needs\n`);
    return true;
  }
  const all = Array.from({ length: runs }, () => once(entry));
  const seconds = all.map((one) => one.seconds).sort((a, b) => a - b)[runs >> 1] ?? Number.NaN;
  const megabytes = Math.max(...all.map((one) => one.megabytes));
  const failed = all.some((one) => one.failed);
  const before = entry.seconds === undefined ? '' : `, recorded ${entry.seconds.toFixed(2)} s`;
  const within = seconds <= entry.limitSeconds ? 'within' : 'OVER';
  process.stdout.write(
    `${name} ${failed ? 'FAILED ' : ''}${seconds.toFixed(2)} s, ${megabytes} MB ` +
      `(${within} ${entry.limitSeconds} s${before}; ` +
      `${(seconds / empty).toFixed(1)} x empty node)\n`,
  );
  if (record && !failed) Object.assign(entry, { seconds: Number(seconds.toFixed(3)), megabytes });
  return !failed && seconds <= entry.limitSeconds;
}

/**
 * One run: wall time and peak resident memory, which the process itself writes to descriptor 3 when
 * it ends. Findings (status 1) are an answer; every other status but 0 is a failure.
 * @param {Entry} entry
 */
function once(entry) {
  const tell =
    "import fs from 'node:fs';" +
    "process.on('exit', () => fs.writeSync(3, String(process.resourceUsage().maxRSS)));";
  const hook = `--import=data:text/javascript,${encodeURIComponent(tell)}`;
  const cwd = entry.needsTree === undefined ? root : treesFolder();
  const started = performance.now();
  const args = [hook, path.join(root, 'bin/dachs.js'), ...entry.args];
  const run = spawnSync(process.execPath, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const seconds = (performance.now() - started) / 1000;
  const megabytes = Math.round(Number(run.output[3]?.toString()) / 1024);
  return { seconds, megabytes, failed: run.status !== 0 && run.status !== 1 };
}

/** Median wall time of a node that does nothing: the unit that travels between machines. */
function emptyNodeSeconds() {
  const all = Array.from({ length: runs }, () => {
    const started = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return (performance.now() - started) / 1000;
  });
  return all.sort((a, b) => a - b)[runs >> 1] ?? Number.NaN;
}
