// The devices of the recorded machine: names, sizes and attributes, with the gate open and refused.

import { expect, test } from 'vitest';
import { readDevice, writeDevice, zeroDevice } from '../block/bio.ts';
import { listSysfs, queueAttribute, readSysfs, writeSysfs } from '../block/blk-sysfs.ts';
import { bdevBytes, lookup_bdev } from '../block/genhd.ts';
import type { BlockDevice } from '../include/linux/blkdev.ts';
import { DAXDEV_SYNC } from '../include/linux/dax.ts';
import { E } from '../include/linux/errno.ts';
import type { ForcedGate, Linux, ReleaseId } from '../linux.ts';
import { daxAccounts } from './dax/accounts.ts';
import { fs_dax_get_by_bdev } from './dax/super.ts';
import { attachRoles } from './roles.ts';
import { testKernel } from './test-kernel.ts';

const MiB = 2 ** 20;

function boot(release: ReleaseId, gate: ForcedGate = 'stock'): Linux {
  const { linux } = testKernel(release, { gate });
  attachRoles(linux);
  return linux;
}

function device(linux: Linux, role: string): BlockDevice {
  const bdev = lookup_bdev(linux, `/dev/role/${role}`);
  if (typeof bdev === 'number') throw new Error(`${role}: ${bdev}`);
  return bdev;
}

test.each<ReleaseId>(['6.1', '6.12'])('names, sizes and queue/dax in %s', (release) => {
  const linux = boot(release);
  const rows = ['fsdax0', 'fsdax1', 'fsdaxdev', 'e820', 'vpmem', 'raw', 'btt', 'brd'].map(
    (role) => {
      const bdev = device(linux, role);
      return [bdev.name, bdevBytes(bdev) / MiB, queueAttribute(linux, bdev, 'dax')];
    },
  );
  expect(rows).toEqual([
    ['pmem0', 510, '1'],
    ['pmem1', 510, '1'],
    ['pmem5', 502, '1'],
    ['pmem6', 400, '1'],
    ['pmem7', 512, '1'],
    ['pmem3', 512, '0'],
    // 535.27 MB, as ndctl shows it.
    ['pmem2s', 535_269_376 / MiB, '0'],
    ['ram0', 390.625, '0'],
  ]);
  expect(daxAccounts(linux)).toEqual([]);
});

test('queue attributes as users read them', () => {
  const linux = boot('6.12');
  const names = ['write_cache', 'fua', 'logical_block_size', 'rotational'];
  const all = (role: string) =>
    names.map((name) => queueAttribute(linux, device(linux, role), name));
  expect(all('fsdax0')).toEqual(['write back', '0', '512', '0']);
  expect(all('vpmem')).toEqual(['write back', '0', '512', '0']);
  expect(all('btt')).toEqual(['write through', '0', '4096', '0']);
  expect(all('brd')).toEqual(['write through', '0', '512', '0']);
  expect(queueAttribute(linux, device(linux, 'brd'), 'nonsense')).toBeUndefined();
});

test('only virtio-pmem is not synchronous', () => {
  const linux = boot('6.12');
  const isSync = (role: string) => {
    const found = linux.now(fs_dax_get_by_bdev(linux, device(linux, role)));
    return found && (found.dax.flags.peek() & DAXDEV_SYNC) !== 0;
  };
  const roles = ['fsdax0', 'fsdaxdev', 'e820', 'vpmem', 'raw', 'btt', 'brd'];
  expect(roles.map(isSync)).toEqual([true, true, true, false, undefined, undefined, undefined]);
});

test('6.1 has no pmem disks where alloc_dax() refuses, but btt, device-dax and RAM disks', () => {
  const linux = boot('6.1', 'EOPNOTSUPP');
  expect([...linux.block.disks.keys()].toSorted()).toEqual(['pmem2s', 'ram0', 'ram1']);
  expect(lookup_bdev(linux, '/dev/role/fsdax0')).toBe(-E.ENOENT);
  expect(lookup_bdev(linux, '/dev/role/devdax')).toBe(-E.ENOTBLK);
  expect(daxAccounts(linux)).toEqual([]);
});

test('6.12 has them without DAX, though their queues say otherwise', () => {
  const linux = boot('6.12', 'EOPNOTSUPP');
  expect(queueAttribute(linux, device(linux, 'fsdax0'), 'dax')).toBe('1');
  expect(linux.now(fs_dax_get_by_bdev(linux, device(linux, 'fsdax0')))).toBeUndefined();
  const broken = daxAccounts(linux).map(({ invariant }) => invariant);
  expect(broken).toEqual(['I5', 'I5', 'I5', 'I5', 'I5']);
  expect(boot('6.12', 'ENOMEM').block.disks.has('pmem0')).toBe(false);
});

test('sysfs has what it has, and no /sys/class/dax', () => {
  const linux = boot('6.12');
  expect(readSysfs(linux, '/sys/class/dax')).toBe(-E.ENOENT);
  expect(readSysfs(linux, '/sys/module/brd/parameters/rd_size')).toBe('400000');
  expect(readSysfs(linux, '/sys/class/block/ram1/size')).toBe('800000');
  expect(readSysfs(linux, '/sys/dev/block/1:1/size')).toBe('800000');
  expect(readSysfs(linux, '/sys/block/pmem0')).toBe(-E.EISDIR);
  expect(listSysfs(linux, '/sys/block/pmem0/dax')).toEqual(['write_cache']);
  // Nobody can tell whether a region without DIMMs needs a flush; the others need none.
  expect(readSysfs(linux, '/sys/bus/nd/devices/region7/deep_flush')).toBe(-E.ENOENT);
  expect(readSysfs(linux, '/sys/bus/nd/devices/region0/deep_flush')).toBe('0');
  expect(writeSysfs(linux, '/sys/bus/nd/devices/region0/deep_flush', '1')).toBe(-E.EACCES);
});

test.each(['fsdax0', 'vpmem', 'raw', 'btt', 'brd'])('%s keeps what is written', (role) => {
  const linux = boot('6.12');
  const bdev = device(linux, role);
  const bytes = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);
  const read = (offset: number, length: number) => {
    const got = linux.now(readDevice(linux, bdev, { offset, length }));
    return typeof got === 'number' ? got : [...got];
  };
  for (let round = 0; round < 2; round++) {
    expect(linux.now(writeDevice(linux, bdev, { offset: 5000, bytes }))).toBe(0);
    expect(read(4990, 20)).toEqual([...new Uint8Array(10), ...bytes.slice(0, 10)]);
    expect(read(5000, 10_000)).toEqual([...bytes]);
  }
  expect(linux.now(zeroDevice(linux, bdev, { offset: 5001, length: 9000 }))).toBe(0);
  expect(read(4999, 3)).toEqual([0, 0, 0]);
  expect(read(14_000, 2)).toEqual([0, bytes[9001]]);
  expect(read(bdevBytes(bdev) - 4, 8)).toBe(-E.EIO);
});
