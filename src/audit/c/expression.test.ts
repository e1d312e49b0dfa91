// The parser of C expressions: precedence, and what it refuses.

import { expect, test } from 'vitest';
import { type CExpr, MAX_DEPTH, namesOf, parseExpression } from './expression.ts';

/** The expression with every operator in parentheses, or the problem. */
function shape(text: string): string {
  const result = parseExpression(text, 'x.h:1');
  return result.ok ? show(result.value) : `problem: ${result.problem.what}`;
}

function show(e: CExpr): string {
  switch (e.op) {
    case 'number':
      return String(e.value);
    case 'name':
      return e.name;
    case 'call':
      return `${e.name}(${e.args.map(show).join(',')})`;
    case 'unary':
      return `(${e.sign}${show(e.a)})`;
    case 'binary':
      return `(${show(e.a)}${e.sign}${show(e.b)})`;
    case 'choice':
      return `(${show(e.test)}?${show(e.yes)}:${show(e.no)})`;
  }
}

test('operators bind as in C', () => {
  expect(shape('a || b && c == d')).toBe('(a||(b&&(c==d)))');
  expect(shape('a - b - c * d << 1')).toBe('(((a-b)-(c*d))<<1)');
  expect(shape('!a & ~b | c ^ d')).toBe('(((!a)&(~b))|(c^d))');
  expect(shape('a ? b : c ? d : e')).toBe('(a?b:(c?d:e))');
  expect(shape('(a || b) && f(c, d())')).toBe('((a||b)&&f(c,d()))');
});

test('numbers of every spelling, and true and false', () => {
  expect(shape('0x4000UL + 010 + 7u')).toBe('((16384+8)+7)');
  expect(shape('true != false')).toBe('(1!=0)');
});

test('what is no expression is a problem with its place', () => {
  for (const text of [
    '',
    'a b',
    '(a',
    'a)',
    'f(a,)',
    'a ? b',
    'a.b',
    'x = 1',
    '"s"',
    '099999999999999999999',
  ]) {
    const result = parseExpression(text, 'x.h:7');
    expect(result.ok, text).toBe(false);
    expect(result.ok ? '' : result.problem.where).toBe('x.h:7');
  }
});

test('nesting has a limit, and reaching it is a problem', () => {
  const nested = (depth: number): string => '('.repeat(depth) + 'a' + ')'.repeat(depth);
  expect(shape(nested(MAX_DEPTH - 1))).toBe('a');
  expect(shape(nested(MAX_DEPTH + 1))).toContain('problem');
  expect(shape(`${'!'.repeat(100_000)}a`)).toContain('problem');
});

test('names are listed once, sorted', () => {
  const result = parseExpression('f(b) || a > b ? !a : c', 'x');
  expect(result.ok && namesOf(result.value)).toEqual(['a', 'b', 'c', 'f']);
});
