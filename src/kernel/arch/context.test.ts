// Unit tests of switches between address spaces as steps.

import { expect, test } from 'vitest';
import { new_task } from '../init/main.ts';
import { switch_mm } from './context.ts';
import { MappedPage } from './test-trace.ts';

/** What is done to the cache when a CPU comes to another address space, and once more to that. */
function switchesOn(id: string): readonly (readonly string[])[] {
  const page = new MappedPage(id);
  const { mm } = new_task(page.linux, 0);
  return [1, 2].map(() => page.trace(switch_mm(page.linux, 0, mm)));
}

test('a cache with virtual tags is emptied when another address space comes', () => {
  expect(switchesOn('arm926ej-s')).toEqual([['flush all'], []]);
});

test('a cache with physical tags is left alone', () => {
  expect(switchesOn('24kc-32k/4k')).toEqual([[], []]);
});
