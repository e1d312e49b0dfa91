// What was assumed about a toolchain is counted and listed.

import { expect, test } from 'vitest';
import type { Assumption } from '../audit/index.ts';
import { toolchainLines } from './toolchain-text.ts';

function asked(macro: string, basis: Assumption['basis'], line: number): Assumption {
  return { macro, command: macro, answer: 'y', basis, file: 'arch/x/Kconfig', line };
}

test('assumed answers are listed once, with how they came and the first place', () => {
  expect(
    toolchainLines([
      asked('cc-option,-a', 'recorded', 1),
      asked('cc-option,-c', 'rule', 9),
      asked('cc-option,-b', 'guessed', 2),
      asked('cc-option,-b', 'guessed', 7),
      { ...asked('shell,tool', 'guessed', 3), answer: '' },
    ]),
  ).toEqual([
    '5 questions about the toolchain: 1 on record, 4 assumed',
    '  arch/x/Kconfig:2 and 1 more: $(cc-option,-b) = y, guessed',
    '  arch/x/Kconfig:3: $(shell,tool) = nothing, guessed',
    '  arch/x/Kconfig:9: $(cc-option,-c) = y, by rule',
  ]);
});

test('where all is on record nothing is listed', () => {
  expect(toolchainLines([asked('cc-option,-a', 'recorded', 1)])).toEqual([
    '1 question about the toolchain: 1 on record, 0 assumed',
  ]);
});
