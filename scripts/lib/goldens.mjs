// The recorded answers of the catalogue: beside each NAME.litmus what `dachs run NAME` prints about
// it, in NAME.litmus.expected; beside each file of catalogue/refused what is said against it, in
// NAME.litmus.expected-failure.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const launcher = path.join(root, 'bin/dachs.js');
const refused = 'catalogue/refused';

/**
 * @typedef {{ file: string, text: string }} Golden `file` is relative to the top of the repository
 */

/**
 * What the recorded answers should be by the program as it is built, sorted by file.
 * @returns {Golden[]}
 */
export function goldens() {
  const answers = split(run(['run', '--quiet']).stdout, /^Test (\S+?)(?:@\S+)? [A-Z]/);
  const failures = split(run(['run', refused]).stderr, /^dachs: (\S+?\.litmus):/);
  const shelves = readdirSync(path.join(root, 'catalogue')).filter((s) => !s.includes('.'));
  const files = shelves.flatMap((shelf) => litmusFiles(`catalogue/${shelf}`));
  return files.sort().map((file) => {
    const isRefused = file.startsWith(`${refused}/`);
    const text = isRefused ? failures.get(file) : answers.get(path.basename(file, '.litmus'));
    if (text === undefined) throw new Error(`dachs says nothing about ${file}: is it built?`);
    return { file: `${file}.expected${isRefused ? '-failure' : ''}`, text };
  });
}

/**
 * Recorded answers whose litmus file is gone.
 * @returns {string[]}
 */
export function orphans() {
  const all = readdirSync(path.join(root, 'catalogue'), { recursive: true, encoding: 'utf8' });
  return all
    .filter((file) => /\.expected(?:-failure)?$/.test(file))
    .map((file) => `catalogue/${file}`)
    .filter((file) => !existsSync(path.join(root, file.replace(/\.expected.*$/, ''))))
    .sort();
}

/**
 * The recorded answer; undefined where there is none yet.
 * @param {string} file
 */
export function recorded(file) {
  const full = path.join(root, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
}

/** @param {string} folder */
function litmusFiles(folder) {
  const names = readdirSync(path.join(root, folder));
  return names.filter((name) => name.endsWith('.litmus')).map((name) => `${folder}/${name}`);
}

/** @param {string[]} args */
function run(args) {
  const env = { ...process.env, NO_COLOR: '1' };
  const options = { cwd: root, env, encoding: /** @type {const} */ ('utf8'), maxBuffer: 1 << 28 };
  return spawnSync(process.execPath, [launcher, ...args], options);
}

/**
 * The parts of an output by what their first lines name; a part goes on to the next first line, or
 * to the summary of the run. Parts of one name are put together.
 * @param {string} output
 * @param {RegExp} first
 */
function split(output, first) {
  /** @type {Map<string, string>} */
  const parts = new Map();
  /** @type {string | undefined} */
  let name;
  for (const line of output.split('\n')) {
    if (/^(?:!!!|not checked|Tests \d)/.test(line)) break;
    name = first.exec(line)?.[1] ?? name;
    if (name !== undefined) parts.set(name, `${parts.get(name) ?? ''}${line}\n`);
  }
  return new Map([...parts].map(([key, text]) => [key, `${text.trimEnd()}\n`]));
}
