// Runs the built command line as a user does: another process, its status and what it printed.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';

/** The launcher that users start. */
export const launcher = path.resolve(import.meta.dirname, '../bin/dachs.js');

/** What one run of the program left behind. */
export interface Run {
  /** Exit status; null where a signal ended the process. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `dachs` with these arguments, by default in this folder; at most a minute. */
export function dachs(args: readonly string[], cwd = process.cwd()): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

/** The answer of a run with `--json`, which must have said nothing on stderr. */
export function dachsJson(args: readonly string[], cwd?: string): Record<string, unknown> {
  const run = dachs([...args, '--json'], cwd);
  expect(run.stderr).toBe('');
  const form: Record<string, unknown> = JSON.parse(run.stdout);
  return form;
}

/** Lines that a stack trace consists of, or that name a fault of ours. */
export function traces({ stdout, stderr }: Run): readonly string[] {
  const trace = /^\s+at .+:\d+:\d+|file:\/\/|node:internal|a fault of Dachs|an invariant of Dachs/;
  return `${stdout}\n${stderr}`.split('\n').filter((line) => trace.test(line));
}

/** Asserts a refusal: this status, nothing on stdout, and on stderr what, where and a hint. */
export function expectRefusal(run: Run, says: string | RegExp, status = 2): void {
  expect(traces(run)).toEqual([]);
  expect(run.stderr).toMatch(says);
  expect(run.stderr).toMatch(/^dachs: |^error: /);
  expect(run.stdout).toBe('');
  expect(run.status).toBe(status);
}
