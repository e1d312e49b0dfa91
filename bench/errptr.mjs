// How fast error pointers are followed over a whole tree, the first time and when all is known, and
// beside coccinelle (spatch) with a semantic patch for the same question on a folder of the tree:
// node bench/errptr.mjs [--record]. bench/errptr.json keeps the figures.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { formatted } from '../scripts/lib/format.mjs';
import { findTree } from '../scripts/lib/trees.mjs';
import { timed } from './timed.mjs';

const root = path.resolve(import.meta.dirname, '..');
const release = '6.12';
/** What spatch is given. */
const part = 'drivers/net';
const workers = 2;
const tree = findTree(release)?.folder ?? '';
if (tree === '') throw new Error(`no tree of ${release}: npm run trees`);
const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-bench-'));
try {
  main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main() {
  const { places, ...first } = ours();
  const { places: same, ...again } = ours();
  if (same.join() !== places.join()) throw new Error('the cache changes the answer');
  const figures = {
    release,
    machine: `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}`,
    workers,
    first,
    again,
    findings: places.length,
    part,
    findingsOfPart: places.filter((place) => place.startsWith(`${part}/`)).length,
    spatch: spatch(),
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (!process.argv.includes('--record')) return;
  const file = path.join(root, 'bench/errptr.json');
  writeFileSync(file, formatted(JSON.stringify(figures, null, 2), 'bench/errptr.json'));
}

function ours() {
  const program = path.join(root, 'bin/dachs.js');
  const line = `'${process.execPath}' '${program}' audit --errptr '${tree}' -q -j ${workers}`;
  // Findings are exit status 1.
  const run = timed(folder, `${line} || true`, { ...process.env, DACHS_CACHE: folder });
  const places = run.stdout.split('\n').filter((one) => /\[[A-Z_]+\]$/.test(one));
  return { ...seconds(run), places };
}

function spatch() {
  const patch = path.join(root, 'bench/errptr.cocci');
  const options = `--very-quiet -j ${workers} --timeout 60 --sp-file '${patch}'`;
  const where = path.join(tree, part);
  const run = timed(folder, `spatch ${options} --dir '${where}' 2>/dev/null || true`);
  const functions = run.stdout.split('\n').filter((line) => line.startsWith('@@'));
  return { ...seconds(run), places: functions.length };
}

/** @param {import('./timed.mjs').Timed} run */
function seconds({ wallSeconds, cpuSeconds }) {
  return { wallSeconds: Math.round(wallSeconds), cpuSeconds: Math.round(cpuSeconds) };
}
