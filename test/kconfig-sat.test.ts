// The solver's answers about random Kconfig texts against all configurations that there are.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateFragment, satisfy, symbolNames } from '../src/audit/kconfig/index.ts';
import type { KconfigModel } from '../src/audit/kconfig/index.ts';
import { reachable } from './kconfig-brute.ts';
import { modelOf } from './kconfig-model.ts';
import { randomKconfig } from './kconfig-random.ts';

const texts = {
  int: ['-1', '0', '1', '2', '4', '5', '6', '7', '8', '11', '12', '13', '14', '15'],
  hex: [
    '0x0',
    '0x1',
    '0x2',
    '0x4',
    '0x5',
    '0x6',
    '0x7',
    '0x8',
    '0x11',
    '0x12',
    '0x13',
    '0x14',
    '0x15',
  ],
  string: ['', 'a', 'b', 'c', 'other'],
};

function compare(model: KconfigModel, text: string): number {
  const names = symbolNames(model);
  const all = reachable(model, names, texts, 6000);
  if (all === undefined) return 0;
  for (const symbol of names) {
    const type = model.types.get(model.names.find(symbol) ?? -1);
    const values = type === 'bool' || type === 'tristate' ? ['n', 'm', 'y'] : texts[type ?? 'int'];
    for (const value of values) {
      const possible = all.values.get(symbol)?.has(value) ?? false;
      const answer = satisfy(model, [{ symbol, value }]);
      const title = `${text}\n${symbol}=${value} ${JSON.stringify(answer)}`;
      expect(answer.kind, title).toBe(possible ? 'yes' : 'no');
      if (answer.kind === 'yes') {
        expect(evaluateFragment(model, answer.fragment)(symbol), title).toBe(value);
      } else if (answer.kind === 'no') expect(answer.minimal, title).toBe(true);
    }
  }
  return all.configurations;
}

for (const release of ['6.1', '6.12']) {
  test(`every value that is possible is found, and no other (${release})`, () => {
    let checked = 0;
    const property = fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
      const old = release === '6.1';
      const shape = { comparesWithY: true, size: 6, texts: seed % 2 === 0, oldChoices: old };
      const { text } = randomKconfig(seed, shape);
      if (compare(modelOf(text, { release }), text) > 0) checked += 1;
    });
    fc.assert(property, { numRuns: 300 });
    expect(checked).toBeGreaterThan(150);
  }, 120_000);
}
