// mkfs.xfs: what its options put into the filesystem, and what it refuses.

import { describe, expect, test } from 'vitest';
import { assert, present } from '../../base/index.ts';
import type { DiskImage } from '../../kernel/index.ts';
import { defaultSetup } from '../setup.ts';
import { User } from '../user.ts';
import { mkfsXfs } from './mkfs-xfs.ts';

const PMEM = '/dev/role/fsdax0';

/** Exit status on a device of the recordings. */
function status(device: string, ...argv: readonly string[]): number {
  const setup = defaultSetup({ gate: 'open' });
  assert(setup.ok, 'the setup is complete');
  const { linux } = new User(setup.value);
  return mkfsXfs(linux, { device, argv: ['mkfs.xfs', '-q', '-f', ...argv, device] });
}

function made(...argv: readonly string[]): DiskImage | number {
  const setup = defaultSetup({ gate: 'open' });
  assert(setup.ok, 'the setup is complete');
  const { linux } = new User(setup.value);
  const rc = mkfsXfs(linux, { device: PMEM, argv: ['mkfs.xfs', '-q', '-f', ...argv, PMEM] });
  return rc === 0 ? present([...linux.images.values()].at(-1), 'the image') : rc;
}

function image(...argv: readonly string[]): DiskImage {
  const answer = made(...argv);
  assert(typeof answer !== 'number', 'mkfs succeeds');
  return answer;
}

describe('mkfs.xfs', () => {
  test('usual choices: blocks of 4 KiB, version 5 with reflink, a log inside', () => {
    const { block_size, features, external, reserved } = image();
    expect(block_size).toBe(4096);
    expect([...features].toSorted()).toEqual([
      'bigtime',
      'crc',
      'finobt',
      'ftype',
      'inobtcount',
      'reflink',
      'sparse',
    ]);
    expect(external).toEqual({});
    expect(reserved).toBeGreaterThan(16_384);
  });
  test('block sizes', () => {
    expect(image('-b', 'size=1024').block_size).toBe(1024);
    expect(image('-b', 'size=1k').block_size).toBe(1024);
    expect(made('-b', 'size=1000')).toBe(1);
    expect(made('-b', 'size=131072')).toBe(1);
  });
  test('a block holds a sector, and a sector one of the device', () => {
    expect(status(PMEM, '-s', 'size=2048', '-b', 'size=1024')).toBe(1);
    expect(status('/dev/role/btt')).toBe(0);
    expect(status('/dev/role/btt', '-b', 'size=1024')).toBe(1);
    expect(status('/dev/role/btt', '-s', 'size=512')).toBe(1);
  });
  test('version 4, and a realtime device, exclude reflink', () => {
    expect(image('-m', 'crc=0').features.has('reflink')).toBe(false);
    expect(made('-m', 'crc=0,reflink=1')).toBe(1);
    const rt = image('-r', 'rtdev=/dev/role/brd');
    expect(rt.features.has('reflink')).toBe(false);
    expect(rt.external).toEqual({ rt: true });
    expect(made('-r', 'rtdev=/dev/role/brd', '-m', 'reflink=1')).toBe(1);
  });
  test('a log outside takes no space here', () => {
    const log = image('-l', 'logdev=/dev/role/brd,size=64m');
    expect(log.external).toEqual({ log: true });
    expect(log.reserved).toBeLessThan(1000);
  });
  test('less than 300 MiB are too little', () => {
    expect(made('-d', 'size=299m')).toBe(1);
    expect(image('-d', 'size=300m').block_count).toBe(76_800);
  });
});
