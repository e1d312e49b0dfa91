// All-yes values, rule by rule, on texts small enough to check by hand.

import { expect, test } from 'vitest';
import { evaluationOf, valuesOf } from '../../../test/kconfig-model.ts';

const modules = 'config MODULES\n\tbool "modules"\n\tmodules\n';

test('every visible question is answered with yes, an unmet dependency keeps n', () => {
  const text =
    'config A\n\tbool "a"\nconfig B\n\ttristate "b"\n\tdepends on A && !NONE\n' +
    'config C\n\tbool "c"\n\tdepends on NONE\n';
  expect(valuesOf(text, 'A B C NONE')).toBe('A=y B=y C=n NONE=undefined');
});

test('m limits a tristate to m with modules, and to n without', () => {
  const text = 'config T\n\ttristate "t"\n\tdepends on m\nconfig U\n\tbool "u"\n\tdepends on T\n';
  expect(valuesOf(modules + text, 'T U')).toBe('T=m U=y');
  expect(valuesOf(text, 'T U')).toBe('T=n U=n');
});

test('a bool that only m selects becomes y, a tristate m', () => {
  const text =
    'config T\n\ttristate "t"\n\tdepends on m\n\tselect B\n\tselect R\n' +
    'config B\n\tbool\nconfig R\n\ttristate\n';
  expect(valuesOf(modules + text, 'B R')).toBe('B=y R=m');
});

test('select overrides dependencies, imply does not', () => {
  const text =
    'config A\n\tbool "a"\n\tselect S\n\timply I\n\timply J\n' +
    'config S\n\tbool\n\tdepends on NONE\nconfig I\n\tbool\n\tdepends on NONE\nconfig J\n\tbool\n';
  expect(valuesOf(text, 'S I J')).toBe('S=y I=n J=y');
});

test('imply is bound by the definitions that have dependencies, as in conf', () => {
  const text =
    'config A\n\tbool "a"\n\timply M\nconfig M\n\tbool\n\tdepends on NONE\n' +
    'config M\n\tbool "m" if NONE\n';
  expect(valuesOf(text, 'M')).toBe('M=n');
  expect(valuesOf(text.replace('\tdepends on NONE\n', ''), 'M')).toBe('M=y');
});

test('a select counts only under its condition and the blocks around it', () => {
  const text =
    'config A\n\tbool "a"\n\tselect S if NONE\nif NONE\nconfig B\n\tdef_bool y\n' +
    '\tselect S\nendif\nconfig S\n\tbool\n';
  expect(valuesOf(text, 'S B')).toBe('S=n B=n');
});

test('the first default whose condition holds counts', () => {
  const text =
    'config N\n\tint\n\tdefault 1 if NONE\n\tdefault 2 if A\n\tdefault 3\n' +
    'config A\n\tbool "a"\n';
  expect(valuesOf(text, 'N')).toBe('N=2');
});

test('a range limits a default, and limits may be symbols', () => {
  const text =
    'config LOW\n\tint\n\tdefault 10\nconfig N\n\tint\n\trange LOW 20\n\tdefault 3\n' +
    'config X\n\thex\n\trange 0x10 0x20\n\tdefault 0xff\n';
  expect(valuesOf(text, 'N X')).toBe('N=10 X=0x20');
});

test('numbers without default are 0 today, and empty up to 6.10', () => {
  const text = 'config N\n\tint "n"\nconfig X\n\thex "x"\nconfig S\n\tstring "s"\n';
  expect(valuesOf(text, 'N X S')).toBe('N=0 X=0x0 S=');
  expect(valuesOf(text, 'N X S', { release: '6.1' })).toBe('N= X= S=');
});

test('visible if hides prompts and leaves dependencies alone', () => {
  const text =
    'menu "m"\n\tvisible if NONE\nconfig A\n\tbool "a"\nconfig B\n\tdef_bool y\nendmenu\n';
  expect(valuesOf(text, 'A B')).toBe('A=n B=y');
});

test('depends on X if Y asks for X only where Y is set', () => {
  const text =
    'config OFF\n\tbool\nconfig A\n\tbool "a"\n\tdepends on NONE if OFF\n' +
    'config B\n\tbool "b"\n\tdepends on NONE if A && !OFF\n';
  expect(valuesOf(text, 'A B')).toBe('A=y B=n');
});

test('several definitions of a symbol add up', () => {
  const text = 'config A\n\tbool\n\tdepends on NONE\nconfig A\n\tbool "a"\n';
  expect(valuesOf(text, 'A')).toBe('A=y');
});

test('a transitional symbol and one without type have no value of their own', () => {
  expect(valuesOf('config T\n\tbool\n\ttransitional\nconfig U\n\tdefault y\n', 'T U')).toBe(
    'T=n U=U',
  );
});

const choice =
  'choice\n\tprompt "c"\n\tdefault B\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n' +
  'config C\n\tbool "c"\n\tdepends on NONE\nendchoice\n';

test.each(['6.1', '6.12'])(
  'a choice takes its default, a preset another member (%s)',
  (release) => {
    expect(valuesOf(choice, 'A B C', { release })).toBe('A=n B=y C=n');
    expect(valuesOf(choice, 'A B C', { release, preset: { A: 'y' } })).toBe('A=y B=n C=n');
    expect(valuesOf(choice, 'A B C', { release, preset: { C: 'y' } })).toBe('A=n B=y C=n');
  },
);

test('today a default that the preset refuses gives way to the first free member', () => {
  expect(valuesOf(choice, 'A B', { preset: { B: 'n' } })).toBe('A=y B=n');
});

test('of two members in a preset the last one wins, in both rules', () => {
  for (const release of ['6.1', '6.12']) {
    expect(valuesOf(choice, 'A B', { release, preset: { B: 'y', A: 'y' } })).toBe('A=y B=n');
  }
});

test('up to 6.10 an optional choice stays off once a preset is read, and is on without one', () => {
  const text =
    'choice\n\tprompt "c"\n\toptional\nconfig A\n\tbool "a"\nendchoice\nconfig Z\n\tbool "z"\n';
  expect(valuesOf(text, 'A', { release: '6.1' })).toBe('A=y');
  expect(valuesOf(text, 'A', { release: '6.1', preset: { Z: 'y' } })).toBe('A=n');
});

test('up to 6.10 an entry that depends on the member before it is no member', () => {
  const text =
    'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A\n' +
    'endchoice\n';
  expect(valuesOf(text, 'A B', { release: '6.1' })).toBe('A=y B=y');
  expect(valuesOf(text, 'A B', { release: '6.12' })).toBe('A=y B=n');
});

test('a preset value is bound by visibility, as an answer is', () => {
  const text = 'config A\n\tbool "a"\nconfig B\n\tbool\nconfig N\n\tint "n"\n\tdefault 1\n';
  const preset = { A: 'n', B: 'y', N: '7', NO_SUCH: 'y' };
  expect(valuesOf(text, 'A B N', { preset })).toBe('A=n B=n N=7');
});

test('a recursive dependency ends, is noted, and does not depend on who asks first', () => {
  const text = 'config A\n\tbool "a"\n\tdepends on !B\nconfig B\n\tbool "b"\n\tdepends on !A\n';
  const forth = evaluationOf(text);
  const back = evaluationOf(text);
  const first = [forth.value('A'), forth.value('B')];
  const second = [back.value('B'), back.value('A')].reverse();
  expect(first).toEqual(second);
  expect(forth.notes()).toMatchObject([{ line: 1, text: expect.stringContaining('recursive') }]);
});

test('a chain of dependencies of any length is calculated', () => {
  const count = 20_000;
  const links = Array.from(
    { length: count },
    (_, i) => `config C${i}\n\tbool "c"\n\tdepends on C${i + 1}\n`,
  );
  const text = `${links.join('')}config C${count}\n\tbool "end"\n`;
  expect(valuesOf(text, 'C0')).toBe('C0=y');
  const cut = `${links.join('')}config C${count}\n\tbool "end"\n\tdepends on NONE\n`;
  expect(valuesOf(cut, 'C0')).toBe('C0=n');
});

test('what conf would write: visible symbols and those with a value', () => {
  const text =
    'config A\n\tbool "a"\nconfig B\n\tbool\nconfig C\n\tdef_bool y\nconfig D\n\tbool "d"\n' +
    '\tdepends on B\n';
  const evaluation = evaluationOf(text);
  const written = ['A', 'B', 'C', 'D', 'NONE'].filter((name) => evaluation.written(name));
  expect(written).toEqual(['A', 'C']);
});
