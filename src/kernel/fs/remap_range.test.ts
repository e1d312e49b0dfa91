// Files that share blocks: what deduplication compares, and where it takes it from.

import { expect, test } from 'vitest';
import { assert } from '../../base/index.ts';
import { defaultSetup, type Outcome, User } from '../../user/index.ts';

const PMEM = '/dev/role/fsdax0';

function bedOf(argv: readonly string[]): (op: string, args?: object) => Outcome {
  const setup = defaultSetup({ gate: 'open' });
  assert(setup.ok, 'the setup is complete');
  const user = new User(setup.value);
  const act = (op: string, args: object = {}): Outcome => {
    const done = user.perform(op, { ...args });
    assert(done.ok, `${op} is understood`);
    return done.value;
  };
  expect(act('mkfs', { fs: 'xfs', device: PMEM, argv: [...argv, PMEM] })).toEqual({ rc: 0 });
  act('mount', { fs: 'xfs', device: PMEM, dir: '/m', options: 'dax=never' });
  return act;
}

test('deduplication reads pages that are not cached, one by one and under its own locks', () => {
  const act = bedOf(['mkfs.xfs', '-q', '-f']);
  act('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
  act('pwrite', { fd: 'f', offset: 0, length: 16_384, byte: 'A' });
  act('cp', { from: '/m/f', to: '/m/g' });
  act('dropcaches');
  const [from, to] = ['/m/f', '/m/g'];
  const same = act('dedupe', { from, to, length: 8192 });
  expect(same).toEqual({ rc: 0, status: 'SAME', bytes: 8192 });
  expect(act('cachestat', { fd: 'f' })['nr_cache']).toBe(2);
  act('open', { as: 'g', path: '/m/g', flags: 'rdwr' });
  act('pwrite', { fd: 'g', offset: 5000, length: 1, byte: 'B' });
  expect(act('dedupe', { from, to, length: 8192 })['status']).toBe('DIFFERS');
  expect(act('dedupe', { from, to, length: 4096 })['status']).toBe('SAME');
});

test('blocks that are smaller than a page are compared across the borders of pages', () => {
  const act = bedOf(['mkfs.xfs', '-q', '-f', '-b', 'size=1024']);
  act('open', { as: 'f', path: '/m/f', flags: 'creat,rdwr' });
  act('pwrite', { fd: 'f', offset: 0, length: 10_000, byte: 'A' });
  act('cp', { from: '/m/f', to: '/m/g' });
  act('dropcaches');
  const whole = act('dedupe', { from: '/m/f', to: '/m/g', length: 10_000 });
  expect(whole).toEqual({ rc: 0, status: 'SAME', bytes: 10_000 });
});
