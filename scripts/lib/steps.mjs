// Runs the steps of `npm run check` and `npm test` one after the other: a line for each, the
// output of those that fail, and at the end how many tests passed.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** @typedef {{ name: string, program: string, args: string[] }} Step */
/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

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
  tool('lint', 'oxlint', '--type-aware', '--deny-warnings', '-f', 'unix'),
  tool('format', 'biome', 'check'),
  script('imports', 'check-imports.mjs'),
  script('tidy', 'tidy.mjs'),
];

/**
 * Runs every step, also after a failure, and gives the number of those that failed.
 * @param {readonly Step[]} steps
 */
export function runSteps(steps) {
  return steps.filter(({ name, program, args }) => {
    const started = performance.now();
    const run = spawnSync(program, args, {
      cwd: root,
      env: plain(),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    report(name, run.status === 0, started);
    if (run.status !== 0) process.stdout.write(`${run.stdout}${run.stderr}\n`);
    return run.status !== 0;
  }).length;
}

/**
 * Runs one of the projects of vitest.config.ts.
 * @param {string} project
 * @returns {Counts & { ok: boolean }}
 */
export function runTests(project) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-counts-'));
  const counts = path.join(folder, 'counts.json');
  const started = performance.now();
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${counts}`];
    const { program, args } = tool(project, 'vitest', 'run', '--project', project, ...reporters);
    const run = spawnSync(program, args, {
      cwd: root,
      env: plain(),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    report(`${project} tests`, run.status === 0, started);
    return { ok: run.status === 0, ...readCounts(counts) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
 * The last line, and the exit status.
 * @param {number} failedSteps
 * @param {readonly (Counts & { ok: boolean })[]} tests
 */
export function finish(failedSteps, tests) {
  const sum = (/** @type {keyof Counts} */ key) => tests.reduce((all, one) => all + one[key], 0);
  if (failedSteps > 0) process.stdout.write(`${failedSteps} of the checks failed, see above\n`);
  process.stdout.write(
    `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`,
  );
  return failedSteps === 0 && tests.every(({ ok }) => ok) ? 0 : 1;
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
