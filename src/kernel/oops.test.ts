// Shows that a thread which uses a bad pointer ends there, with its locks held.

import { expect, test } from 'vitest';
import { at } from '../base/index.ts';
import { testKernel } from './drivers/test-kernel.ts';
import { deref, isOops, Oops } from './oops.ts';
import { ConcreteExecutor, run } from './run.ts';
import { Lock } from './shared.ts';
import { lock, type Op } from './steps.ts';

const held = new Lock('held by the dead');

function* dies(pointer: number | null): Op<number> {
  yield* lock(held);
  return deref(pointer, 'kill_dax').minor;
}

test('its result is an oops, and its lock stays held', () => {
  const { linux } = testKernel('6.12');
  const executor = new ConcreteExecutor(at(linux.machine.cpus, 0), () => false);
  const ran = run(dies(null), executor);
  expect(ran).toEqual({ kind: 'oops', says: 'NULL pointer dereference', where: 'kill_dax' });
  expect([isOops(ran), held.isHeld]).toEqual([true, true]);
  held.unlock('exclusive');
});

test('it takes the function with it that called for it at once', () => {
  const { linux } = testKernel('6.12');
  expect(() => linux.now(dies(-95))).toThrow(Oops);
  held.unlock('exclusive');
  expect(() => deref(-95, 'kill_dax')).toThrow('use of error pointer -95 in kill_dax()');
});
