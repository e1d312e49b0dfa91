// Conditions on end states: `exists (0:r0=0 /\ x=1)`, `filter`, `locations`.

import type {
  Clause,
  ConditionNode,
  Constant,
  Locations,
  Place,
  QuestionNode,
  Word,
} from './ast.ts';
import { type Cursor, shown, toWord } from './cursor.ts';
import type { Span } from './lex.ts';
import { suggestion } from './nearest.ts';
import { PARTS } from './parse-block.ts';
import { parseConstant } from './parse-init.ts';

/** Operands of one `and` or `or`, and places of `locations`, at most. */
export const MAX_TERMS = 256;

/** Reads `exists (...)`, `~exists (...)` or `forall (...)`. */
export function parseQuestion(cursor: Cursor): QuestionNode | undefined {
  const above = cursor.commentsAbove();
  const first = cursor.peek();
  const quantifier = parseQuantifier(cursor);
  const condition = quantifier && parseInParens(cursor);
  if (!condition) return undefined;
  return { quantifier, condition, ...cursor.spanFrom(first), ...cursor.trivia(above) };
}

function parseQuantifier(cursor: Cursor): QuestionNode['quantifier'] | undefined {
  if (cursor.eat('exists')) return 'exists';
  if (cursor.eat('forall')) return 'forall';
  if (cursor.eat('~')) return cursor.expect('exists') ? 'not-exists' : undefined;
  const { kind, text } = cursor.peek();
  const known = ['exists', '~exists', 'forall'];
  const hint =
    kind === 'name'
      ? suggestion(text, known, 'questions')
      : 'a test ends in its question: exists (CONDITION)';
  cursor.unexpected('exists, ~exists or forall', hint);
  return undefined;
}

/** Reads `filter (...)`. */
export function parseClause(cursor: Cursor): Clause | undefined {
  const above = cursor.commentsAbove();
  const first = cursor.take();
  const condition = parseInParens(cursor);
  if (condition) return { condition, ...cursor.spanFrom(first), ...cursor.trivia(above) };
  skipToQuestion(cursor);
  return undefined;
}

/** Reads `locations [x; 0:r0]`; commas do as well as semicolons. */
export function parseLocations(cursor: Cursor): Locations | undefined {
  const above = cursor.commentsAbove();
  const first = cursor.take();
  const of = parsePlaces(cursor);
  if (of) return { of, ...cursor.spanFrom(first), ...cursor.trivia(above) };
  skipToQuestion(cursor);
  return undefined;
}

function parsePlaces(cursor: Cursor): readonly Place[] | undefined {
  const hint = 'e.g. locations [x; 0:r0]';
  if (!cursor.expect('[', hint)) return undefined;
  const places: Place[] = [];
  while (!cursor.eat(']')) {
    const place = parsePlace(cursor);
    if (!place) return undefined;
    places.push(place);
    if (isTooMany(cursor, places.length)) return undefined;
    if (!cursor.eat(';') && !cursor.eat(',') && !cursor.sees(']')) {
      cursor.unexpected("';' or ']'", hint);
      return undefined;
    }
  }
  return places;
}

function skipToQuestion(cursor: Cursor): void {
  while (!cursor.ended && !PARTS.some((word) => cursor.sees(word))) cursor.take();
}

function parseInParens(cursor: Cursor): ConditionNode | undefined {
  if (!cursor.expect('(', 'a condition stands in parentheses')) return undefined;
  const condition = parseCondition(cursor);
  return condition && cursor.expect(')') ? condition : undefined;
}

// From loosest to tightest: =>, \/, /\, ~.
function parseCondition(cursor: Cursor): ConditionNode | undefined {
  return cursor.nested((): ConditionNode | undefined => {
    const a = parseChain(cursor, 'or');
    if (!a || !cursor.eat('=>')) return a;
    const b = parseCondition(cursor);
    return b && { kind: 'implies', a, b, from: a.from, to: b.to };
  });
}

const SIGNS = { and: '/\\', or: '\\/' } as const;
const C_SIGNS = { and: '&&', or: '||' } as const;

function parseChain(cursor: Cursor, kind: 'and' | 'or'): ConditionNode | undefined {
  const first = cursor.peek();
  const of: ConditionNode[] = [];
  do {
    const operand = kind === 'or' ? parseChain(cursor, 'and') : parseNot(cursor);
    if (!operand) return undefined;
    // a /\ (b /\ c) is a /\ b /\ c.
    if (operand.kind === kind) of.push(...operand.of);
    else of.push(operand);
    if (isTooMany(cursor, of.length)) return undefined;
    if (cursor.sees(C_SIGNS[kind])) {
      const hint = `in a condition it is ${SIGNS[kind]}`;
      cursor.reporter.add(cursor.peek(), `there is no ${shown(cursor.peek())} here`, hint);
      return undefined;
    }
  } while (cursor.eat(SIGNS[kind]));
  const only = of.length === 1 ? of[0] : undefined;
  return only ?? { kind, of, ...cursor.spanFrom(first) };
}

function isTooMany(cursor: Cursor, count: number): boolean {
  if (count <= MAX_TERMS) return false;
  cursor.reporter.add(cursor.peek(), `more than ${MAX_TERMS} terms`, 'no test needs that many');
  return true;
}

function parseNot(cursor: Cursor): ConditionNode | undefined {
  const first = cursor.peek();
  if (cursor.eat('~') || cursor.eat('not')) {
    const of = cursor.nested(() => parseNot(cursor));
    return of && { kind: 'not', of, ...cursor.spanFrom(first) };
  }
  if (cursor.sees('!')) {
    cursor.reporter.add(first, "there is no '!' here", 'in a condition it is ~');
    return undefined;
  }
  if (cursor.eat('(')) {
    const inner = parseCondition(cursor);
    return inner && cursor.expect(')') ? inner : undefined;
  }
  if (cursor.eat('true')) return { kind: 'true', ...cursor.spanFrom(first) };
  if (cursor.eat('false')) return { kind: 'false', ...cursor.spanFrom(first) };
  return parseEquals(cursor);
}

function parseEquals(cursor: Cursor): ConditionNode | undefined {
  const place = parsePlace(cursor);
  if (!place) return undefined;
  const signs: ReadonlyMap<string, string> = new Map([
    ['==', 'a condition compares with a single ='],
    ['!=', 'write ~(x=1)'],
  ]);
  const other = signs.get(cursor.peek().text);
  if (other !== undefined) {
    cursor.reporter.add(cursor.peek(), `there is no ${shown(cursor.peek())} here`, other);
    return undefined;
  }
  if (!cursor.expect('=', 'e.g. 0:r0=1')) return undefined;
  const value = parseConstant(cursor, 'a number', 'e.g. 0:r0=1');
  return value && { kind: 'equals', place, value, from: place.from, to: value.to };
}

/** `0:r0`, `P0:r0`, `x`, `[x]`, `x[1]`, `y.flag`, `y.buf[1]`, `crashed`. */
function parsePlace(cursor: Cursor): Place | undefined {
  const first = cursor.peek();
  if (cursor.sees(':', 1)) {
    const thread = threadOf(cursor);
    const register = thread && cursor.word('a register', 'e.g. 0:r0');
    return register && { kind: 'register', thread, register, ...cursor.spanFrom(first) };
  }
  const bracketed = cursor.eat('[');
  const cell = parseCell(cursor);
  if (!cell || (bracketed && !cursor.expect(']'))) return undefined;
  return { ...cell, ...cursor.spanFrom(first) };
}

function threadOf(cursor: Cursor): Word | undefined {
  const token = cursor.peek();
  if (!/^P?\d+$/.test(token.text)) {
    cursor.unexpected('the number of a thread', 'e.g. 0:r0');
    return undefined;
  }
  const { text, from, to } = toWord(cursor.take());
  cursor.take();
  return { text: text.startsWith('P') ? text : `P${text}`, from, to };
}

function parseCell(cursor: Cursor): (Span & Extract<Place, { kind: 'cell' }>) | undefined {
  const first = cursor.peek();
  const hint = 'a register is 0:r0, memory is x, x[1] or y.flag';
  const name = cursor.word('what the condition is about', hint);
  if (!name) return undefined;
  const member = cursor.eat('.') ? cursor.word('the name of a line of the page') : undefined;
  if (cursor.last.text === '.') return undefined;
  let index: Constant | undefined;
  if (cursor.eat('[')) {
    index = parseConstant(cursor, 'the number of a cell');
    if (!index || !cursor.expect(']')) return undefined;
  }
  return {
    kind: 'cell',
    name,
    ...(member ? { member } : {}),
    ...(index ? { index } : {}),
    ...cursor.spanFrom(first),
  };
}
