// The catalogue keeps its promises: every test is a textbook page with a name, a claim, a paragraph
// and a source; every claim holds on every machine; every recorded answer is today's answer.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { goldens, orphans, recorded } from '../scripts/lib/goldens.mjs';
import { formatLitmus } from '../src/litmus/index.ts';
import {
  type CatalogueFile,
  catalogueFiles,
  catalogueFolder,
  parsed,
} from './catalogue-systems.ts';
import { dachs } from './dachs.ts';
import { kernelTree } from './support.ts';

const files = catalogueFiles();
const shelves = [...new Set(files.map((file) => file.shelf))];

/** Where a complaint is about: `shelf/name`. */
function place({ shelf, name }: CatalogueFile): string {
  return `${shelf}/${name}`;
}

test('there are at least 150 tests, each named as its file, no two alike', () => {
  expect(files.length).toBeGreaterThanOrEqual(150);
  const names = files.map((file) => file.name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  const others = files.filter((file) => parsed(file).program.name !== file.name);
  expect(others.map(place)).toEqual([]);
});

test('every test claims something, explains it in two sentences or more, and has a source', () => {
  const complaints = files.flatMap((file) => {
    const { results, program } = parsed(file);
    const sentences = program.about.split(/[.?!](?:\s|$)/).filter((part) => part.trim() !== '');
    return [
      ...(results.length === 0 ? [`${place(file)}: no Result line`] : []),
      ...(sentences.length < 2
        ? [`${place(file)}: says why in ${sentences.length} sentences`]
        : []),
      ...(program.sources.length === 0 ? [`${place(file)}: no Source line`] : []),
    ];
  });
  expect(complaints).toEqual([]);
});

test('no two tests explain themselves by the same words', () => {
  const about = files.map((file) => parsed(file).program.about);
  const twins = files.filter((_, i) => about.indexOf(about[i] ?? '') !== i);
  expect(twins.map(place)).toEqual([]);
});

test('every test is written in the canonical form, in 76 columns but for long paths', () => {
  const differing = files.filter((file) => {
    const formatted = formatLitmus(file.text, place(file));
    return !formatted.ok || formatted.text !== file.text;
  });
  expect(differing.map(place)).toEqual([]);
  const isWide = (line: string) => line.length > 76 && !/\S{60}/.test(line);
  const wide = files.filter((file) => file.text.split('\n').some(isWide));
  expect(wide.map(place)).toEqual([]);
});

test('every shelf says in one line what it is about', () => {
  for (const shelf of [...shelves, 'refused']) {
    const about = readFileSync(path.join(catalogueFolder, shelf, 'about.txt'), 'utf8');
    expect(about, shelf).toMatch(/^[A-Z][ -~]{20,98}\.\n$/);
  }
});

test('every claim holds on every machine and cache kind', () => {
  const run = dachs(['run', '--terse', '--quiet']);
  expect(run.stdout.split('\n').filter((line) => line.startsWith('!!!'))).toEqual([]);
  expect(run.stdout).toMatch(new RegExp(`^Tests ${files.length}, .*: ${files.length} as `, 'm'));
  expect(run.status).toBe(0);
});

test('a wrong claim is found', () => {
  const first = files.find((file) => file.name === 'CoWR+k+u+other');
  const lie = (first?.text ?? '').replace('Sometimes on aliasing', 'Never on aliasing');
  expect(lie).not.toBe(first?.text);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-lie-'));
  writeFileSync(path.join(folder, 'lie.litmus'), lie);
  const run = dachs(['run', 'lie.litmus'], folder);
  rmSync(folder, { recursive: true });
  expect(run.stdout).toContain('!!! CoWR+k+u+other: Result says Never, observed Sometimes on arm');
  expect(run.status).toBe(1);
});

test('every recorded answer is what the program says today (npm run promote)', () => {
  const stale = goldens().filter(({ file, text }) => recorded(file) !== text);
  expect(stale.map(({ file }) => file)).toEqual([]);
  expect(orphans()).toEqual([]);
});

for (const release of ['6.1', '6.12']) {
  const tree = kernelTree(release);
  test.skipIf(tree === undefined)(`sources in Linux ${release} are where the tests say`, () => {
    const complaints = files.flatMap((file) =>
      parsed(file).program.sources.flatMap((source) => {
        if (source.kind !== 'kernel' || source.release !== release) return [];
        const cited = path.join(tree ?? '', source.file);
        // Most of Documentation is left out of the trees that the tests are given.
        if (source.file.startsWith('Documentation/')) return [];
        if (!existsSync(cited)) return [`${place(file)}: no ${source.file}`];
        const symbol = source.symbol?.replace(/\(\)$/, '');
        const found = symbol === undefined || readFileSync(cited, 'utf8').includes(symbol);
        return found ? [] : [`${place(file)}: no ${symbol} in ${source.file}`];
      }),
    );
    expect(complaints).toEqual([]);
  });
}
