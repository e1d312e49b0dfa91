// bin/dachs.js in a checkout that was not built says what to type, without a stack trace.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderOf } from './folder.ts';

const launcher = readFileSync(path.resolve(import.meta.dirname, '../../bin/dachs.js'), 'utf8');

/** Runs the launcher in a folder that also holds these files. */
function launch(texts: Readonly<Record<string, string>>) {
  const files = { 'package.json': '{ "type": "module" }', 'bin/dachs.js': launcher, ...texts };
  const file = path.join(folderOf(files), 'bin/dachs.js');
  return spawnSync(process.execPath, [file, 'matrix'], { encoding: 'utf8' });
}

test('without dist/ it names the command to type and ends with status 2', () => {
  const run = launch({});
  expect(run.status).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr).toMatch(/^dachs: not built yet.*\nhint: cd .* && npm ci && npm run build\n$/);
});

test('with dist/ it hands over the words and ends with the status it is given', () => {
  const main = 'export const main = async ([verb]) => { console.log(verb); return 3; };';
  const run = launch({ 'dist/bundle/main.js': main });
  expect([run.status, run.stdout, run.stderr]).toEqual([3, 'matrix\n', '']);
});
