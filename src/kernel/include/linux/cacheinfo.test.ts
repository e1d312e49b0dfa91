// Unit tests of the evaluation of predicates, known, unknown and absent.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { machineById } from '../../../hw/index.ts';
import type { Machine } from '../../../hw/index.ts';
import type { Predicate, PredicateExpr } from '../../kernel.ts';
import { canBeTrue, cpu_dcache_is_aliasing, formatPredicate, namesOf } from './cacheinfo.ts';

const machine = (id: string): Machine => present(machineById(id), id);
const name = (text: string): PredicateExpr => ({ op: 'name', name: text });
const number = (value: number): PredicateExpr => ({ op: 'number', value });

function defined(expr: PredicateExpr): Predicate {
  return { kind: 'defined', expr, selectedAt: [], definedAt: [] };
}

function ask(predicate: Predicate, id: string, port: string) {
  return cpu_dcache_is_aliasing({ predicate, machine: machine(id), port });
}

const nios2: PredicateExpr = { op: '>', a: name('NIOS2_DCACHE_SIZE'), b: name('PAGE_SIZE') };

test('a comparison is evaluated with what the machine reports, and says so', () => {
  expect(ask(defined(nios2), 'nios2-32k', 'nios2')).toEqual({
    kind: 'known',
    value: true,
    because: 'NIOS2_DCACHE_SIZE > PAGE_SIZE with NIOS2_DCACHE_SIZE = 32768, PAGE_SIZE = 4096',
  });
});

test('a cache larger than the configuration says is not seen: reports, not truth', () => {
  expect(ask(defined(nios2), 'nios2-32k-misconfig', 'nios2')).toMatchObject({ value: false });
});

test('a name nobody knows is not checked, and named', () => {
  const predicate = defined({ op: '||', a: name('mystery_flag'), b: name('false') });
  expect(ask(predicate, 'skylake', 'x86_64')).toEqual({
    kind: 'not-checked',
    why: 'skylake gives no value for mystery_flag',
  });
});

test('an unknown name that cannot matter does not hide the answer', () => {
  const or = defined({ op: '||', a: name('mystery_flag'), b: name('true') });
  expect(ask(or, 'skylake', 'x86_64')).toMatchObject({ kind: 'known', value: true });
  const and = defined({ op: '&&', a: name('false'), b: name('mystery_flag') });
  expect(ask(and, 'skylake', 'x86_64')).toMatchObject({ kind: 'known', value: false });
});

test('absent, generic and unreadable predicates stay apart', () => {
  expect(ask({ kind: 'absent' }, 'skylake', 'x86_64')).toEqual({ kind: 'absent' });
  expect(ask({ kind: 'generic-false', sources: [] }, 'skylake', 'x86_64')).toMatchObject({
    kind: 'known',
    value: false,
  });
  const unreadable: Predicate = { kind: 'not-checked', why: 'a loop stands there', sources: [] };
  expect(ask(unreadable, 'skylake', 'x86_64')).toEqual({
    kind: 'not-checked',
    why: 'a loop stands there',
  });
});

test.each([
  ['>', 1, 0, 0],
  ['<', 0, 1, 0],
  ['>=', 1, 0, 1],
  ['<=', 0, 1, 1],
  ['==', 0, 0, 1],
  ['!=', 1, 1, 0],
] as const)('operator %s: 2 and 1, 1 and 2, 1 and 1', (op, two, one, same) => {
  const value = (a: number, b: number) =>
    ask(defined({ op, a: number(a), b: number(b) }), 'skylake', 'x86_64');
  expect(value(2, 1)).toMatchObject({ value: two === 1 });
  expect(value(1, 2)).toMatchObject({ value: one === 1 });
  expect(value(1, 1)).toMatchObject({ value: same === 1 });
});

test('negation, and the printed form with parentheses', () => {
  const expr: PredicateExpr = { op: 'not', a: { op: '&&', a: name('true'), b: number(0) } };
  expect(ask(defined(expr), 'skylake', 'x86_64')).toMatchObject({ value: true });
  expect(formatPredicate(expr)).toBe('!(true && 0)');
  expect(formatPredicate({ op: 'call', name: 'cache_is_vivt' })).toBe('cache_is_vivt()');
});

test('names are listed once, in order', () => {
  const expr: PredicateExpr = { op: '||', a: nios2, b: { op: 'not', a: name('PAGE_SIZE') } };
  expect(namesOf(expr)).toEqual(['NIOS2_DCACHE_SIZE', 'PAGE_SIZE']);
});

test('a constant predicate reads true or false; numbers inside an expression stay numbers', () => {
  expect(formatPredicate(number(1))).toBe('true');
  expect(formatPredicate(number(0))).toBe('false');
  expect(formatPredicate(number(2))).toBe('2');
  expect(formatPredicate({ op: '>', a: number(1), b: number(0) })).toBe('1 > 0');
  expect(ask(defined(number(1)), 'skylake', 'x86_64')).toMatchObject({ because: 'constant true' });
  expect(ask(defined(number(0)), 'skylake', 'x86_64')).toMatchObject({ because: 'constant false' });
});

test('only what is false on every machine cannot be true', () => {
  expect(canBeTrue(number(0))).toBe(false);
  expect(canBeTrue({ op: '&&', a: name('anything'), b: name('false') })).toBe(false);
  expect(canBeTrue({ op: '||', a: name('anything'), b: number(0) })).toBe(true);
  expect(canBeTrue(nios2)).toBe(true);
  expect(canBeTrue(number(1))).toBe(true);
});
