// Runs the steps of `npm run check` and `npm test` one after the other: a line for each, the
// output of those that fail, and at the end how many tests passed.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cleanly, outcome } from './run.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** @typedef {{ name: string, program: string, args: string[] }} Step */
/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {Counts & { name: string, ok: boolean }} Tested */

/**
 * A step that runs a locally installed program.
 * @param {string} name
 * @param {string} program
 * @param {...string} args
 * @returns {Step}
 */
export function tool(name, program, ...args) {
  return { name, program: path.join(root, 'node_modules/.bin', program), args };
}

/**
 * A step that runs one of our own scripts.
 * @param {string} name
 * @param {string} script
 * @returns {Step}
 */
export function script(name, script) {
  return { name, program: process.execPath, args: [path.join(root, 'scripts', script)] };
}

/** What `npm run check` consists of; none of it needs a network or a kernel tree. */
export const checks = [
  tool('types, core', 'tsc', '-p', 'tsconfig.core.json'),
  tool('types, all', 'tsc', '-p', 'tsconfig.json'),
  tool('types, page', 'tsc', '-p', 'src/web/tsconfig.json'),
  tool('lint', 'oxlint', '--type-aware', '--deny-warnings', '-f', 'unix'),
  tool('format', 'biome', 'check'),
  script('imports', 'check-imports.mjs'),
  script('tidy', 'tidy.mjs'),
];

/**
 * Runs every step, also after a failure, and gives the names of those that failed. One that is
 * interrupted ends the run: rejects with Interrupted.
 * @param {readonly Step[]} steps
 */
export async function runSteps(steps) {
  const failed = [];
  for (const { name, program, args } of steps) {
    const started = performance.now();
    const { ok, printed } = await outcome(program, args, {
      cwd: root,
      env: plain(),
      output: 'pipe',
    });
    report(name, ok, started);
    if (ok) continue;
    process.stdout.write(`${printed}\n`);
    failed.push(name);
  }
  return failed;
}

/**
 * Runs one of the projects of vitest.config.ts; rejects with Interrupted like runSteps.
 * @param {string} project
 * @returns {Promise<Tested>}
 */
export async function runTests(project) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-counts-'));
  const counts = path.join(folder, 'counts.json');
  const started = performance.now();
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return cleanly(remove, async () => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${counts}`];
    const { program, args } = tool(project, 'vitest', 'run', '--project', project, ...reporters);
    const options = /** @type {const} */ ({ cwd: root, env: plain(), output: 'inherit' });
    const { ok } = await outcome(program, args, options);
    const name = `${project} tests`;
    report(name, ok, started);
    return { name, ok, ...readCounts(counts) };
  });
}

/** The environment, without colours where the output is not a terminal. */
function plain() {
  const { FORCE_COLOR: _, ...env } = process.env;
  return process.stdout.isTTY ? process.env : { ...env, NO_COLOR: '1' };
}

/**
 * A file that cannot even be loaded holds no test, but counts as a failed one.
 * @param {string} file
 * @returns {Counts}
 */
function readCounts(file) {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    const unloaded = result.testResults.filter(
      (/** @type {{ status: string, assertionResults: unknown[] }} */ one) =>
        one.status === 'failed' && one.assertionResults.length === 0,
    ).length;
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + unloaded,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/**
 * The last lines, which name what failed, and the exit status.
 * @param {readonly string[]} failedSteps
 * @param {readonly Tested[]} tests
 */
export function finish(failedSteps, tests) {
  const sum = (/** @type {keyof Counts} */ key) => tests.reduce((all, one) => all + one[key], 0);
  const failed = [...failedSteps, ...tests.filter(({ ok }) => !ok).map(({ name }) => name)];
  if (failed.length > 0) process.stdout.write(`failed, see above: ${failed.join(', ')}\n`);
  process.stdout.write(
    `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

/**
 * @param {string} name
 * @param {boolean} ok
 * @param {number} started
 */
function report(name, ok, started) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(20)} ${seconds.padStart(6)} s\n`);
}
