// The state of the model with which real trees are compared is that of their release, and automata
// written after these trees agree with the model there. Without the trees it is skipped.

import { expect, test } from 'vitest';
import { auditAttach, readCFacts } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { loadCSyntax, openTree } from '../src/host/index.ts';
import { isRecordedTree } from '../scripts/lib/trees.mjs';
import { pmem61Lines, pmem612Lines, pmemAutomaton } from './attach-samples.ts';
import { kernelTree } from './support.ts';

const TIMEOUT = 60_000;

const there = ['6.1', '6.12'].filter((release) => isRecordedTree(release));

test.skipIf(there.length > 0)('no tree of a recorded version: npm run trees', () => undefined);

test.each(there)('%s', { timeout: TIMEOUT }, async (release) => {
  const tree = openTree(present(kernelTree(release), 'tree'));
  const facts = readCFacts(present(tree.ok ? tree.value : undefined, 'tree'), await loadCSyntax());
  const { allocDax } = present(facts.ok ? facts.value : undefined, 'facts');
  const learnt = [pmemAutomaton(release === '6.1' ? pmem61Lines : pmem612Lines)];
  const audit = present(auditAttach({ release: `${release}.1`, allocDax, learnt }), 'audit');
  const { state, isOwn, differs } = audit.nearest;
  expect([state.id, isOwn, differs]).toEqual([release, true, []]);
  for (const { comparison } of audit.drivers.flatMap(({ systems }) => systems)) {
    expect([comparison.onlyModel, comparison.onlyTree]).toEqual([[], []]);
  }
});
