// The rules that ports have for executable pages of DAX files.

import { expect, test } from 'vitest';
import { machineById } from '../../hw/index.ts';
import { cpu_icache_is_aliasing, execSync } from './icache.ts';

function ruleOf(id: string): string {
  const machine = machineById(id);
  if (!machine) throw new Error(id);
  const { data, instructions, instructionsOnce, unmap } = execSync(machine);
  return `${data}; ${instructions}${instructionsOnce ? ' once' : ''}; ${unmap}`;
}

test.each([
  ['arm926ej-s', 'once; none once; user address'],
  ['cortex-a9', 'once; all; none'],
  ['cortex-a53', 'never; none once; none'],
  ['24kc-32k/4k', 'never; none once; all'],
  ['sh7750/4k', 'once; none once; all'],
  ['sh7708', 'never; none once; none'],
  ['pa-8700', 'never; none once; all'],
  ['ultrasparc-2', 'never; none once; none'],
  ['turbosparc', 'never; none once; all'],
  ['supersparc-viking', 'never; none once; none'],
  ['xtensa-test-mmuhifi-c3', 'never; none once; all'],
  ['xtensa-dc232b', 'once; kernel address once; none'],
  ['nios2-32k', 'once; kernel address; user address'],
  ['csky-ck610', 'once; all; all'],
  ['csky-ck860', 'once; both addresses once; none'],
  ['m68030', 'never; none once; all'],
  ['arc-hs38', 'once; user address once; none'],
  ['sifive-u74', 'once; all once; none'],
  ['power9', 'never; none once; none'],
  ['or1200', 'once; kernel address once; none'],
  ['alpha-ev6', 'never; none once; none'],
])('%s: data; instructions; at the end: %s', (id, rule) => {
  expect(ruleOf(id)).toBe(rule);
});

test('the second predicate follows the first, but for arc', () => {
  expect(cpu_icache_is_aliasing('arm', true)).toBe(true);
  expect(cpu_icache_is_aliasing('arm', false)).toBe(false);
  expect(cpu_icache_is_aliasing('arc', false)).toBe(true);
});
