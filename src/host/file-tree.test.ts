// The tree on disk: good, half, damaged and malicious ones.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { openTree } from './file-tree.ts';

const root = mkdtempSync(join(tmpdir(), 'dachs-tree-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

put('good/Kconfig', 'mainmenu "k"\n');
put('good/arch/arm/Kconfig', '');
put('good/drivers/dax/super.c', `${'x'.repeat(3 << 20)} alloc_dax();\n`);
put('good/drivers/dax/notes.txt', 'alloc_dax');
put('good/include/dax.h', 'alloc_dax');
put('good/lib/blob.c', 'a\0alloc_dax');
put('outside', 'secret');
symlinkSync(join(root, 'good'), join(root, 'good/arch/loop'));

function tree() {
  const opened = openTree(join(root, 'good'));
  return present(opened.ok ? opened.value : undefined, 'tree');
}

test('a path that is no folder, or no kernel tree, is a Problem with place and hint', () => {
  const none = openTree(join(root, 'none'));
  expect(none).toMatchObject({ ok: false, problem: { where: join(root, 'none') } });
  const other = openTree(join(root, 'good/drivers'));
  expect(other.ok ? '' : other.problem.what).toContain('Kconfig and arch missing');
  expect(other.ok ? '' : other.problem.hint).toContain('drivers/');
});

test('texts are read; missing, binary and too large ones are Problems', () => {
  expect(tree().read('Kconfig')).toEqual({ ok: true, value: 'mainmenu "k"\n' });
  expect(tree().read('mm/Kconfig')).toMatchObject({ ok: false, problem: { where: 'mm/Kconfig' } });
  expect(tree().read('arch')).toMatchObject({ ok: false });
  const binary = tree().read('lib/blob.c');
  expect(binary.ok ? '' : binary.problem.what).toContain('NUL');
  put('good/huge', ' '.repeat((16 << 20) + 1));
  const huge = tree().read('huge');
  expect(huge.ok ? '' : huge.problem.what).toContain('16 MiB');
});

test('nothing outside the tree is read', () => {
  expect(tree().read('../outside')).toMatchObject({ ok: false });
  expect(tree().list('../')).toBeUndefined();
  expect(tree().filesContaining('secret', ['..'])).toEqual([]);
});

test('folders are listed sorted, and what is none is undefined', () => {
  expect(tree().list('drivers/dax')).toEqual(['notes.txt', 'super.c']);
  expect(tree().list('Kconfig')).toBeUndefined();
});

test('the byte scan finds C files of any size below the roots, sorted, and ends at links', () => {
  expect(tree().filesContaining('alloc_dax', ['lib', 'drivers', 'include', 'nowhere'])).toEqual([
    'drivers/dax/super.c',
    'include/dax.h',
    'lib/blob.c',
  ]);
  expect(tree().filesContaining('alloc_dax', ['arch'])).toEqual([]);
});

test('a word across the border of two pieces is found', () => {
  put('good/mm/border.c', `${'x'.repeat((1 << 20) - 4)}border_word`);
  expect(tree().filesContaining('border_word', ['mm'])).toEqual(['mm/border.c']);
  expect(tree().filesContaining('border_work', ['mm'])).toEqual([]);
});

test('what is too large to be searched is handed out, so that reading it tells why', () => {
  put('good/fs/sparse.c', '');
  truncateSync(join(root, 'good/fs/sparse.c'), 2 ** 30);
  expect(tree().filesContaining('alloc_dax', ['fs'])).toEqual(['fs/sparse.c']);
  const read = tree().read('fs/sparse.c');
  expect(read.ok ? '' : read.problem.what).toContain('16 MiB');
  rmSync(join(root, 'good/fs/sparse.c'));
});

test('a link to a file is a file, a link to itself or to a folder is none', () => {
  put('good/block/real.c', 'linked_word');
  symlinkSync('real.c', join(root, 'good/block/link.c'));
  symlinkSync('self.c', join(root, 'good/block/self.c'));
  symlinkSync('../block', join(root, 'good/block/again.c'));
  const found = tree().filesContaining('linked_word', ['block']);
  expect(found).toEqual(['block/link.c', 'block/real.c']);
});
