// Where real kernel trees lie and which are there. The folder is DACHS_TREES, or dachs/trees in
// the user's cache; it holds linux-source-6.1/ and so on. A tree brought by `npm run trees` has a
// stamp; one without is the user's own, and as good.

import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The kernels our recorded facts and tests are about; Debian 12 has both. */
export const releases = ['6.1', '6.12'];

/** Package versions the recorded facts come from, by release. */
const recorded = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../data/trees.json'), 'utf8'),
);

/**
 * The package version that the facts of a release were recorded from, e.g. `6.1.192-2`.
 * @param {string} release
 * @returns {string | undefined}
 */
export function recordedVersion(release) {
  return recorded[release];
}

/**
 * Whether a tree is of the version the facts were recorded from: only then lines must agree.
 * @param {string} release
 * @param {NodeJS.ProcessEnv} env
 */
export function isRecordedTree(release, env = process.env) {
  const tree = findTree(release, env);
  if (tree === undefined) return false;
  const makefile = readFileSync(path.join(tree.folder, 'Makefile'), 'utf8');
  const number = (/** @type {string} */ key) =>
    new RegExp(`^${key} = (\\d+)$`, 'm').exec(makefile)?.[1];
  const [version] = (recordedVersion(release) ?? '').split('-');
  return version === ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(number).join('.');
}

/** What a stamped tree holds; goes up when scripts/trees.mjs unpacks more or less than before. */
export const contents = 1;

/** @typedef {{ package: string, version: string, sha256: string, contents: number }} Stamp */
/** @typedef {{ release: string, folder: string, stamp: Stamp | undefined }} Tree */

/**
 * The folder that holds the trees; it need not exist.
 * @param {NodeJS.ProcessEnv} env
 */
export function treesFolder(env = process.env) {
  if (env['DACHS_TREES']) return path.resolve(env['DACHS_TREES']);
  const cache = env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  return path.join(cache, 'dachs', 'trees');
}

/**
 * The tree of a release such as `6.12`, or undefined where there is none, or an outdated one.
 * @param {string} release
 * @param {NodeJS.ProcessEnv} env
 * @returns {Tree | undefined}
 */
export function findTree(release, env = process.env) {
  const folder = path.join(treesFolder(env), `linux-source-${release}`);
  const isKernel = ['Makefile', 'Kconfig'].every((name) => existsSync(path.join(folder, name)));
  if (!isKernel) return undefined;
  const stamp = readStamp(folder);
  if (stamp !== undefined && stamp.contents !== contents) return undefined;
  return { release, folder, stamp };
}

/**
 * @param {string} folder
 * @returns {Stamp | undefined}
 */
function readStamp(folder) {
  const file = path.join(folder, stampName);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Name of the stamp in a tree's top folder. */
export const stampName = '.dachs-stamp.json';
