// The recorded kernels are what an audit of their trees says today, byte for byte.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isRecordedTree, releases } from '../scripts/lib/trees.mjs';
import { auditTree, optimistic } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { kernelFile } from '../src/forms/index.ts';
import { loadCSyntax, openTree } from '../src/host/index.ts';
import { kernelTree } from './support.ts';

const root = path.resolve(import.meta.dirname, '..');

for (const release of releases) {
  const there = isRecordedTree(release);
  test.skipIf(!there)(`${release}: an audit gives the recorded facts`, async () => {
    const opened = openTree(present(kernelTree(release), 'tree'));
    const tree = present(opened.ok ? opened.value : undefined, 'tree');
    const options = { profile: optimistic, id: release };
    const audit = await auditTree(tree, await loadCSyntax(), options);
    const facts = present(audit.ok ? audit.value.kernel : undefined, 'audit');
    const recorded = readFileSync(path.join(root, `data/kernels/${release}.json`), 'utf8');
    expect(`${JSON.stringify(kernelFile(facts), undefined, 2)}\n`).toBe(recorded);
  });
}
