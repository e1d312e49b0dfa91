// bin/dachs.js in a checkout that was not built says what to type, without a stack trace.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderOf } from './folder.ts';

const bin = path.resolve(import.meta.dirname, '../../bin');
const launcher = readFileSync(path.join(bin, 'dachs.js'), 'utf8');
const kind = readFileSync(path.join(bin, 'package.json'), 'utf8');

/** Runs the launcher in a folder that also holds these files. */
function launch(
  texts: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
) {
  const folder = folderOf({
    'package.json': '{ "type": "module" }',
    'bin/package.json': kind,
    'bin/dachs.js': launcher,
    ...texts,
  });
  const start = () =>
    spawnSync(process.execPath, [path.join(folder, 'bin/dachs.js'), 'matrix'], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
  return { ...start(), folder, start };
}

test('without dist/ it names the command to type and ends with status 2', () => {
  const run = launch({});
  expect(run.status).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr).toMatch(/^dachs: not built yet.*\nhint: cd .* && npm ci && npm run build\n$/);
});

const main = `exports.main = async ([verb]) => {
  const { status } = require('./chunk.cjs');
  console.log(verb, require('node:path').sep);
  return status;
};`;
const built = { 'dist/bundle/main.cjs': main, 'dist/bundle/chunk.cjs': 'exports.status = 3;' };

test('with dist/ it hands over the words and ends with the status it is given', () => {
  const run = launch(built);
  expect([run.status, run.stdout, run.stderr]).toEqual([3, 'matrix /\n', '']);
});

test('compiled code is kept where the build asks for it; code of another Node is no harm', () => {
  const warm = launch(built, { DACHS_WARM: '1' });
  const code = path.join(warm.folder, 'dist/bundle/main.cjs.code');
  expect(existsSync(code)).toBe(true);
  writeFileSync(code, 'compiled by somebody else');
  const again = warm.start();
  expect([again.status, again.stdout, again.stderr]).toEqual([3, 'matrix /\n', '']);
});
