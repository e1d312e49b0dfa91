// npm run fuzz: builds, then gives mutants of the catalogue to the litmus language, or with the
// word kconfig mutants of Kconfig texts to the reader, with the word paths mutants of C to the walk
// of paths; fuzz/litmus.mjs, fuzz/kconfig.mjs and fuzz/paths.mjs say what is checked and which
// options there are.

import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const run = (/** @type {string[]} */ ...args) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

const words = process.argv.slice(2);
const fuzzer = ['kconfig', 'paths'].find((word) => words.includes(word)) ?? 'litmus';
process.exitCode = run('scripts/build.mjs') || run(`fuzz/${fuzzer}.mjs`, ...words);
