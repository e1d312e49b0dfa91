// The tables of the reference page are those of the program.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { referencePage, withTables } from '../../scripts/lib/reference.mjs';
import * as litmus from '../../src/litmus/index.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../..', referencePage), 'utf8');

test('npm run promote would change no table of the litmus reference', () => {
  expect(withTables(page, litmus)).toBe(page);
});

test('every primitive is in it', () => {
  for (const primitive of litmus.primitives) expect(page).toContain(`${primitive.name}(`);
});

test('its examples are tests in canonical form', () => {
  const examples = [...page.matchAll(/```c\n(DAX .*?)```/gs)].map((match) => match[1] ?? '');
  expect(examples.length).toBeGreaterThan(1);
  for (const text of examples) {
    expect(litmus.parseLitmus(text, 'example')).toMatchObject({ ok: true });
    expect(litmus.formatLitmus(text, 'example')).toEqual({ ok: true, text });
  }
});
