// npm run fuzz: builds, then gives mutants of the catalogue to the litmus language; see
// fuzz/litmus.mjs for what is checked and which options there are.

import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const run = (/** @type {string[]} */ ...args) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

process.exitCode = run('scripts/build.mjs') || run('fuzz/litmus.mjs', ...process.argv.slice(2));
