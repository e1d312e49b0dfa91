// mkfs.ext2 and mkfs.ext4: block size, features and stripes as the kernel will find them, and what
// is refused.

import { expect, test } from 'vitest';
import { assert } from '../../base/index.ts';
import { lookup_bdev, read_super_magic } from '../../kernel/index.ts';
import { defaultSetup, User } from '../index.ts';
import { mkfsExt } from './mkfs-ext.ts';

const PMEM = '/dev/role/fsdax0';

function user(): User {
  const setup = defaultSetup({ gate: 'open' });
  assert(setup.ok, 'the setup is complete');
  return new User(setup.value);
}

/** The exit status, and the filesystem that the device shows then. */
function made(device: string, ...words: readonly string[]) {
  const { linux } = user();
  const rc = mkfsExt(linux, { fs: 'ext4', device, argv: ['mkfs.ext4', ...words, device] });
  const bdev = lookup_bdev(linux, device);
  assert(typeof bdev !== 'number', 'the device is there');
  return { rc, image: rc === 0 ? read_super_magic(linux, bdev) : undefined };
}

test('the superblock says what was asked for', () => {
  const { rc, image } = made(
    PMEM,
    '-q',
    '-F',
    '-b',
    '1024',
    '-O',
    'verity,fast_commit,^has_journal',
  );
  expect(rc).toBe(0);
  expect(image?.block_size).toBe(1024);
  expect(image?.features.has('verity')).toBe(true);
  expect(image?.features.has('has_journal')).toBe(false);
  expect(image?.stripe_width).toBe(4);
});

test('a device of more than a block at a time gives a stripe', () => {
  expect(made(PMEM, '-b4096').image?.stripe_width).toBeUndefined();
  expect(made(PMEM, '-b4096', '-E', 'stripe_width=8').image?.stripe_width).toBe(8);
});

test.each([
  ['an unknown feature', PMEM, ['-O', 'bogus']],
  ['clusters without extents', PMEM, ['-O', 'bigalloc,^extent']],
  ['blocks smaller than those of the device', '/dev/role/btt', ['-b', '1024']],
  ['a block size that is none', PMEM, ['-b', '3000']],
])('refused: %s', (_, device, words) => {
  expect(made(device, ...words).rc).toBe(1);
});

test('a device in use is refused, and so is one that is not there', () => {
  const { linux } = user();
  const bdev = lookup_bdev(linux, PMEM);
  assert(typeof bdev !== 'number', 'the device is there');
  bdev.bd_holder = {};
  expect(mkfsExt(linux, { fs: 'ext2', device: PMEM, argv: ['mkfs.ext2', PMEM] })).toBe(1);
  expect(mkfsExt(linux, { fs: 'ext2', device: '/dev/none', argv: ['mkfs.ext2'] })).toBe(1);
});

test('each of the three types has its tool', () => {
  const someone = user();
  const mounted = (fs: string): unknown => {
    const argv = [`mkfs.${fs}`, '-q', '-F', '-b', '4096', PMEM];
    expect(someone.perform('mkfs', { fs, device: PMEM, argv })).toMatchObject({ value: { rc: 0 } });
    const request = { fs, device: PMEM, dir: '/m', options: 'dax' };
    const done = someone.perform('mount', request);
    someone.perform('umount', { dir: '/m' });
    return done.ok ? (done.value['errno'] ?? done.value['opts']) : done.problem;
  };
  expect(['ext2', 'ext3', 'ext4'].map(mounted)).toEqual([
    'rw,relatime,errors=continue,dax',
    'rw,relatime,dax=always',
    'rw,relatime,dax=always',
  ]);
});
