// The samples of the types that are about a tree as a whole: each fires, where it should, and its
// near miss does not. All samples of C are files that the parser reads without an error.

import { describe, expect, test } from 'vitest';
import { auditTree, findingTypes, memoryTree, optimistic } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { loadCSyntax } from '../src/host/index.ts';
import { sampleTrees } from './samples.ts';

const syntax = await loadCSyntax();
const samples = sampleTrees();

/** The types that were there before paths were walked: their rules see facts of the tree. */
const ofTrees = findingTypes
  .map(({ type }) => type)
  .slice(0, findingTypes.findIndex(({ type }) => type === 'STORED_AFTER_ADD_HOST') + 1);

async function findingsOf(files: Readonly<Record<string, string>>) {
  const audit = await auditTree(memoryTree(files), syntax, { profile: optimistic });
  return present(audit.ok ? audit.value : undefined, 'audit').findings;
}

describe('a sample of a type about the tree', () => {
  const some = samples.filter(({ type }) => ofTrees.some((known) => known === type));

  test.each(some)('$title', async ({ type, kind, own, files }) => {
    const found = (await findingsOf(files)).filter((finding) => finding.type === type);
    if (kind === 'silent') expect(found).toEqual([]);
    else expect(found.map(({ place }) => Object.keys(own).includes(place.file))).toEqual([true]);
  });
});

test('the parser reads every sample of C without an error', () => {
  const texts = samples.flatMap(({ title, own }) =>
    Object.entries(own).map(([file, text]) => ({ title, file, text })),
  );
  const ofC = texts.filter(({ file }) => /\.[ch]$/.test(file));
  expect(ofC.length).toBeGreaterThan(50);
  const broken = ofC.filter(({ text }) => syntax.parse(text, (root) => root.hasError));
  expect(broken.map(({ title }) => title)).toEqual([]);
});
