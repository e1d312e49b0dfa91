// Chains of reasons, and lists of selectors.

import { expect, test } from 'vitest';
import { formatSource } from '../../base/index.ts';
import { evaluationOf } from '../../../test/kconfig-model.ts';
import type { Setting } from '../../../test/kconfig-model.ts';

function chain(text: string, symbol: string, setting: Setting = {}): readonly string[] {
  const links = evaluationOf(text, setting).why(symbol);
  return links.map(
    (link) => `${link.symbol}=${link.value} ${link.because} @${formatSource(link.source)}`,
  );
}

test('the chain goes down the missing symbols, names the other unmet clauses, and ends', () => {
  const text = [
    'config TOP\n\tbool "t"\n\tdepends on PAGES || LIMITED',
    'config PAGES\n\tbool "p"\n\tdepends on HOTPLUG\n\tdepends on VMEMMAP',
    'config HOTPLUG\n\tbool "h"\n\tdepends on SPARSE\n\tdepends on ARCH_HOT && 64BIT',
    'config SPARSE\n\tbool "s"',
    'config ARCH_HOT\n\tbool\nconfig VMEMMAP\n\tbool\nconfig LIMITED\n\tbool\n',
  ].join('\n');
  expect(chain(text, 'TOP')).toEqual([
    'TOP=n depends on PAGES || LIMITED @Kconfig:3',
    'PAGES=n depends on HOTPLUG; also unmet: VMEMMAP @Kconfig:6',
    'HOTPLUG=n depends on 64BIT; also unmet: ARCH_HOT @Kconfig:11',
    '64BIT=undefined no Kconfig file of this port defines it @Kconfig:11',
  ]);
});

test('a symbol without prompt ends at its selectors, with their places and conditions', () => {
  const text =
    'config A\n\tbool "a"\n\tdepends on CAP\nconfig CAP\n\tbool\n' +
    'config P\n\tbool "p"\n\tselect CAP if NONE\n';
  expect(chain(text, 'A').at(-1)).toBe(
    'CAP=n has no prompt, and is selected only by P if NONE (Kconfig:8) @Kconfig:4',
  );
  expect(chain('config CAP\n\tbool\n', 'CAP')).toEqual([
    'CAP=n has no prompt, and nothing selects it on this port @Kconfig:1',
  ]);
});

test('a missing symbol is followed rather than a clause that forbids one', () => {
  const text =
    'config A\n\tbool "a"\n\tdepends on !ARM\n\tdepends on B\nconfig ARM\n\tdef_bool y\n' +
    'config B\n\tbool\n';
  expect(chain(text, 'A')[0]).toBe('A=n depends on B; also unmet: !ARM @Kconfig:4');
  const only = 'config A\n\tbool "a"\n\tdepends on !(ARM || MIPS)\nconfig ARM\n\tdef_bool y\n';
  expect(chain(only, 'A')).toEqual(['A=n depends on !(ARM || MIPS) @Kconfig:3']);
});

test('a block around a symbol, a prompt condition and a default condition are reasons too', () => {
  expect(chain('if NONE\nconfig A\n\tbool "a"\nendif\n', 'A')[0]).toBe(
    'A=n stands in a if that needs NONE @Kconfig:1',
  );
  expect(chain('config A\n\tbool "a" if NONE\n', 'A')[0]).toBe(
    'A=n can be asked for only if NONE @Kconfig:2',
  );
  expect(chain('config A\n\tdef_bool NONE\n', 'A')[0]).toBe('A=n defaults to NONE @Kconfig:2');
});

test('what the port fixes and what a choice takes are said', () => {
  expect(chain('config A\n\tbool "a"\n', 'A', { preset: { A: 'n' } })).toEqual([
    'A=n this port fixes it to n @Kconfig:1',
  ]);
  const choice = 'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendchoice\n';
  expect(chain(choice, 'B')).toEqual(['B=n the choice at Kconfig:1 takes A @Kconfig:5']);
});

test('a circle of reasons ends, and a value other than n has none', () => {
  const text =
    'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A && NONE\n';
  expect(chain(text, 'A').length).toBeLessThan(5);
  expect(chain('config Y\n\tdef_bool y\n', 'Y')).toEqual([]);
  expect(chain('', 'NO_SUCH')).toEqual([
    'NO_SUCH=undefined no Kconfig file of this port defines it @Kconfig:1',
  ]);
});

test('a fact carries value, chain and the defining places', () => {
  const evaluation = evaluationOf('config A\n\tbool "a"\n\tdepends on NONE\n');
  expect(evaluation.fact('A')).toMatchObject({
    value: 'n',
    chain: [{ symbol: 'A' }, { symbol: 'NONE', value: 'undefined' }],
    sources: [{ kind: 'tree', file: 'Kconfig', line: 1 }],
  });
});

test('selectors are listed with place, condition and whether they count', () => {
  const text =
    'config X\n\tdef_bool y\n\tselect S\n\tselect S if NONE\nconfig Z\n\tbool\n\tselect S\n' +
    'config S\n\tbool\n';
  const found = evaluationOf(text)
    .selectors('S')
    .map(({ by, condition, active, source }) => [by, condition, active, formatSource(source)]);
  expect(found).toEqual([
    ['X', undefined, true, 'Kconfig:3'],
    ['X', 'NONE', false, 'Kconfig:4'],
    ['Z', undefined, false, 'Kconfig:7'],
  ]);
});
