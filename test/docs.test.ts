// Every command transcript in the documents prints what the documents say.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { blocksOf, documents, matches, runBlock } from '../scripts/lib/transcripts.mjs';
import { isRecordedTree, releases } from '../scripts/lib/trees.mjs';

const root = path.resolve(import.meta.dirname, '..');
// Lines and counts hold for the recorded versions only; other trees are not compared.
const haveTrees = releases.every((release) => isRecordedTree(release));

for (const file of documents(root)) {
  const blocks = blocksOf(readFileSync(path.join(root, file), 'utf8'));
  describe.skipIf(blocks.length === 0)(file, () => {
    for (const block of blocks) {
      const title = `line ${block.line}: ${block.commands[0]?.command}`;
      test.skipIf(block.needsTrees && !haveTrees)(title, () => {
        for (const [index, printed] of runBlock(block).entries()) {
          const expected = block.commands[index]?.expected ?? [];
          if (!matches(expected, printed)) expect(printed).toEqual(expected);
        }
      });
    }
  });
}

test('the documents are found', () => {
  expect(documents(root)).toContain('CONTRIBUTING.md');
});
