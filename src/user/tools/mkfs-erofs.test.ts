// Shows what mkfs.erofs makes of a tree: directories, files whose rest stands with the inode, and
// compressed ones; and that an image is found by the bytes that were copied to a device.

import { expect, test } from 'vitest';
import { type Result, assert, present } from '../../base/index.ts';
import type { Outcome } from '../outcome.ts';
import { User } from '../user.ts';
import { defaultSetup } from '../setup.ts';

function unwrap<T>(result: Result<T>): T {
  assert(result.ok, 'the operation is known');
  return result.value;
}

function boot() {
  const user = new User(unwrap(defaultSetup({})));
  const op = (name: string, args: Record<string, unknown>): Outcome =>
    unwrap(user.perform(name, args));
  const sh = (line: string) => op('shell', { argv: ['sh', '-c', line] })['rc'];
  const mount = (options: string) => {
    const device = '/dev/role/fsdax0';
    return op('mount', { fs: 'erofs', device, dir: '/m', options })['rc'];
  };
  const dax = (path: string) => op('statx', { path })['attr_dax'];
  const data = (path: string, offset: number) => {
    op('open', { as: 'f', path, flags: 'rdonly' });
    const read = op('pread', { fd: 'f', offset, length: 16 })['data'];
    op('close', { fd: 'f' });
    return read;
  };
  return { op, sh, mount, dax, data };
}

const TREE = [
  'mkdir /er /er/d',
  "dd if=/dev/zero bs=4096 count=4 | tr '\\000' Q > /er/f",
  "dd if=/dev/zero bs=5000 count=1 | tr '\\000' R > /er/d/g",
  'echo hi > /er/small',
  'echo -n > /er/empty',
].join('; ');
const COPY = 'dd if=/er.img of=/dev/role/fsdax0 bs=4096 conv=notrunc';

test('whole blocks are DAX, a rest that stands with the inode is not', () => {
  const { sh, mount, dax, data } = boot();
  expect(sh(`${TREE}; mkfs.erofs --quiet /er.img /er; ${COPY}`)).toBe(0);
  expect(mount('dax')).toBe(0);
  expect(['/m/f', '/m/d/g', '/m/small'].map(dax)).toEqual([true, false, false]);
  expect(data('/m/f', 16_380)).toBe('Q*4');
  expect(data('/m/d/g', 4092)).toBe('R*16');
  expect(data('/m/small', 0)).toBe('h*1,i*1,x0a*1');
});

test('without inline data every file is in blocks; compressed files are not DAX', () => {
  const { op, sh, mount, dax, data } = boot();
  sh(`${TREE}; mkfs.erofs -E noinline_data /er.img /er; ${COPY}`);
  mount('dax');
  expect(['/m/d/g', '/m/small'].map(dax)).toEqual([true, true]);
  expect(data('/m/d/g', 4992)).toBe('R*8');
  op('umount', { dir: '/m' });
  sh(`mkfs.erofs -zlz4 /er.img /er; ${COPY}`);
  mount('dax');
  expect(['/m/f', '/m/small'].map(dax)).toEqual([false, false]);
  expect(data('/m/f', 8190)).toBe('Q*16');
});

test('a tree that is not there, and an image that cannot be written', () => {
  const { sh } = boot();
  expect(sh('mkfs.erofs /er.img /nosuch')).toBe(1);
  expect(sh('mkdir /er; mkfs.erofs /nosuch/er.img /er')).toBe(1);
});

test('a suspended device has what was written before, and takes stores again when resumed', () => {
  const { op } = boot();
  const dm = (...argv: string[]) => op('dmsetup', { argv })['rc'];
  dm('create', 't', '--table', '0 409600 linear /dev/role/fsdax0 0');
  const device = '/dev/mapper/t';
  op('mkfs', { fs: 'ext4', device, argv: ['mkfs.ext4', '-q', '-F', '-b', '4096', device] });
  expect(op('mount', { fs: 'ext4', device, dir: '/m', options: 'none' })['rc']).toBe(0);
  op('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
  op('pwrite', { fd: 'f', offset: 0, length: 4096, byte: 'A' });
  const below = { fd: 'f', offset: 0, length: 4, device: '/dev/role/fsdax0' };
  expect([dm('suspend', 't'), dm('suspend', 't')]).toEqual([0, 0]);
  expect(op('pread', { fd: 'f', offset: 0, length: 4 })['data']).toBe('A*4');
  expect(dm('resume', 't')).toBe(0);
  expect(present(op('devread', below)['data'], 'data')).toBe('A*4');
  expect(op('pwrite', { fd: 'f', offset: 0, length: 4, byte: 'B' })['rc']).toBe(4);
  op('close', { fd: 'f' });
  expect(op('umount', { dir: '/m' })['rc']).toBe(0);
});
