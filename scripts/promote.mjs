// npm run promote: rewrites the recorded outputs in the Markdown files to what the commands print
// now. Read the diff, and say in the commit why the answers changed. Blocks that need kernel trees
// are left alone, and named, where there are none of the recorded versions.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { flags } from './lib/flags.mjs';
import { documents, promote, runBlock } from './lib/transcripts.mjs';
import { isRecordedTree, releases } from './lib/trees.mjs';

flags('npm run promote  (rewrites the recorded outputs in the Markdown files)', []);

const root = path.resolve(import.meta.dirname, '..');
const haveTrees = releases.every((release) => isRecordedTree(release));

for (const file of documents(root)) {
  const before = readFileSync(path.join(root, file), 'utf8');
  const after = promote(before, (block) => {
    if (!block.needsTrees || haveTrees) return runBlock(block);
    process.stdout.write(`${file}:${block.line}: left alone: needs npm run trees\n`);
    return undefined;
  });
  if (after === before) continue;
  writeFileSync(path.join(root, file), after);
  process.stdout.write(`${file}: rewritten\n`);
}
