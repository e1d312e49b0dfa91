// Expressions, blocks, and what a syntax error says.

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import type { Problem } from '../../base/index.ts';
import { formatExpr } from './expr.ts';
import { lexLine } from './lex.ts';
import { createNames } from './names.ts';
import { parseFile } from './parse.ts';
import { parseExprLine } from './parse-line.ts';

function reprint(text: string): string {
  const names = createNames();
  const expr = parseExprLine(lexLine(`if ${text}`, 0, 1).tokens, 1, names, { path: 'x', line: 1 });
  return expr.ok ? formatExpr(expr.value, names) : expr.problem.what;
}

function problemOf(text: string): Problem {
  const result = parseFile('dir/Kconfig', text, createNames());
  return present(result.ok ? undefined : result.problem, `problem in ${JSON.stringify(text)}`);
}

test('&& binds tighter than ||, and both lean to the left', () => {
  expect(reprint('A || B && C || D')).toBe('A || B && C || D');
  expect(reprint('(A || B) && C')).toBe('(A || B) && C');
});

test('comparison binds tighter than !, so !A=y is !(A=y)', () => {
  expect(reprint('!A=y')).toBe('!(A=y)');
  expect(reprint('!A && B')).toBe('!A && B');
  expect(reprint('!(A || B)')).toBe('!(A || B)');
});

test('comparisons take symbols only', () => {
  expect(reprint('A < "0x10"')).toBe('A<"0x10"');
  expect(reprint('A = (B)')).toContain('expected a symbol');
  expect(reprint('A = B = C')).toContain('unexpected "="');
});

test('an expression that nests or grows without end is refused', () => {
  expect(reprint(`${'('.repeat(500)}A${')'.repeat(500)}`)).toContain('nests deeper');
  expect(reprint(`${'!'.repeat(500)}A`)).toContain('nests deeper');
  expect(reprint(Array.from({ length: 5000 }, () => 'A').join(' && '))).toContain('operands');
});

test('a syntax error names file, line and column, and hints at the language', () => {
  const problem = problemOf('config A\n\tbool "a"\n\tdepends on B &&\n');
  expect(problem.where).toBe('dir/Kconfig:3:15');
  expect(problem.what).toContain('expected a symbol');
  expect(problem.hint).toContain('kconfig-language.rst');
});

test.each([
  ['menu "m"\nconfig A\n\tbool\n', 'dir/Kconfig:1:1', 'not closed'],
  ['config A\n\tbool\nendif\n', 'dir/Kconfig:3:1', 'outside any block'],
  ['menu "m"\nif A\nendmenu\n', 'dir/Kconfig:3:1', 'within the if block'],
  ['config A B\n', 'dir/Kconfig:1:8', 'one symbol name'],
  ['config A\n\tselect "B"\n', 'dir/Kconfig:2:9', 'expected a symbol'],
  ['config A\n\tbool "x" unless B\n', 'dir/Kconfig:2:11', 'expected "if"'],
  ['confug A\n', 'dir/Kconfig:1:1', 'unknown statement "confug"'],
  ['menu unquoted\n', 'dir/Kconfig:1:6', 'quoted text'],
])('%j is refused at %s', (text, where, what) => {
  expect(problemOf(text)).toMatchObject({ where, what: expect.stringContaining(what) });
});

test('blocks that nest without end are refused', () => {
  expect(problemOf('if A\n'.repeat(500)).what).toContain('nest deeper');
});

test('every statement knows its line, help text and continued lines notwithstanding', () => {
  const text = [
    'config A',
    '\tbool \\',
    '\t  "a"',
    '\thelp',
    '\t  config NOT_A_STATEMENT',
    '',
    'comment "c"',
    '',
  ].join('\n');
  const result = parseFile('Kconfig', text, createNames());
  const file = present(result.ok ? result.value : undefined, 'file');
  expect(file.statements.map(({ kind, line }) => `${kind}:${line}`)).toEqual([
    'config:1',
    'comment:7',
  ]);
});

test('ignored characters are remarked with their line', () => {
  const result = parseFile('Kconfig', 'config A;\n\tbool\n', createNames());
  expect(result.ok ? result.value.remarks : []).toEqual([
    { line: 1, text: "ignoring unsupported character ';'" },
  ]);
});

test('a named choice of the 4.x kernels is read, and its symbol listed as not evaluated', () => {
  const text = 'choice KIND\n\tprompt "k"\nconfig A\n\tbool "a"\nendchoice\n';
  const result = parseFile('Kconfig', text, createNames());
  expect(result.ok ? result.value.remarks : result).toEqual([
    { line: 1, text: "the value of a choice's own symbol, KIND, is not evaluated" },
  ]);
  expect(problemOf('choice "k"\nendchoice\n').what).toContain('at most a name after "choice"');
});
