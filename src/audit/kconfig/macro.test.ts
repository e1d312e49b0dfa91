// Variables, functions and toolchain questions.

import { expect, test } from 'vitest';
import { confLine, modelOf, tryModel, valuesOf } from '../../../test/kconfig-model.ts';
import { maxShellBytes, optimistic, pessimistic, shellText } from './profile.ts';

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

// What a text that must be refused is refused for, and where.
function refusal(text: string): string {
  const result = tryModel(text);
  return result.ok ? 'read' : `${result.problem.where}: ${result.problem.what}`;
}

// What conf prints while it reads a text, line by line; what it prints to stdout comes after `>`.
function said(text: string, answers: Readonly<Record<string, string>> = {}): readonly string[] {
  const lines: string[] = [];
  tryModel(
    text,
    { profile: { ...optimistic, answers: new Map(Object.entries(answers)) } },
    { note: (note) => lines.push(confLine(note)) },
  );
  return lines;
}

test('a macro that doubles at each level, or calls itself, is a Problem and not a hang', () => {
  const doubling = Array.from({ length: 60 }, (_, i) => `v${i} = $(v${i + 1})$(v${i + 1})`);
  expect(refusal(`${doubling.join('\n')}\nv60 = x\n$(error-if,$(v0),no)\n`)).toContain('too often');
  expect(refusal('a = $(b)\nb = $(a)\n$(a)\n')).toBe(
    "Kconfig:3: Recursive variable 'a' references itself (eventually)",
  );
  expect(refusal('f = $(f,x)\n$(f,x)\n')).toBe('Kconfig:2: Too deep recursive expansion');
  expect(refusal('a = $(b,x)\nb = $(a,x)\n$(a,x)\n')).toBe(
    'Kconfig:3: Too deep recursive expansion',
  );
});

test('a function may call itself as deep as conf lets it', () => {
  const level = (n: number): string => `f${n} = $(f${n + 1},$(1))`;
  const chain = Array.from({ length: 900 }, (_, n) => level(n)).join('\n');
  expect(said(`${chain}\nf900 = <$(1)>\n$(info,$(f0,x))\n`)).toEqual(['><x>']);
});

test('error-if stops with its own text and place, warning-if and info are said in order', () => {
  expect(refusal('x := y\n\n$(error-if,$(x),bad compiler)\n')).toBe('Kconfig:3: bad compiler');
  expect(
    said('$(warning-if,y,careful)\n$(info,hello)\n$(warning-if,n,no)\n$(error-if,y,stop)\n'),
  ).toEqual(['Kconfig:1: careful', '>hello']);
});

test('warnings of the lexer stand in order with those of macros', () => {
  expect(
    said('$(info,a)\nconfig A;\n\tbool "$(warning-if,y,b)"\n\tdefault "y\n$(info,c)\n'),
  ).toEqual([
    '>a',
    "Kconfig:2:warning: ignoring unsupported character ';'",
    'Kconfig:3: b',
    'Kconfig:4:warning: multi-line strings not supported',
    '>c',
  ]);
});

test('wrong numbers of arguments are refused in the words of conf', () => {
  expect(refusal('$(info)\n')).toBe("Kconfig:1: too few function arguments passed to 'info'");
  expect(refusal('$(info,a,b)\n')).toBe("Kconfig:1: too many function arguments passed to 'info'");
  expect(refusal('$(lineno,a)\n')).toContain("too many function arguments passed to 'lineno'");
  expect(refusal(`$(f${',a'.repeat(15)})\n`)).toBe('read');
  expect(refusal(`$(f${',a'.repeat(16)})\n`)).toBe('Kconfig:1: too many function arguments');
});

test('a reference that is not closed stops there, and not before', () => {
  const text = "unterminated reference to 'foo,(b': missing ')'";
  expect(refusal('$(foo,(b\n')).toBe(`Kconfig:1: ${text}`);
  expect(refusal('X = $(foo,(b\n$(X)\n')).toBe(`Kconfig:2: ${text}`);
  expect(refusal('X := $(foo,(b\n')).toBe(`Kconfig:2: ${text}`);
  expect(refusal('config A\n\tbool "x$(foo,(b"\n')).toContain(`reference to 'foo,(b"'`);
  expect(said('$(info,first)\n$(foo\n')).toEqual(['>first']);
});

test('a macro at the start of a line must expand to nothing; what follows it is read', () => {
  expect(refusal('a := config X\n$(a)\n')).toBe('Kconfig:2: unknown statement "config X"');
  expect(refusal('a := config\n$(a) X\n\tbool\n')).toBe('Kconfig:2: unknown statement "config"');
  expect(refusal('$(empty) := 1\n')).toBe('Kconfig:1: invalid statement');
  expect(refusal('config $(empty)\n\tbool\n')).toBe('Kconfig:1: invalid statement');
  const text = '$(info,one) $(info,two) config A\n\t$(info,three)\n\tdef_bool y\n';
  expect(said(`${text}$(info,four) V := five\n$(info,$(V))\n`)).toEqual([
    '>one',
    '>two',
    '>three',
    '>four',
    '>five',
  ]);
  expect(valuesOf(text, 'A')).toBe('A=y');
});

test('what a macro stands for is a name, also where it reads like a keyword', () => {
  const text = 'w := if\nconfig A\n\tdef_bool y\n\tdepends on $(w) || y\n';
  expect(valuesOf(text, 'A')).toBe('A=y');
  expect(refusal('w := if\nconfig A\n\tbool "x" $(w) y\n')).toContain('expected "if"');
});

test('conf gives the line of the macro itself, and of the next line for an assignment', () => {
  const text = [
    'w = $(warning-if,y,$(1) $(lineno))',
    'X := $(w,assigned)',
    'config A\n\tbool "$(w,prompt)"\n\tdepends on y \\\n\t  && $(w,joined)y',
    'menu "$(w,menu)"\nendmenu\ncomment "$(w,comment)"\nif $(w,if)y\nendif\n',
  ].join('\n');
  expect(said(text)).toEqual([
    'Kconfig:3: assigned 3',
    'Kconfig:4: prompt 4',
    'Kconfig:6: joined 6',
    'Kconfig:7: menu 7',
    'Kconfig:9: comment 9',
    'Kconfig:10: if 10',
  ]);
});

test('arguments keep their blanks, and their numbers are read as strtoul() does', () => {
  expect(said('f = [$(1)|$( 1)|$(01)|$(+1)|$(0)|$(2)]\n$(info,$(f, a b ))\n')).toEqual([
    '>[ a b | a b | a b | a b ||]',
  ]);
  expect(said('V := v\n$(info,$( V)$(V )-$(info ,x))\n')).toEqual(['>-']);
});

test('text that $(shell) yields: newlines become spaces, those at the end are dropped', () => {
  expect(shellText('hello\nworld\n\n4\n\n\n')).toBe('hello world  4');
  expect(shellText('a\0b\n')).toBe('a');
  expect(shellText(`${'x'.repeat(5000)}\n`)).toHaveLength(maxShellBytes);
  expect(said('$(info,[$(shell,tool --version)])\n', { 'tool --version': 'one two' })).toEqual([
    '>[one two]',
  ]);
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
  const refused = valuesOf(include, 'HAS NAMED VERSION', { profile: pessimistic });
  expect(refused).toBe('HAS=n NAMED=y VERSION=120200');
  const { assumptions } = modelOf(include, { profile: optimistic });
  expect(assumptions.map(({ macro, answer, file, line }) => [macro, answer, file, line])).toEqual([
    ['$(shell,$(srctree)/scripts/cc-version.sh $(CC))', 'GCC 120200', 'Kconfig', 4],
    ['cc-option,-mfeature', 'y', 'Kconfig', 7],
  ]);
});
