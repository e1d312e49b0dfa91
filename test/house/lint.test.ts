// The linter's settings hold the rules of the house that tidy leaves to it.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderOf } from './folder.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The names of the rules broken by one text. */
function lint(file: string, text: string): string[] {
  const folder = folderOf({ [file]: text });
  cpSync(path.join(root, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
  mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
  const run = spawnSync(path.join(root, 'node_modules/.bin/oxlint'), ['-f', 'unix', file], {
    cwd: folder,
    encoding: 'utf8',
  });
  return [...run.stdout.matchAll(/\[Error\/\w+\(([\w-]+)\)\]/g)].map(([, rule]) => rule ?? '');
}

const long = `export function f() {\n${'  g();\n'.repeat(70)}}\n`;
const short = `export function f() {\n${'  g();\n'.repeat(68)}}\n`;

test.each([
  ['src/hw/a.ts', 'export const a = (x: any) => x;', 'no-explicit-any'],
  ['src/hw/a.ts', 'export const a = (x?: string) => x!.length;', 'no-non-null-assertion'],
  ['src/hw/a.ts', 'export const a = (x: unknown) => x as string;', 'consistent-type-assertions'],
  ['src/hw/a.ts', 'console.log(1);', 'no-console'],
  ['src/hw/a.ts', long, 'max-lines-per-function'],
])('%s: %j is found', (file, text, rule) => {
  expect(lint(file, text)).toEqual([rule]);
});

test.each([
  ['src/base/a.ts', 'export const a = (x: unknown) => x as string;'],
  ['src/hw/a.ts', "export const a = ['x'] as const;"],
  ['src/hw/a.ts', "import { b as c } from './b.ts';\nexport const a = c;"],
  ['src/cli/a.ts', 'console.log(1);'],
  ['src/hw/a.ts', short],
])('%s: %j is let pass', (file, text) => {
  expect(lint(file, text)).toEqual([]);
});
