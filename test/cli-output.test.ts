// Where -o writes, which kernels can stand side by side, and options that mean nothing.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dachs } from './dachs.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dachs-output-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('-o follows a link, and keeps the mode of the file it replaces', () => {
  const real = path.join(folder, 'real');
  const link = path.join(folder, 'link');
  writeFileSync(real, 'before');
  chmodSync(real, 0o600);
  symlinkSync('real', link);
  expect(dachs(['list', '-o', link]).status).toBe(0);
  expect(readlinkSync(link)).toBe('real');
  expect(readFileSync(real, 'utf8')).toContain('machines');
  expect(statSync(real).mode & 0o777).toBe(0o600);
});

test('-o writes into a FIFO and leaves it one', () => {
  const fifo = path.join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const script = `cat "$1" & "$2" "$3" list -o "$1"; wait`;
  const bin = path.resolve(import.meta.dirname, '../bin/dachs.js');
  const read = execFileSync('bash', ['-c', script, 'bash', fifo, process.execPath, bin]);
  expect(read.toString()).toContain('machines');
  expect(lstatSync(fifo).isFIFO()).toBe(true);
});

test('two kernels of one name are refused; one kernel named twice is one column', () => {
  const file = path.join(folder, 'other.json');
  const recorded = path.resolve(import.meta.dirname, '../data/kernels/6.1.json');
  writeFileSync(file, readFileSync(recorded, 'utf8').replace('"id": "6.1"', '"id": "6.12"'));
  const two = dachs(['matrix', '--kernel', `6.12,${file}`]);
  expect(two.status).toBe(2);
  expect(two.stderr).toContain('two kernels are called 6.12');
  const twice = dachs(['matrix', '--kernel', '6.12,6.12', '--machine', 'skylake', '--json']);
  expect(JSON.parse(twice.stdout).kernels).toHaveLength(1);
});

test.each([
  ['matrix --by scenarios --arch arm', '--arch has no meaning with --by scenarios'],
  ['explain turbosparc --remedy deny', '--remedy has no meaning with a cell (turbosparc)'],
  ['explain turbosparc@6.12 --kernel 6.1', '--kernel has no meaning with a cell'],
  ['explain L1 --kernel 6.1', '--kernel has no meaning with a scenario'],
  ['explain FALSE_DENIAL --machine skylake', '--machine has no meaning with FALSE_DENIAL'],
])('dachs %s: an option without meaning is refused', (line, says) => {
  const run = dachs(line.split(' '));
  expect([run.status, run.stdout]).toEqual([2, '']);
  expect(run.stderr).toContain(says);
});

test('a replayed run is a witness only if it ends badly', () => {
  const unfinished = dachs(['explain', 'L1', '--replay', 'P0.0']).stdout;
  expect(unfinished).toContain('no end state');
  expect(unfinished).not.toMatch(/exists P0:r1=0\n\n|prevented/);
  const bad = dachs(['explain', 'L1', '--replay', 'P0.0,P0.1,P0.2']).stdout;
  expect(bad).toContain('     exists P0:r1=0\n');
  expect(bad).toContain('prevented');
});
