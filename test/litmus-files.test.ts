// Litmus tests as files among others: damaged ones, devices, pipes, names that mean two things.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { dachs, expectRefusal, launcher, traces } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { havePrograms } from './support.ts';

const text = `DAX Mine

{
	page x = 0;
	int *k = linear(x);
	int *u = user(x, colour 1);
}

P0(int *k, int *u)
{
	int r0;

	WRITE_ONCE(*k, 1);
	r0 = READ_ONCE(*u);
}

exists (0:r0=0)
`;

test('a file that is there comes before a test of the catalogue, for fmt too', () => {
  const untidy = text.replace('DAX Mine', 'DAX   Mine');
  const folder = folderOf({ 'CoWR+k+u+other.litmus': untidy });
  const run = dachs(['run', 'CoWR+k+u+other.litmus', '--terse'], folder);
  expect(run.stdout).toMatch(/^Observation Mine@/);
  expect(dachs(['fmt', 'CoWR+k+u+other.litmus'], folder).status).toBe(0);
  expect(readFileSync(path.join(folder, 'CoWR+k+u+other.litmus'), 'utf8')).toBe(text);
});

test('what is no UTF-8 is refused, and fmt leaves each byte of it', () => {
  const folder = folderOf({});
  const latin = Buffer.from(text.replace('\n\n', '\n"caf\u00E9"\n\n'), 'latin1');
  writeFileSync(path.join(folder, 'latin.litmus'), latin);
  for (const command of ['fmt', 'run', 'export', 'explain']) {
    expectRefusal(
      dachs([command, 'latin.litmus'], folder),
      /^dachs: latin\.litmus: cannot read the litmus test: it is no UTF-8, from line 2 on\n/,
    );
  }
  expect(readFileSync(path.join(folder, 'latin.litmus')).equals(latin)).toBe(true);
  const whole = text.replace('\n\n', '\n"caf\u00E9 \uFFFD"\n\n');
  expect(dachs(['run', 'b.litmus'], folderOf({ 'b.litmus': `\uFEFF${whole}` })).status).toBe(0);
});

test('links in a circle, files as folders and names that are too long are refused', () => {
  const folder = folderOf({ 'a.litmus': text });
  symlinkSync('loop.litmus', path.join(folder, 'loop.litmus'));
  for (const name of ['loop.litmus', 'a.litmus/b.litmus', `${'n'.repeat(300)}.litmus`]) {
    for (const command of ['run', 'fmt', 'export']) {
      expectRefusal(dachs([command, name], folder), /cannot be read: /);
    }
  }
});

test('a folder in a folder is none of its tests, whatever its name', () => {
  const folder = folderOf({ 'a.litmus': text });
  mkdirSync(path.join(folder, 'b.litmus'));
  const run = dachs(['run', '.', '--terse'], folder);
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toContain('Tests 1, ');
});

test('stdin is read once, however often it is named', () => {
  const args = [launcher, 'fmt', '-', '-'];
  const run = spawnSync(process.execPath, args, { input: text, encoding: 'utf8' });
  expect([run.status, run.stdout, run.stderr]).toEqual([0, text, '']);
});

test.skipIf(!existsSync('/dev/zero'))('what never ends is refused', () => {
  expectRefusal(dachs(['run', '/dev/zero']), /it goes on, more than \d+ are not read\n/);
});

test.skipIf(!existsSync('/dev/full') || !havePrograms('sh'))(
  'complaints that nobody can read leave the exit status as it is',
  () => {
    const typed = `'${process.execPath}' '${launcher}' run nothing-of-that-name 2> /dev/full`;
    expect(spawnSync('sh', ['-c', typed]).status).toBe(2);
  },
);

test('Ctrl-C ends a run that waits for its input', async () => {
  const child = spawn(process.execPath, [launcher, 'run', '-'], { stdio: 'pipe' });
  const ended = new Promise((resolve) =>
    child.once('close', (status, signal) => resolve(status ?? signal)),
  );
  const timer = setInterval(() => child.kill('SIGINT'), 500);
  expect([130, 'SIGINT']).toContain(await ended);
  clearInterval(timer);
});

test.skipIf(!havePrograms('sh'))('a replay line can be pasted, whatever the file is called', () => {
  const name = "it's; a $HOME.litmus";
  const folder = folderOf({ [name]: text.replace('\n\n', '\nRemedy=flush-complete\n\n') });
  const told = dachs(['explain', name, '--remedy', 'none'], folder);
  const [, line] = /^ {2}replay {4}dachs (.+)$/m.exec(told.stdout) ?? [];
  const typed = `'${process.execPath}' '${launcher}' ${line}`;
  const again = spawnSync('sh', ['-c', typed], { cwd: folder, encoding: 'utf8' });
  expect(traces(again)).toEqual([]);
  const steps = (shown: string) => shown.split('\n').filter((l) => /^ {2}\d+\*? /.test(l));
  expect(steps(told.stdout).length).toBeGreaterThan(1);
  expect(steps(again.stdout)).toEqual(steps(told.stdout));
  expect(again.stdout).toContain('remedy      none');
});
