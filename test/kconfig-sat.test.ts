// The solver's answers about random Kconfig texts against all configurations that there are.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateFragment, satisfy, symbolNames } from '../src/audit/kconfig/index.ts';
import type { KconfigModel } from '../src/audit/kconfig/index.ts';
import { isReachable, reachable } from './kconfig-brute.ts';
import type { Reachable } from './kconfig-brute.ts';
import { modelOf } from './kconfig-model.ts';
import { randomKconfig } from './kconfig-random.ts';
import { numbers } from './sat-random.ts';

/** The same texts on every run; DACHS_SEED asks for others. */
const seed = Number(process.env['DACHS_SEED'] ?? 1);

const texts = {
  int: ['-1', '0', '1', '2', '4', '5', '6', '7', '8', '11', '12', '13', '14', '15'],
  hex: '0x0 0x1 0x2 0x4 0x5 0x6 0x7 0x8 0x11 0x12 0x13 0x14 0x15'.split(' '),
  // Beside a tristate a string counts as the number that it reads as.
  string: ['', 'a', 'b', 'c', '0', '1', '2', 'other'],
};

function valuesOf(model: KconfigModel, symbol: string): readonly string[] {
  const type = model.types.get(model.names.find(symbol) ?? -1);
  return type === 'bool' || type === 'tristate' ? ['n', 'm', 'y'] : texts[type ?? 'int'];
}

function compare(
  model: KconfigModel,
  all: Reachable,
  values: Readonly<Record<string, string>>,
  text: string,
): void {
  const wants = Object.entries(values).map(([symbol, value]) => ({ symbol, value }));
  const answer = satisfy(model, wants);
  const title = `${text}\n${JSON.stringify([values, answer])}`;
  expect(answer.kind, title).toBe(isReachable(all, values) ? 'yes' : 'no');
  expect(satisfy(model, wants, { complete: true }).kind, title).toBe(answer.kind);
  if (answer.kind === 'no') expect(answer.minimal, title).toBe(true);
  if (answer.kind !== 'yes') return;
  const holds = (fragment: typeof answer.fragment): boolean => {
    const valueOf = evaluateFragment(model, fragment);
    return wants.every(({ symbol, value }) => valueOf(symbol) === value);
  };
  expect(holds(answer.fragment), title).toBe(true);
  for (const line of answer.fragment) {
    expect(holds(answer.fragment.filter((one) => one !== line)), title).toBe(false);
  }
}

for (const release of ['6.1', '6.12']) {
  test(`what is possible is found, and nothing else (${release})`, () => {
    let checked = 0;
    const property = fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
      const oldChoices = release === '6.1';
      const shape = { comparesWithY: true, size: 6, texts: seed % 2 === 0, oldChoices };
      const { text } = randomKconfig(seed, shape);
      const model = modelOf(text, { release });
      const names = symbolNames(model);
      const all = reachable(model, names, texts, 6000);
      if (all === undefined) return;
      checked += 1;
      for (const symbol of names) {
        for (const value of valuesOf(model, symbol)) compare(model, all, { [symbol]: value }, text);
      }
      const below = numbers(seed);
      const pick = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
      for (let turn = 0; turn < 12; turn += 1) {
        const three = [pick(names), pick(names), pick(names)].map((name = 'A') => [
          name,
          pick(valuesOf(model, name)),
        ]);
        compare(model, all, Object.fromEntries(three), text);
      }
    });
    fc.assert(property, { numRuns: 400, seed });
    expect(checked).toBeGreaterThan(150);
  }, 120_000);
}

test('where symbols depend on themselves, a yes holds, and nothing hangs', () => {
  const kinds = new Map<string, number>();
  const property = fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
    const { text } = randomKconfig(seed, { comparesWithY: true, size: 6, cycles: true });
    const model = modelOf(text);
    const names = symbolNames(model);
    const all = reachable(model, names, texts, 2000);
    if (all === undefined) return;
    for (const symbol of names) {
      for (const value of ['n', 'y']) {
        const { kind } = satisfy(model, [{ symbol, value }]);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        const possible = isReachable(all, { [symbol]: value });
        // conf refuses such a tree; a no about it may overlook a cycle that constants cut.
        if (kind === 'yes') expect(possible, `${text}\n${symbol}=${value}`).toBe(true);
      }
    }
  });
  fc.assert(property, { numRuns: 200, seed });
  expect([...kinds.keys()].sort()).toEqual(['no', 'not-checked', 'yes']);
});
