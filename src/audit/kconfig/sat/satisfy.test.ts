// What can be configured and why not, on texts small enough to check by hand.

import { expect, test } from 'vitest';
import { modelOf } from '../../../../test/kconfig-model.ts';
import type { Setting } from '../../../../test/kconfig-model.ts';
import { present } from '../../../base/index.ts';
import { parseWant, satisfy } from './index.ts';
import type { Satisfaction, SatisfyOptions, Want } from './index.ts';

function want(text: string): Want {
  const read = parseWant(text);
  return present(read.ok ? read.value : undefined, text);
}

function ask(
  kconfig: string,
  wants: string,
  setting: Setting = {},
  options: SatisfyOptions = {},
): readonly string[] {
  const model = modelOf(kconfig, setting);
  return lines(satisfy(model, wants.split(' ').map(want), options));
}

function lines(answer: Satisfaction): readonly string[] {
  if (answer.kind === 'yes') {
    return ['yes', ...answer.fragment.map(({ symbol, value }) => `${symbol}=${value}`)];
  }
  if (answer.kind !== 'no') return [answer.kind, answer.because];
  return [
    'no',
    ...answer.reason.map(
      ({ symbol, text, file, line, depth }) =>
        `${'> '.repeat(depth)}${symbol} ${text} [${file}:${line}]`,
    ),
  ];
}

const modules = 'config MODULES\n\tbool "modules"\n\tmodules\n';

test('yes is a fragment without which it would not come about', () => {
  const text =
    'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A\nconfig C\n\tdef_bool B\n' +
    'config D\n\tbool "d"\n';
  expect(ask(text, 'C=y')).toEqual(['yes', 'A=y', 'B=y']);
  expect(ask(text, 'C=n D!=n')).toEqual(['yes', 'D=y']);
});

test('a default that is in the way is answered with n, a missing one with y', () => {
  const text = 'config A\n\tbool "a"\n\tdefault y\nconfig B\n\tbool "b"\n\tdepends on !A\n';
  expect(ask(text, 'B=y')).toEqual(['yes', 'A=n', 'B=y']);
  expect(ask(text, 'A=y')).toEqual(['yes']);
});

test('no is a chain down to the line that decides, each link one step deeper', () => {
  const text = [
    'config TOP\n\tbool "t"\n\tdepends on PAGES || LIMITED\n\tdepends on MMU',
    'config PAGES\n\tbool "p"\n\tdepends on HOTPLUG && VMEMMAP',
    'config HOTPLUG\n\tbool\nconfig VMEMMAP\n\tbool "v"\nconfig MMU\n\tdef_bool y',
    'config LIMITED\n\tbool\nconfig CARD\n\tbool "c"\n\tdepends on S390\n\tselect LIMITED\n',
  ].join('\n');
  expect(ask(text, 'TOP=y')).toEqual([
    'no',
    'TOP depends on PAGES || LIMITED [Kconfig:3]',
    '> PAGES depends on HOTPLUG [Kconfig:7]',
    '> > HOTPLUG has no prompt, and nothing selects it [Kconfig:8]',
    '> LIMITED has no prompt, and is selected only by CARD (Kconfig:19) [Kconfig:14]',
    '> > CARD depends on S390; S390 is defined by no Kconfig file of this architecture ' +
      '[Kconfig:18]',
  ]);
});

test('a name that is defined nowhere, or never named at all, says so', () => {
  const text = 'config A\n\tbool "a"\n\tdepends on NONE\n';
  const nowhere = 'is defined by no Kconfig file of this architecture';
  expect(ask(text, 'NONE=y')).toEqual(['no', `NONE ${nowhere} [Kconfig:1]`]);
  expect(ask(text, 'NEVER=y')).toEqual(['no', `NEVER ${nowhere} [Kconfig:1]`]);
  expect(ask(text, 'NEVER=n NONE!=y')).toEqual(['yes']);
});

test('what a type never has, and two values at once, are the fault of the question', () => {
  const text = `${modules}config A\n\tbool "a"\n`;
  expect(ask(text, 'A=m')).toEqual(['no', 'A is bool, and cannot be as asked (A=m) [Kconfig:4]']);
  expect(ask(text, 'A=y A=n')[0]).toBe('no');
});

test('blocks, prompts and menus that hide are reasons', () => {
  expect(ask('if NONE\nconfig A\n\tbool "a"\nendif\n', 'A=y')[1]).toMatch(
    /^A stands in an if block that needs NONE; .* \[Kconfig:1\]$/,
  );
  expect(ask('config A\n\tbool "a" if OFF\nconfig OFF\n\tbool\n', 'A=y')).toEqual([
    'no',
    'A can be asked for only if OFF [Kconfig:2]',
    '> OFF has no prompt, and nothing selects it [Kconfig:3]',
  ]);
  const menu = 'menu "m"\n\tvisible if OFF\nconfig A\n\tbool "a"\nendmenu\nconfig OFF\n\tbool\n';
  expect(ask(menu, 'A=y')[1]).toBe('A stands in a menu that is shown only if OFF [Kconfig:2]');
});

test('what forces a symbol is a reason: a default, a select', () => {
  const text =
    'config ARM\n\tdef_bool y\n\tselect CAP\nconfig CAP\n\tbool "c"\n' +
    'config A\n\tbool "a"\n\tdepends on !CAP\n';
  expect(ask(text, 'A=y')).toEqual([
    'no',
    'A depends on !CAP [Kconfig:8]',
    '> CAP is selected by ARM [Kconfig:3]',
    '> > ARM has no prompt and is y by default [Kconfig:2]',
  ]);
});

test('m is y without modules, and a limit with them', () => {
  const text = 'config T\n\ttristate "t"\n\tdepends on m\nconfig U\n\ttristate "u"\n';
  expect(ask(modules + text, 'T=m')).toEqual(['yes', 'MODULES=y', 'T=m']);
  expect(ask(modules + text, 'T=y')[0]).toBe('no');
  expect(ask(modules + text, 'U=y MODULES=n')).toEqual(['yes', 'U=y']);
  expect(ask(text, 'U=m')[0]).toBe('no');
});

const choice =
  'choice\n\tprompt "page size"\n\tdefault A\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n' +
  'config C\n\tbool "c"\n\tdepends on NONE\nendchoice\n';

test.each(['6.1', '6.12'])('of a choice one member is set (%s)', (release) => {
  expect(ask(choice, 'B=y', { release })).toEqual(['yes', 'B=y']);
  expect(ask(choice, 'A=y', { release })).toEqual(['yes']);
  expect(ask(choice, 'A=y B=y', { release })).toEqual([
    'no',
    '> "page size" is a choice of one of A, B, C [Kconfig:1]',
  ]);
  expect(ask(choice, 'A=n B=n', { release })[0]).toBe('no');
});

test('an optional choice of the older rules may be off', () => {
  const text = choice.replace('default A', 'optional');
  expect(ask(text, 'A=n B=n', { release: '6.1' })).toEqual(['yes']);
  expect(ask(text, 'B=y', { release: '6.1' })).toEqual(['yes', 'B=y']);
});

test('numbers: ranges, comparisons, and what is always one value', () => {
  const text =
    'config N\n\tint "n"\n\trange 2 64\n\tdefault 8\nconfig BIG\n\tdef_bool N > 32\n' +
    'config GCC\n\tint\n\tdefault 120200\nconfig NEW\n\tbool "n"\n\tdepends on GCC >= 130000\n';
  expect(ask(text, 'N=8')).toEqual(['yes']);
  expect(ask(text, 'N=63')).toEqual(['yes', 'N=63']);
  expect(ask(text, 'BIG=y')).toEqual(['yes', 'N=64']);
  expect(ask(text, 'N=65')).toEqual(['no', 'N is kept within 2 and 64 [Kconfig:1]']);
  expect(ask(text, 'BIG=y N=32')[0]).toBe('no');
  expect(ask(text, 'NEW=y')).toEqual([
    'no',
    'NEW depends on GCC>=130000 [Kconfig:12]',
    '> GCC has no prompt and is 120200 [Kconfig:7]',
  ]);
});

test('answers given beforehand are kept, and are reasons', () => {
  const text = 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on !A\n';
  expect(ask(text, 'A=y', {}, { fixed: { A: 'y' } })).toEqual(['yes']);
  expect(ask(text, 'B=y', {}, { fixed: { A: 'n' } })).toEqual(['yes', 'B=y']);
  expect(ask(text, 'B=y', {}, { fixed: { A: 'y' } })).toEqual([
    'no',
    'B depends on !A [Kconfig:5]',
    '> A is set to y for this port [Kconfig:1]',
  ]);
  expect(ask(choice, 'A=y', {}, { fixed: { B: 'y' } })[0]).toBe('no');
});

test('what depends on itself is not checked, and does not hang', () => {
  const text = 'config A\n\tbool "a"\n\tdepends on !B\nconfig B\n\tbool "b"\n\tdepends on !A\n';
  expect(ask(text, 'A=y B=y')).toEqual([
    'not-checked',
    'symbols that depend on themselves stand in the way',
  ]);
  const loop = 'config A\n\tdef_bool B\nconfig B\n\tdef_bool A\n';
  expect(ask(loop, 'A=y')[0]).toBe('not-checked');
});

test('a chain of dependencies of any length is followed', () => {
  const count = 3000;
  const all = Array.from({ length: count }, (_, i) => `config C${i}\n\tdef_bool C${i + 1}\n`);
  const text = `${all.join('')}config C${count}\n\tbool "end"\n`;
  expect(ask(text, 'C0=y')).toEqual(['yes', `C${count}=y`]);
});

test('a bound that is reached is neither yes nor no', () => {
  expect(ask(choice, 'B=y', {}, { conflicts: 0 })).toEqual([
    'bound',
    'the solver gave up after 0 conflicts',
  ]);
});

test('equal questions have equal answers, whatever was encoded', () => {
  const model = modelOf(choice);
  const wants = [want('A=y'), want('B=y')];
  expect(satisfy(model, wants)).toEqual(satisfy(model, wants));
  expect(lines(satisfy(model, wants, { complete: true }))).toEqual(lines(satisfy(model, wants)));
});

test.each([
  ['CONFIG_A', { symbol: 'A', value: 'y' }],
  ['N=64', { symbol: 'N', value: '64' }],
  ['S="a b"', { symbol: 'S', value: 'a b' }],
  ['A!=n', { symbol: 'A', value: 'n', differs: true }],
])('%s is read as a question', (text, expected) => {
  expect(want(text)).toEqual(expected);
});

test('what is no question is refused with a hint', () => {
  expect(parseWant('A>=3')).toMatchObject({ ok: false, problem: { hint: /write NAME=y/ } });
});
