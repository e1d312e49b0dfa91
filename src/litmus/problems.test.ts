// What is said about mistakes: the token, the place, the nearest known word, the fix.

import { describe, expect, test } from 'vitest';
import { type Parts, sample } from '../../test/litmus/sample.ts';
import { parseLitmus } from './index.ts';

/** `line:col what | hint` of each problem. */
function problems(text: string): readonly string[] {
  const parsed = parseLitmus(text, 'f');
  if (parsed.ok) return [];
  return parsed.problems.map(({ where, what, hint }) => `${where?.slice(2)} ${what} | ${hint}`);
}

function inBody(body: string): readonly string[] {
  return problems(sample({ body })).map((line) => line.replace(/^\d+:/, ''));
}

test('the sample is right', () => {
  expect(problems(sample())).toEqual([]);
});

describe('the first line', () => {
  test.each([
    ['', "1:1 the file is empty | a test begins with the line 'DAX NAME'"],
    ['dax t', "1:1 the first line is 'DAX NAME', found 'dax' | write DAX in capitals"],
    ['\0', '1:1 a NUL byte: this is no text file | save it as ASCII or UTF-8'],
    [
      'C t',
      '1:1 this is a litmus test for herd7 (C): it asks about memory order, not caches | ' +
        'run herd7 -conf linux-kernel.cfg f',
    ],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  test('blanks in the name, and letters that are none of a name', () => {
    expect(problems(sample().replace('DAX t', 'DAX a b'))).toEqual([
      '1:7 a name has no blanks | join its parts with + or -',
    ]);
    expect(problems(sample().replace('DAX t', 'DAX a/b'))).toEqual([
      '1:5 this is no name of a test | it is of letters, digits and + - _ . :',
    ]);
  });
});

describe('one mistake, one problem', () => {
  const cases: readonly [Parts, string][] = [
    [{ head: 'Bond=3' }, '2:1 there is no key Bond | did you mean Bound?'],
    [{ head: 'Bound=x' }, '2:7 Bound=x is no number of states | e.g. Bound=1000000'],
    [{ head: 'Remedy=deyn' }, '2:8 there is no remedy deyn | did you mean deny?'],
    [{ head: '"a' }, '2:1 a title without its closing quote | end the line with "'],
    [
      { head: '(* a' },
      "2:1 a comment without end | close it with '*)'; the star of a pointer needs its name " +
        'right behind it: (*p)',
    ],
    [{ init: 'pgae x = 0;' }, "4:1 expected a declaration, found 'pgae' | did you mean page?"],
    [{ init: 'page x = 0' }, "4:11 ';' is missing after '0' | add the semicolon"],
    [
      { params: 'int *k', body: 'WRITE_ONCE(*u, 1);' },
      "13:13 'u' is not passed to P0 | add 'int *u' to the parameters of P0",
    ],
    [{ params: 'int k, int *u' }, "10:4 'k' is not of the type 'int' | write int *k"],
    [
      { params: 'int *x, int *u' },
      "10:9 'x' is a page, and P0 needs an address of it | " + 'its addresses: k, u',
    ],
    [
      { more: 'P2(int *k) { }' },
      '15:1 expected the thread P1, found P2 | threads are P0, P1, ... in this order, without gaps',
    ],
    [
      { question: 'exist (x=0)' },
      '16:1 expected a thread P0(...) or the question, found ' + "'exist' | did you mean exists?",
    ],
    [{ question: 'exists (1:r0=0)' }, '16:9 there is no thread P1 | threads: P0'],
    [{ question: 'exists (0:r1=0)' }, "16:11 P0 has no register 'r1' | did you mean r0?"],
    [
      { question: 'exists (r0=0)' },
      "16:9 there is no page or variable 'r0' | a register is named with its thread: 0:r0",
    ],
    [
      { question: 'exists (k=0)' },
      "16:9 there is no page or variable 'k' | 'k' is an address; the page is x",
    ],
    [
      { question: 'exists (x==0)' },
      "16:10 there is no '==' here | a condition compares with a " + 'single =',
    ],
    [{ question: 'exists (x[1]=0)' }, '16:11 x has no cell 1 | it has one cell, 0'],
    [
      { question: 'filter (x=0)\nlocations [x]\nexists (x=0)' },
      "17:1 'locations' stands before 'filter' | swap the two",
    ],
    [{ body: 'if (r0) {' }, "16:1 '}' is missing before 'exists' | the block begins at f:11:1"],
  ];
  test.each(cases)('%j', (parts, expected) => {
    expect(problems(sample(parts))).toEqual([expected]);
  });
});

describe('statements', () => {
  test.each([
    ['r0 = READ_ONSE(*u);', '6 there is no primitive READ_ONSE() | did you mean READ_ONCE?'],
    ['r1 = READ_ONCE(*u);', "1 there is no 'r1' in P0 | declare it: int r1;"],
    ['READ_ONCE(u);', "11 'u' is an address, not a place in memory | write *u"],
    ['k = 3;', "1 'k' is no register | to store to it write WRITE_ONCE(*k, 3)"],
    ['r0 = k;', "6 'k' is an address, not a number | to load it write READ_ONCE(*k)"],
    ['r0 = *x;', "7 'x' is a page; threads reach it through an address | its addresses: k, u"],
    ['flush_dcache_page(*k);', '19 an address is wanted here, not a value | write k'],
    [
      'flush_dcache_page(flag);',
      "19 'flag' is a variable, on no page under test | it is always coherent; name an address " +
        'of a page',
    ],
    ['flush_cache_page(k);', "18 'k' is not a user address | use u"],
    ['mutex_lock(l);', "12 'l' is a spinlock | use spin_lock() and spin_unlock()"],
    ['xchg(k);', '1 xchg() takes 2 arguments, not 1 | write xchg(p, v)'],
    ['r0 = smp_mb();', '6 smp_mb() gives no value | call it as a statement'],
    ['r0++;', "3 there is no '++' | write the assignment out: r0 = r0 + 1;"],
    ['for (;;) { }', "1 'for' is no statement of the language | write a while"],
    ['long r2;', "1 'long' begins no statement | every register is an int: int r0;"],
    ['if (r0 = 1) ;', '8 an assignment is no condition | to compare, write =='],
    ['r0 = r0 - 1;', "9 there is no operator '-' | add a negative number in its place: r0 + -1"],
    ['r0 = 07;', "6 '07' is no number | numbers are decimal (10) or hexadecimal (0xa)"],
    [
      'r0 = 99999;',
      '6 99999 is more than 32767 | values have 16 bits; a small number tells as much',
    ],
    [
      'r0 = ENOMEN;',
      "6 there is no error number 'ENOMEN' | did you mean ENOMEM or ENODEV or ENOENT?",
    ],
    ['int k;', "5 'k' is declared in the init block | choose another name for the register"],
    [
      'int r3; r0 = r3;',
      "14 nothing ever sets the register 'r3' | begin with a value: int r3 = 0;",
    ],
    [
      'r0 = \u00e9;',
      "6 expected a value, found 'U+00E9' | outside of comments the language is ASCII",
    ],
    ['r0 = 1);', "7 this ')' closes nothing | take it away"],
    ['r0;', "1 'r0' does nothing | a statement assigns a value or calls a primitive"],
  ])('%s', (body, expected) => {
    expect(inBody(body)).toEqual([expected]);
  });
});

test('all mistakes of one file are told, by place, twenty at most', () => {
  const body = 'r0++;\nr0 = 1\nr0 = (2;\ngoto out;';
  const places = problems(sample({ body })).map((line) => line.split(' ')[0]);
  expect(places).toEqual(['13:3', '14:7', '15:8', '16:1']);
  const many = problems(sample({ body: 'nothing();\n'.repeat(30) }));
  expect(many).toHaveLength(21);
  expect(many.at(-1)).toContain('10 more problems');
});

test('what is wrong with a declaration is said once, not at each use', () => {
  const init = 'page x = 0; int *k = linear(y); int *u = user(x); int flag = 0; spinlock_t l;';
  expect(problems(sample({ init, body: 'r0 = *k; WRITE_ONCE(*k, 1);' }))).toHaveLength(1);
});

test('members of a page of several lines are named', () => {
  const init = 'page y { a; b[2]; }; struct y *k = linear(y);';
  const parts = { init, params: 'struct y *k' };
  const body = 'r0 = *k; r0 = k->b; r0 = k->c; r0 = k[1];';
  expect(problems(sample({ ...parts, body, question: 'exists (y=1)' }))).toEqual([
    '9:6 the page y has several lines | name one: k->a, k->b',
    '9:15 y.b has 2 cells | name the cell: k->b[0]',
    "9:29 y has no line 'c' | members: a, b",
    '9:39 the page y has several lines | name one: k->a, k->b',
    '12:9 the page y has named lines | name one: y.a, y.b',
  ]);
});
