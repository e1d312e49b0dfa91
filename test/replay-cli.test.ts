// dachs replay and dachs shell as users run them: closing line, exit status, JSON, bad input.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { dachs, launcher } from './dachs.ts';

const root = path.resolve(import.meta.dirname, '..');
const sample = path.join(root, 'data/kernel-truth/x86_64-6.12.jsonl');
const folder = mkdtempSync(path.join(tmpdir(), 'dachs-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
}

const PREAD = /"op":"pread","args":\{"fd":"f","offset":0,"length":8\},"expect":\{"rc":8,"data":"/;

describe('dachs replay', () => {
  test('the closing line counts scenarios and steps', () => {
    const ran = dachs(['replay', sample, '--only', '^dev/dm/table/linear-off-4$']);
    expect(ran.stdout).toMatch(/^agree 1 of 1 scenarios, \d+ of \d+ steps\n$/);
    expect(ran.status).toBe(0);
  });

  test('a step that differs is reported, and the exit status is 1', () => {
    const line = readFileSync(sample, 'utf8')
      .split('\n')
      .find((one) => one.includes('"dev/dm/table/linear-off-4"'));
    const wrong = (line ?? '').replace(PREAD, (found) => `${found}Z*8,`);
    expect(wrong).not.toBe(line);
    const ran = dachs(['replay', file('wrong.jsonl', wrong)]);
    expect(ran.stdout).toMatch(/step \d+: pread fd=f offset=0 length=8\n {4}recorded {2}data=Z/);
    expect(ran.stdout).toMatch(/agree 0 of 1 scenarios/);
    expect(ran.status).toBe(1);
  });

  test.each([
    ['empty', '', /there is no scenario/],
    ['no JSON', '{"id"', /no-json\.jsonl:1: the line is no JSON/],
    [
      'a second line cut off',
      '{"id":"a","kernel":"6.12","steps":[]}\n{"id":"b',
      /jsonl:2: the line/,
    ],
    ['no steps', '{"id":"a","kernel":"6.12"}', /'steps' of a is no list/],
  ])('%s is refused with its place', (name, text, message) => {
    const ran = dachs(['replay', file(`${name.replaceAll(' ', '-').toLowerCase()}.jsonl`, text)]);
    expect(ran.stderr).toMatch(message);
    expect(ran.stdout).toBe('');
    expect(ran.status).toBe(2);
  });

  test.each([
    ['kernel', '"kernel":"5.4"', /not checked: there is no model of kernel '5\.4'/],
    ['gate', '"kernel":"6.12","gate":"x"', /not checked: 'x' is no gate/],
    ['architecture', '"kernel":"6.12","arch":"pdp11"', /not checked: no machine is known for/],
  ])('an unknown %s is not checked, and the others are replayed', (name, keys, message) => {
    const lines = ['"kernel":"6.12"', keys].map(
      (some, i) =>
        `{"id":"${i}",${some},"steps":[{"op":"queuedax","args":{"device":"/dev/role/brd"},` +
        `"expect":{"value":"0"}}]}`,
    );
    const ran = dachs(['replay', file(`${name}.jsonl`, lines.join('\n'))]);
    expect(ran.stdout).toMatch(message);
    expect(ran.stdout).toContain('agree 1 of 2 scenarios, 1 of 2 steps');
    expect(ran.status).toBe(1);
  });

  test('an unknown operation is not checked, and does not agree', () => {
    const steps = '[{"op":"fly","args":{},"expect":{"rc":0}}]';
    const ran = dachs(['replay', file('fly.jsonl', `{"id":"a","kernel":"6.12","steps":${steps}}`)]);
    expect(ran.stdout).toContain(`not checked: there is no operation 'fly'`);
    expect(ran.stdout).toContain('agree 0 of 1 scenarios, 0 of 1 steps');
    expect(ran.status).toBe(1);
  });
});

describe('dachs shell', () => {
  const lines = [
    '# a file on a RAM disk',
    'mkfs ext4 /dev/role/brd mkfs.ext4 -q -F -b 4096 /dev/role/brd',
    'mount ext4 /dev/role/brd /m',
    'open f /m/f creat,rdwr',
    'pwrite f 0 4k A',
    'pread f 0 2',
  ].join('\n');

  test('operations of a file, each with its answer', () => {
    const ran = dachs(['shell', file('a.dachs', lines)]);
    expect(ran.stdout).toContain('> pwrite f 0 4k A\nrc 4096\n> pread f 0 2\nrc 2 data A*2\n');
    expect(ran.status).toBe(0);
  });

  test('what --json writes replays without a difference', () => {
    const recorded = dachs(['shell', file('b.dachs', lines), '--json']);
    const ran = dachs(['replay', file('b.jsonl', recorded.stdout)]);
    expect(ran.stdout).toBe('agree 1 of 1 scenarios, 5 of 5 steps\n');
  });

  test('what came before a wrong line is told, and nothing after quit is read', () => {
    const wrong = dachs(['shell', file('c.dachs', 'mkdir /m/a\nfly\n')]);
    expect(wrong.stdout).toBe('> mkdir /m/a\nrc 0\n');
    expect(wrong.status).toBe(2);
    const left = dachs(['shell', file('d.dachs', 'quit\nfly\n')]);
    expect(left.status).toBe(0);
  });

  test('help tells of one operation; a name that means nothing is named', () => {
    const ran = dachs(['shell', file('e.dachs', 'help open\npread f 0 4\n')]);
    expect(ran.stdout).toContain('open as path [flags]\n');
    expect(ran.stdout).toContain(`rc -1 EBADF\nnote: no file is open under the name 'f'`);
  });

  test('a pipe whose writer is slow is waited for', () => {
    const script = `(sleep 0.5; echo mkdir /m/a) | "$0" "$1" shell`;
    const ran = spawnSync('sh', ['-c', script, process.execPath, launcher], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toBe('> mkdir /m/a\nrc 0\n');
  });

  test('what the kernel logs is told', () => {
    const text = 'mkfs ext4 /dev/role/brd\nmount ext4 /dev/role/brd /m dax=always\n';
    const ran = dachs(['shell', file('f.dachs', text)]);
    expect(ran.stdout).toMatch(/rc -1 EINVAL opts null\nlog: EXT4-fs \(ram0\): /);
  });

  test.each([
    [
      'mount ext4',
      /b\.dachs:1: mount needs 'device'\n {2}hint: usage: mount fs device dir \[options\]/,
    ],
    ['fly', /b\.dachs:1: there is no operation 'fly'/],
  ])('%s is refused with its place', (line, message) => {
    const ran = dachs(['shell', file('b.dachs', line)]);
    expect(ran.stderr).toMatch(message);
    expect(ran.status).toBe(2);
  });
});
