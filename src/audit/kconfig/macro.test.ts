// Variables, functions and toolchain questions.

import { expect, test } from 'vitest';
import { modelOf, tryModel, valuesOf } from '../../../test/kconfig-model.ts';
import { optimistic, pessimistic } from './profile.ts';

// The value of a string symbol whose default is the given text.
function expanded(definitions: string, text: string): string {
  const symbol = `config S\n\tstring\n\tdefault "${text}"\n`;
  return valuesOf(`${definitions}\n${symbol}`, 'S').slice(2);
}

test('= expands when used, := when assigned, += keeps the flavour it finds', () => {
  expect(expanded('A = $(B)\nB := late', '$(A)')).toBe('late');
  expect(expanded('A := $(B)\nB := late', '[$(A)]')).toBe('[]');
  expect(expanded('B := 1\nA := x\nA += $(B)\nB := 2', '$(A)')).toBe('x 1');
  expect(expanded('B := 1\nA = x\nA += $(B)\nB := 2', '$(A)')).toBe('x 2');
});

test('arguments are split at commas outside parentheses before they are expanded', () => {
  expect(expanded('comma := ,\nf = <$(2)|$(1)>', '$(f,a$(comma)b,(c,d))')).toBe('<(c,d)|a,b>');
  expect(expanded('f = $(1)', '[$(f)]')).toBe('[]');
});

test('names may be computed, and unknown ones are the environment or nothing', () => {
  expect(expanded('ab := hit', '$($(empty)ab)')).toBe('hit');
  expect(expanded('', '$(ARCH)-$(NO_SUCH)-')).toBe('x86_64--');
  expect(expanded('', '$NAME and ${X} stay')).toBe('$NAME and ${X} stay');
});

test('$(filename) and $(lineno) give the place of the use', () => {
  expect(expanded('', '$(filename):$(lineno)')).toBe('Kconfig:4');
});

test('a macro that doubles at each level, or calls itself, is a Problem and not a hang', () => {
  const doubling = Array.from({ length: 60 }, (_, i) => `v${i} = $(v${i + 1})$(v${i + 1})`);
  const bomb = tryModel(`${doubling.join('\n')}\nv60 = x\n$(error-if,$(v0),no)\n`);
  expect(bomb.ok ? '' : bomb.problem.what).toContain('too deeply or too often');
  const self = tryModel('a = $(b)\nb = $(a)\nc := $(a)\n');
  expect(self.ok ? '' : self.problem.what).toContain('refers to itself');
  const function_ = tryModel('f = $(f,x)\nc := $(f,x)\n');
  expect(function_.ok ? '' : function_.problem.what).toContain('too deeply');
});

test('error-if stops with its own text and place, warning-if and info only leave a note', () => {
  const stopped = tryModel('x := y\n\n$(error-if,$(x),bad compiler)\n');
  expect(stopped).toMatchObject({
    ok: false,
    problem: { what: 'bad compiler', where: 'Kconfig:3' },
  });
  expect(
    modelOf('$(warning-if,y,careful)\n$(info,hello)\n').notes.map((note) => note.text),
  ).toEqual(['careful', 'hello']);
});

test('a macro at the start of a line must expand to nothing', () => {
  const result = tryModel('a := config X\n$(a)\n');
  expect(result).toMatchObject({ ok: false, problem: { where: 'Kconfig:2' } });
});

const include = [
  'if-success = $(shell,{ $(1); } >/dev/null 2>&1 && echo "$(2)" || echo "$(3)")',
  'success = $(if-success,$(1),y,n)',
  'cc-option = $(success,$(CC) $(1) -c -x c /dev/null)',
  'cc-info := $(shell,$(srctree)/scripts/cc-version.sh $(CC))',
  'cc-version := $(shell,set -- $(cc-info) && echo $2)',
  'config HAS\n\tdef_bool $(cc-option,-mfeature)',
  'config NAMED\n\tdef_bool $(success,test "$(cc-info)" = "GCC 120200")',
  'config VERSION\n\tint\n\tdefault $(cc-version)',
  '',
].join('\n');

test('the toolchain is never asked: the profile answers, and each answer is on record', () => {
  expect(valuesOf(include, 'HAS NAMED VERSION')).toBe('HAS=y NAMED=y VERSION=120200');
  const said = valuesOf(include, 'HAS NAMED VERSION', { profile: pessimistic });
  expect(said).toBe('HAS=n NAMED=y VERSION=120200');
  const { assumptions } = modelOf(include, { profile: optimistic });
  expect(assumptions.map(({ macro, answer, file, line }) => [macro, answer, file, line])).toEqual([
    ['$(shell,$(srctree)/scripts/cc-version.sh $(CC))', 'GCC 120200', 'Kconfig', 4],
    ['cc-option,-mfeature', 'y', 'Kconfig', 7],
  ]);
});
