// Shows what a table makes of a mapped device: whether it offers DAX, which tables may follow
// which, what alloc_dax() refusing does in each release, and that nothing is left behind.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { queueAttribute } from '../../block/blk-sysfs.ts';
import { lookup_bdev } from '../../block/genhd.ts';
import { DAXDEV_SYNC, DAXDEV_WRITE_CACHE } from '../../include/linux/dax.ts';
import { IS_ERR } from '../../include/linux/errno.ts';
import { type ForcedGate, type Linux, type ReleaseId, subsystem } from '../../linux.ts';
import { daxAccounts } from '../dax/accounts.ts';
import { attachRoles } from '../roles.ts';
import { testKernel } from '../test-kernel.ts';
import { DeviceMapper } from './dm-core.ts';
import { dmsetup } from './dmsetup.ts';

const RELEASES: readonly ReleaseId[] = ['6.1', '6.12'];

function boot(release: ReleaseId, gate: ForcedGate = 'stock'): Linux {
  const { linux } = testKernel(release, { gate });
  attachRoles(linux);
  return linux;
}

/** Runs `dmsetup words`: its exit status. */
function dm(linux: Linux, words: string, table = ''): number {
  return dmsetup(linux, words.split(' '), table).rc;
}

function queueDax(linux: Linux, name = 't'): string | undefined {
  const bdev = lookup_bdev(linux, `/dev/mapper/${name}`);
  return IS_ERR(bdev) ? undefined : queueAttribute(linux, bdev, 'dax');
}

function mapped(linux: Linux, name = 't') {
  const { cells } = subsystem(linux, DeviceMapper);
  return present(cells.find((cell) => cell.name === name)?.md, name);
}

test.each(RELEASES)('a table offers DAX if all of its targets do: %s', (release) => {
  const tables: readonly (readonly [string, string | undefined])[] = [
    ['0 800 linear /dev/role/fsdax0 0', '1'],
    ['0 7 linear /dev/role/fsdax0 0', '1'],
    ['0 800 linear /dev/role/fsdax0 1', '1'],
    ['0 800 linear /dev/role/vpmem 0', '1'],
    ['0 800 linear /dev/role/brd 0', '0'],
    ['0 800 linear /dev/role/raw 0', '0'],
    ['0 800 linear /dev/role/fsdax0 0\n800 800 linear /dev/role/fsdax1 0', '1'],
    ['0 800 linear /dev/role/fsdax0 0\n800 800 linear /dev/role/brd 0', '0'],
    ['0 800 linear /dev/role/fsdax0 0\n800 8 zero', '0'],
    ['0 800 linear /dev/role/fsdax0 0\n800 8 error', '0'],
    ['0 800 striped 2 8 /dev/role/fsdax0 0 /dev/role/fsdax1 0', '1'],
    ['0 800 striped 2 8 /dev/role/fsdax0 0 /dev/role/brd 0', '0'],
    ['0 798 striped 2 7 /dev/role/fsdax0 0 /dev/role/fsdax1 0', '1'],
    ['0 800 log-writes /dev/role/fsdax0 /dev/role/brd', '1'],
    ['0 800 log-writes /dev/role/brd /dev/role/fsdax0', '0'],
    ['0 800 snapshot-origin /dev/role/fsdax0', '0'],
    ['0 800 delay /dev/role/fsdax0 0 10', '0'],
    ['0 2048 mirror core 1 1024 2 /dev/role/fsdax0 0 /dev/role/fsdax1 0', '0'],
    ['0 8 error', '0'],
    ['0 8 zero', '0'],
  ];
  for (const [table, dax] of tables) {
    const linux = boot(release);
    expect([table, dm(linux, 'create t', table), queueDax(linux)]).toEqual([table, 0, dax]);
    expect(daxAccounts(linux)).toEqual([]);
    expect(dm(linux, 'remove t')).toBe(0);
    expect(daxAccounts(linux)).toEqual([]);
    expect(queueDax(linux)).toBe(undefined);
  }
});

test('crypt checks cipher and key, and has no DAX', () => {
  const linux = boot('6.12');
  const key = '00'.repeat(32);
  const rest = '0 /dev/role/fsdax0 0';
  expect(dm(linux, 'create t', `0 800 crypt aes-xts-plain64 ${key} ${rest}`)).toBe(0);
  expect(queueDax(linux)).toBe('0');
  expect(dm(linux, 'create u', `0 800 crypt aes-xts-plain64 ${key.slice(2)} ${rest}`)).toBe(1);
  expect(dm(linux, 'create u', `0 800 crypt mystery-xts-plain64 ${key} ${rest}`)).toBe(1);
  expect(dm(linux, 'create u', `0 800 crypt aes-xts ${key} ${rest}`)).toBe(1);
  expect(
    dm(linux, 'create u', `0 800 crypt aes-xts-plain64 ${key} ${rest} 1 sector_size:4096`),
  ).toBe(0);
  expect(mapped(linux, 'u').queue.logical_block_size).toBe(4096);
  expect(
    dm(linux, 'create v', `0 801 crypt aes-xts-plain64 ${key} ${rest} 1 sector_size:4096`),
  ).toBe(1);
});

test('a device with DAX keeps it, one without may get it', () => {
  const linux = boot('6.12');
  expect(dm(linux, 'create t', '0 800 linear /dev/role/fsdax0 0')).toBe(0);
  expect(dm(linux, 'reload t', '0 800 linear /dev/role/brd 0')).toBe(1);
  expect(dm(linux, 'reload t', '0 800 linear /dev/role/fsdax1 0')).toBe(0);
  expect(dm(linux, 'resume t')).toBe(0);
  expect(dm(linux, 'create u', '0 800 linear /dev/role/brd 0')).toBe(0);
  expect(dm(linux, 'reload u', '0 800 linear /dev/role/fsdax0 0')).toBe(0);
  expect(queueDax(linux, 'u')).toBe('0');
  expect(dm(linux, 'resume u')).toBe(0);
  expect(queueDax(linux, 'u')).toBe('1');
  // Its type is still that of its first table.
  expect(dm(linux, 'reload u', '0 800 linear /dev/role/brd 0')).toBe(0);
  expect(dm(linux, 'resume u')).toBe(0);
  expect(queueDax(linux, 'u')).toBe('0');
});

test.each(RELEASES)('error may replace a table with DAX, and ends it: %s', (release) => {
  const linux = boot(release);
  dm(linux, 'create t', '0 800 linear /dev/role/fsdax0 0');
  expect(dm(linux, 'reload t', '0 800 error')).toBe(0);
  expect(queueDax(linux)).toBe('1');
  expect(dm(linux, 'resume t')).toBe(0);
  expect(queueDax(linux)).toBe('0');
});

test.each([
  ['6.1', 'EOPNOTSUPP', 1],
  ['6.1', 'ENOMEM', 1],
  ['6.12', 'EOPNOTSUPP', 0],
  ['6.12', 'ENOMEM', 1],
] as const)('%s where alloc_dax() says %s: create gives %i', (release, gate, rc) => {
  const linux = boot(release, gate);
  const answer = dmsetup(linux, ['create', 't', '--table', '0 800 linear /dev/role/brd 0'], '');
  expect(answer.rc).toBe(rc);
  if (rc === 1) expect(answer.stderr).toContain('create ioctl on t  failed: No such device or a');
  else expect(queueDax(linux)).toBe('0');
  // The disks of pmem are not dm's affair: 6.12 leaves their queue/dax at 1.
  const broken = daxAccounts(linux).filter(({ says }) => says.includes('dm-'));
  expect(broken).toEqual([]);
});

test.each(RELEASES)('each chance of failure leaves nothing behind: %s', (release) => {
  const kernel = testKernel(release);
  attachRoles(kernel.linux);
  kernel.asked.length = 0;
  dm(kernel.linux, 'create t', '0 800 linear /dev/role/fsdax0 0');
  const chances = [...new Set(kernel.asked)].filter((what) => !what.startsWith('bio'));
  expect(chances).toContain('alloc_inode dax');
  for (const what of chances) {
    const { linux, failing } = testKernel(release);
    attachRoles(linux);
    failing.add(what);
    expect([what, dm(linux, 'create t', '0 800 linear /dev/role/fsdax0 0')]).toEqual([what, 1]);
    failing.clear();
    expect(daxAccounts(linux)).toEqual([]);
    expect(lookup_bdev(linux, '/dev/role/fsdax0')).toMatchObject({ bd_holder: undefined });
    expect(dm(linux, 'create t', '0 800 linear /dev/role/fsdax0 0')).toBe(0);
    expect(mapped(linux).minor).toBe(0);
  }
});

test('synchronous and write cache come from below, and no table takes them back', () => {
  const linux = boot('6.12');
  dm(linux, 'create t', '0 800 linear /dev/role/vpmem 0');
  const flags = () => present(mapped(linux).dax_dev, 'dax device').flags.peek();
  expect(flags() & DAXDEV_SYNC).toBe(0);
  dm(linux, 'reload t', '0 800 linear /dev/role/fsdax0 0');
  dm(linux, 'resume t');
  expect(flags() & (DAXDEV_SYNC | DAXDEV_WRITE_CACHE)).toBe(DAXDEV_SYNC | DAXDEV_WRITE_CACHE);
  dm(linux, 'reload t', '0 800 linear /dev/role/vpmem 0');
  dm(linux, 'resume t');
  expect(flags() & DAXDEV_SYNC).toBe(DAXDEV_SYNC);
});

test('hints of a striped device are in whole physical blocks, or none', () => {
  const linux = boot('6.12');
  dm(linux, 'create t', '0 800 striped 2 8 /dev/role/fsdax0 0 /dev/role/fsdax1 0');
  expect(mapped(linux).queue.io_opt).toBe(8192);
  dm(linux, 'create u', '0 798 striped 2 7 /dev/role/fsdax0 0 /dev/role/fsdax1 0');
  expect([mapped(linux, 'u').queue.io_min, mapped(linux, 'u').queue.io_opt]).toEqual([4096, 0]);
});

test('tables are refused: beyond the end, gaps, unknown targets, odd logical blocks', () => {
  const linux = boot('6.12');
  const refused = [
    '0 99999999 linear /dev/role/fsdax0 0',
    '0 8 linear /dev/role/nosuch 0',
    '8 8 linear /dev/role/fsdax0 0',
    '0 0 linear /dev/role/fsdax0 0',
    '0 8 linear /dev/role/fsdax0',
    '0 8 linear /dev/role/fsdax0 x',
    '0 8 mystery',
    '0 8 zero 1',
    '0 801 striped 2 8 /dev/role/fsdax0 0 /dev/role/fsdax1 0',
    '0 800 striped 2 8 /dev/role/fsdax0 0',
    '0 800 striped 0 8',
    '0 8 linear /dev/role/btt 1',
    '0 7 linear /dev/role/btt 0',
    '0 800 mirror core 1 1000 2 /dev/role/fsdax0 0 /dev/role/fsdax1 0',
    '0 800 mirror core 1 1024 1 /dev/role/fsdax0 0',
    '0 800 delay /dev/role/fsdax0 0',
    '0 800 log-writes /dev/role/fsdax0',
    '0 800 snapshot-origin /dev/role/fsdax0 0',
  ];
  for (const table of refused) expect([table, dm(linux, 'create t', table)]).toEqual([table, 1]);
  expect(dm(linux, 'create t', '0 8 linear /dev/role/btt 8')).toBe(0);
  expect(mapped(linux).queue.logical_block_size).toBe(4096);
});

test('a device below is held by dm, and by nobody after', () => {
  const linux = boot('6.12');
  const below = lookup_bdev(linux, '/dev/role/fsdax0');
  dm(linux, 'create a', '0 800 linear /dev/role/fsdax0 0');
  dm(linux, 'create b', '0 800 linear /dev/role/fsdax0 800');
  dm(linux, 'create c', '0 800 linear /dev/mapper/a 0');
  expect(below).toMatchObject({ bd_holder: subsystem(linux, DeviceMapper), bd_holders: 2 });
  expect(queueDax(linux, 'c')).toBe('1');
  expect(dm(linux, 'remove a')).toBe(1);
  expect(dm(linux, 'remove_all')).toBe(0);
  expect(subsystem(linux, DeviceMapper).cells).toEqual([]);
  expect(below).toMatchObject({ bd_holder: undefined, bd_holders: 0 });
});
