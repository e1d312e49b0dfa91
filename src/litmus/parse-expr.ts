// Expressions of C: numbers, registers, accesses, calls, and a handful of operators.

import type { BinaryOp, ExprNode } from './ast.ts';
import { type Cursor, MAX_NESTING, shown, toWord } from './cursor.ts';

/** Operators of two operands and how tightly they bind. */
export const PRECEDENCE: Readonly<Record<BinaryOp, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
};

const BINARY: ReadonlyMap<string, BinaryOp> = new Map([
  ['||', '||'],
  ['&&', '&&'],
  ['==', '=='],
  ['!=', '!='],
  ['<', '<'],
  ['>', '>'],
  ['<=', '<='],
  ['>=', '>='],
  ['+', '+'],
]);

/** Operators of C that there are not. */
const MISSING: ReadonlyMap<string, string> = new Map([
  ['-', 'add a negative number in its place: r0 + -1'],
  ['*', 'values are small: write the sum out'],
  ['/', 'values are small: use if'],
  ['%', 'values are small: use if'],
  ['&', 'use == or a variable for each bit'],
  ['|', 'use || or a variable for each bit'],
  ['^', 'use !='],
  ['?', 'use if'],
  ['<<', 'values are small: write the number out'],
  ['>>', 'values are small: write the number out'],
  ['/\\', 'that is an operator of conditions; here it is &&'],
  ['\\/', 'that is an operator of conditions; here it is ||'],
  ['=>', 'that is an operator of conditions; or do you mean >=?'],
]);

/** Reads an expression; undefined where a problem was noted. */
export function parseExpr(cursor: Cursor): ExprNode | undefined {
  return cursor.nested(() => parseBinary(cursor, 1));
}

function parseBinary(cursor: Cursor, weakest: number): ExprNode | undefined {
  let a = parseUnary(cursor);
  for (let links = 0; a; links++) {
    const sign = cursor.peek();
    const op = sign.kind === 'symbol' ? BINARY.get(sign.text) : undefined;
    if (op === undefined) return refuseOperator(cursor) ? undefined : a;
    if (PRECEDENCE[op] < weakest) return a;
    if (links >= MAX_NESTING) {
      const what = `more than ${MAX_NESTING} operators in a row`;
      cursor.reporter.add(sign, what, 'no test needs that many');
      return undefined;
    }
    cursor.take();
    const b: ExprNode | undefined = parseBinary(cursor, PRECEDENCE[op] + 1);
    if (!b) return undefined;
    a = { kind: 'binary', op, a, b, from: a.from, to: cursor.last.to };
  }
  return undefined;
}

function refuseOperator(cursor: Cursor): boolean {
  const { text, kind } = cursor.peek();
  const instead = kind === 'symbol' ? MISSING.get(text) : undefined;
  if (instead === undefined) return false;
  cursor.reporter.add(cursor.peek(), `there is no operator ${shown(cursor.peek())}`, instead);
  return true;
}

function parseUnary(cursor: Cursor): ExprNode | undefined {
  const first = cursor.peek();
  const op = (['!', '-', '*', '&'] as const).find((sign) => cursor.sees(sign));
  if (op === undefined) return parsePostfix(cursor);
  cursor.take();
  const of = cursor.nested(() => parseUnary(cursor));
  return of && { kind: 'unary', op, of, ...cursor.spanFrom(first) };
}

function parsePostfix(cursor: Cursor): ExprNode | undefined {
  const first = cursor.peek();
  let of = parsePrimary(cursor);
  for (let links = 0; of; links++) {
    const isMember = cursor.sees('->') || cursor.sees('.');
    if (!isMember && !cursor.sees('[')) return of;
    if (links >= MAX_NESTING) {
      cursor.reporter.add(cursor.peek(), 'too many members in a row', 'e.g. k->buf[1]');
      return undefined;
    }
    if (cursor.sees('.')) {
      const hint = 'an address is a pointer: write k->member';
      cursor.reporter.add(cursor.peek(), "there is no operator '.'", hint);
      return undefined;
    }
    cursor.take();
    of = isMember ? parseMember(cursor, of) : parseIndex(cursor, of);
    if (of) of = { ...of, ...cursor.spanFrom(first) };
  }
  return undefined;
}

function parseMember(cursor: Cursor, of: ExprNode): ExprNode | undefined {
  const member = cursor.word('the name of a member', 'e.g. k->flag');
  return member && { kind: 'member', of, member, from: of.from, to: member.to };
}

function parseIndex(cursor: Cursor, of: ExprNode): ExprNode | undefined {
  const index = parseExpr(cursor);
  if (!index || !cursor.expect(']')) return undefined;
  return { kind: 'index', of, index, from: of.from, to: cursor.last.to };
}

function parsePrimary(cursor: Cursor): ExprNode | undefined {
  const token = cursor.peek();
  if (token.kind === 'number') {
    const { text, from, to } = cursor.take();
    return { kind: 'number', text, from, to };
  }
  if (token.kind === 'name') {
    const name = toWord(cursor.take());
    return cursor.eat('(') ? parseCall(cursor, name) : { kind: 'name', ...name };
  }
  if (cursor.eat('(')) {
    const inner = parseExpr(cursor);
    return inner && cursor.expect(')') ? inner : undefined;
  }
  if (token.kind === 'string') {
    cursor.reporter.add(token, 'a value is a number, not a text', 'leave the quotes out');
  } else {
    cursor.unexpected('a value', 'a number, a register, or an access: READ_ONCE(*k)');
  }
  return undefined;
}

function parseCall(cursor: Cursor, name: ReturnType<typeof toWord>): ExprNode | undefined {
  const args: ExprNode[] = [];
  if (!cursor.eat(')')) {
    do {
      const arg = parseExpr(cursor);
      if (!arg) return undefined;
      args.push(arg);
    } while (cursor.eat(','));
    if (!cursor.expect(')')) return undefined;
  }
  return { kind: 'call', name, args, from: name.from, to: cursor.last.to };
}
