// A tree of texts in memory answers as a folder on disk does.

// The tree held in memory.

import { expect, test } from 'vitest';
import { memoryTree } from './tree.ts';

const tree = memoryTree({
  Kconfig: 'mainmenu "x"\n',
  'drivers/dax/super.c': 'int alloc_dax(void);\n',
  'drivers/dax/Kconfig': 'config DAX\n',
  'fs/dax.h': 'alloc_dax',
  'lib/blob': 'a\0b',
});

test('a text is read by its path, and a missing or binary one is a Problem with its place', () => {
  expect(tree.read('Kconfig')).toEqual({ ok: true, value: 'mainmenu "x"\n' });
  expect(tree.read('Kbuild')).toMatchObject({ ok: false, problem: { where: 'Kbuild' } });
  expect(tree.read('drivers')).toMatchObject({ ok: false });
  const binary = tree.read('lib/blob');
  expect(binary.ok ? '' : binary.problem.what).toContain('NUL');
});

test('folders are listed sorted, and what is no folder is undefined', () => {
  expect(tree.list('')).toEqual(['Kconfig', 'drivers', 'fs', 'lib']);
  expect(tree.list('drivers/dax/')).toEqual(['Kconfig', 'super.c']);
  expect(tree.list('Kconfig')).toBeUndefined();
  expect(tree.list('net')).toBeUndefined();
});

test('the byte scan looks into C files below the roots only, and sorts', () => {
  expect(tree.filesContaining('alloc_dax', ['fs', 'drivers'])).toEqual([
    'drivers/dax/super.c',
    'fs/dax.h',
  ]);
  expect(tree.filesContaining('alloc_dax', ['net', 'fs'])).toEqual(['fs/dax.h']);
  expect(tree.filesContaining('config DAX', ['drivers'])).toEqual([]);
});
