// npm run trees with packages made here: unpacks, stamps, is safe to run twice and at once, cleans
// up when interrupted, and says what to do when it cannot. Needs dpkg-deb, no network.

import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTree } from '../scripts/lib/trees.mjs';
import { folderOf } from './house/folder.ts';
import { havePrograms } from './support.ts';

const script = path.resolve(import.meta.dirname, '../scripts/trees.mjs');
const possible = havePrograms('dpkg-deb', 'flock', 'tar', 'xz');

const tree = {
  Makefile: 'all:\n',
  Kconfig: 'config A\n\tbool\n',
  'fs/dax.c': 'int dax;\n',
  'Documentation/index.rst': 'Text.\n',
};

/** A package `name` with these files in its inner archive; returns the path of the .deb. */
function packageOf(name: string, files: Readonly<Record<string, string>>): string {
  const texts = Object.entries(files).map(([file, text]) => [`in/${name}/${file}`, text]);
  const root = folderOf({
    ...Object.fromEntries(texts),
    'deb/DEBIAN/control':
      `Package: ${name}\nVersion: 1-1\nArchitecture: all\n` +
      'Maintainer: Nobody <nobody@example.org>\nDescription: made for a test\n',
  });
  mkdirSync(path.join(root, 'deb/usr/src'), { recursive: true });
  const archive = path.join(root, `deb/usr/src/${name}.tar.xz`);
  run('tar', ['-cJf', archive, '-C', path.join(root, 'in'), name]);
  run('dpkg-deb', ['--build', path.join(root, 'deb'), path.join(root, 'a.deb')]);
  return path.join(root, 'a.deb');
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  return spawnSync(program, args, { encoding: 'utf8', env });
}

function trees(cache: string, ...args: readonly string[]) {
  return run(process.execPath, [script, ...args], { ...process.env, DACHS_TREES: cache });
}

/** What is in the cache folder, but for the lock. */
function contentOf(cache: string): string[] {
  return readdirSync(cache).filter((name) => name !== '.lock');
}

describe.skipIf(!possible)('npm run trees', () => {
  test('unpacks what is needed, with a stamp, and keeps the given file', () => {
    const cache = folderOf({});
    const deb = packageOf('linux-source-6.12', tree);
    const first = trees(cache, '--from', deb);
    expect([first.status, first.stdout]).toEqual([
      0,
      `linux-source-6.1: not there\nlinux-source-6.12: Debian 1-1, ${cache}/linux-source-6.12\n`,
    ]);
    expect(first.stderr).toContain('not verified');
    expect(contentOf(cache)).toEqual(['linux-source-6.12']);
    const found = findTree('6.12', { DACHS_TREES: cache });
    expect(found?.stamp).toMatchObject({ package: 'linux-source-6.12', version: '1-1' });
    expect(existsSync(path.join(cache, 'linux-source-6.12/fs/dax.c'))).toBe(true);
    expect(existsSync(path.join(cache, 'linux-source-6.12/Documentation/index.rst'))).toBe(false);
    expect(existsSync(deb)).toBe(true);
  });

  test('a tree that is there is not touched, whether brought or your own', () => {
    const cache = folderOf({
      'linux-source-6.12/Makefile': 'mine',
      'linux-source-6.12/Kconfig': '',
    });
    const again = trees(cache, '6.12');
    expect(again.status).toBe(0);
    expect(again.stdout).toContain('linux-source-6.12: your own, ');
    expect(readFileSync(path.join(cache, 'linux-source-6.12/Makefile'), 'utf8')).toBe('mine');
  });

  test('two at once both succeed', async () => {
    const cache = folderOf({});
    const deb = packageOf('linux-source-6.12', tree);
    const env = { ...process.env, DACHS_TREES: cache };
    const status = () =>
      new Promise((resolve) => {
        const args = [script, '--from', deb];
        spawn(process.execPath, args, { env, stdio: 'ignore' }).on('close', resolve);
      });
    expect(await Promise.all([status(), status()])).toEqual([0, 0]);
    expect(contentOf(cache)).toEqual(['linux-source-6.12']);
  });

  test('what a killed run left is removed, and an interrupted one leaves nothing', async () => {
    const cache = folderOf({ '.partial-linux-source-6.1-x/half': '' });
    const files = { ...tree, 'big.c': 'x'.repeat(100_000_000) };
    const deb = packageOf('linux-source-6.12', files);
    const child = spawn(process.execPath, [script, '--from', deb], {
      env: { ...process.env, DACHS_TREES: cache },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
    child.stderr.on('data', (text) => {
      if (String(text).includes('unpacking')) child.kill('SIGINT');
    });
    expect(await ended).toBe(130);
    expect(contentOf(cache)).toEqual([]);
  });

  test.each([
    [
      'a file that is no package',
      () => path.join(folderOf({ 'a.deb': 'x' }), 'a.deb'),
      /is no Deb/,
    ],
    ['another package', () => packageOf('hello', tree), /not a linux-source package/],
    ['no kernel inside', () => packageOf('linux-source-6.1', { a: '' }), /holds no kernel tree/],
    ['half a file', () => half(packageOf('linux-source-6.1', tree)), /error: /],
  ])('%s: status 2, a hint, nothing left behind', (_, file, message) => {
    const cache = folderOf({});
    const { status, stderr } = trees(cache, '--from', file());
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(contentOf(cache)).toEqual([]);
  });
});

/** Cuts a file in half. */
function half(file: string): string {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length >> 1));
  return file;
}

test.skipIf(!possible).each([
  ['below a file', 'file/x'],
  ['a file', 'file'],
])('a folder for trees that is %s: status 2, the place and a hint', (_, name) => {
  const folder = folderOf({ file: '', 'a.deb': '' });
  const cache = path.join(folder, name);
  const { status, stderr } = trees(cache, '--from', path.join(folder, 'a.deb'));
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /^error: cannot use .* for kernel trees: E.*\nhint: set DACHS_TREES .*\n$/,
  );
  expect(stderr).toContain(`cannot use ${cache} for`);
});

test.skipIf(!possible)(
  'a package file that is not there is called that, and no folder is made',
  () => {
    const folder = folderOf({});
    const cache = path.join(folder, 'cache');
    const { status, stderr } = trees(cache, '--from', path.join(folder, 'a.deb'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: there is no file .*a\.deb\nhint: .*\n$/);
    expect(existsSync(cache)).toBe(false);
  },
);

/** A search path that holds an apt that knows no package and notes each call in `calls`. */
function deafApt(): { env: NodeJS.ProcessEnv; calls: string } {
  const script = '#!/bin/sh\necho "$0 $*" >> "${0%/*}/calls"\nexit 100\n';
  const folder = folderOf({ 'apt-get': script, 'apt-cache': script });
  for (const name of ['apt-get', 'apt-cache']) chmodSync(path.join(folder, name), 0o755);
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  return { env, calls: path.join(folder, 'calls') };
}

test.skipIf(!possible)('a release that apt does not know: said at once, by its name', () => {
  const { env, calls } = deafApt();
  const cache = path.join(folderOf({}), 'cache');
  const { status, stderr } = run(process.execPath, [script, '6.12', '5.10'], {
    ...env,
    DACHS_TREES: cache,
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: apt knows no linux-source-5\.10: only releases /);
  expect(stderr).toContain('download linux-source-5.10_*_all.deb');
  expect(stderr).not.toContain('6.1');
  expect(readFileSync(calls, 'utf8')).not.toContain('update');
  expect(existsSync(cache)).toBe(false);
});

test('an unknown option or release ends with status 2 and a hint', () => {
  for (const args of [['--nonsense'], ['seven']]) {
    const { status, stderr } = trees(folderOf({}), ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*\nhint: .*\n$/);
  }
});
