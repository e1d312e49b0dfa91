// xfs_io: flags by letters, shown and changed.

import { expect, test } from 'vitest';
import { assert } from '../../base/index.ts';
import { defaultSetup } from '../setup.ts';
import { User } from '../user.ts';
import { xfsIo } from './xfs-io.ts';

test('lsattr shows every flag in its place, chattr sets and clears several', () => {
  const setup = defaultSetup({ gate: 'open' });
  assert(setup.ok, 'the setup is complete');
  const user = new User(setup.value);
  const device = '/dev/role/fsdax0';
  for (const [op, args] of [
    ['mkfs', { fs: 'xfs', device, argv: ['mkfs.xfs', '-q', '-f', device] }],
    ['mount', { fs: 'xfs', device, dir: '/m', options: 'none' }],
    ['create', { path: '/m/f' }],
  ] as const) {
    assert(user.perform(op, args).ok, `${op} is understood`);
  }
  const run = (command: string): string => xfsIo(user, ['-c', command, '/m/f']).stdout;
  expect(run('lsattr')).toBe('----------------X /m/f \n');
  expect(run('chattr +xd')).toBe('');
  expect(run('lsattr')).toBe('------d-------x-X /m/f \n');
  expect(run('chattr -x')).toBe('');
  expect(run('lsattr')).toBe('------d---------X /m/f \n');
  // Without a realtime device no file can be on it.
  expect(xfsIo(user, ['-c', 'chattr +r', '/m/f']).rc).toBe(1);
  expect(xfsIo(user, ['-c', 'chattr +q', '/m/f']).rc).toBe(1);
});
