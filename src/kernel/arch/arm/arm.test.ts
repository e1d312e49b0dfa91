// Unit tests of the ARM classification: registers, and the masks that fold at compile time.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { machineById } from '../../../hw/index.ts';
import { cache_is_vipt_aliasing, cache_is_vivt } from './include/asm/cachetype.ts';
import {
  CACHEID_VIPT_ALIASING,
  CACHEID_VIPT_NONALIASING,
  CACHEID_VIVT,
  cacheid_init,
} from './kernel/setup.ts';
import type { ArmReports } from './kernel/setup.ts';

function reportsOf(id: string): ArmReports {
  const { reports } = present(machineById(id), id);
  if (reports.kind !== 'arm') throw new Error(`${id} is no ARM machine`);
  return reports;
}

test.each([
  ['arm920t', CACHEID_VIVT],
  ['arm926ej-s', CACHEID_VIVT],
  ['arm1136-16k', CACHEID_VIPT_NONALIASING],
  ['arm1176-32k', CACHEID_VIPT_ALIASING],
  ['cortex-a8', CACHEID_VIPT_NONALIASING],
])('%s gets cacheid %i from its registers', (id, cacheid) => {
  expect(cacheid_init(reportsOf(id))).toBe(cacheid);
});

test('a core before ARMv6 counts as VIVT although no register tells of a cache', () => {
  expect(cacheid_init({ kind: 'arm', architecture: 4 })).toBe(CACHEID_VIVT);
});

test('a core from ARMv6 whose register tells of no cache gets 0', () => {
  expect(cacheid_init({ kind: 'arm', architecture: 7 })).toBe(0);
});

test('a v7-only kernel answers no even where the register would say aliasing', () => {
  const aliasing = reportsOf('arm1176-32k');
  expect(cache_is_vipt_aliasing(aliasing, 'arm-v6')).toBe(1);
  expect(cache_is_vipt_aliasing(aliasing, 'arm-v7')).toBe(0);
  expect(cache_is_vipt_aliasing(aliasing, 'arm-v7-lpae')).toBe(0);
});

test('a v4/v5 kernel answers VIVT and never VIPT, a v6 kernel never VIVT', () => {
  const nothing: ArmReports = { kind: 'arm', architecture: 7 };
  expect(cache_is_vivt(nothing, 'arm-v5')).toBe(1);
  expect(cache_is_vipt_aliasing(reportsOf('arm1176-32k'), 'arm-v5')).toBe(0);
  expect(cache_is_vivt(reportsOf('arm926ej-s'), 'arm-v6')).toBe(0);
});

test('a port of another architecture gives no answer', () => {
  expect(cache_is_vivt(reportsOf('arm926ej-s'), 'mips32')).toBeUndefined();
});
