// dachs run, fmt, export and explain TEST as a user types them.

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { dachs, dachsJson, expectRefusal, launcher, traces } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { largeStates, largeTest } from './large-test.ts';
import { havePrograms } from './support.ts';

const small = `DAX Mine

(*
 * Result: Sometimes
 *)

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

function fed(args: readonly string[], input: string) {
  const run = spawnSync(process.execPath, [launcher, ...args], { input, encoding: 'utf8' });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

test('one machine: herd lines under the plain name, and nothing on stderr', () => {
  const run = fed(['run', '-', '--machine', 'arm1176-32k'], small);
  expect([run.status, run.stderr]).toEqual([0, '']);
  const lines = run.stdout.split('\n');
  expect(lines.slice(0, 5)).toEqual(['Test Mine Allowed', 'States 2', '0:r0=0;', '0:r0=1;', 'Ok']);
  expect(lines.filter((l) => l.startsWith('Observation'))).toEqual([
    'Observation Mine Sometimes 1 1',
  ]);
});

test('what is not as its Result says has a line of its own, and the exit status says so', () => {
  const run = fed(['run', '-', '--machine', 'cortex-a9'], small);
  expect(run.status).toBe(1);
  expect(run.stdout).toContain(
    '!!! Mine: Result says Sometimes, observed Never on cortex-a9\n' +
      'Tests 1, machines and cache kinds 1, systems 1: 0 as their Result says\n',
  );
});

test('the whole catalogue on all machines and kinds is as its Results say', () => {
  const run = dachs(['run', '--terse']);
  expect([run.status, run.stderr]).toEqual([0, '']);
  const summary = /^Tests (\d+), machines and cache kinds 113, systems \d+: (\d+) as/m;
  const [, tests, right] = summary.exec(run.stdout) ?? [];
  expect(Number(tests)).toBeGreaterThanOrEqual(150);
  expect(right).toBe(tests);
  expect(run.stdout.split('\n').filter((l) => !/^(Observation|Tests) |^$/.test(l))).toEqual([]);
});

test('KTAP: a plan, and one line a test', () => {
  const run = dachs(['run', 'coherence', '--format', 'ktap', '--machine', 'arm1176-32k']);
  const [version, plan, ...results] = run.stdout.trimEnd().split('\n');
  expect([version, plan]).toEqual(['KTAP version 1', `1..${results.length}`]);
  expect(results.every((line, i) => line.startsWith(`ok ${i + 1} `))).toBe(true);
});

test('a kernel that refuses: the answer of alloc_dax() is the kernel’s, and is compared', () => {
  const under = (kernel: string) =>
    dachs(['run', 'gate', '--kernel', kernel, '--machine', 'arm926ej-s', '--terse']);
  expect(under('6.1').status).toBe(0);
  expect(under('6.12').status).toBe(0);
  expect(under('6.1').stdout).not.toBe(under('6.12').stdout);
});

test('every problem of a file is told with its place, and nothing is run', () => {
  const broken = small.replace('WRITE_ONCE(*k, 1)', 'WRITE_ONC(*k, 1)').replace('(*u)', '(*v)');
  const run = fed(['run', '-'], broken);
  expectRefusal(run, /^dachs: -:17:2: .*WRITE_ONC/);
  expect(run.stderr).toMatch(/did you mean WRITE_ONCE/);
  expect(run.stderr).toMatch(/^dachs: -:18:18: .*v/m);
});

test.each([
  [['run', 'no-such-test'], /no test, shelf, file or folder is called no-such-test/],
  [['run', 'CoRR+k+k+u+othr'], /did you mean CoRR\+k\+k\+u\+other/],
  [['run', 'coherence', '--machine', 'vax'], /there is no machine vax/],
  [['run', 'coherence', '--reduce', 'livee'], /did you mean live/],
  [['run', 'coherence', '-j', '0'], /-j takes a number of workers/],
  [['run', 'coherence', '--bound', 'x'], /--bound takes a whole number/],
  [['run', 'coherence', '--json', '--terse'], /--terse has no meaning/],
  [['explain', 'coherence'], /tests; one is explained at a time/],
  [['export', 'coherence'], /a model is of one/],
])('dachs %s is refused with a hint', (args, says) => {
  const run = dachs(args);
  expectRefusal(run, says);
  expect(run.stderr).toContain('hint: ');
});

test('a test for herd7 is sent there: its memory model is not ours', () => {
  const run = fed(['run', '-'], 'C MP\n\n{}\n\nP0(int *x)\n{\n}\n\nexists (x=1)\n');
  expectRefusal(run, /herd7/);
});

test('the replay line of an explanation runs exactly that witness again', () => {
  const first = dachs(['explain', 'CoWR+k+u+other', '--machine', 'arm1176-32k']);
  expect(first.status).toBe(0);
  const line = /^ {2}replay +dachs (.*)$/m.exec(first.stdout)?.[1] ?? '';
  expect(line).toMatch(/^explain CoWR\+k\+u\+other --machine arm1176-32k --replay \S+$/);
  const again = dachs(line.split(' '));
  const steps = (text: string) => text.slice(text.search(/\(\* hardware\):/));
  expect(steps(again.stdout)).toBe(steps(first.stdout));
  const record = dachsJson(line.split(' '));
  expect(record['replay']).toMatchObject({ outcome: 'bad' });
});

test('reductions, workers and the plain search give the same answer, to the byte', () => {
  const file = path.join(folderOf({ 'large.litmus': largeTest }), 'large.litmus');
  const run = (...more: readonly string[]) =>
    dachs(['run', file, '--machine', 'vipt-aliasing-set-back', '--bound', '4000000', ...more]);
  const plain = run('--reduce', 'none');
  expect([plain.status, plain.stderr]).toEqual([0, '']);
  expect(plain.stdout).toContain('Observation Large Sometimes 1 47\n');
  expect(run('--reduce', 'all').stdout).toBe(plain.stdout);
  expect(run().stdout).toBe(plain.stdout);
  expect(run('--reduce', 'none', '-j', '2').stdout).toBe(plain.stdout);
  expect(run('--reduce', 'none', '-v').stdout).toContain(`Explored ${largeStates} states`);
});

test('a search that meets its bound is no pass: exit status 3', () => {
  const run = fed(
    ['run', '-', '--machine', 'vipt-aliasing-set-back', '--bound', '1000'],
    largeTest,
  );
  expect(run.status).toBe(3);
  expect(run.stdout).toMatch(/^Observation Large \? /m);
  expect(run.stdout).toContain('Bound reached: 1000 states; ');
});

test('Ctrl-C ends a large search at once and leaves nothing behind', async () => {
  const slow = largeTest.replace(
    'a = READ_ONCE(*ky);',
    'a = READ_ONCE(*ky);\n\tWRITE_ONCE(*kz, 3);',
  );
  const file = path.join(folderOf({ 'large.litmus': slow }), 'large.litmus');
  const args = [launcher, 'run', file, '--reduce', 'none', '--bound', '100000000'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  setTimeout(() => child.kill('SIGINT'), 700);
  expect(await ended).toBe(130);
  expect(said).toBe('dachs: interrupted; nothing was written\n');
});

test('fmt writes the canonical form in place, names files with --check, and reads stdin', () => {
  const messy = small.replace('\tWRITE_ONCE(*k, 1);', '   WRITE_ONCE( *k,1 );');
  const file = path.join(folderOf({ 'a.litmus': messy }), 'a.litmus');
  const check = dachs(['fmt', '--check', file]);
  expect([check.status, check.stdout]).toEqual([1, `${file}\n`]);
  expect(readFileSync(file, 'utf8')).toBe(messy);
  expect(dachs(['fmt', file])).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(readFileSync(file, 'utf8')).toBe(small);
  expect(dachs(['fmt', '--check', file]).status).toBe(0);
  expect(fed(['fmt', '-'], messy).stdout).toBe(small);
  const broken = fed(['fmt', '-'], messy.replace('{', '['));
  expect([broken.status, broken.stdout, traces(broken)]).toEqual([2, '', []]);
  expect(broken.stderr).toMatch(/^dachs: -:\d+:\d+: /);
});

test('export writes a Promela model that names the test, the machine and the sources', () => {
  const run = dachs(['export', '--to', 'promela', 'CoWR+k+u+other', '--machine', 'arm1176-32k']);
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toContain('exists (0:r0=0) on arm1176-32k');
  expect(run.stdout).toContain('Documentation/core-api/cachetlb.rst v6.12');
  expect(run.stdout).toMatch(/^active proctype /m);
});

test.skipIf(!havePrograms('script'))('a test is coloured on a terminal, and nowhere else', () => {
  const line = `'${process.execPath}' '${launcher}' explain CoWR+k+u+other`;
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...bare } = process.env;
  const shown = (more: Readonly<Record<string, string>>): string => {
    const env = { ...bare, TERM: 'xterm-256color', ...more };
    const run = spawnSync('script', ['-qec', line, '/dev/null'], { encoding: 'utf8', env });
    return run.stdout.replaceAll('\r', '');
  };
  const plain = dachs(['explain', 'CoWR+k+u+other']).stdout;
  expect(plain).not.toContain('\u001B');
  expect(shown({})).toContain('\u001B[36mWRITE_ONCE\u001B[39m(');
  expect(stripVTControlCharacters(shown({}))).toBe(plain);
  expect(shown({ NO_COLOR: '1' })).toBe(plain);
});

test('list tests, primitives and kinds name what run takes', () => {
  expect(dachs(['list', 'tests']).stdout).toMatch(/^ {2}CoWR\+k\+u\+other$/m);
  expect(dachs(['list', 'primitives']).stdout).toMatch(/^ {2}flush_dcache_page\(p\)$/m);
  const kinds = dachs(['list', 'kinds']).stdout.trim().split('\n');
  expect(kinds).toHaveLength(16);
  expect(dachs(['run', 'CoWR+k+u+other', '--terse', '--machine', kinds.join(',')]).status).toBe(0);
});

test('a test that no machine could be asked about is not checked: 3, not 0', () => {
  const run = dachs(['run', 'GATE+alloc_dax+ENOMEM', '--machine', 'vivt-set-back', '--terse']);
  expect([run.status, run.stderr]).toEqual([3, '']);
  expect(run.stdout).toMatch(/^not checked \(1\): /);
});
