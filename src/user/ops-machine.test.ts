// What a user sees of the machine: lines page by page, evictions by side, mappings by colour.

import { expect, test } from 'vitest';
import { assert, present } from '../base/index.ts';
import { machineById } from '../hw/index.ts';
import { parseLine } from './line.ts';
import { mkfsNote, strangeName } from './names.ts';
import { physicalOf } from './physical.ts';
import { defaultSetup } from './setup.ts';
import { User } from './user.ts';

/** A file of two pages on DAX, mapped as `m`, with nothing in any cache. */
const BED = [
  'mkfs ext4 /dev/role/fsdax0 mkfs.ext4 -q -F -b 4096 /dev/role/fsdax0',
  'mount ext4 /dev/role/fsdax0 /m dax=always',
  'open f /m/f creat,rdwr',
  'pwrite f 0 8k A',
  'fsync f',
  'mmap m f 0 8k rw shared',
  'load m 0 8k',
  'evict',
];

function bed(id: string): User {
  const machine = present(machineById(id), id);
  const setup = defaultSetup({ machine, release: '6.1', gate: 'open' });
  assert(setup.ok, 'the setup is complete');
  const user = new User(setup.value);
  for (const line of BED) expect(run(user, line)['rc'], line).not.toBe(-1);
  return user;
}

function run(user: User, line: string) {
  const typed = parseLine(line);
  assert(typed.ok, line);
  const { op, args } = present(typed.value, 'an operation');
  const outcome = user.perform(op, args);
  assert(outcome.ok, line);
  return outcome.value;
}

test('lines follow the pages of a mapping, and end with it', () => {
  const user = bed('sh7750/4k');
  run(user, 'load m 4k 1');
  const { address } = present(user.mappings.get('m'), 'm');
  const second = present(physicalOf(user, address + 4096), 'the second page').toString(16);
  const expected = new RegExp(
    `^0x[0-9a-f]+ memory A\\*32\\n0x${second} via .* clean A\\*32\\n0x${second} memory A\\*32$`,
  );
  expect(run(user, 'lines m 0 8k')['lines']).toMatch(expected);
  expect(run(user, 'lines m 0 1000000000000')).toEqual(run(user, 'lines m 0 8k'));
  expect(run(user, 'lines m 8k 1')['lines']).toBe('no page is mapped there');
});

test('lines are evicted by side: who goes first decides what memory has', () => {
  const user = bed('sh7750/4k');
  for (const line of ['pread f 0 1', 'load m 0 1', 'pwrite f 0 1 B', 'store m 0 1 C'])
    run(user, line);
  expect(run(user, 'evict m 0 1 user')).toEqual({ rc: 0, evicted: 1 });
  expect(run(user, 'lines m 0 1')['lines']).toMatch(/dirty B\*1,A\*31\n.* memory C\*1,A\*31$/);
  expect(run(user, 'evict m 0 1 kernel')).toEqual({ rc: 0, evicted: 1 });
  expect(run(user, 'lines m 0 1')['lines']).toMatch(/^0x[0-9a-f]+ memory B\*1,A\*31$/);
});

test('evict without a mapping empties the cache', () => {
  const user = bed('cortex-a15');
  run(user, 'store m 0 1 B');
  expect(run(user, 'evict')).toEqual({ rc: 0 });
  expect(run(user, 'lines m 0 1')['lines']).toMatch(/^0x[0-9a-f]+ memory B\*1,A\*63$/);
});

test('mappings are listed with their colours; a shared one of another colour is refused', () => {
  const user = bed('sh7750/4k');
  expect(run(user, 'mmap n f 0 4k r shared colour=1')).toEqual({ rc: -1, errno: 'EINVAL' });
  expect(run(user, 'mmap n f 0 4k r private colour=1')).toEqual({ rc: 0 });
  const lines = String(run(user, 'maps')['lines']).split('\n');
  expect(lines[0]).toBe('file f: f on /m');
  expect(lines[1]).toMatch(/^mapping m: 8192 bytes at 0x[0-9a-f]+ colour 0$/);
  expect(lines[2]).toMatch(/^mapping n: 4096 bytes at 0x[0-9a-f]+ colour 1$/);
});

test('a mapping at an address of the user is there', () => {
  const user = bed('skylake');
  expect(run(user, 'mmap n f 0 4k r shared address=0x10000000')).toEqual({ rc: 0 });
  expect(run(user, 'maps')['lines']).toContain('mapping n: 4096 bytes at 0x10000000');
  expect(run(user, 'load n 0 1')).toEqual({ rc: 0, data: 'A*1' });
});

test('a store longer than its mapping ends in a signal, at once', () => {
  const user = bed('skylake');
  expect(run(user, 'store m 0 1000000000000 B')).toMatchObject({ rc: -1, signal: 'SIGSEGV' });
  expect(run(user, 'load m 0 8k')).toEqual({ rc: 0, data: 'B*8192' });
});

test('names under which nothing is open are named', () => {
  const user = bed('skylake');
  expect(strangeName(user, { fd: 'f' })).toBeUndefined();
  expect(strangeName(user, { fd: 'g' })).toBe(`no file is open under the name 'g'; there are f`);
  expect(strangeName(user, { map: 'g' })).toContain('no mapping is there');
});

test.each([
  ['ext4', 'mkfs ext4 /dev/role/fsdax1 mkfs.ext4 -q -F -b 4096 /dev/role/fsdax1', 'dax=always'],
  ['ext2', 'mkfs ext2 /dev/role/fsdax1 mkfs.ext2 -q -F -b 4096 /dev/role/fsdax1', 'dax'],
  ['xfs', 'mkfs xfs /dev/role/fsdax1 mkfs.xfs -q -f -m reflink=0 /dev/role/fsdax1', 'dax=always'],
])('%s: lines of a DAX file that nobody maps', (fs, mkfs, options) => {
  const user = bed('sh7750/4k');
  const lines = [
    mkfs,
    `mount ${fs} /dev/role/fsdax1 /m2 ${options}`,
    'open g /m2/g creat,rdwr',
    'pwrite g 0 4k A',
    'evict',
    'pwrite g 0 4 B',
  ];
  for (const line of lines) expect(run(user, line)['rc'], line).not.toBe(-1);
  const shown = String(run(user, 'flines g 0 4')['lines']);
  expect(shown).toMatch(/ dirty B\*4,A\*28\n0x[0-9a-f]+ memory A\*32$/);
  run(user, 'mmap n g 0 4k r shared');
  run(user, 'load n 2000 1');
  const [, mapped] = /(0x[0-9a-f]+) memory/.exec(String(run(user, 'lines n 0 4')['lines'])) ?? [];
  expect(shown.endsWith(`${mapped ?? ''} memory A*32`)).toBe(true);
  expect(run(user, 'flines g 4k 1')['lines']).toBe('no page of the file is in memory there');
});

test('why mkfs did not work', () => {
  const user = bed('skylake');
  const note = (fs: string, device: string, rc = 1) =>
    mkfsNote(user, { op: 'mkfs', args: { fs, device } }, { rc });
  expect(note('ext4', '/dev/role/fsdax1', 0)).toBeUndefined();
  expect(note('ext4', '/dev/nope')).toBe('there is no block device /dev/nope');
  expect(note('ext4', '/dev/role/fsdax0')).toBe('/dev/role/fsdax0 is in use');
  expect(note('btrfs', '/dev/role/fsdax1')).toContain('there is no mkfs.btrfs; there are ext2');
  expect(note('ext4', '/dev/role/fsdax1')).toContain('does not take these options');
});

test('ls lists a directory, and names what is none', () => {
  const user = bed('skylake');
  run(user, 'mkdir /m/b');
  expect(run(user, '! ls /m')).toEqual({ rc: 0, stdout: 'b\nf\nlost+found' });
  expect(run(user, '! ls /m/f')).toEqual({ rc: 0, stdout: '/m/f' });
  expect(run(user, '! ls /m/c')).toMatchObject({ rc: 1 });
});
