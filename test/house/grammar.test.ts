// The tables of the parser for editors are those that its grammar comes to.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { generate } from '../../scripts/grammar.mjs';

const root = path.resolve(import.meta.dirname, '../..');

test('npm run grammar would change nothing', () => {
  for (const { file, text } of generate()) {
    expect(readFileSync(path.join(root, file), 'utf8')).toBe(text);
  }
});
