// Unit tests of how kernel code touches memory through the linear map.

import { expect, test } from 'vitest';
import { testKernel } from '../drivers/test-kernel.ts';
import type { Op } from '../steps.ts';
import { arch_invalidate_pmem, arch_wb_cache_pmem } from './cacheflush.ts';
import {
  __pa,
  __va,
  kernelCopy,
  kernelLoad,
  kernelStore,
  kernelZero,
  memcpy_flushcache,
  pfnToKaddr,
} from './map.ts';

const PAGE = 4096;

/** The steps of an operation, each as its kind and length. */
function steps(linux: ReturnType<typeof testKernel>['linux'], op: Op<unknown>): readonly string[] {
  const seen: string[] = [];
  linux.now(
    (function* () {
      for (let next = op.next(); next.done !== true; next = op.next()) {
        const step = next.value;
        if (step.kind === 'store') {
          seen.push(`${step.place.attribute ?? 'store'} ${step.bytes.length}`);
        } else if (step.kind === 'load') seen.push(`load ${step.lengthBytes}`);
        else if (step.kind === 'maintain') seen.push(`${step.what} ${step.lengthBytes}`);
        yield step;
      }
    })(),
  );
  return seen;
}

test('addresses of the linear map and back', () => {
  const { linux } = testKernel('6.12');
  expect(__va(linux, 0x1234)).toBe(linux.PAGE_OFFSET + 0x1234);
  expect(__pa(linux, __va(linux, 0x1234))).toBe(0x1234);
  expect(pfnToKaddr(linux, 3)).toBe(__va(linux, 3 * PAGE));
  expect(() => __pa(linux, 0x1000)).toThrow(/kernel address/u);
});

test('loads, stores, zeroes and copies are cut at page borders', () => {
  const { linux } = testKernel('6.12');
  const kaddr = pfnToKaddr(linux, 100) + PAGE - 2;
  const bytes = Uint8Array.from({ length: PAGE + 4 }, (_, i) => i % 251);
  expect(steps(linux, kernelStore(linux, kaddr, bytes))).toEqual([
    'store 2',
    'store 4096',
    'store 2',
  ]);
  expect(linux.now(kernelLoad(linux, kaddr, bytes.length))).toEqual(bytes);
  expect(steps(linux, kernelLoad(linux, kaddr, 4))).toEqual(['load 2', 'load 2']);
  const to = pfnToKaddr(linux, 200) + 1;
  expect(steps(linux, kernelCopy(linux, { to, from: kaddr, length: 4 }))).toEqual([
    'load 2',
    'store 2',
    'load 2',
    'store 2',
  ]);
  expect(linux.now(kernelLoad(linux, to, 4))).toEqual(bytes.slice(0, 4));
  expect(steps(linux, kernelZero(linux, kaddr, 4))).toEqual(['store 2', 'store 2']);
  expect(linux.now(kernelLoad(linux, kaddr, 5))).toEqual(Uint8Array.of(0, 0, 0, 0, bytes[4] ?? 0));
});

test('a copy without the cache where the port has it, else an ordinary one', () => {
  const bytes = Uint8Array.of(1, 2);
  const { linux } = testKernel('6.12');
  const kaddr = pfnToKaddr(linux, 100);
  expect(steps(linux, memcpy_flushcache(linux, kaddr, bytes))).toEqual(['nontemporal 2']);
  const config = { ...linux.config, ARCH_HAS_UACCESS_FLUSHCACHE: false };
  const without = testKernel('6.12', { config }).linux;
  expect(steps(without, memcpy_flushcache(without, kaddr, bytes))).toEqual(['store 2']);
});

test('lines are written back and dropped for persistence where there is an API for it', () => {
  const { linux } = testKernel('6.12');
  const kaddr = pfnToKaddr(linux, 100) + PAGE - 2;
  expect(steps(linux, arch_wb_cache_pmem(linux, kaddr, 4))).toEqual(['persist 2', 'persist 2']);
  expect(steps(linux, arch_invalidate_pmem(linux, kaddr, 1))).toEqual(['invalidate 1']);
  const config = { ...linux.config, ARCH_HAS_PMEM_API: false };
  const without = testKernel('6.12', { config }).linux;
  expect(steps(without, arch_wb_cache_pmem(without, kaddr, 4))).toEqual([]);
  expect(steps(without, arch_invalidate_pmem(without, kaddr, 4))).toEqual([]);
});
