// Telling a kernel tree from other folders, and its version.

import { expect, test } from 'vitest';
import { memoryTree } from '../tree.ts';
import { identifyTree } from './identify.ts';

const MAKEFILE = 'VERSION = 6\nPATCHLEVEL = 8\nSUBLEVEL = 0\nEXTRAVERSION = -rc2\nNAME = x\n';

function tree(makefile: string, without: readonly string[] = []) {
  const files: Record<string, string> = { Makefile: makefile, Kconfig: '' };
  for (const folder of ['arch', 'drivers', 'fs', 'include', 'mm']) files[`${folder}/Kconfig`] = '';
  const kept = Object.entries(files).filter(([path]) => !without.some((w) => path.startsWith(w)));
  return memoryTree(Object.fromEntries(kept), 'toy');
}

test('the version is read from the top Makefile, with its line', () => {
  expect(identifyTree(tree(MAKEFILE))).toEqual({
    ok: true,
    value: {
      version: 6,
      patchlevel: 8,
      sublevel: 0,
      extra: '-rc2',
      release: '6.8-rc2',
      source: { kind: 'tree', file: 'Makefile', line: 1 },
    },
  });
  const old = identifyTree(
    tree('# words\nVERSION = 4\nPATCHLEVEL = 0\nSUBLEVEL = 9\nEXTRAVERSION =\n'),
  );
  expect(old.ok && old.value.release).toBe('4.0.9');
  expect(old.ok && old.value.source).toMatchObject({ line: 2 });
});

test('another folder is a problem that says what is missing', () => {
  const result = identifyTree(memoryTree({ 'package.json': '{}' }, 'toy'));
  expect(result.ok).toBe(false);
  expect(result.ok ? '' : result.problem.what).toBe(
    'not a kernel tree: it has no Kconfig, Makefile, arch, drivers, fs, include, mm',
  );
});

test('half a tree is told from none, and its gaps are listed', () => {
  const result = identifyTree(tree(MAKEFILE, ['fs', 'mm']));
  expect(result.ok ? '' : result.problem.what).toBe(
    'only a part of a kernel tree: it lacks fs, mm',
  );
});

test('a binary Makefile and one without a version are problems', () => {
  const binary = identifyTree(tree('\0ELF'));
  expect(binary.ok ? '' : binary.problem.what).toContain('NUL');
  const other = identifyTree(tree('all:\n\tcc x.c\n'));
  expect(other.ok ? '' : other.problem.what).toContain('does not state VERSION');
  const odd = identifyTree(tree('VERSION = six\nPATCHLEVEL = 1\nSUBLEVEL = 1\n'));
  expect(odd.ok).toBe(false);
});
