// Shows what dmsetup prints, and how a device that cannot be made goes again.

import { expect, test } from 'vitest';
import { lookup_bdev } from '../../block/genhd.ts';
import { E } from '../../include/linux/errno.ts';
import type { Linux, ReleaseId } from '../../linux.ts';
import { attachRoles } from '../roles.ts';
import { testKernel } from '../test-kernel.ts';
import { dmsetup } from './dmsetup.ts';

function boot(release: ReleaseId = '6.12'): Linux {
  const { linux } = testKernel(release);
  attachRoles(linux);
  return linux;
}

const run = (linux: Linux, words: string, table = '') => dmsetup(linux, words.split(' '), table);

test('create, table, status, ls, deps, rename, remove', () => {
  const linux = boot();
  const table = '# a comment\n0 16 linear /dev/role/fsdax0 8\n16 8 error\n';
  expect(run(linux, 'create t', table)).toEqual({ rc: 0, stdout: '', stderr: '' });
  expect(run(linux, 'table t').stdout).toBe('0 16 linear 259:0 8\n16 8 error ');
  expect(run(linux, 'table').stdout).toBe('t: 0 16 linear 259:0 8\nt: 16 8 error ');
  expect(run(linux, 'status /dev/mapper/t').stdout).toBe('0 16 linear \n16 8 error ');
  expect(run(linux, 'ls').stdout).toBe('t\t(253:0)');
  expect(run(linux, 'deps t').stdout).toBe('1 dependencies\t: (259, 0)');
  expect(run(linux, 'rename t u').rc).toBe(0);
  expect(lookup_bdev(linux, '/dev/mapper/t')).toBe(-E.ENOENT);
  expect(run(linux, 'remove u').rc).toBe(0);
  expect(run(linux, 'ls').stdout).toBe('No devices found');
});

test('keys are shown on demand only', () => {
  const linux = boot();
  const key = '12'.repeat(32);
  run(linux, 'create t', `0 8 crypt aes-xts-plain64 ${key} 0 /dev/role/fsdax0 0`);
  expect(run(linux, 'table t').stdout).toContain(` ${'0'.repeat(64)} 0 259:0 0`);
  expect(run(linux, 'table --showkeys t').stdout).toContain(key);
});

test('what is wrong is said as libdm says it, and nothing is left', () => {
  const linux = boot();
  const failed = (text: string) => ({
    rc: 1,
    stdout: '',
    stderr: `device-mapper: ${text}\nCommand failed.`,
  });
  expect(run(linux, 'create t', '0 8 foo')).toEqual(
    failed('reload ioctl on t (253:0) failed: Invalid argument'),
  );
  expect(run(linux, 'ls').stdout).toBe('No devices found');
  run(linux, 'create t', '0 8 zero');
  expect(run(linux, 'create t', '0 8 zero')).toEqual(
    failed('create ioctl on t  failed: Device or resource busy'),
  );
  expect(run(linux, 'reload t', '0 8 foo')).toEqual(
    failed('reload ioctl on t  failed: Invalid argument'),
  );
  expect(run(linux, 'table u')).toEqual(
    failed('table ioctl on u  failed: No such device or address'),
  );
  expect(run(linux, 'create u', 'x').stderr).toBe(
    'Invalid format on line 1 of table on stdin\nCommand failed.',
  );
  expect(run(linux, 'mystery').rc).toBe(1);
});

test.each([
  ['6.1', 'No such device'],
  ['6.12', 'No such file or directory'],
] as const)('a missing device is %s: %s', (release, text) => {
  const { stderr } = run(boot(release), 'create t', '0 8 linear /dev/nosuch 0');
  expect(stderr).toBe(`device-mapper: reload ioctl on t (253:0) failed: ${text}\nCommand failed.`);
});

test('suspend twice, resume twice, resume without a table, clear, messages', () => {
  const linux = boot();
  run(linux, 'create t', '0 8 log-writes /dev/role/fsdax0 /dev/role/brd');
  for (const words of ['suspend t', 'suspend t', 'resume t', 'resume t']) {
    expect(run(linux, words).rc).toBe(0);
  }
  expect(run(linux, 'create u --notable').rc).toBe(0);
  expect(run(linux, 'resume u').rc).toBe(0);
  expect(run(linux, 'reload t', '0 8 log-writes /dev/role/fsdax1 /dev/role/brd').rc).toBe(0);
  expect(run(linux, 'clear t').rc).toBe(0);
  run(linux, 'resume t');
  expect(run(linux, 'table t').stdout).toBe('0 8 log-writes 259:0 1:0');
  expect(run(linux, 'message t 0 mark x').rc).toBe(0);
  expect(run(linux, 'message t 0 x').rc).toBe(1);
  expect(run(linux, 'message t 99 mark x').rc).toBe(1);
});

test('a table that only its resume finds impossible leaves the device suspended', () => {
  const linux = boot();
  run(linux, 'create t', '0 8 linear /dev/role/fsdax0 0');
  expect(run(linux, 'reload t', '0 99999999 linear /dev/role/fsdax0 0').rc).toBe(0);
  expect(run(linux, 'resume t').rc).toBe(1);
  expect(run(linux, 'table t').stdout).toBe('0 8 linear 259:0 0');
  expect(run(linux, 'resume t').rc).toBe(0);
});

test('remove --force makes the table one of errors before it fails', () => {
  const linux = boot();
  run(linux, 'create a', '0 8 linear /dev/role/fsdax0 0');
  run(linux, 'create b', '0 8 linear /dev/mapper/a 0');
  expect(run(linux, 'remove --force a').rc).toBe(1);
  expect(run(linux, 'table a').stdout).toBe('0 8 error ');
});
