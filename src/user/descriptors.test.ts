// Descriptors that are no open files of data: directories, and places in the tree (O_PATH).

import { describe, expect, test } from 'vitest';
import { assert } from '../base/index.ts';
import type { Outcome } from './outcome.ts';
import { defaultSetup } from './setup.ts';
import { User } from './user.ts';

const PMEM = '/dev/role/fsdax0';

type Act = (op: string, args?: object) => Outcome;

function mounted(fs: string): Act {
  const setup = defaultSetup({ gate: 'open' });
  assert(setup.ok, 'the setup is complete');
  const user = new User(setup.value);
  const act: Act = (op, args = {}) => {
    const done = user.perform(op, { ...args });
    assert(done.ok, `${op} is understood`);
    return done.value;
  };
  if (fs !== 'tmpfs') act('mkfs', { fs, device: PMEM, argv: [`mkfs.${fs}`, '-q', PMEM] });
  act('mount', { fs, device: PMEM, dir: '/m', options: 'none' });
  return act;
}

test.each(['ext2', 'ext4', 'xfs', 'tmpfs'])('%s: a directory is synced, not read', (fs) => {
  const act = mounted(fs);
  act('mkdir', { path: '/m/d' });
  act('open', { as: 'd', path: '/m/d', flags: 'rdonly,dir' });
  expect(act('fsync', { fd: 'd' })).toEqual({ rc: 0 });
  expect(act('pread', { fd: 'd', offset: 0, length: 10 })['errno']).toBe('EISDIR');
});

describe('a place', () => {
  test('has neither mappings nor a page cache, but attributes', () => {
    const act = mounted('ext4');
    act('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
    act('open', { as: 'p', path: '/m/f', flags: 'path' });
    const range = { offset: 0, length: 4096, prot: 'r', flags: 'shared' };
    expect(act('mmap', { as: 'm', fd: 'p', ...range })['errno']).toBe('EBADF');
    expect(act('mmap', { as: 'm', fd: 'f', ...range })).toEqual({ rc: 0 });
    expect(act('cachestat', { fd: 'p' })['errno']).toBe('EBADF');
    expect(act('fstatx', { fd: 'p' })['rc']).toBe(0);
  });
});
