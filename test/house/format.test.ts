// What scripts write is accepted by `npm run check` as it stands.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { formatted } from '../../scripts/lib/format.mjs';

test('figures that npm run bench -- --record writes are in the form of the house', () => {
  const file = 'bench/commands.json';
  const text = readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8');
  const figures: unknown = JSON.parse(text);
  expect(formatted(JSON.stringify(figures, null, 2), file)).toBe(text);
});
