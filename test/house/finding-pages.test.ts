// Every type of finding has a page and samples, and the pages are those that the samples and the
// program make.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  indexPage,
  opening,
  pagesFolder,
  pagesOf,
  samplesFolder,
  samplesOf,
  withTypes,
} from '../../scripts/lib/finding-pages.mjs';
import { findingTypes } from '../../src/audit/index.ts';

const root = path.resolve(import.meta.dirname, '../..');
const samples = samplesOf(root);

test('npm run promote would change no page, and none is left over', () => {
  const pages = pagesOf(root, findingTypes);
  for (const [file, text] of pages) {
    expect(readFileSync(path.join(root, file), 'utf8'), file).toBe(text);
  }
  const there = readdirSync(path.join(root, pagesFolder)).map((file) => `${pagesFolder}/${file}`);
  expect(there.sort()).toEqual([...pages.keys()].sort());
});

test('the table of types is that of the program', () => {
  const index = readFileSync(path.join(root, indexPage), 'utf8');
  expect(withTypes(index, findingTypes)).toBe(index);
  for (const { type } of findingTypes) expect(index).toContain(`(../findings/${type}.md)`);
});

test.each(findingTypes)('$type has a sample that fires and a near miss', ({ type }) => {
  const kinds = samples.filter((sample) => sample.type === type).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['fires', 'silent']));
});

test('every sample is of a type, and opens with what it shows', () => {
  const types = new Set<string>(findingTypes.map(({ type }) => type));
  for (const { type, name, files } of samples) {
    expect(types.has(type), type).toBe(true);
    for (const file of files) {
      const text = readFileSync(path.join(root, samplesFolder, type, name, file), 'utf8');
      expect(opening(text), `${type}/${name}/${file}`).toMatch(/^.{10,}[.]$/);
      expect(text.endsWith('}\n') || !file.endsWith('.c'), `${type}/${name}/${file}`).toBe(true);
    }
  }
});
