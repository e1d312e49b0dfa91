// Damaged, incomplete and hostile trees: each is refused with place and hint (exit 2), or its
// damaged part is listed as not checked and the rest is audited. Never a stack trace, never
// silence about what was not read.

import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dachs, expectRefusal, traces } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { smallKernel, smallKernelWith } from './small-kernel.ts';

type Changes = Readonly<Record<string, string | undefined>>;

/** A small kernel on disk with these files changed, and one spoiled in a way no text can. */
function treeWith(changes: Changes, spoil?: (root: string) => void): string {
  const root = folderOf(smallKernelWith(changes));
  spoil?.(root);
  return root;
}

function without(...folders: readonly string[]): Changes {
  const gone = Object.keys(smallKernel).filter((file) => folders.some((f) => file.startsWith(f)));
  return Object.fromEntries(gone.map((file) => [file, undefined]));
}

/** Puts a file of one gigabyte, all holes, in place of another. */
function sparse(file: string): (root: string) => void {
  return (root) => {
    writeFileSync(path.join(root, file), '');
    truncateSync(path.join(root, file), 2 ** 30);
  };
}

/** Puts a folder in place of a file: what even root cannot read. */
function folderAt(file: string): (root: string) => void {
  return (root) => {
    rmSync(path.join(root, file), { force: true });
    mkdirSync(path.join(root, file), { recursive: true });
  };
}

function linkAt(file: string, target: string): (root: string) => void {
  return (root) => {
    rmSync(path.join(root, file), { force: true });
    symlinkSync(target, path.join(root, file));
  };
}

interface Listed {
  readonly subject: string;
  readonly why: string;
  readonly file: string;
  readonly line: number;
}

/** The audit's JSON as far as these tests look at it. */
interface Looked {
  readonly notChecked: readonly Listed[];
  readonly ports: readonly {
    readonly id: string;
    readonly built: { readonly value: string };
    readonly believed: { readonly value: string };
    readonly machines: readonly { readonly verdict: { readonly word: string } }[];
  }[];
  readonly findings: readonly { readonly type: string }[];
  readonly allocDax: { readonly callers: readonly unknown[] };
}

function audited(root: string): Looked {
  const text = dachs(['audit', root]);
  expect(traces(text)).toEqual([]);
  expect(text.stderr).toBe('');
  const looked: Looked = JSON.parse(dachs(['audit', root, '--json']).stdout);
  const { length } = looked.notChecked;
  const count = `${length} place${length === 1 ? '' : 's'} not checked`;
  expect(text.stdout.replace(/\s+/g, ' ')).toContain(count);
  return looked;
}

function places(looked: Looked): readonly string[] {
  return looked.notChecked.map(({ file, line, subject }) => `${file}:${line} ${subject}`);
}

describe('what is no kernel tree is refused', () => {
  test('a path that is not there, a file, a folder that is empty or of something else', () => {
    const folder = folderOf({ 'some/README': 'text\n', 'empty/x': '' });
    rmSync(path.join(folder, 'empty/x'));
    const refused = (name: string, says: RegExp): void =>
      expectRefusal(dachs(['audit', name], folder), says);
    refused('none', /^dachs: none: there is no such folder\n {2}hint: /);
    refused('some/README', /^dachs: some\/README: is a file, not a folder\n {2}hint: /);
    refused(
      'empty',
      /^dachs: empty: not a Linux kernel tree: Kconfig and arch missing\n {2}hint: /,
    );
    refused('some', /^dachs: some: not a Linux kernel tree: Kconfig and arch missing\n {2}hint: /);
    refused('', /\n {2}hint: /);
  });

  const half: readonly (readonly [string, Changes, RegExp])[] = [
    ['only arch/ and Makefile', without('Kconfig', 'mm', 'drivers', 'fs', 'include'), /Kconfig/],
    ['without a Makefile', without('Makefile'), /Makefile/],
    ['without fs/', without('fs'), /lacks fs\n/],
    ['without drivers/', without('drivers'), /lacks drivers\n/],
    ['without include/ and mm/', without('include', 'mm'), /lacks include, mm\n/],
    ['without fs/Kconfig', { 'fs/Kconfig': undefined, 'fs/dax.c': '' }, /Kconfig:5: .*fs\/Kconfig/],
    ['without drivers/dax/', without('drivers/dax'), /Kconfig:4: .*drivers\/dax\/Kconfig/],
    ['without architectures', { ...without('arch'), 'arch/README': '' }, /no architecture/],
  ];
  test.each(half)('half a tree: %s', (_, changes, says) => {
    const run = dachs(['audit', treeWith(changes)]);
    expectRefusal(run, says);
    expect(run.stderr).toMatch(/\n {2}hint: /);
  });

  const damaged: readonly (readonly [string, Changes, RegExp])[] = [
    ['a binary Makefile', { Makefile: 'VERSION = 6\0' }, /^dachs: Makefile: .*NUL/],
    ['a Makefile without a version', { Makefile: 'all:\n' }, /^dachs: Makefile: .*VERSION/],
    ['a version that is no number', { Makefile: 'VERSION = six\n' }, /^dachs: Makefile: .*VERSION/],
    ['a binary Kconfig', { Kconfig: 'a\0b' }, /^dachs: Kconfig: .*NUL/],
    ['a binary fs/Kconfig', { 'fs/Kconfig': 'a\0b' }, /^dachs: Kconfig:5: fs\/Kconfig.*NUL/],
    ['a syntax error', { 'fs/Kconfig': 'config FS_DAX\n\tbool (\n' }, /^dachs: fs\/Kconfig:2/],
    ['a block that does not end', { 'fs/Kconfig': 'if X\n' }, /^dachs: fs\/Kconfig:1:1: .*endif/],
    ['deep blocks', { 'fs/Kconfig': 'if X\n'.repeat(9000) }, /^dachs: fs\/Kconfig:\d+:1: .*deeper/],
    [
      'deep brackets',
      { 'fs/Kconfig': `if ${'('.repeat(9000)}X\n` },
      /^dachs: fs\/Kconfig:1:.*deeper/,
    ],
    [
      'a file that sources itself',
      { 'fs/Kconfig': 'source "fs/Kconfig"\n' },
      /Kconfig:1: .*itself/,
    ],
    [
      'two files that source each other',
      { 'fs/Kconfig': 'source "mm/Kconfig"\n', 'mm/Kconfig': 'source "fs/Kconfig"\n' },
      /Kconfig:1: .*sources itself: Kconfig -> mm\/Kconfig -> fs\/Kconfig -> mm\/Kconfig/,
    ],
  ];
  test.each(damaged)('%s in a file that all ports share', (_, changes, says) => {
    const run = dachs(['audit', treeWith(changes)]);
    expectRefusal(run, says);
    expect(run.stderr).toMatch(/\n {2}hint: /);
  });

  const spoiled: readonly (readonly [string, (root: string) => void, RegExp])[] = [
    ['a huge Makefile', sparse('Makefile'), /^dachs: Makefile: .* 1073741824 bytes/],
    ['a huge fs/Kconfig', sparse('fs/Kconfig'), /^dachs: Kconfig:5: fs\/Kconfig has 1073741824/],
    ['a folder called Makefile', folderAt('Makefile'), /^dachs: Makefile: /],
    ['a folder called fs/Kconfig', folderAt('fs/Kconfig'), /^dachs: Kconfig:5: .*fs\/Kconfig/],
    ['a link to itself', linkAt('fs/Kconfig', 'Kconfig'), /^dachs: Kconfig:5: .*symbolic links/],
    ['a file called arch', (root) => archFile(root), /arch|lacks/],
  ];
  test.each(spoiled)('%s', (_, spoil, says) => {
    const started = performance.now();
    const run = dachs(['audit', treeWith({}, spoil)]);
    expectRefusal(run, says);
    expect(run.stderr).toMatch(/\n {2}hint: /);
    expect(performance.now() - started, 'milliseconds: it was not read').toBeLessThan(10_000);
  });
});

function archFile(root: string): void {
  rmSync(path.join(root, 'arch'), { recursive: true });
  writeFileSync(path.join(root, 'arch'), 'text\n');
}

const ARM = ['arm', 'arm-v5', 'arm-v6', 'arm-v7', 'arm-v7-lpae'];

describe('one damaged architecture is not checked, the others are audited', () => {
  const cases: readonly (readonly [
    string,
    Changes,
    ((root: string) => void) | undefined,
    string,
  ])[] = [
    ['a syntax error', { 'arch/arm/Kconfig': 'config ARM\n\tsmall y (\n' }, undefined, ':2 '],
    ['a block without end', { 'arch/arm/Kconfig': 'if X\n' }, undefined, ':1 '],
    ['a binary file', { 'arch/arm/Kconfig': 'a\0b' }, undefined, 'Kconfig:2 '],
    ['itself as source', { 'arch/arm/Kconfig': 'source "arch/arm/Kconfig"\n' }, undefined, ':1 '],
    ['a huge file', {}, sparse('arch/arm/Kconfig'), 'Kconfig:2 '],
    ['a folder as file', {}, folderAt('arch/arm/Kconfig'), 'Kconfig:2 '],
  ];
  test.each(cases)('%s', (_, changes, spoil, place) => {
    const looked = audited(treeWith(changes, spoil));
    expect(looked.ports.map((p) => p.id)).toEqual(['i386', 'i386-pae', 'x86_64']);
    expect(looked.ports.map((p) => p.built.value)).toEqual(['y', 'y', 'y']);
    expect(looked.notChecked.map((n) => n.subject)).toEqual(ARM.map((id) => `port ${id}`));
    for (const listed of places(looked)) expect(listed).toContain(place);
  });
});

describe('a predicate that cannot be read is not checked, and no CPU passes', () => {
  const header = 'arch/arm/include/asm/cachetype.h';
  const define = (body: string): Changes => ({
    [header]: `#define cpu_dcache_is_aliasing() ${body}\n`,
  });
  const cases: readonly (readonly [string, Changes, ((root: string) => void) | undefined])[] = [
    ['no cachetype.h though it is selected', { [header]: undefined }, undefined],
    ['a header without the predicate', { [header]: '#define other() 1\n' }, undefined],
    ['a statement', define('({ asm("small"); 1; })'), undefined],
    ['a choice', define('(small_a ? small_b : small_c)'), undefined],
    ['nothing', define(''), undefined],
    ['brackets that do not match', define('((1)'), undefined],
    ['a thousand brackets', define(`${'('.repeat(1000)}1${')'.repeat(1000)}`), undefined],
    ['a name that nothing defines', define('(small_secret > 3)'), undefined],
    ['a binary header', { [header]: '\0' }, undefined],
    ['a huge header', {}, sparse(header)],
    ['a folder called cachetype.h', {}, folderAt(header)],
    ['no cacheinfo.h', { 'include/linux/cacheinfo.h': undefined }, undefined],
    ['a binary cacheinfo.h', { 'include/linux/cacheinfo.h': '\0' }, undefined],
    ['a huge cacheinfo.h', {}, sparse('include/linux/cacheinfo.h')],
  ];
  test.each(cases)('%s', (_, changes, spoil) => {
    const looked = audited(treeWith(changes, spoil));
    expect(looked.notChecked.some(({ subject }) => /predicate of arm/.test(subject))).toBe(true);
    const arm = looked.ports.filter((p) => p.id.startsWith('arm'));
    expect(arm.length).toBe(ARM.length);
    for (const { believed, machines } of arm) {
      expect(['not-checked', 'depends-on-cpu']).toContain(believed.value);
      for (const { verdict } of machines) expect(verdict.word).not.toBe('on');
    }
  });

  test('only a header that was read can lack the predicate', () => {
    const types = (changes: Changes, spoil?: (root: string) => void): readonly string[] =>
      audited(treeWith(changes, spoil)).findings.map((f) => f.type);
    expect(types({ [header]: undefined })).toEqual(['SELECT_WITHOUT_HEADER']);
    expect(types({ [header]: '#define other() 1\n' })).toEqual(['SELECT_WITHOUT_HEADER']);
    expect(types({ [header]: '\0' })).toEqual([]);
    expect(types({}, sparse(header))).toEqual([]);
  });
});

describe('C that cannot be read is not checked, never taken for absent', () => {
  const superC = 'drivers/dax/super.c';
  const pmem = 'drivers/nvdimm/pmem.c';
  const cases: readonly (readonly [
    string,
    Changes,
    ((root: string) => void) | undefined,
    string,
  ])[] = [
    ['no drivers/dax/super.c', { [superC]: undefined }, undefined, 'definition of alloc_dax()'],
    ['a folder called super.c', {}, folderAt(superC), 'definition of alloc_dax()'],
    ['a huge super.c', {}, sparse(superC), `${superC}:1 uses of alloc_dax()`],
    ['a binary super.c', { [superC]: 'alloc_dax\0' }, undefined, `${superC}:1 uses of alloc_dax()`],
    ['a huge caller', {}, sparse(pmem), `${pmem}:1 uses of alloc_dax()`],
    ['a binary caller', { [pmem]: 'alloc_dax(\0)' }, undefined, `${pmem}:1 uses of alloc_dax()`],
    ['a caller cut off', { [pmem]: 'int f(void) { alloc_dax( (((( ' }, undefined, `${pmem}:1 use`],
    ['a macro', { [pmem]: '#define A alloc_dax\n' }, undefined, `${pmem}:1 caller of alloc_dax()`],
    [
      'a table',
      { [pmem]: 'void *t[] = { alloc_dax };\n' },
      undefined,
      `${pmem}:1 use of alloc_dax()`,
    ],
  ];
  test.each(cases)('%s', (_, changes, spoil, listed) => {
    const looked = audited(treeWith(changes, spoil));
    expect(places(looked).some((place) => place.includes(listed))).toBe(true);
    expect(looked.findings.map((f) => f.type)).not.toContain('NO_RUN_TIME_GATE');
    if (listed.startsWith(pmem)) return;
    const x86 = looked.ports.find((p) => p.id === 'x86_64');
    expect(x86?.believed.value).toBe('not-checked');
    expect(x86?.machines.map((m) => m.verdict.word)).toEqual(['?']);
  });

  test('links that form loops are passed over, and nothing is read twice', () => {
    const looked = audited(
      treeWith({}, (root) => {
        linkAt('drivers/loop', '.')(root);
        linkAt('arch/loop', '../arch')(root);
        linkAt('drivers/self.c', 'self.c')(root);
        linkAt('fs/gone.c', 'nowhere.c')(root);
      }),
    );
    expect(looked.notChecked).toEqual([]);
    expect(looked.allocDax.callers).toHaveLength(1);
  });
});
