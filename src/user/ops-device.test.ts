// Operations on devices: what the recorder has for a path that is no block device.

import { expect, test } from 'vitest';
import { assert } from '../base/index.ts';
import { User, defaultSetup } from './index.ts';

test('queue/dax: of a device, of what is none, of nothing', () => {
  const setup = defaultSetup({ gate: 'open' });
  assert(setup.ok, 'the setup is complete');
  const user = new User(setup.value);
  const queuedax = (device: string): unknown => {
    const done = user.perform('queuedax', { device });
    assert(done.ok, 'queuedax is understood');
    return done.value['value'] ?? done.value['errno'];
  };
  expect(queuedax('/dev/role/fsdax0')).toBe('1');
  expect(queuedax('/dev/role/brd')).toBe('0');
  expect(queuedax('/dev/role/devdax')).toBe('EAGAIN');
  expect(queuedax('/tmp')).toBe('EAGAIN');
  expect(queuedax('/dev/nosuch')).toBe('ENOENT');
});
