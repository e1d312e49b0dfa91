// The import checker finds what is forbidden, lets pass what is not, and our own tree is clean.

import path from 'node:path';
import { expect, test } from 'vitest';
import { checkImports } from '../../scripts/check-imports.mjs';
import { format } from '../../scripts/lib/files.mjs';
import { folderOf } from './folder.ts';

const faces = {
  'src/base/index.ts': "export * from './assert.ts';\n",
  'src/base/assert.ts': '// Assertions.\n',
  'src/ir/index.ts': "export * from './expr.ts';\n",
  'src/ir/expr.ts': "import { assert } from '../base/index.ts';\n",
  'src/kernel/index.ts': "export type { Kernel } from './kernel.ts';\n",
  'src/kernel/kernel.ts': '// Records.\n',
};

/** What is said about one file beside the clean rooms above. */
function judge(file: string, text: string): string {
  return format(checkImports(folderOf({ ...faces, [file]: text })).complaints);
}

test('rooms that import what is listed are clean', () => {
  expect(format(checkImports(folderOf(faces)).complaints)).toBe('');
});

test.each([
  ['src/hw/cache.ts', "import '../kernel/index.ts';", 'hw may not import kernel'],
  ['src/ir/a.ts', "\nexport * from '../kernel/index.ts';", 'ir may not import kernel'],
  ['src/explore/a.ts', "import type {\n A } from '../kernel/index.ts';", 'explore may not'],
  ['src/report/a.ts', "await import('../explore/index.ts');", "'../explore/index.ts' is no file"],
  ['src/scenario/a.ts', "import { a } from '../base/assert.ts';", 'through its index.ts'],
  ['src/kernel/a.ts', "import fs from 'node:fs';", "kernel may not import 'node:fs' (core"],
  ['src/cli/a.ts', "import { Command } from 'commando';", "cli may not import 'commando'"],
  ['src/attic/a.ts', "import '../base/index.ts';", 'is in no room'],
  ['src/base/b.ts', "import './assert';", 'write it in full'],
  ['src/hw/index.ts', 'export const here = 1;', 'index.ts only re-exports'],
])('%s: %s is found', (file, text, message) => {
  const said = judge(file, text);
  expect(said).toContain(message);
  expect(said).toMatch(new RegExp(`^${file}:\\d: error: .*\\n$`));
});

test.each([
  ['src/hw/cache.ts', "// import '../kernel/index.ts';"],
  ['src/hw/cache.ts', 'const text = "import \'../kernel/index.ts\'";'],
  ['src/cli/main.ts', "import { Command } from 'commander'; import 'node:fs';"],
  ['src/base/a.test.ts', "import { test } from 'vitest'; import '../kernel/index.ts';"],
  ['src/kernel/fs/dax.ts', "import '../kernel.ts'; import '../../base/index.ts';"],
])('%s: %s is let pass', (file, text) => {
  expect(judge(file, text)).toBe('');
});

test('debt excuses exactly one import, and says so once it is paid', () => {
  const debt = [{ file: 'src/hw/a.ts', imports: '../kernel/index.ts', reason: 'a test' }];
  const owed = folderOf({ ...faces, 'src/hw/a.ts': "import '../kernel/index.ts';" });
  expect(checkImports(owed, debt).complaints).toEqual([]);
  const paid = folderOf({ ...faces, 'src/hw/a.ts': '// nothing' });
  expect(format(checkImports(paid, debt).complaints)).toContain('is paid');
});

test('our own tree is clean (node scripts/check-imports.mjs lists what is not)', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  expect(checkImports(root).complaints.length).toBe(0);
});
