// What the C of a tree costs an audit, beyond its Kconfig: node bench/audit.mjs [--record]. In one
// process each, one after the other, tree in the page cache: the audit as the command does it, with
// the C in a thread beside; the same with the C at hand already, which is the Kconfig alone; and
// the C alone, without a thread. Medians of five rounds. bench/audit.json keeps the figures.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { auditTree, readCPart } from '../dist/audit/index.js';
import {
  builtInProtocols,
  loadCSyntax,
  openTree,
  profileForAll,
  startCPart,
} from '../dist/host/index.js';
import { formatted } from '../scripts/lib/format.mjs';
import { findTree, releases } from '../scripts/lib/trees.mjs';

const root = path.resolve(import.meta.dirname, '..');
const [mode, folder] = process.argv.slice(2);
if (mode === '--child')
  process.stdout.write(String(await timed(process.argv[4] ?? '', folder ?? '')));
else report(process.argv.includes('--record'));

/**
 * @param {string} what `audit`, `kconfig` or `c`
 * @param {string} tree
 * @returns {Promise<number>} milliseconds
 */
async function timed(what, tree) {
  const opened = openTree(tree);
  const protocols = builtInProtocols();
  const profile = profileForAll('optimistic');
  if (!opened.ok || !protocols.ok || !profile.ok) throw new Error(`no tree at ${tree}`);
  const syntax = await loadCSyntax();
  const at = () => readCPart(opened.value, syntax, protocols.value);
  const ready = what === 'kconfig' ? at() : undefined;
  const start = performance.now();
  if (what === 'c') {
    at();
    return performance.now() - start;
  }
  const beside = what === 'audit' ? startCPart(tree) : undefined;
  const cPart = beside?.part ?? (ready && Promise.resolve(ready));
  const options = { ...profile.value, protocols: protocols.value, ...(cPart ? { cPart } : {}) };
  const audit = await auditTree(opened.value, syntax, options);
  await beside?.stop();
  if (!audit.ok) throw new Error(audit.problem.what);
  return performance.now() - start;
}

/** @param {boolean} record */
function report(record) {
  /** @type {Record<string, unknown>} */
  const trees = {};
  for (const release of releases) {
    const tree = findTree(release)?.folder;
    if (tree === undefined) throw new Error(`no tree of ${release}: npm run trees`);
    trees[release] = figuresOf(tree);
  }
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}`;
  const text = JSON.stringify({ machine, milliseconds: trees }, null, 2);
  process.stdout.write(`${text}\n`);
  if (record)
    writeFileSync(path.join(root, 'bench/audit.json'), formatted(text, 'bench/audit.json'));
}

/** @param {string} tree */
function figuresOf(tree) {
  /** @type {Record<string, number[]>} */
  const rounds = { audit: [], kconfig: [], c: [] };
  for (let round = 0; round < 5; round++) {
    for (const [what, list] of Object.entries(rounds)) {
      const args = [import.meta.filename, '--child', tree, what];
      list.push(Number(execFileSync(process.execPath, args, { encoding: 'utf8' })));
    }
  }
  const [audit = 0, kconfig = 0, c = 0] = Object.values(rounds).map(median);
  return { audit, kconfig, c, beyondKconfig: audit - kconfig };
}

/** @param {readonly number[]} list */
function median(list) {
  return Math.round(list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0);
}
