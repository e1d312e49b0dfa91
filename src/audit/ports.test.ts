// Which ports a tree has, by its arch folders and by the notes on configurations.

import { expect, test } from 'vitest';
import { ports, portsOf } from './ports.ts';
import { memoryTree } from './tree.ts';

test('ids are unique and sorted, and sparc is two rows', () => {
  const ids = ports.map((port) => port.id);
  expect([...new Set(ids)].sort()).toEqual(ids);
  const rows = ports.filter((port) => port.srcarch === 'sparc').map((port) => port.arch);
  expect(rows).toEqual(['sparc32', 'sparc64']);
});

test('every port says ARCH, SRCARCH and SUBARCH as the build system would', () => {
  for (const port of ports) expect(Object.keys(port.env)).toContain('SUBARCH');
  const env = (id: string) => ports.find((port) => port.id === id)?.env;
  expect(env('i386')).toMatchObject({ ARCH: 'i386', SRCARCH: 'x86' });
  expect(env('sparc64')).toMatchObject({ ARCH: 'sparc64', SRCARCH: 'sparc' });
  expect(env('um')).toMatchObject({ ARCH: 'um', SUBARCH: 'x86', HEADER_ARCH: 'x86' });
});

test('a tree has the ports of its arch folders; a folder without notes has one of its own', () => {
  const tree = memoryTree({
    'arch/Kconfig': '',
    'arch/powerpc/Kconfig': '',
    'arch/newarch/Kconfig': '',
    'arch/empty/Makefile': '',
  });
  expect(portsOf(tree).map((port) => port.id)).toEqual([
    'newarch',
    'powerpc-32',
    'powerpc-44x',
    'powerpc-book3e64',
    'powerpc-book3s64',
  ]);
  expect(portsOf(tree)[0]).toMatchObject({ arch: 'newarch', env: { ARCH: 'newarch' }, preset: {} });
});

test('a tree without arch folder has no ports', () => {
  expect(portsOf(memoryTree({ Kconfig: '' }))).toEqual([]);
});
