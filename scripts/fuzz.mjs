// npm run fuzz: builds, then gives mutants of the catalogue to the litmus language, or with the
// word kconfig mutants of Kconfig texts to the reader; fuzz/litmus.mjs and fuzz/kconfig.mjs say
// what is checked and which options there are.

import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const run = (/** @type {string[]} */ ...args) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

const words = process.argv.slice(2);
const fuzzer = words.includes('kconfig') ? 'fuzz/kconfig.mjs' : 'fuzz/litmus.mjs';
process.exitCode = run('scripts/build.mjs') || run(fuzzer, ...words);
