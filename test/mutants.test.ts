// Shows that mistakes made in the real functions are found: some of them at each run, all with
// DACHS_MUTANTS=all. bench/mutants.json holds the figures of all, and which are missed; what was
// found then must be found now.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { auditPaths, type Protocol, type SourceTree } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { builtInProtocols, loadCSyntax, openTree } from '../src/host/index.ts';
import { lineOf, missedOf, mutantsOfTree, someOf } from '../scripts/lib/mutants.mjs';
import { isRecordedTree } from '../scripts/lib/trees.mjs';
import { kernelTree } from './support.ts';

const TIMEOUT = 300_000;
const SEED = 20_241_117;
/** Mutants of each tree at a usual run. */
const SOME = 34;
const runsAll = process.env['DACHS_MUTANTS'] === 'all';

const file = path.resolve(import.meta.dirname, '../bench/mutants.json');
const recorded: unknown = JSON.parse(readFileSync(file, 'utf8'));
const there = ['6.1', '6.12'].filter((release) => isRecordedTree(release));

test.skipIf(there.length > 0)('no tree of a recorded version: npm run trees', () => undefined);

test('what is recorded: at least 200 mutants, at least 95 % of them found', () => {
  const { mutants, caught, missed } = figuresOf(recorded);
  expect(mutants).toBeGreaterThanOrEqual(200);
  expect(caught / mutants).toBeGreaterThanOrEqual(0.95);
  expect(missed).toHaveLength(mutants - caught);
});

test.each(there)('%s', { timeout: TIMEOUT }, async (release) => {
  const opened = openTree(present(kernelTree(release), 'tree'));
  const tree = present(opened.ok ? opened.value : undefined, 'tree');
  const read = builtInProtocols();
  const protocols = present(read.ok ? read.value : undefined, 'protocols');
  const syntax = await loadCSyntax();
  const find = (one: SourceTree, some: readonly Protocol[]) =>
    auditPaths(one, syntax, some).findings.map(({ path: { finding } }) => finding);
  const { mutants } = mutantsOfTree(release, tree, protocols);
  expect(mutants.length).toBe(figuresOf(recorded).trees[release]);
  const chosen = runsAll ? mutants : someOf(mutants, { seed: SEED, count: SOME });
  const missed = missedOf(tree, chosen, protocols, find).map(lineOf);
  const known = figuresOf(recorded).missed.map(({ mutant }) => mutant);
  expect(missed.filter((one) => !known.includes(one))).toEqual([]);
});

interface Figures {
  readonly mutants: number;
  readonly caught: number;
  readonly trees: Readonly<Record<string, number>>;
  readonly missed: readonly { readonly mutant: string }[];
}

function figuresOf(json: unknown): Figures {
  if (!isFigures(json)) throw new Error('bench/mutants.json: run bench/mutants.mjs --record');
  return json;
}

function isFigures(json: unknown): json is Figures {
  return typeof json === 'object' && json !== null && 'missed' in json && 'trees' in json;
}
