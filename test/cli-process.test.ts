// The command line as a process among others: readers that go away, full disks, Ctrl-C, terminals.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dachs, launcher, type Run, traces } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { smallKernel } from './small-kernel.ts';
import { havePrograms } from './support.ts';

/** Runs a line of bash in which `dachs` is the program. */
function bash(line: string): Run {
  const script = `dachs() { '${process.execPath}' '${launcher}' "$@"; }\n${line}`;
  const run = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 60_000 });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

const withBash = test.skipIf(!havePrograms('bash'));

withBash.each(['matrix', 'matrix --kernel all --json', 'list machines --json'])(
  'dachs %s | head -1 ends quietly',
  (line) => {
    const run = bash(`dachs ${line} | head -1; echo "\${PIPESTATUS[0]}"`);
    const [first, status] = run.stdout.trim().split('\n');
    expect(first).not.toBe('');
    expect(['0', '1']).toContain(status);
    expect(run.stderr).toBe('');
  },
);

test.skipIf(!existsSync('/dev/full') || !havePrograms('bash'))(
  'a full disk behind stdout is a complaint, not a stack trace',
  () => {
    const run = bash('dachs matrix --json > /dev/full; echo $?');
    expect(run.stdout).toBe('2\n');
    expect(run.stderr).toMatch(/^dachs: standard output: .*no space left[^]*hint: /);
    expect(traces(run)).toEqual([]);
  },
);

withBash('stderr stays empty in a pipe, where a terminal would get progress', () => {
  const run = bash(`dachs audit '${folderOf(smallKernel)}' 2>&1 >/dev/null | wc -c`);
  expect(run.stdout.trim()).toBe('0');
});

test.skipIf(!havePrograms('script'))('a terminal gets progress that leaves nothing behind', () => {
  const typed = `'${process.execPath}' '${launcher}' audit '${folderOf(smallKernel)}'`;
  const on = (command: string): string =>
    spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', timeout: 60_000 })
      .stdout;
  const shown = on(typed);
  expect(shown).toContain('Kconfig: x86');
  expect(shown).toContain('0 findings');
  // The cursor is hidden while the bar is there; the last thing said about it shows it again.
  expect(shown.lastIndexOf('\u001B[?25h')).toBeGreaterThan(shown.lastIndexOf('\u001B[?25l'));
  expect(on(`${typed} --quiet`)).not.toContain('\u001B');
});

/** A tree whose audit takes seconds: many architectures, each with a long Kconfig file. */
function slowTree(): string {
  const symbols = Array.from(
    { length: 4000 },
    (_, i) => `config SMALL_${i}\n\tbool "symbol ${i}"\n`,
  );
  const files: Record<string, string> = { ...smallKernel };
  for (let i = 0; i < 60; i++) files[`arch/small${i}/Kconfig`] = symbols.join('');
  return folderOf(files);
}

test('Ctrl-C during an audit ends with 130 and leaves no file, whole or partial', async () => {
  const tree = slowTree();
  const folder = folderOf({});
  const args = [launcher, 'audit', tree, '--json', '-o', 'answer.json'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer = setTimeout(() => child.kill('SIGINT'), 900);
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  expect(status).toBe(130);
  expect(stderr).toBe('dachs: interrupted; nothing was written\n');
  expect(readdirSync(folder)).toEqual([]);
});

test('the same tree, left alone, is audited to the end', () => {
  const run = dachs(['audit', slowTree(), '--terse']);
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toContain('0 findings');
});
