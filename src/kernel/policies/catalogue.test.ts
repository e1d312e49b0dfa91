// Unit tests of the policy catalogue: what can be built, who selects, and that all has sources.

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { machines } from '../../hw/index.ts';
import { policies, policyById } from './catalogue.ts';
import { compareReleases, existsIn, portRows } from './ports.ts';

function built(kernelId: string, value: string): readonly string[] {
  const kernel = present(policyById(kernelId), kernelId);
  return kernel.ports.filter((p) => p.symbols.FS_DAX.value === value).map((p) => p.id);
}

test('the catalogue holds the kernels without a tree, in order', () => {
  expect(policies.map((kernel) => kernel.id)).toEqual([
    '3.18',
    '4.0',
    '4.16',
    'v1',
    'v2',
    'v3',
    'v4',
    'v5',
    'v6',
    '6.9',
    '6.13',
    '7.3',
  ]);
  expect(policyById('6.12')).toBeUndefined();
});

test('7.3 builds FS_DAX on the ports of the executed table', () => {
  expect(built('7.3', 'y')).toEqual([
    'arm64',
    'loongarch64',
    'powerpc-book3e64',
    'powerpc-book3s64',
    'riscv64',
    's390',
    'x86_64',
  ]);
});

test('6.9 and the revisions build four ports; two more come with 6.11', () => {
  for (const id of ['v1', 'v3', 'v4', 'v6', '6.9']) {
    expect(built(id, 'y')).toEqual(['arm64', 'powerpc-book3s64', 's390', 'x86_64']);
  }
  expect(built('6.13', 'y')).toEqual([
    'arm64',
    'loongarch64',
    'powerpc-book3s64',
    'riscv64',
    's390',
    'x86_64',
  ]);
  const riscv = present(policyById('6.9'), '6.9').ports.find((p) => p.id === 'riscv64');
  expect(riscv?.symbols.FS_DAX.chain.map((link) => link.symbol)).toEqual([
    'ZONE_DEVICE',
    'MEMORY_HOTPLUG',
  ]);
});

test('4.16 says of two ports that it does not know', () => {
  expect(built('4.16', 'unknown')).toEqual(['arm64', 'powerpc-book3s64']);
});

test('3.18 builds wherever there is an MMU, 4.0 the same without the list', () => {
  const all = present(policyById('3.18'), '3.18').ports.map((p) => p.id);
  expect(built('3.18', 'y')).toEqual(all.filter((id) => id !== 'sh'));
  const refused = built('4.0', 'n').filter((id) => id !== 'sh');
  expect(refused.every((id) => /^(arm|mips|sparc)/.test(id) && id !== 'arm64')).toBe(true);
  const arm = present(
    present(policyById('4.0'), '4.0').ports.find((p) => p.id === 'arm-v7'),
    'port',
  );
  expect(arm.fsDaxWithoutList.value).toBe('y');
  expect(arm.symbols.FS_DAX.chain.map((link) => link.because)).toEqual([
    'FS_DAX depends on !(ARM || MIPS || SPARC)',
  ]);
});

test('4.16 keeps the list but pages decide: ARM stays off without it', () => {
  const port = present(
    present(policyById('4.16'), '4.16').ports.find((p) => p.id === 'arm-v7'),
    'port',
  );
  expect(port.symbols.FS_DAX.value).toBe('n');
  expect(port.fsDaxWithoutList.value).toBe('n');
  expect(built('4.16', 'y')).toEqual(['s390', 'x86_64']);
});

test('s390 gets ZONE_DEVICE with 7.3 only', () => {
  const zone = (id: string) =>
    present(policyById(id), id).ports.find((p) => p.id === 's390')?.symbols.ZONE_DEVICE.value;
  expect(zone('6.9')).toBe('n');
  expect(zone('7.3')).toBe('y');
});

test('the selectors of the alias symbol: ten in v4, nine in 6.9, arc again in 7.3', () => {
  const selectors = (id: string) => [
    ...new Set(
      present(policyById(id), id)
        .ports.filter((p) => p.symbols.ARCH_HAS_CPU_CACHE_ALIASING.value === 'y')
        .map((p) => p.arch.replace(/32$|64$/, '')),
    ),
  ];
  const nine = ['arm', 'csky', 'm68k', 'mips', 'nios2', 'parisc', 'sh', 'sparc', 'xtensa'];
  expect(selectors('6.9').toSorted()).toEqual(nine);
  expect(selectors('v4').toSorted()).toEqual(['arc', ...nine].toSorted());
  expect(selectors('7.3').toSorted()).toEqual(['arc', ...nine].toSorted());
  expect(selectors('4.0')).toEqual([]);
});

test('a symbol that is not y says why, and every fact has a source', () => {
  for (const kernel of policies) {
    expect(kernel.sources.length, kernel.id).toBeGreaterThan(0);
    for (const port of kernel.ports) {
      const { FS_DAX } = port.symbols;
      const where = `${kernel.id} ${port.id}`;
      expect(FS_DAX.chain.length === 0, where).toBe(FS_DAX.value === 'y');
      for (const symbol of Object.values(port.symbols)) {
        expect(symbol.sources.length, where).toBeGreaterThan(0);
      }
    }
    const ids = kernel.ports.map((p) => p.id);
    expect(ids).toEqual(ids.toSorted());
  }
});

test('every port of a machine is a port of the catalogue', () => {
  const known = new Set(portRows.map((row) => row.id));
  for (const machine of machines) {
    for (const port of machine.ports) expect(known.has(port), `${machine.id} ${port}`).toBe(true);
  }
});

test('ports come and go with releases', () => {
  const row = (id: string) =>
    present(
      portRows.find((candidate) => candidate.id === id),
      id,
    );
  expect(existsIn(row('ia64'), '6.6')).toBe(true);
  expect(existsIn(row('ia64'), '6.8')).toBe(false);
  expect(existsIn(row('csky'), '4.16')).toBe(false);
  expect(compareReleases('4.20', '4.3')).toBeGreaterThan(0);
});
