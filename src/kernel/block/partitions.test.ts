// Shows partitions from sfdisk to the device below, who keeps a table from being read, and what
// blockdev tells.

import { expect, test } from 'vitest';
import { attachRoles } from '../drivers/roles.ts';
import { fs_dax_get_by_bdev } from '../drivers/dax/super.ts';
import { dmsetup } from '../drivers/md/dmsetup.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { format_image } from '../fs/image.ts';
import type { BlockDevice } from '../include/linux/blkdev.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { Linux } from '../linux.ts';
import { readDevice, writeDevice, zeroDevice } from './bio.ts';
import { bd_claim, bd_release, bdevBytes, lookup_bdev } from './genhd.ts';
import { blockdev, sfdisk } from './partitions.ts';

const DISK = '/dev/role/fsdax0';

function boot(): Linux {
  const { linux } = testKernel('6.12');
  attachRoles(linux);
  return linux;
}

function device(linux: Linux, path: string): BlockDevice {
  const bdev = lookup_bdev(linux, path);
  if (IS_ERR(bdev)) throw new Error(`${path}: ${bdev}`);
  return bdev;
}

const partition = (linux: Linux, script: string, path = DISK) =>
  sfdisk(linux, ['-q', '--wipe', 'always', path], script);

test('a partition is a part of the disk, with DAX where it is in whole pages', () => {
  const linux = boot();
  expect(partition(linux, '2048,8192\n,9\n')).toEqual({ rc: 0, stdout: '', stderr: '' });
  const first = device(linux, '/dev/pmem0p1');
  const bytes = new Uint8Array([1, 2, 3]);
  linux.now(writeDevice(linux, first, { offset: 512, bytes }));
  const range = { offset: 2049 * 512, length: 3 };
  expect(linux.now(readDevice(linux, device(linux, DISK), range))).toEqual(bytes);
  expect(bdevBytes(first)).toBe(8192 * 512);
  const dax = (path: string) =>
    linux.now(fs_dax_get_by_bdev(linux, device(linux, path)))?.start_off;
  expect(dax('/dev/pmem0p1')).toBe(2048 * 512);
  // 9 sectors are no whole pages.
  expect(dax('/dev/pmem0p2')).toBe(undefined);
});

test('a table that is gone takes the partitions with it, unless one is held', () => {
  const linux = boot();
  partition(linux, '2048,8192\n');
  const holder = {};
  bd_claim(device(linux, '/dev/pmem0p1'), holder);
  linux.now(zeroDevice(linux, device(linux, DISK), { offset: 0, length: 512 }));
  expect(blockdev(linux, ['--rereadpt', DISK])).toMatchObject({
    rc: 1,
    stderr: 'blockdev: ioctl error on BLKRRPART: Device or resource busy',
  });
  expect(partition(linux, '2048,8192\n').rc).toBe(1);
  bd_release(device(linux, '/dev/pmem0p1'), holder);
  expect(blockdev(linux, ['--rereadpt', DISK]).rc).toBe(0);
  expect(lookup_bdev(linux, '/dev/pmem0p1')).toBe(-E.ENOENT);
});

test('mapped devices have no partitions, partitions no table', () => {
  const linux = boot();
  dmsetup(linux, ['create', 't', '--table', '0 8192 linear /dev/role/fsdax1 0'], '');
  expect(blockdev(linux, ['--rereadpt', '/dev/mapper/t']).rc).toBe(1);
  partition(linux, '2048,8192\n');
  expect(blockdev(linux, ['--rereadpt', '/dev/pmem0p1']).rc).toBe(1);
});

test('sizes with units, the rest of the disk, and beyond its end', () => {
  const linux = boot();
  partition(linux, 'label: dos\n,1M\n,\n');
  const disk = device(linux, DISK);
  expect(bdevBytes(device(linux, '/dev/pmem0p1'))).toBe(2 ** 20);
  expect(bdevBytes(device(linux, '/dev/pmem0p2'))).toBe(bdevBytes(disk) - 2 * 2 ** 20);
  expect(partition(linux, '2048,99999999\n').stderr).toContain('Value out of range');
  expect(partition(linux, '', '/dev/nosuch').rc).toBe(1);
});

test('a filesystem in a new partition is told', () => {
  const linux = boot();
  partition(linux, '2048,8192\n');
  const made = format_image(linux, device(linux, '/dev/pmem0p1'), {
    format: 'xfs',
    block_size: 4096,
    block_count: 1024,
    features: new Set(),
    external: {},
    root: 128,
    inodes: new Map(),
    next_ino: 129,
    reserved: 8,
  });
  expect(made).toMatchObject({ format: 'xfs' });
  expect(partition(linux, '2048,8192\n').stderr).toBe('Partition #1 contains a xfs signature.');
});

test('blockdev tells sizes and sets a disk read-only', () => {
  const linux = boot();
  const options = ['--getsize64', '--getsz', '--getss', '--getpbsz', '--getiomin', '--getioopt'];
  expect(blockdev(linux, [...options, '/dev/role/btt']).stdout).toBe(
    '535269376\n1045448\n4096\n4096\n4096\n0',
  );
  expect(blockdev(linux, ['--setro', '--getro', DISK]).stdout).toBe('1');
  expect(blockdev(linux, ['--setrw', '--getro', '--flushbufs', DISK]).stdout).toBe('0');
  expect(blockdev(linux, ['--getro', '/dev/nosuch']).rc).toBe(1);
});
