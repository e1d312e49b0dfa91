// Mutants of the catalogue are answered with a test or with problems that have places; `npm run
// fuzz` tries many more. What failed once stands in fuzz/corpus and never fails again.

import { expect, test } from 'vitest';
import { check } from '../../fuzz/check.mjs';
import { mutate, random } from '../../fuzz/mutate.mjs';
import { corpus, seeds } from '../../fuzz/seeds.mjs';
import { present } from '../base/index.ts';
import { machineById } from '../hw/index.ts';
import { compileScenario, genericModel } from '../scenario/index.ts';
import { setUp } from '../stack/index.ts';
import * as litmus from './index.ts';

const model = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
const machine = present(machineById('skylake'), 'machine');
const compile = (program: litmus.Program): void => {
  // A kernel is brought to where the threads start; to run mutants would take minutes.
  if (program.stack) setUp(program, { machine, release: '6.12', remedy: 'none' });
  else compileScenario(program, { model, remedy: 'none' });
};

test('two thousand mutants', { timeout: 60_000 }, () => {
  const texts = seeds();
  const next = random(3);
  const some = (): string => texts[Math.floor(next() * texts.length)] ?? '';
  const kinds = { test: 0, format: 0, refused: 0 };
  for (let i = 0; i < 2000; i++) kinds[check(litmus, mutate(next, some(), some()), compile)] += 1;
  // The mutations are neither too mild nor too wild.
  expect(Math.min(kinds.test, kinds.format, kinds.refused)).toBeGreaterThan(100);
});

test('the corpus', () => {
  for (const text of corpus()) check(litmus, text, compile);
});
