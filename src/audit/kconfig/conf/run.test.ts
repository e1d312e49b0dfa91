// Whole configurations of small texts: how they are written, and what answers mean.

import { expect, test } from 'vitest';
import { modelOf } from '../../../../test/kconfig-model.ts';
import type { ConfRequest } from './run.ts';
import { runConf } from './run.ts';

const newest = '6.12';
const oldest = '6.1';

/** The configuration without its header, one line after the other joined by `|`. */
function config(kconfig: string, request: ConfRequest, release = newest): string {
  const { text } = runConf(modelOf(kconfig, { release }), request);
  return text.split('\n').slice(4).join('|');
}

test('titles frame a menu, its end and an empty line what follows', () => {
  const text = [
    'mainmenu "Small"',
    'config A',
    '\tbool "a"',
    'menu "Drivers"',
    'config B',
    '\tstring "b"',
    '\tdefault "say \\"x\\\\y\\""',
    'comment "seen with A"',
    '\tdepends on A',
    'endmenu',
    'menu "hidden"',
    '\tvisible if n',
    'config C',
    '\tint',
    '\tdefault 3',
    'endmenu',
    'config D',
    '\thex',
    '\tdefault 0x1f',
    '',
  ].join('\n');
  const { text: written } = runConf(modelOf(text), { mode: 'alldefconfig' });
  expect(written).toBe(
    [
      '#',
      '# Automatically generated file; DO NOT EDIT.',
      '# Small',
      '#',
      '# CONFIG_A is not set',
      '',
      '#',
      '# Drivers',
      '#',
      'CONFIG_B="say \\"x\\\\y\\""',
      '# end of Drivers',
      '',
      'CONFIG_C=3',
      'CONFIG_D=0x1f',
      '',
    ].join('\n'),
  );
  expect(config(text, { mode: 'allyesconfig' })).toContain('# seen with A|#');
});

const modules = 'config MODULES\n\tbool "m"\n\tmodules\n';
const triple = `${modules}config T\n\ttristate "t"\nconfig B\n\tbool "b"\n`;

test.each([
  ['allyesconfig', 'CONFIG_MODULES=y|CONFIG_T=y|CONFIG_B=y|'],
  ['allmodconfig', 'CONFIG_MODULES=y|CONFIG_T=m|CONFIG_B=y|'],
  ['allnoconfig', '# CONFIG_MODULES is not set|# CONFIG_T is not set|# CONFIG_B is not set|'],
  ['alldefconfig', '# CONFIG_MODULES is not set|# CONFIG_T is not set|# CONFIG_B is not set|'],
] as const)('%s answers bool and tristate questions', (mode, expected) => {
  expect(config(triple, { mode })).toBe(expected);
  expect(config(triple, { mode }, oldest)).toBe(expected);
});

test('without modules m becomes y', () => {
  const answers = '# CONFIG_MODULES is not set\nCONFIG_T=m\n';
  const expected = '# CONFIG_MODULES is not set|CONFIG_T=y|# CONFIG_B is not set|';
  expect(config(triple, { mode: 'olddefconfig', config: answers })).toBe(expected);
});

const choice = [
  'choice',
  '\tprompt "c"',
  'config X',
  '\tbool "x"',
  'config Y',
  '\tbool "y"',
  'config Z',
  '\tbool "z"',
  'endchoice',
  '',
].join('\n');

const only = (name: string): string =>
  ['X', 'Y', 'Z']
    .map((one) => (one === name ? `CONFIG_${one}=y|` : `# CONFIG_${one} is not set|`))
    .join('');

test('of a choice, the member answered last with y is taken', () => {
  const config_ = 'CONFIG_Y=y\nCONFIG_Z=y\n';
  for (const release of [newest, oldest]) {
    expect(config(choice, { mode: 'olddefconfig', config: config_ }, release)).toBe(only('Z'));
    expect(config(choice, { mode: 'alldefconfig' }, release)).toBe(only('X'));
  }
});

test('n for the default member moves a choice on since 6.11 only', () => {
  const request: ConfRequest = { mode: 'olddefconfig', config: '# CONFIG_X is not set\n' };
  expect(config(choice, request)).toBe(only('Y'));
  expect(config(choice, request, oldest)).toBe(only('X'));
});

test('all members refused: the one refused first is taken since 6.11', () => {
  const refused = ['Y', 'X', 'Z'].map((one) => `# CONFIG_${one} is not set\n`).join('');
  expect(config(choice, { mode: 'olddefconfig', config: refused })).toBe(only('Y'));
});

test('a number out of its range is brought back into it', () => {
  const number = 'config N\n\tint "n"\n\trange 5 14\n\tdefault 20\n';
  expect(config(number, { mode: 'alldefconfig' })).toBe('CONFIG_N=14|');
  expect(config(number, { mode: 'olddefconfig', config: 'CONFIG_N=2\n' })).toBe('CONFIG_N=5|');
});

test('what is odd in a configuration is told with its line, and the rest is taken', () => {
  const lines = ['CONFIG_B=q', 'nonsense', 'CONFIG_T=y', 'CONFIG_T=n', 'CONFIG_GONE=y', ''];
  const { text, reading } = runConf(modelOf(triple, { release: newest }), {
    mode: 'olddefconfig',
    config: lines.join('\n'),
  });
  expect(reading?.warnings).toEqual([
    { line: 1, text: "symbol value 'q' invalid for B" },
    { line: 2, text: 'unexpected data: nonsense' },
    { line: 4, text: 'override: reassigning to symbol T' },
  ]);
  expect(reading?.unknown).toEqual(['GONE']);
  expect(text).toContain('# CONFIG_T is not set');
});

test('a minimal configuration holds what is not the default, and leads back', () => {
  const text = `${triple}config S\n\tstring "s"\n\tdefault "x"\n${choice}`;
  const model = modelOf(text, { release: newest });
  const full = 'CONFIG_MODULES=y\nCONFIG_T=m\nCONFIG_S="x"\nCONFIG_Y=y\n';
  const minimal = runConf(model, { mode: 'savedefconfig', config: full }).text;
  expect(minimal).toBe('CONFIG_MODULES=y\nCONFIG_T=m\nCONFIG_Y=y\n');
  const again = runConf(model, { mode: 'defconfig', config: minimal }).text;
  expect(again).toBe(runConf(model, { mode: 'olddefconfig', config: full }).text);
});

test('the same seed means the same configuration, another another', () => {
  const names = Array.from({ length: 40 }, (_, i) => `config A${i}\n\tbool "a"\n`).join('');
  const random = (seed: number): string => config(names, { mode: 'randconfig', seed });
  expect(random(7)).toBe(random(7));
  expect(random(7)).not.toBe(random(8));
  const never = { boolY: 0, triY: 0, triM: 0 };
  expect(config(names, { mode: 'randconfig', seed: 7, probability: never })).not.toContain('=y');
});

test('chains of thousands of symbols are calculated', () => {
  const count = 3000;
  const links = Array.from(
    { length: count },
    (_, i) => `config L${i}\n\tbool "l"\n${i + 1 < count ? `\tdepends on L${i + 1}\n` : ''}`,
  );
  const written = config(links.join(''), { mode: 'allyesconfig' });
  expect(written.match(/=y/g)).toHaveLength(count);
});
