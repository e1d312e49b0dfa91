// dachs audit with a baseline: what is known is hidden, what is gone is said, and a file that is no
// baseline hides nothing.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dachs, expectRefusal } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { smallKernel, smallKernelWith } from './small-kernel.ts';

const HEADER = 'arch/arm/include/asm/cachetype.h';
const DENIES = '#define cpu_dcache_is_aliasing() (true)\n';

/** A tree with one finding, its header moved down by some lines, and a function with another. */
function treeWith(moved: number, caller = ''): string {
  const header = `${'\n'.repeat(moved)}${DENIES}`;
  const more = caller === '' ? {} : { 'drivers/md/small.c': caller };
  return folderOf(smallKernelWith({ [HEADER]: header, ...more }));
}

const UNTESTED =
  'static int small_probe(struct small *s)\n{\n\ts->dax = alloc_dax(s, NULL);\n' +
  '\treturn small_add(s->dax);\n}\n';

test('what is written is known from then on, also when its lines have moved', () => {
  const tree = treeWith(0);
  const file = path.join(tree, 'known.json');
  const written = dachs(['audit', tree, '--terse', '--write-baseline', file]);
  expect([written.status, written.stderr]).toEqual([0, '']);
  expect(written.stdout).toContain('and hidden: 1.');
  const moved = dachs(['audit', treeWith(7), '--terse', '--baseline', file]);
  expect(moved.status).toBe(0);
  expect(moved.stdout).not.toContain('[FALSE_DENIAL]');
  expect(moved.stdout.replace(/\s+/g, ' ')).toContain('0 findings (0 reachable, 0 latent)');
});

test('a finding that is new is shown, alone, and exits 1', () => {
  const tree = treeWith(0);
  const file = path.join(tree, 'known.json');
  dachs(['audit', tree, '--write-baseline', file]);
  const run = dachs(['audit', treeWith(0, UNTESTED), '--terse', '--baseline', file]);
  expect(run.status).toBe(1);
  expect(run.stdout).toMatch(/^drivers\/md\/small\.c:3:\d+: .*\[RESULT_UNTESTED\]\n\n1 finding /);
});

test('entries that are no longer found are counted, and listed with -v', () => {
  const tree = treeWith(0, UNTESTED);
  const file = path.join(tree, 'known.json');
  dachs(['audit', tree, '--write-baseline', file]);
  const audit = ['audit', folderOf(smallKernel), '--terse', '--baseline', file];
  const brief = dachs(audit);
  expect(brief.status).toBe(0);
  expect(brief.stdout).not.toContain('small_probe()');
  expect(brief.stdout.replace(/\s+/g, ' ')).toContain('hidden: 0; 2 entries of it no longer found');
  const { stdout } = dachs([...audit, '-v']);
  expect(stdout).toContain(`${file}: no longer found: drivers/md/small.c small_probe(): `);
  // Of a type that is not asked for, nothing is known to be gone.
  const some = dachs([...audit, '--types', 'FALSE_*']);
  expect(some.stdout.replace(/\s+/g, ' ')).toContain('hidden: 0; 1 entry of it no longer found');
});

test('a baseline is held against the old one while the new one is written', () => {
  const tree = treeWith(0, UNTESTED);
  const file = path.join(tree, 'known.json');
  dachs(['audit', tree, '--types', 'FALSE_DENIAL', '--write-baseline', file]);
  const run = dachs(['audit', tree, '--terse', '--baseline', file, '--write-baseline', file]);
  expect([run.status, run.stdout.includes('[RESULT_UNTESTED]')]).toEqual([1, true]);
  expect(dachs(['audit', tree, '--baseline', file]).status).toBe(0);
});

describe('a baseline that is none is refused', () => {
  const entry = { type: 'LEAK', file: 'x.c', function: null, message: 'm', ordinal: 0 };
  const form = (change: object, of: object = entry): string =>
    JSON.stringify({ schema: 'dachs/baseline', version: 1, findings: [of], ...change });
  const bad: readonly (readonly [string, string, RegExp])[] = [
    ['empty', '', /known\.json: not JSON: /],
    ['a saved audit', form({ schema: 'dachs/audit' }), /not a baseline: schema: /],
    ['another version', form({ version: 2 }), /not a baseline: version: /],
    ['a key more', form({ stranger: 1 }), /not a baseline: stranger: /],
    ['another type', form({}, { ...entry, type: 'LEEK' }), /findings\.0\.type: /],
    ['a key less', form({}, { ...entry, function: undefined }), /findings\.0\.function: /],
    ['no ordinal', form({}, { ...entry, ordinal: -1 }), /findings\.0\.ordinal: /],
    ['no UTF-8', '\xff', /known\.json: /],
  ];
  test.each(bad)('%s', (_, text, says) => {
    const tree = folderOf(smallKernel);
    writeFileSync(path.join(tree, 'known.json'), text, 'latin1');
    expectRefusal(dachs(['audit', '.', '--baseline', 'known.json'], tree), says);
  });

  test('that is not there', () => {
    const run = dachs(['audit', folderOf(smallKernel), '--baseline', 'none.json']);
    expectRefusal(run, /dachs: none\.json: cannot read the baseline: .*\n {2}hint: write one with/);
  });

  test('options that do not go together, files that cannot be written', () => {
    const tree = folderOf(smallKernel);
    const refused = (...args: string[]) => dachs(['audit', tree, ...args]);
    expectRefusal(refused('--baseline', ''), /no baseline is named/);
    expectRefusal(refused('--write-baseline', ''), /no baseline is named/);
    expectRefusal(refused('--facts', '--write-baseline', 'x'), /--write-baseline has no meaning/);
    const nowhere = path.join(tree, 'none', 'x.json');
    expectRefusal(refused('--write-baseline', nowhere), /--write-baseline FILE/);
    expect(existsSync(nowhere)).toBe(false);
  });
});

test('types: several uses add up, a star stands for any letters, what is none is refused', () => {
  const tree = treeWith(0, UNTESTED);
  const types = (...args: string[]): readonly string[] => {
    const { stdout } = dachs(['audit', tree, '--terse', ...args]);
    return [...stdout.matchAll(/\[([A-Z_]+)\]$/gm)].map((match) => match[1] ?? '').sort();
  };
  expect(types('--types', 'RESULT_UNTESTED', '--types', 'FALSE_DENIAL')).toHaveLength(2);
  expect(types('--types', 'RESULT_UNTESTED, FALSE_DENIAL')).toHaveLength(2);
  expect(types('--types', 'RESULT*')).toEqual(['RESULT_UNTESTED']);
  expect(types('--types', '*DEN*')).toEqual(['FALSE_DENIAL']);
  expect(types('--ignore', '*_*')).toEqual([]);
  expect(types('--types', 'F*L', '--ignore', 'RES*')).toEqual(['FALSE_DENIAL']);
  expectRefusal(dachs(['audit', tree, '--types', 'LEEK*']), /there is no finding type LEEK\*/);
  expectRefusal(dachs(['audit', tree, '--types', 'FALSE*L*L']), /there is no finding type/);
});

test('the same bytes on every run', () => {
  const tree = treeWith(0, UNTESTED);
  const [a, b] = ['a.json', 'b.json'].map((name) => {
    dachs(['audit', tree, '--write-baseline', path.join(tree, name)]);
    return readFileSync(path.join(tree, name), 'utf8');
  });
  expect(a).toBe(b);
});
