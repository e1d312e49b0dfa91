// How many mistakes in the real functions the walk of paths finds: node bench/mutants.mjs
// [--record]. All mutants of scripts/lib/mutants.mjs in both trees; a mutant is caught where the
// findings hold one that the file as it is has not. bench/mutants.json keeps the figures, by class,
// and each mutant that is missed, with the reason.

import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { auditPaths } from '../dist/audit/index.js';
import { builtInProtocols, loadCSyntax, openTree } from '../dist/host/index.js';
import { formatted } from '../scripts/lib/format.mjs';
import { classes, lineOf, missedOf, mutantsOfTree } from '../scripts/lib/mutants.mjs';
import { findTree, releases } from '../scripts/lib/trees.mjs';

/** @typedef {import('../scripts/lib/mutants.mjs').Placed} Placed */
/** @typedef {import('../src/audit/index.ts').SourceTree} SourceTree */

const root = path.resolve(import.meta.dirname, '..');
const syntax = await loadCSyntax();
const read = builtInProtocols();
const protocols = read.ok ? read.value : [];

// Why a mutant is missed. A reason that fits none shows that something new is missed.
/** @type {readonly (readonly [RegExp, string])[]} */
const REASONS = [
  [
    /falls into/,
    'the function gives everything back and never succeeds: nothing is lost, and no type of ' +
      'finding says that a function always fails',
  ],
  [
    /dm_setup_md_queue\(\): no del_gendisk/,
    'the disk belongs to the caller, and no other failing path unregisters it: the caller may',
  ],
  [
    /ext4_(?:put_super|free_sbi)\(\): no fs_put_dax/,
    'another function of the file gives the same field back before it frees the memory; two ' +
      'functions that share that work are not told from one that forgot its part',
  ],
  [
    /xfs_free_buftarg\(\): no fs_put_dax/,
    'the structure has two names (a typedef): the field that is set is not known as the one freed',
  ],
  [
    /becomes return/,
    'the memory was handed to a function that may have made it known, and no failing path that ' +
      'was handed it as well gives the object back',
  ],
  [
    /no jump after blk_alloc_disk/,
    'the field is set to NULL by hand and then gone through: not followed to the failed call',
  ],
  [
    /fs->dax_dev is never set/,
    'the object is given back at the end of its scope: a feature is missing, and nothing is lost',
  ],
];

const began = process.cpuUsage();
const trees = releases.map((release) => {
  const opened = openTree(findTree(release)?.folder ?? '');
  if (!opened.ok) throw new Error(`no tree of ${release}: npm run trees`);
  const { mutants, skipped } = mutantsOfTree(release, opened.value, protocols);
  return { release, mutants, skipped, missed: missedOf(opened.value, mutants, protocols, find) };
});
const { user, system } = process.cpuUsage(began);
const all = trees.flatMap(({ mutants }) => mutants);
const missed = trees.flatMap((one) => one.missed);
const figures = {
  machine: `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}`,
  cpuSeconds: Math.round((user + system) / 1e6),
  mutants: all.length,
  caught: all.length - missed.length,
  share: Number((1 - missed.length / all.length).toFixed(3)),
  leftOut: trees.reduce((sum, { skipped }) => sum + skipped, 0),
  trees: Object.fromEntries(trees.map(({ release, mutants }) => [release, mutants.length])),
  classes: Object.fromEntries(
    Object.entries(classes).map(([letter, title]) => {
      const own = (/** @type {readonly Placed[]} */ list) =>
        list.filter((one) => one.class === letter).length;
      return [letter, { title, mutants: own(all), caught: own(all) - own(missed) }];
    }),
  ),
  missed: missed.map((one) => ({ mutant: lineOf(one), why: why(lineOf(one)) })),
};
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
if (process.argv.includes('--record')) {
  const file = 'bench/mutants.json';
  writeFileSync(path.join(root, file), formatted(JSON.stringify(figures, null, 2), file));
}

/**
 * @param {SourceTree} tree
 * @param {readonly import('../src/audit/index.ts').Protocol[]} some
 */
function find(tree, some) {
  return auditPaths(tree, syntax, some).findings.map((one) => one.path.finding);
}

/** @param {string} line */
function why(line) {
  return REASONS.find(([pattern]) => pattern.test(line))?.[1] ?? 'not known';
}
