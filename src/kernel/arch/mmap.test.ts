// Unit tests of where mmap() puts mappings, and which ports colour them.

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { machineById } from '../../hw/index.ts';
import { testKernel } from '../drivers/test-kernel.ts';
import { E } from '../include/linux/errno.ts';
import type { Linux, ReleaseId } from '../linux.ts';
import { addressLayout } from './layout.ts';
import { arch_get_unmapped_area, colouring, shmColour } from './mmap.ts';

function boot(id: string, release: ReleaseId = '6.12'): Linux {
  const machine = present(machineById(id), `machine ${id}`);
  return testKernel(release, { machine }).linux;
}

const KiB = 1024;

test.each([
  ['arm926ej-s', 4 * KiB, false],
  ['arm1136-32k', 16 * KiB, true],
  ['cortex-a15', 4 * KiB, false],
  ['24kc-32k/4k', 8 * KiB, true],
  ['24kc-32k-ar/4k', 4 * KiB, true],
  ['sh7750/4k', 16 * KiB, true],
  ['sh7708', 4 * KiB, true],
  ['csky-ck610', 16 * KiB, true],
  ['csky-ck810', 4 * KiB, false],
  ['ultrasparc-2', 16 * KiB, true],
  ['hypersparc-128k', 128 * KiB, false],
  ['turbosparc', 4 * KiB, false],
  ['pa-8500', 4096 * KiB, true],
  ['xtensa-test-mmuhifi-c3', 8 * KiB, false],
  ['nios2-32k', 4 * KiB, false],
  ['m68030', 4 * KiB, false],
  ['arc700-32k/4k', 4 * KiB, false],
  ['loongson-3a5000', 64 * KiB, true],
  ['skylake', 4 * KiB, false],
])('%s colours by %d bytes, private mappings of files too: %s', (id, bytes, privateToo) => {
  expect(colouring(boot(id))).toEqual({ bytes, privateToo });
  expect(shmColour(boot(id))).toBe(bytes);
});

test('an aliasing ARC700 was coloured by two pages in 6.1', () => {
  expect(colouring(boot('arc700-32k/4k', '6.1'))).toEqual({ bytes: 8 * KiB, privateToo: true });
});

test('address and file offset agree modulo the unit where the mapping is coloured', () => {
  const unit = 16 * KiB;
  const sh = boot('sh7750/4k');
  const ask = (linux: Linux, shared: boolean, hasFile: boolean) => {
    const { mm } = present(linux.tasks[0], 'a task');
    return arch_get_unmapped_area(linux, mm, { length: 1, pgoff: 3, shared, hasFile }) % unit;
  };
  expect(ask(sh, true, false)).toBe(0x3000);
  expect(ask(sh, false, true)).toBe(0x3000);
  // The top of the area is of colour 0: a page below it is of colour 3 by chance.
  const xtensa = boot('xtensa-test-mmuhifi-c3');
  expect(ask(xtensa, true, true) % (8 * KiB)).toBe(0x1000);
});

test('the highest hole that is large enough; -ENOMEM where there is none', () => {
  const linux = boot('skylake');
  const { mm } = present(linux.tasks[0], 'a task');
  const ask = (length: number, align?: number) =>
    arch_get_unmapped_area(linux, mm, {
      length,
      pgoff: 0,
      shared: true,
      hasFile: true,
      ...(align === undefined ? {} : { align }),
    });
  const first = ask(8 * KiB);
  const vma = (start: number, bytes: number) => ({
    vm_mm: mm,
    vm_start: start,
    vm_end: start + bytes,
    vm_pgoff: 0,
    vm_flags: present(linux.page_flags, 'flags'),
    vm_file: undefined,
    vm_ops: undefined,
  });
  mm.vmas.poke(0, [vma(first - 20 * KiB, 8 * KiB), vma(first, 8 * KiB)]);
  expect(ask(8 * KiB)).toBe(first - 8 * KiB);
  expect(ask(16 * KiB)).toBe(first - 36 * KiB);
  expect(ask(8 * KiB, 2 ** 21) % 2 ** 21).toBe(0);
  expect(ask(2 ** 48)).toBe(-E.ENOMEM);
});

test('MAP_FIXED: a shared mapping of another colour is refused where the port colours', () => {
  const ask = (id: string, fixed: number, shared: boolean) => {
    const linux = boot(id);
    const { mm } = present(linux.tasks[0], 'a task');
    return arch_get_unmapped_area(linux, mm, { length: 1, pgoff: 0, shared, hasFile: true, fixed });
  };
  expect(ask('sh7750/4k', 0x401000, true)).toBe(-E.EINVAL);
  expect(ask('sh7750/4k', 0x401000, false)).toBe(0x401000);
  expect(ask('sh7750/4k', 0x404000, true)).toBe(0x404000);
  expect(ask('arm926ej-s', 0x401000, true)).toBe(0x401000);
});

test('kernel addresses are exact, beside user addresses, congruent to physical ones', () => {
  for (const id of [
    'skylake',
    'arm926ej-s',
    'm68030',
    'r10000',
    'ibm-z13',
    'uml-x86',
    'alpha-ev6',
  ]) {
    const layout = addressLayout(present(machineById(id), id));
    expect(layout.PAGE_OFFSET).toBeGreaterThanOrEqual(layout.TASK_SIZE);
    expect(layout.PAGE_OFFSET % 2 ** 22).toBe(0);
    expect(Number.isSafeInteger(layout.PAGE_OFFSET + 2 ** 40)).toBe(true);
  }
});

test.each([
  ['skylake', -E.ENOMEM],
  ['sh7750/4k', -E.ENOMEM],
  ['24kc-32k/4k', -E.EINVAL],
  ['pa-8500', -E.EINVAL],
])('%s: a fixed address beyond the end of user space gives %d', (id, error) => {
  const linux = boot(id);
  const { mm } = present(linux.tasks[0], 'a task');
  const { TASK_SIZE } = addressLayout(linux.machine.machine);
  const length = 2 * linux.PAGE_SIZE;
  const ask = (fixed: number) =>
    arch_get_unmapped_area(linux, mm, { length, pgoff: 0, shared: false, hasFile: true, fixed });
  expect(ask(TASK_SIZE - linux.PAGE_SIZE)).toBe(error);
  expect(ask(TASK_SIZE - length)).toBe(TASK_SIZE - length);
});

test('ARC refuses fixed addresses of another colour, though 6.12 colours none', () => {
  const linux = boot('arc700-32k/4k');
  const { mm } = present(linux.tasks[0], 'a task');
  const fixedAt = (fixed: number) =>
    arch_get_unmapped_area(linux, mm, { length: 1, pgoff: 0, shared: true, hasFile: true, fixed });
  expect(fixedAt(0x4001_0000)).toBe(0x4001_0000);
  expect(fixedAt(0x4001_1000)).toBe(-E.EINVAL);
});
