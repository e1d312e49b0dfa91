// Fact files and saved audits that are not what they should be: refused with place and hint.

import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auditTree, memoryTree, optimistic } from '../src/audit/index.ts';
import { kernelFromJson } from '../src/forms/index.ts';
import { loadCSyntax } from '../src/host/index.ts';
import { auditText } from '../src/report/index.ts';
import { dachs, expectRefusal, type Run } from './dachs.ts';
import { folderOf } from './house/folder.ts';
import { smallKernel } from './small-kernel.ts';

const good = readFileSync(path.resolve(import.meta.dirname, '../data/kernels/6.12.json'), 'utf8');

const NOTS = `${'{ "op": "not", "a": '.repeat(20_000)}1${'}'.repeat(20_000)}`;

const spoiled: readonly (readonly [string, string, RegExp])[] = [
  ['empty', '', /not JSON: /],
  ['no JSON', 'VERSION = 6\n', /not JSON: /],
  ['binary', '\0\u0001\u001B[2J{', /not JSON: /],
  ['cut off', good.slice(0, good.length / 2), /not JSON: /],
  ['a list', '[]', /not a kernel fact file: /],
  ['null', 'null', /not a kernel fact file: /],
  ['another form', '{ "schema": "dachs/matrix", "version": 1 }', /schema: .*dachs\/kernel/],
  ['another version', good.replace('"version": 1', '"version": 2'), /version: .*1.*2/],
  ['a value nobody knows', good.replace('"value": "n"', '"value": "maybe"'), /value: .*maybe/],
  ['a gate nobody knows', good.replace('"alloc_dax"', '"mount"'), /kernel\.gate\.runTime\.value: /],
  ['nested too deeply', good.replace('"op": "call"', `"op": "not", "a": ${NOTS}`), /nests deeper/],
  ['a part missing', good.replace('"id": "alpha",', ''), /kernel\.ports\.0\.id: /],
];

describe('a fact file', () => {
  test.each(spoiled)('that is %s', (_, text, says) => {
    const folder = folderOf({ 'facts.json': text });
    const run = dachs(['matrix', '--kernel', 'facts.json'], folder);
    expectRefusal(run, says);
    expect(run.stderr).toMatch(/^dachs: facts\.json: .*\n {2}hint: /);
    expect(controlBytes(run)).toEqual([]);
  });

  test('that is good is taken, written by audit --facts and read by matrix', () => {
    const folder = folderOf({ 'good.json': good });
    const run = dachs(['matrix', '--kernel', 'good.json', '--machine', 'skylake'], folder);
    expect([run.status, run.stderr]).toEqual([0, '']);
    const tree = folderOf(smallKernel);
    const args = ['audit', tree, '--facts', '--id', 'small', '-o', 'small.json'];
    expect(dachs(args, folder)).toEqual({ status: 0, stdout: '', stderr: '' });
    const own = dachs(['matrix', '--kernel', 'small.json', '--machine', 'skylake'], folder);
    expect([own.status, own.stderr]).toEqual([0, '']);
    expect(own.stdout).toContain('small');
  });

  test('that is not there, a folder, or a gigabyte', () => {
    const folder = folderOf({ 'folder.json/x': '', 'huge.json': '' });
    truncateSync(path.join(folder, 'huge.json'), 2 ** 30);
    for (const name of ['none.json', 'folder.json', 'huge.json', './none']) {
      const run = dachs(['matrix', '--kernel', name], folder);
      expectRefusal(run, /\n {2}hint: /);
      expect(run.stderr).toContain(`dachs: ${name}: `);
      if (name === 'huge.json') expect(run.stderr).toContain('1073741824 bytes, more than');
    }
  });
});

describe('a saved audit', () => {
  const audits: readonly (readonly [string, string, RegExp])[] = [
    ['empty', '', /not JSON: /],
    ['cut off', '{ "schema": "dachs/audit", "findings": [', /not JSON: /],
    ['another form', good, /not an audit: schema: /],
    ['without findings', '{ "schema": "dachs/audit", "version": 1 }', /not an audit: findings: /],
    [
      'with a type nobody knows',
      '{ "schema": "dachs/audit", "version": 1, "findings": [{ "type": "FALSE_FRIEND" }] }',
      /not an audit: findings\.0\.type: /,
    ],
  ];

  test('that has no finding of the type is nothing to check, not an error', () => {
    const text = '{ "schema": "dachs/audit", "version": 1, "findings": [] }';
    const folder = folderOf({ 'audit.json': text });
    const of = (what: string) => dachs(['explain', what, '--audit', 'audit.json'], folder);
    const known = of('FALSE_DENIAL');
    expect([known.status, known.stderr]).toEqual([4, '']);
    expect(known.stdout).toContain('no finding of type FALSE_DENIAL');
    expectRefusal(of('fs/Kconfig:1'), /no finding/);
  });

  test.each(audits)('that is %s', (_, text, says) => {
    const folder = folderOf({ 'audit.json': text });
    const run = dachs(['explain', 'FALSE_DENIAL', '--audit', 'audit.json'], folder);
    expectRefusal(run, says);
    expect(run.stderr).toMatch(/^dachs: audit\.json: .*\n {2}hint: /);
  });

  test('that is not there, a folder, or a gigabyte', () => {
    const folder = folderOf({ 'folder/x': '', 'huge.json': '' });
    truncateSync(path.join(folder, 'huge.json'), 2 ** 30);
    for (const name of ['none.json', 'folder', 'huge.json']) {
      const run = dachs(['explain', 'FALSE_DENIAL', '--audit', name], folder);
      expectRefusal(run, new RegExp(`^dachs: ${name}: `));
    }
  });

  test('whose finding is about no machine of the catalogue is explained all the same', () => {
    const folder = folderOf({});
    const finding = {
      type: 'FALSE_DENIAL',
      level: 'check',
      place: { file: 'x.h', line: 1, col: 1 },
      message: 'small',
      reach: 'latent',
      notes: [],
    };
    for (const machines of [{}, { machines: [] }, { machines: ['nobody'] }]) {
      const audit = { schema: 'dachs/audit', version: 1, findings: [{ ...finding, ...machines }] };
      writeFileSync(path.join(folder, 'audit.json'), JSON.stringify(audit));
      const run = dachs(['explain', 'x.h:1', '--audit', 'audit.json'], folder);
      expect([run.status, run.stderr]).toEqual([0, '']);
    }
  });
});

function controlBytes({ stderr }: Run): readonly string[] {
  return [...stderr.matchAll(/[^\P{Cc}\n]/gu)].map(([byte]) => byte);
}

describe('whatever is read, the answer is a value and no exception', () => {
  test('any JSON as a fact file', () => {
    const forms = fc.oneof(fc.json(), fc.string(), cutAndChanged(good));
    fc.assert(
      fc.property(forms, (text) => {
        const read = kernelFromJson(text, 'facts.json');
        if (!read.ok) expect(read.problem.hint).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  test('any damage to a file of a small tree', { timeout: 120_000 }, async () => {
    const syntax = await loadCSyntax();
    const file = fc.constantFrom(...Object.keys(smallKernel));
    const damaged = file.chain((name) =>
      cutAndChanged(smallKernel[name] ?? '').map((text) => ({ ...smallKernel, [name]: text })),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (files) => {
        const audit = await auditTree(memoryTree(files), syntax, { profile: optimistic });
        if (audit.ok) expect(auditText(audit.value, { verbose: true, terse: false })).not.toBe('');
        else expect(audit.problem.what).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

/** The text with a piece taken out, doubled, or replaced by characters that mean something. */
function cutAndChanged(text: string): fc.Arbitrary<string> {
  const marks = [
    '"',
    '(',
    ')',
    '{',
    '}',
    '\0',
    '$(',
    '\\\n',
    '#if ',
    'if ',
    '\t',
    '!',
    '=',
    '/*',
    '',
  ];
  return fc
    .tuple(fc.nat(text.length), fc.nat(40), fc.constantFrom(...marks), fc.boolean())
    .map(([start, length, mark, twice]) => {
      const piece = text.slice(start, start + length);
      return (
        text.slice(0, start) + mark + (twice ? piece + piece : '') + text.slice(start + length)
      );
    });
}
