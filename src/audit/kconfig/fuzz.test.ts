// Whatever the bytes, reading ends with a model or a Problem that has a sentence; never a throw.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tryModel } from '../../../test/kconfig-model.ts';
import { allYes } from './evaluation.ts';
import { symbolNames } from './model.ts';

const lines = [
  'config A',
  'config B',
  'menuconfig C',
  '\tbool "a"',
  '\ttristate "t" if A',
  '\tint "i"',
  '\thex',
  '\tstring "s $(X)"',
  '\tdepends on !A=y || (B && C)',
  '\tdepends on $(success,test -n "$(A)")',
  '\tdepends on A if B',
  '\tselect B if C != n',
  '\timply A',
  '\trange 1 B if A',
  '\tdefault y if B',
  '\tdefault $(X)',
  '\tdef_tristate m',
  '\tmodules',
  '\toptional',
  '\thelp',
  '\t  some text',
  '',
  'choice',
  '\tprompt "c"',
  'endchoice',
  'if A && \\',
  'if B',
  'endif',
  'menu "m"',
  '\tvisible if B',
  'endmenu',
  'comment "c"',
  'source "Kconfig"',
  'source "b"',
  'X := $(X) y',
  'X = $(call,$(1),$(X))',
  '$(error-if,$(X),no)',
  'mainmenu "m"',
] as const;

function check(text: string, release: string): void {
  const result = tryModel(text, { files: { b: 'config D\n\tbool "d"\n' }, release });
  if (!result.ok) {
    expect(result.problem.what).not.toBe('');
    expect(result.problem.where).toBeDefined();
    return;
  }
  const evaluation = allYes(result.value);
  for (const name of symbolNames(result.value)) {
    expect(evaluation.value(name)).toBeTypeOf('string');
    evaluation.written(name);
    evaluation.why(name);
    evaluation.selectors(name);
  }
  evaluation.notes();
}

const release = fc.constantFrom('4.9', '6.1', '6.12');
const snippet = fc
  .array(fc.constantFrom(...lines), { maxLength: 30 })
  .map((some) => `${some.join('\n')}\n`);

test('random text never makes the reader throw', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'binary' }), release, check));
});

test('random statements never make reader or evaluator throw', () => {
  fc.assert(fc.property(snippet, release, check), { numRuns: 2000 });
});

test('a valid text with one character replaced never makes the reader throw', () => {
  const mutated = fc
    .tuple(snippet, fc.nat(), fc.constantFrom(...'\\$()"\'#=!&|<> \t\n\0ABy0'.split('')))
    .map(([text, place, char]) => {
      const at = place % text.length;
      return text.slice(0, at) + char + text.slice(at + 1);
    });
  fc.assert(fc.property(mutated, release, check), { numRuns: 1000 });
});
