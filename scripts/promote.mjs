// npm run promote: rewrites the recorded answers of the catalogue, the pages of the types of
// findings, and the recorded outputs in the Markdown files, to what the commands print now. Read
// the diff, and say in the commit why the answers changed. Blocks that need kernel trees are left
// alone, and named, where there are none of the recorded versions. `npm run promote -- --catalogue`
// stops after the catalogue.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { flags } from './lib/flags.mjs';
import { indexPage, pagesFolder, pagesOf, withTypes } from './lib/finding-pages.mjs';
import { goldens, orphans, recorded } from './lib/goldens.mjs';
import { referencePage, withTables } from './lib/reference.mjs';
import { documents, promote, runBlock } from './lib/transcripts.mjs';
import { isRecordedTree, releases } from './lib/trees.mjs';

const usage =
  'npm run promote [-- --catalogue]  ' +
  '(rewrites the recorded outputs of the catalogue and in the Markdown files)';
const { catalogue } = flags(usage, ['catalogue']);

const root = path.resolve(import.meta.dirname, '..');

for (const { file, text } of goldens()) {
  if (recorded(file) === text) continue;
  writeFileSync(path.join(root, file), text);
  process.stdout.write(`${file}: rewritten\n`);
}
for (const file of orphans()) {
  rmSync(path.join(root, file));
  process.stdout.write(`${file}: removed\n`);
}
if (catalogue) process.exit(0);

/** @type {{ findingTypes: readonly import('./lib/finding-pages.mjs').FindingTypeInfo[] }} */
const { findingTypes } = await import('../dist/audit/index.js');
mkdirSync(path.join(root, pagesFolder), { recursive: true });
for (const [file, text] of pagesOf(root, findingTypes)) {
  const there = existsSync(path.join(root, file))
    ? readFileSync(path.join(root, file), 'utf8')
    : '';
  if (there === text) continue;
  writeFileSync(path.join(root, file), text);
  process.stdout.write(`${file}: rewritten\n`);
}

/** @type {import('./lib/reference.mjs').Litmus} */
const litmus = await import('../dist/litmus/index.js');
const haveTrees = releases.every((release) => isRecordedTree(release));

for (const file of documents(root)) {
  const before = readFileSync(path.join(root, file), 'utf8');
  const tabled =
    file === referencePage
      ? withTables(before, litmus)
      : file === indexPage
        ? withTypes(before, findingTypes)
        : before;
  const after = promote(tabled, (block) => {
    if (!block.needsTrees || haveTrees) return runBlock(block);
    process.stdout.write(`${file}:${block.line}: left alone: needs npm run trees\n`);
    return undefined;
  });
  if (after === before) continue;
  writeFileSync(path.join(root, file), after);
  process.stdout.write(`${file}: rewritten\n`);
}
