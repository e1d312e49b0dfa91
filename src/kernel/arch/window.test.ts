// Windows of the kernel: every frame at every colour, and back to the frame.

import { expect, test } from 'vitest';
import { machineById } from '../../hw/index.ts';
import { present } from '../../base/index.ts';
import { defaultConfig, start_kernel } from '../init/main.ts';
import { __pa, kernelPlace } from './map.ts';
import { windowAddress } from './window.ts';

const machine = present(machineById('sh7750/4k'), 'sh7750/4k');
const linux = start_kernel({
  machine,
  release: '6.12',
  config: defaultConfig(machine, '6.12', { fsDax: true }),
  gate: 'stock',
  cpu_dcache_is_aliasing: false,
});

test.each([0x0, 0x1000, 0x3000, 0x7bff_3000])(
  'congruent to %i, the same byte of the frame',
  (like) => {
    const paddr = 0x1_0000_5123;
    const vaddr = windowAddress(linux, { paddr, like });
    expect(vaddr % 2 ** 22).toBe((like % 2 ** 22) + 0x123);
    expect(kernelPlace(linux, vaddr)).toEqual({ vaddr, paddr });
    expect(__pa(linux, vaddr)).toBe(paddr);
  },
);

test('frames have windows of their own, and uncached ones beside the cached', () => {
  const like = 0x2000;
  const one = windowAddress(linux, { paddr: 0x5000, like });
  const next = windowAddress(linux, { paddr: 0x6000, like });
  const past = windowAddress(linux, { paddr: 0x5000, like, attribute: 'uncached' });
  expect(new Set([one, next, past]).size).toBe(3);
  expect(kernelPlace(linux, past)).toEqual({ vaddr: past, paddr: 0x5000, attribute: 'uncached' });
});
