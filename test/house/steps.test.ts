// The step runner stops when it or its step is stopped, and names the checks that failed; the
// scripts refuse what they do not know before they do anything.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { folderOf } from './folder.ts';

const scripts = path.resolve(import.meta.dirname, '../../scripts');
const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** A step that tells its process id and then waits. */
const waiting =
  "require('fs').writeFileSync(process.env.PID_FILE, String(process.pid));" +
  'setTimeout(() => {}, 9e4)';

/** The path of a script that runs these pieces of JavaScript as steps and finishes. */
function runner(steps: Readonly<Record<string, string>>, program = process.execPath): string {
  const face = (file: string) => JSON.stringify(pathToFileURL(path.join(scripts, file)).href);
  const list = Object.entries(steps).map(([name, text]) => ({
    name,
    program,
    args: ['-e', text],
  }));
  const folder = folderOf({
    'main.mjs':
      `import { start } from ${face('lib/run.mjs')};\n` +
      `import { finish, runSteps } from ${face('lib/steps.mjs')};\n` +
      `await start(async () => finish(await runSteps(${JSON.stringify(list)}), []));\n`,
  });
  return path.join(folder, 'main.mjs');
}

function runSteps(steps: Readonly<Record<string, string>>, program?: string) {
  return spawnSync(process.execPath, [runner(steps, program)], { encoding: 'utf8' });
}

/** Whether a process is there and no zombie. */
function isAlive(pid: string): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : 'Z';
  return !/^Z|\) Z /.test(stat);
}

test('the checks that failed are named, and those after them still run', () => {
  const { status, stdout } = runSteps({
    one: 'console.log("why"); process.exitCode = 1',
    two: '',
    three: 'process.abort()',
  });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^FAIL one .*\nwhy\n[^]*^ok {3}two .*\nFAIL three /m);
  expect(stdout).toContain('\nfailed, see above: one, three\n');
});

test('nothing failed: nothing is named', () => {
  const { status, stdout } = runSteps({ one: '' });
  expect([status, stdout.split('\n').slice(1)]).toEqual([0, ['0 passed, 0 failed, 0 skipped', '']]);
});

test('a program that is not there is a failed step with a reason', () => {
  const run = runSteps({ one: '' }, '/nowhere/tool');
  expect(run.status).toBe(1);
  expect(run.stdout).toContain('cannot run /nowhere/tool: ');
  expect(run.stdout).toContain('failed, see above: one\n');
});

test.each(signals)('a step that ended by %s ends the run', (signal) => {
  const { status, stdout, stderr } = runSteps({
    one: `process.kill(process.pid, '${signal}'); setTimeout(() => {}, 9e4)`,
    two: '',
  });
  expect([status, stdout, stderr]).toEqual([130, '', 'interrupted\n']);
});

test.each(signals)('%s stops the runner and its step at once', async (signal, expected) => {
  const main = runner({ one: waiting, two: '' });
  const file = path.join(path.dirname(main), 'pid');
  const env = { ...process.env, PID_FILE: file };
  const child = spawn(process.execPath, [main], { env, stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part));
  const ended = new Promise((resolve) => child.on('close', resolve));
  await expect.poll(() => textOf(file), { timeout: 10_000 }).not.toBe('');
  child.kill(signal);
  expect([await ended, said]).toEqual([expected, 'interrupted\n']);
  await expect.poll(() => isAlive(textOf(file)), { timeout: 10_000 }).toBe(false);
});

test('it stops when the shell that npm puts between dies', async () => {
  const main = runner({ one: waiting });
  const file = path.join(path.dirname(main), 'pid');
  const env = { ...process.env, PID_FILE: file, npm_lifecycle_event: 'check' };
  const words = ['-c', '"$0" "$1"; true', process.execPath, main];
  const shell = spawn('sh', words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const closed = new Promise((resolve) => shell.stderr.on('close', resolve));
  shell.stderr.on('data', (part) => (said += part));
  await expect.poll(() => textOf(file), { timeout: 10_000 }).not.toBe('');
  shell.kill('SIGTERM');
  await closed;
  expect(said).toBe('interrupted\n');
});

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

test.each(['test', 'check', 'build', 'bench', 'promote'])(
  '%s: --help prints the usage, an unknown option is refused, and nothing else happens',
  (name) => {
    const run = (option: string) =>
      spawnSync(process.execPath, [path.join(scripts, `${name}.mjs`), option], {
        encoding: 'utf8',
      });
    const help = run('--help');
    expect([help.status, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toMatch(/^Usage: npm .*\n$/);
    const odd = run('--no-such');
    expect([odd.status, odd.stdout]).toEqual([2, '']);
    expect(odd.stderr).toBe(`error: Unknown option '--no-such'\n${help.stdout}`);
  },
);
