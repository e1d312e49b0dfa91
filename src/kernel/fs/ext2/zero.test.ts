// Zeroing within a block through the page cache: what it leaves alone.

import { expect, test } from 'vitest';
import { assert } from '../../../base/index.ts';
import { defaultSetup, type Outcome, User } from '../../../user/index.ts';

const PMEM = '/dev/role/fsdax0';

type Act = (op: string, args?: object) => Outcome;

function fileOn(fs: 'ext2' | 'ext4'): Act {
  const setup = defaultSetup({ gate: 'open' });
  assert(setup.ok, 'the setup is complete');
  const user = new User(setup.value);
  const act: Act = (op, args = {}) => {
    const done = user.perform(op, { ...args });
    assert(done.ok, `${op} is understood`);
    return done.value;
  };
  act('mkfs', { fs, device: PMEM, argv: [`mkfs.${fs}`, '-q', '-F', '-b', '4096', PMEM] });
  act('mount', { fs, device: PMEM, dir: '/m', options: 'none' });
  act('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
  return act;
}

test('an unwritten block stays as it is: its page is cached, but holds nothing', () => {
  const act = fileOn('ext4');
  act('fallocate', { fd: 'f', mode: 'zero', offset: 1000, length: 9000 });
  expect(act('cachestat', { fd: 'f' })).toEqual({ rc: 0, nr_cache: 2, nr_dirty: 0 });
  expect(act('seek', { fd: 'f', whence: 'data', offset: 0 })['errno']).toBe('ENXIO');
});

test('what is still to be written over an unwritten block is zeroed', () => {
  const act = fileOn('ext4');
  act('fallocate', { fd: 'f', mode: 'alloc', offset: 0, length: 4096 });
  act('pwrite', { fd: 'f', offset: 0, length: 4096, byte: 'A' });
  act('fallocate', { fd: 'f', mode: 'punch', offset: 1000, length: 1000 });
  const data = 'A*1000,x00*1000,A*2096';
  expect(act('pread', { fd: 'f', offset: 0, length: 4096 })['data']).toBe(data);
  act('fsync', { fd: 'f' });
  act('dropcaches');
  expect(act('pread', { fd: 'f', offset: 0, length: 4096 })['data']).toBe(data);
});

test('a hole stays one, and its page is cached', () => {
  const act = fileOn('ext2');
  act('ftruncate', { fd: 'f', size: 8192 });
  act('ftruncate', { fd: 'f', size: 100 });
  expect(act('cachestat', { fd: 'f' })).toEqual({ rc: 0, nr_cache: 1, nr_dirty: 0 });
});
