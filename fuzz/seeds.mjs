// The texts that fuzzing begins with: all litmus tests of the catalogue, and what once failed.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Every test of the catalogue, those that must be refused included; sorted by path. */
export function seeds() {
  return textsBelow('catalogue');
}

/** Texts that failed once; sorted by name. */
export function corpus() {
  return textsBelow('fuzz/corpus');
}

/** @param {string} folder */
function textsBelow(folder) {
  const top = path.join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.litmus'))
    .sort()
    .map((file) => readFileSync(path.join(top, file), 'utf8'));
}
