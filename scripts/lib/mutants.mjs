// Mutants of real kernel functions: the mistakes that people make with the objects of a protocol,
// made at run time in the text of a tree, one in each mutant. Whether a mutant behaves otherwise is
// decided here, by rules that stand beside each class; what the walker finds plays no part.

import { mutateChecks } from './mutate-checks.mjs';
import { Subject } from './mutate-facts.mjs';
import { mutateReleases, mutateScopes } from './mutate-releases.mjs';

/** @typedef {import('./mutate-facts.mjs').Mutant} Mutant */
/** @typedef {import('./mutate-facts.mjs').Skipped} Skipped */
/** @typedef {import('../../src/audit/index.ts').Protocol} Protocol */
/** @typedef {import('../../src/audit/index.ts').SourceTree} SourceTree */

/** Files with every caller of alloc_dax() and fs_dax_get_by_bdev() in both trees. */
export const subjects = [
  'drivers/dax/bus.c',
  'drivers/dax/super.c',
  'drivers/md/dm.c',
  'drivers/nvdimm/pmem.c',
  'drivers/s390/block/dcssblk.c',
  'fs/erofs/super.c',
  'fs/ext2/super.c',
  'fs/ext4/super.c',
  'fs/fuse/virtio_fs.c',
  'fs/xfs/xfs_buf.c',
];

/** What the classes are. */
export const classes = {
  a: 'an error check removed, turned round, or jumping to the wrong place',
  b: 'a check of the wrong kind',
  c: 'releases swapped, dropped or doubled',
  d: 'the store of the object late or missing',
  e: 'a statement of the way out dropped',
  f: 'errors survived, or not, against the protocol',
  g: 'scope helpers without their guard, or not used',
};

/**
 * Every mutant of a file, each text once, and what was left out as it behaves as before.
 * @param {string} file
 * @param {string} text
 * @param {readonly Protocol[]} protocols
 * @returns {{ mutants: readonly Mutant[], skipped: readonly Skipped[] }}
 */
export function mutantsOf(file, text, protocols) {
  const applying = protocols.filter(
    ({ within }) => within === undefined || within.some((one) => covers(one, file)),
  );
  const subject = new Subject(file, text, applying);
  /** @type {Map<string, Mutant>} */
  const mutants = new Map();
  /** @type {Skipped[]} */
  const skipped = [];
  const out = {
    mutant: (/** @type {Mutant} */ one) => {
      if (one.text !== text && !mutants.has(one.text)) mutants.set(one.text, one);
    },
    skipped: (/** @type {Skipped} */ one) => void skipped.push(one),
  };
  for (const fn of subject.subjects()) {
    mutateChecks(subject, fn, out);
    mutateReleases(subject, fn, out);
  }
  mutateScopes(subject, out);
  return { mutants: [...mutants.values()], skipped };
}

/**
 * @param {string} within A file, or a folder with a slash at its end.
 * @param {string} file
 */
function covers(within, file) {
  return within.endsWith('/') ? file.startsWith(within) : file === within;
}

/**
 * A tree in which one file has another text, and in which only that one is looked at.
 * @param {SourceTree} tree
 * @param {string} file
 * @param {string} text
 * @returns {SourceTree}
 */
export function overlay(tree, file, text) {
  const holding = (/** @type {string} */ needle) => (text.includes(needle) ? [file] : []);
  return {
    name: tree.name,
    read: (path) => (path === file ? { ok: true, value: text } : tree.read(path)),
    list: (path) => tree.list(path),
    filesContaining: holding,
    search: (needles) => new Map(needles.map((one) => [one, holding(one)])),
  };
}

/** @typedef {{ type: string, message: string, function?: string | undefined }} Told */

/**
 * Findings that were not there before: those of a mistake.
 * @template {Told} T
 * @param {readonly Told[]} before
 * @param {readonly T[]} after
 * @returns {readonly T[]}
 */
export function newFindings(before, after) {
  const left = before.map(textOf);
  return after.filter((one) => {
    const index = left.indexOf(textOf(one));
    if (index < 0) return true;
    left.splice(index, 1);
    return false;
  });
}

/** @param {Told} one */
function textOf(one) {
  return `${one.type} ${one.function ?? ''} ${one.message}`;
}

/**
 * Some of many, spread by a fixed seed: the same ones each time.
 * @template T
 * @param {readonly T[]} all
 * @param {{ seed: number, count: number }} how
 * @returns {readonly T[]}
 */
export function someOf(all, { seed, count }) {
  let state = seed >>> 0;
  const next = () => {
    // Marsaglia's xorshift.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  const order = all.map((one, index) => ({ one, index, key: next() }));
  order.sort((a, b) => a.key - b.key || a.index - b.index);
  return order
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ one }) => one);
}

/** @typedef {Mutant & { release: string, file: string }} Placed */

/**
 * Every mutant of the subjects of a tree.
 * @param {string} release
 * @param {SourceTree} tree
 * @param {readonly Protocol[]} protocols
 * @returns {{ mutants: readonly Placed[], skipped: number }}
 */
export function mutantsOfTree(release, tree, protocols) {
  const all = subjects.map((file) => {
    const text = tree.read(file);
    if (!text.ok) throw new Error(text.problem.what);
    const { mutants, skipped } = mutantsOf(file, text.value, protocols);
    return { mutants: mutants.map((one) => ({ ...one, release, file })), skipped };
  });
  return {
    mutants: all.flatMap(({ mutants }) => mutants),
    skipped: all.reduce((sum, { skipped }) => sum + skipped.length, 0),
  };
}

/**
 * The mutants in which nothing new is found.
 * @param {SourceTree} tree
 * @param {readonly Placed[]} mutants
 * @param {readonly Protocol[]} protocols
 * @param {(tree: SourceTree, protocols: readonly Protocol[]) => readonly Told[]} find
 * @returns {readonly Placed[]}
 */
export function missedOf(tree, mutants, protocols, find) {
  /** @type {Map<string, readonly Told[]>} */
  const before = new Map();
  return mutants.filter(({ file, text }) => {
    const read = tree.read(file);
    // No other file is looked at, not even one that a protocol names.
    const own = protocols.map((one) =>
      one.within === undefined
        ? one
        : { ...one, within: one.within.filter((w) => covers(w, file)) },
    );
    const known = before.get(file) ?? find(overlay(tree, file, read.ok ? read.value : ''), own);
    before.set(file, known);
    return newFindings(known, find(overlay(tree, file, text), own)).length === 0;
  });
}

/**
 * A mutant as one line, for records.
 * @param {Placed} one
 */
export function lineOf({ release, file, line, class: letter, function: name, what }) {
  return `${release} ${file}:${line} ${letter} ${name}(): ${what}`;
}
