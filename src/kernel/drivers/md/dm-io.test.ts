// Shows where bytes of a mapped device go, by BIOs and by DAX, and that both agree unless a start
// is not a multiple of a page.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { readDevice, writeDevice } from '../../block/bio.ts';
import { lookup_bdev } from '../../block/genhd.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import { type Linux, type ReleaseId, subsystem } from '../../linux.ts';
import { ConcreteExecutor, run } from '../../run.ts';
import { dax_direct_access, dax_zero_page_range } from '../dax/super.ts';
import { attachRoles } from '../roles.ts';
import { testKernel } from '../test-kernel.ts';
import { DeviceMapper } from './dm-core.ts';
import { dmsetup } from './dmsetup.ts';

const SECTOR = 512;

function boot(release: ReleaseId = '6.12'): Linux {
  const { linux } = testKernel(release);
  attachRoles(linux);
  return linux;
}

function create(linux: Linux, table: string): BlockDevice {
  const answer = dmsetup(linux, ['create', 't', '--table', table], '');
  expect(answer).toEqual({ rc: 0, stdout: '', stderr: '' });
  return device(linux, '/dev/mapper/t');
}

function device(linux: Linux, path: string): BlockDevice {
  const bdev = lookup_bdev(linux, path);
  if (IS_ERR(bdev)) throw new Error(`${path}: ${bdev}`);
  return bdev;
}

/** Bytes of a sector. */
function sector(linux: Linux, bdev: BlockDevice, number: number): number | undefined {
  const bytes = linux.now(readDevice(linux, bdev, { offset: number * SECTOR, length: SECTOR }));
  return IS_ERR(bytes) ? bytes : bytes[0];
}

function fill(linux: Linux, bdev: BlockDevice, what: { at: number; count: number; byte: number }) {
  const bytes = new Uint8Array(what.count * SECTOR).fill(what.byte);
  return linux.now(writeDevice(linux, bdev, { offset: what.at * SECTOR, bytes }));
}

/** Physical address of a page of the mapped device by DAX, or an error number. */
function daxAddress(linux: Linux, pgoff: number): number {
  const md = present(subsystem(linux, DeviceMapper).cells[0], 'device').md;
  const access = linux.now(dax_direct_access(linux, md.dax_dev, pgoff, 512));
  return IS_ERR(access) ? access : access.pfn * linux.PAGE_SIZE;
}

/** Physical address of sector 0 of fsdax0. */
function baseOf(linux: Linux, role = 'fsdax0'): number {
  const bdev = device(linux, `/dev/role/${role}`);
  const dax = linux.dax.dax_hosts.peek(bdev.bd_disk.major * 2 ** 20 + bdev.bd_disk.first_minor);
  const access = linux.now(dax_direct_access(linux, dax, 0, 1));
  return IS_ERR(access) ? access : access.pfn * linux.PAGE_SIZE;
}

test('linear: both ways lead to the same bytes where the start is a multiple of a page', () => {
  const linux = boot();
  const t = create(linux, '0 800 linear /dev/role/fsdax0 16');
  expect(fill(linux, t, { at: 8, count: 1, byte: 7 })).toBe(0);
  expect(sector(linux, device(linux, '/dev/role/fsdax0'), 24)).toBe(7);
  expect(daxAddress(linux, 1)).toBe(baseOf(linux) + 24 * SECTOR);
});

test('linear: DAX rounds an unaligned start down, BIOs do not', () => {
  const linux = boot();
  const t = create(linux, '0 800 linear /dev/role/fsdax0 1');
  fill(linux, t, { at: 8, count: 1, byte: 7 });
  expect(sector(linux, device(linux, '/dev/role/fsdax0'), 9)).toBe(7);
  expect(daxAddress(linux, 1)).toBe(baseOf(linux) + 8 * SECTOR);
});

test('a BIO over two lines and over the end', () => {
  const linux = boot();
  const table = '0 8 linear /dev/role/fsdax0 0\n8 8 linear /dev/role/fsdax1 800';
  const t = create(linux, table);
  expect(fill(linux, t, { at: 6, count: 4, byte: 9 })).toBe(0);
  const below = [
    ['fsdax0', 6],
    ['fsdax0', 7],
    ['fsdax1', 800],
    ['fsdax1', 801],
    ['fsdax1', 802],
  ] as const;
  expect(below.map(([role, at]) => sector(linux, device(linux, `/dev/role/${role}`), at))).toEqual([
    9, 9, 9, 9, 0,
  ]);
  expect(fill(linux, t, { at: 15, count: 2, byte: 1 })).toBe(-E.EIO);
});

test('striped: chunks in turn, by both ways', () => {
  const linux = boot();
  const t = create(linux, '0 64 striped 2 8 /dev/role/fsdax0 0 /dev/role/fsdax1 800');
  fill(linux, t, { at: 7, count: 2, byte: 3 });
  expect(sector(linux, device(linux, '/dev/role/fsdax0'), 7)).toBe(3);
  expect(sector(linux, device(linux, '/dev/role/fsdax1'), 800)).toBe(3);
  fill(linux, t, { at: 24, count: 1, byte: 5 });
  expect(sector(linux, device(linux, '/dev/role/fsdax1'), 808)).toBe(5);
  expect(daxAddress(linux, 3)).toBe(baseOf(linux, 'fsdax1') + 808 * SECTOR);
});

test('striped: no page can be mapped where chunks are smaller than pages', () => {
  const linux = boot();
  create(linux, '0 112 striped 2 7 /dev/role/fsdax0 0 /dev/role/fsdax1 0');
  expect(daxAddress(linux, 0)).toBe(-E.EIO);
});

test('a mapping ends with the line', () => {
  const linux = boot();
  create(linux, '0 16 linear /dev/role/fsdax0 0\n16 16 linear /dev/role/fsdax1 0');
  const { md } = present(subsystem(linux, DeviceMapper).cells[0], 'device');
  expect(linux.now(dax_direct_access(linux, md.dax_dev, 1, 8))).toMatchObject({ nr_pages: 1 });
  expect(daxAddress(linux, 4)).toBe(-E.EIO);
});

test('zero and error', () => {
  const linux = boot();
  const t = create(linux, '0 8 zero\n8 8 error');
  expect(fill(linux, t, { at: 0, count: 8, byte: 1 })).toBe(0);
  expect(sector(linux, t, 0)).toBe(0);
  expect(fill(linux, t, { at: 8, count: 1, byte: 1 })).toBe(-E.EIO);
  expect(sector(linux, t, 8)).toBe(-E.EIO);
});

test('crypt: other bytes below; delay and origin pass on; mirror writes to all', () => {
  const linux = boot();
  const t = create(linux, `0 64 crypt aes-xts-plain64 ${'0'.repeat(64)} 0 /dev/role/fsdax0 8`);
  const bytes = new Uint8Array(9000).fill(6);
  linux.now(writeDevice(linux, t, { offset: 100, bytes }));
  expect(linux.now(readDevice(linux, t, { offset: 100, length: 9000 }))).toEqual(bytes);
  const below = linux.now(
    readDevice(linux, device(linux, '/dev/role/fsdax0'), { offset: 8 * SECTOR + 100, length: 64 }),
  );
  expect(below).not.toEqual(bytes.slice(0, 64));
  dmsetup(linux, ['remove', 't'], '');
  const tables = [
    '0 2048 delay /dev/role/fsdax0 8 0 /dev/role/fsdax1 8 0',
    '0 2048 snapshot-origin /dev/role/fsdax1',
    '0 2048 mirror core 2 1024 nosync 2 /dev/role/fsdax0 8 /dev/role/fsdax1 8',
  ];
  const found = tables.map((table, i) => {
    const one = create(linux, table);
    fill(linux, one, { at: 1032, count: 1, byte: 20 + i });
    dmsetup(linux, ['remove', 't'], '');
    const roles = ['fsdax0', 'fsdax1'].map((role) => device(linux, `/dev/role/${role}`));
    return roles.map((bdev) => [sector(linux, bdev, 1032), sector(linux, bdev, 1040)]);
  });
  expect(found).toEqual([
    [
      [0, 0],
      [0, 20],
    ],
    [
      [0, 0],
      [21, 20],
    ],
    [
      [0, 22],
      [21, 22],
    ],
  ]);
});

test('log-writes: DAX of the device, but no zeroing by pages', () => {
  const linux = boot();
  create(linux, '0 64 log-writes /dev/role/fsdax0 /dev/role/brd');
  expect(daxAddress(linux, 2)).toBe(baseOf(linux) + 16 * SECTOR);
  const { md } = present(subsystem(linux, DeviceMapper).cells[0], 'device');
  const dax = present(md.dax_dev, 'dax device');
  expect(linux.now(dax_zero_page_range(linux, dax, 0, 1))).toBe(-E.EIO);
});

test('while suspended BIOs wait and DAX does not', () => {
  const linux = boot();
  const t = create(linux, '0 64 linear /dev/role/fsdax0 0');
  dmsetup(linux, ['suspend', 't'], '');
  const executor = new ConcreteExecutor(present(linux.machine.cpus[0], 'CPU'), () => false);
  const read = run(readDevice(linux, t, { offset: 0, length: SECTOR }), executor);
  expect(read).toMatchObject({ kind: 'blocked' });
  expect(daxAddress(linux, 0)).toBe(baseOf(linux));
  dmsetup(linux, ['resume', 't'], '');
  expect(sector(linux, t, 0)).toBe(0);
});
