// Shows that the walk of paths finds in each firing sample what the sample is named after, and
// nothing in a near miss.

import { beforeAll, describe, expect, test } from 'vitest';
import { auditPaths, type CSyntax, memoryTree, type Protocol } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { builtInProtocols, loadCSyntax } from '../src/host/index.ts';
import { sampleTrees } from './samples.ts';

// Types that other parts of the audit find: facts of alloc_dax(), Kconfig, or the whole tree.
const OTHERS =
  /^(?:FALSE_|NO_RUN|LIST_|SELECT_|HEADER_|NULL_OPS|REFUSAL_|STUB_|RESULT_|STORED_AFTER|UNCHECKED)/;

// Without a function of a protocol there is nothing for it to walk: those need the whole tree.
const samples = sampleTrees().filter(
  ({ type, own }) =>
    !OTHERS.test(type) && Object.values(own).some((text) => /_dax\b|_disk\b/.test(text)),
);

let syntax: CSyntax;
let protocols: readonly Protocol[];

beforeAll(async () => {
  syntax = await loadCSyntax();
  const read = builtInProtocols();
  protocols = read.ok ? read.value : [];
});

describe.each(samples)('$title', ({ type, kind, own }) => {
  test(kind, () => {
    const tree = memoryTree(own);
    const { findings, notChecked } = auditPaths(tree, present(syntax, 'parser'), protocols);
    const types = [...new Set(findings.map(({ path }) => path.finding.type))].sort();
    expect(types).toEqual(kind === 'fires' ? [type] : []);
    expect(notChecked).toEqual([]);
  });
});
