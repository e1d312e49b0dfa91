// What Linux 6.12 does for durability, machine by machine.

import { expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { machineById } from '../hw/index.ts';
import { durabilityOf } from './durability.ts';

function answers(id: string): string {
  const { pmemApi, flushcache, flushCachePage } = durabilityOf(present(machineById(id), id));
  return [pmemApi, flushcache, flushCachePage].map((b) => (b ? 'y' : 'n')).join('');
}

test.each([
  ['skylake', 'yyn'],
  ['cortex-a53', 'yyn'],
  ['power9', 'yyn'],
  // riscv: the PMEM API without the flushcache copy.
  ['sifive-u74', 'ynn'],
  // The aliasing ones lack the PMEM API; flush_cache_page() acts where the kernel sees aliases.
  ['arm926ej-s', 'nny'],
  ['arm1176-32k', 'nny'],
  ['cortex-a7', 'nnn'],
  ['24kc-32k/4k', 'nny'],
  ['24kc-32k/16k', 'nnn'],
  ['ultrasparc-2', 'nnn'],
  ['csky-ck610', 'nny'],
  ['csky-ck807', 'nnn'],
  ['m68030', 'nny'],
  ['m68040', 'nnn'],
  ['sh7708', 'nnn'],
  ['sh7750/4k', 'nny'],
])('%s: PMEM API, flushcache copy, flush_cache_page(): %s', (id, expected) => {
  expect(answers(id)).toBe(expected);
});
