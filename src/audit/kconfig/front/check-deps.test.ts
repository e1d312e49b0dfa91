// Symbols that wait for each other, as the auditor is told of them.

import { expect, test } from 'vitest';
import { modelOf } from '../../../../test/kconfig-model.ts';
import { checkDependencies, cycleProblem, maxChain } from './check-deps.ts';

test('a cycle is a Problem with the place of each step', () => {
  const text = 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool\n\tdefault A\n';
  const found = checkDependencies(modelOf(text));
  expect((found.ok ? found.value : []).map(cycleProblem)).toEqual([
    {
      what:
        'recursive dependency: symbol A depends on B (Kconfig:1), ' +
        'symbol B default value contains A (Kconfig:6)',
      where: 'Kconfig:1',
      hint: 'Documentation/kbuild/kconfig-language.rst of the tree says how to resolve it',
    },
  ]);
});

test('symbols that depend on each other one way only are none', () => {
  const text = 'config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool\n\tdepends on C || !C\n';
  expect(checkDependencies(modelOf(text))).toEqual({ ok: true, value: [] });
});

test('a chain too long to be followed is told, and no pass', () => {
  const lines = Array.from(
    { length: 3 * maxChain },
    (_, place) => `config A${place}\n\tbool\n\tdefault A${place + 1}\n`,
  );
  const found = checkDependencies(modelOf(lines.join('')));
  expect(found.ok ? '' : found.problem.what).toBe(
    `more than ${maxChain} symbols wait for each other in a row, up to A${maxChain + 1}`,
  );
  const nested = Array.from(
    { length: 3 * maxChain },
    (_, place) => `config A${place + 1}\n\tbool "a"\n\tdepends on A${place}\n`,
  );
  const deep = checkDependencies(modelOf(`config A0\n\tbool "a"\n${nested.join('')}`));
  expect(deep.ok ? '' : deep.problem.what).toContain('entries stand below each other deeper');
});
