// Which answer a profile gives, where it comes from, and for which trees and ports.

import { expect, test } from 'vitest';
import { modelOf, tryModel, valuesOf } from '../../../test/kconfig-model.ts';
import { answer, countQuestions, optimistic, pessimistic, profileOn } from './profile.ts';
import type { Profile } from './profile.ts';

const recorded: Profile = {
  ...pessimistic,
  name: 'recorded',
  answers: new Map([
    ['tool --version', 'tool 7'],
    ['{ tool -ma; } >/dev/null 2>&1 && echo "y" || echo "n"', 'y'],
    ['test -n "x"', 'asked all the same'],
  ]),
  exceptions: new Map([['6.1', new Map([['tool --version', 'tool 6']])]]),
  settled: [{ contains: 'tool -mb', succeeds: true }],
};

function asked(command: string): readonly [string, string] {
  const { output, basis } = answer(command, recorded);
  return [output, basis];
}

test('the answer on record comes first, then a rule, then the default', () => {
  const option = (flag: string): string =>
    `{ tool ${flag}; } >/dev/null 2>&1 && echo "y" || echo "n"`;
  expect(asked('tool --version')).toEqual(['tool 7', 'recorded']);
  expect(asked(option('-ma'))).toEqual(['y', 'recorded']);
  expect(asked(option('-mb'))).toEqual(['y', 'rule']);
  expect(asked(option('-mc'))).toEqual(['n', 'guessed']);
  expect(asked('./scripts/cc-version.sh gcc')).toEqual(['GCC 120200', 'rule']);
  expect(asked('tool --help')).toEqual(['', 'guessed']);
  expect(asked('echo a  b')).toEqual(['a b', 'computed']);
  expect(asked('set -- a b && echo $2')).toEqual(['b', 'computed']);
});

test('what a shell would not merely print is not computed', () => {
  for (const command of [
    'echo -n a',
    'echo *',
    'set -- "a b" c && echo $2',
    'set -- $x && echo $1',
  ]) {
    expect(asked(command), command).toEqual(['', 'guessed']);
  }
});

test('what is on record is not computed, and what is computed is no question', () => {
  expect(asked('test -n "x"')).toEqual(['asked all the same', 'recorded']);
  const text = 'config A\n\tdef_bool $(shell,test -n "x")\nconfig B\n\tstring\n';
  const model = modelOf(`${text}\tdefault "$(shell,echo b)"\n`, { profile: recorded });
  expect(model.assumptions.map(({ command }) => command)).toEqual(['test -n "x"']);
});

test('a tree whose scripts answer otherwise has answers of its own', () => {
  const version = (release: string): string =>
    answer('tool --version', profileOn(recorded, release)).output;
  expect(version('6.1.192')).toBe('tool 6');
  expect(version('6.12.117')).toBe('tool 7');
  const text = 'config V\n\tstring\n\tdefault "$(shell,tool --version)"\n';
  expect(valuesOf(text, 'V', { profile: recorded, release: '6.1' })).toBe('V=tool 6');
  expect(valuesOf(text, 'V', { profile: recorded, release: '6.2' })).toBe('V=tool 7');
});

test('a reading counts what was on record and what was assumed', () => {
  const text = 'a := $(shell,tool --version)\nb := $(shell,tool --help)\n';
  const { assumptions } = modelOf(text, { profile: recorded });
  expect(countQuestions(assumptions)).toEqual({ asked: 2, recorded: 1, assumed: 1 });
});

test('the environment of a profile is what macros see', () => {
  const profile = { ...optimistic, environment: { CC_VERSION_TEXT: 'a compiler' } };
  const text = 'config T\n\tstring\n\tdefault "$(CC_VERSION_TEXT) $(CC)"\n';
  expect(valuesOf(text, 'T', { profile })).toBe('T=a compiler gcc');
});

test('a profile of another architecture is refused with a hint', () => {
  const profile = { ...recorded, fits: ['arm'] };
  const result = tryModel('', { profile });
  expect(result).toMatchObject({
    ok: false,
    problem: { what: expect.stringContaining('for ARCH=arm, not for ARCH=x86_64') },
  });
  expect(result.ok ? '' : result.problem.hint).toContain('optimistic');
  expect(tryModel('', { profile: { ...recorded, fits: ['arm', 'x86_64'] } }).ok).toBe(true);
});
