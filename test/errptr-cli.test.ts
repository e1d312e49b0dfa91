// `dachs audit --errptr` as users run it: findings, forms, threads, a cache that is never wrong,
// and trees that are no trees.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { dachs, dachsJson, expectRefusal, traces } from './dachs.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-errptr-'));
const cache = path.join(folder, 'cache');
process.env['DACHS_CACHE'] = cache;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const made = `struct box *make_box(int size)
{
	if (size > limit)
		return ERR_PTR(-EIO);
	return box_of(size);
}
`;

const user = (test: string) => `int user_box(void)
{
	struct box *b = make_box(1);

	${test}
	return b->size;
}
`;

const good = user('if (IS_ERR(b))\n\t\treturn PTR_ERR(b);');

let tree = '';
let count = 0;
beforeEach(() => {
  rmSync(cache, { recursive: true, force: true });
  tree = path.join(folder, `tree${count++}`);
  write('Kconfig', '');
  write('arch/x86/Kconfig', '');
  write('lib/made.c', made);
  write('lib/user.c', user('b->a = 1;'));
});

function write(file: string, text: string | Buffer): void {
  const full = path.join(tree, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
}

const text = (...options: readonly string[]) => dachs(['audit', '--errptr', tree, ...options]);

test('a finding has its place, its type and its notes', () => {
  const run = text('-v');
  expect(run.stderr).toBe('');
  expect(run.status).toBe(1);
  expect(run.stdout).toMatch(/^lib\/user\.c:5:\d+: \w+: make_box\(\).*\[UNCHECKED_DEREFERENCE\]$/m);
  expect(run.stdout).toMatch(/^lib\/made\.c:4:\d+: note: make_box\(\) returns an error pointer/m);
  expect(run.stdout).toContain('1 function may return an error pointer; 1 function use');
});

test('the record is the same for any number of threads, with a cache and without', () => {
  const first = text('--json', '-j', '1').stdout;
  expect(text('--json', '-j', '2').stdout).toBe(first);
  rmSync(cache, { recursive: true });
  expect(text('--json', '-j', '3').stdout).toBe(first);
  expect(dachsJson(['audit', '--errptr', tree])).toMatchObject({ returning: 1, callers: 1 });
});

describe('the cache', () => {
  const file = () => path.join(cache, 'errptr', readdirSync(path.join(cache, 'errptr'))[0] ?? '');

  test('knows a file that changed, in the caller or in the called function', () => {
    expect(text().status).toBe(1);
    write('lib/user.c', good);
    expect(text().status).toBe(0);
    write('lib/user.c', user('b->a = 1;'));
    expect(text().status).toBe(1);
    write('lib/made.c', made.replace('ERR_PTR(-EIO)', 'empty_box()'));
    expect(text().status).toBe(0);
  });

  test('is used', () => {
    const before = text().stdout;
    const kept = readFileSync(file(), 'utf8');
    const [, body = ''] = /^[^\n]*\n([^]*)$/.exec(kept) ?? [];
    expect(body.split('\n')).toHaveLength(2);
    expect(text().stdout).toBe(before);
    expect(readFileSync(file(), 'utf8')).toBe(kept);
  });

  test.each([
    ['is cut off', (kept: string) => kept.slice(0, kept.length / 2)],
    ['has one changed letter', (kept: string) => kept.replace('"at":', '"to":')],
    [
      'is of another version',
      (kept: string) => kept.replace(/^dachs errptr \d+/, 'dachs errptr 0'),
    ],
    ['is foreign', () => 'a\tb\n\0'],
    ['is empty', () => ''],
  ])('counts for nothing where it %s', (_, damage) => {
    const before = text().stdout;
    writeFileSync(file(), damage(readFileSync(file(), 'utf8')));
    const run = text();
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe(before);
  });

  test('may be where nothing can be written', () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(cache, 'a file');
    expect(text()).toMatchObject({ status: 1, stderr: '' });
  });
});

test('the tree may be named from where one is', () => {
  const run = dachs(['audit', '--errptr', path.basename(tree)], folder);
  expect(run.stdout).toBe(text().stdout);
  expect(run.status).toBe(1);
  rmSync(path.join(tree, 'lib'), { recursive: true });
  expect(text().status).toBe(4);
});

test('files that cannot be read are not checked', () => {
  write('lib/user.c', good);
  write('lib/binary.c', Buffer.from([1, 0, 2]));
  write('lib/latin.c', Buffer.from('int f\xfc(void)\n{\n\treturn IS_ERR(x);\n}\n', 'latin1'));
  write('lib/deep.c', `int f(void)\n{\n${'if (IS_ERR(x)) {'.repeat(20_000)}\n`);
  write('lib/large.c', `int g(void)\n{\n${'\tif (IS_ERR(x)) y();\n'.repeat(500_000)}}\n`);
  const run = text('-v');
  expect(traces(run)).toEqual([]);
  expect(run.status).toBe(3);
  expect(run.stdout).toMatch(/^lib\/binary\.c:1: not checked: file: .*NUL byte$/m);
  expect(run.stdout).toMatch(/^lib\/large\.c:1: not checked: g\(\): too long$/m);
});

test('types are selected, and what has no meaning is refused', () => {
  expect(text('--ignore', 'UNCHECKED_DEREFERENCE').status).toBe(0);
  expect(text('--types', 'WRONG_CHECK').status).toBe(0);
  expectRefusal(text('--facts'), '--facts has no meaning with --errptr');
  expectRefusal(text('-j', '0'), '-j takes a number of workers');
  expectRefusal(dachs(['audit', tree, '-j', '2']), '--jobs has no meaning');
  expectRefusal(dachs(['audit', '--errptr', path.join(tree, 'lib')]), 'not a Linux kernel tree');
});
