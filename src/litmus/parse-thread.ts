// Threads and their statements: the part of C that a litmus test needs.

import type {
  Block,
  ExprNode,
  Param,
  Statement,
  StatementKind,
  ThreadNode,
  Trivia,
} from './ast.ts';
import { type Cursor, shown, toWord } from './cursor.ts';
import type { Span } from './lex.ts';
import { blockOfOne, parseBlock } from './parse-block.ts';
import { parseExpr } from './parse-expr.ts';

/** Words that begin a declaration in C; only `int` does here. */
const TYPES = ['long', 'short', 'char', 'unsigned', 'signed', 'bool', 'u8', 'u16', 'u32', 'u64'];

/** Statements of C that there are not, and what to write in their place. */
const MISSING: ReadonlyMap<string, string> = new Map([
  ['for', 'write a while'],
  ['do', 'write a while'],
  ['goto', 'write an if or a while'],
  ['switch', 'write an if for each case'],
  ['break', 'put what ends the loop into its condition'],
  ['continue', 'put the rest of the loop into an if'],
  ['return', 'a thread ends at its closing brace; put the rest into an if'],
  ['else', 'it has no if before it'],
]);

/** Reads `P0(int *k, int *u) { ... }`. */
export function parseThread(cursor: Cursor): ThreadNode | undefined {
  const above = cursor.commentsAbove();
  const name = toWord(cursor.take());
  const params = parseParams(cursor);
  if (!params) {
    while (!cursor.ended && !cursor.sees('{')) cursor.take();
  }
  const body = parseBlock(cursor, parseStatement);
  if (!body || !params) return undefined;
  return { name, params, body, ...cursor.spanFrom(name), ...cursor.trivia(above) };
}

function parseParams(cursor: Cursor): readonly Param[] | undefined {
  if (!cursor.expect('(')) return undefined;
  const params: Param[] = [];
  if (cursor.eat(')')) return params;
  if (cursor.sees('void') && cursor.sees(')', 1)) {
    cursor.take();
    cursor.take();
    return params;
  }
  do {
    const param = parseParam(cursor);
    if (!param) return undefined;
    params.push(param);
  } while (cursor.eat(','));
  return cursor.expect(')') ? params : undefined;
}

function parseParam(cursor: Cursor): Param | undefined {
  const words = [];
  const first = cursor.peek();
  const hint = 'e.g. int *k';
  while (cursor.peek().kind === 'name' && words.length < 4) words.push(toWord(cursor.take()));
  const star = cursor.eat('*');
  const name = star ? cursor.word('the name of the parameter', hint) : words.pop();
  if (!name) {
    if (!star) cursor.unexpected('a parameter', hint);
    return undefined;
  }
  if (words.length === 0) {
    cursor.reporter.add(first, `the parameter ${name.text} has no type`, hint);
    return undefined;
  }
  return { type: words, star, name, ...cursor.spanFrom(first) };
}

/** Reads one statement; comments are dealt out by the block it stands in. */
export function parseStatement(cursor: Cursor): (Span & StatementKind) | undefined {
  const first = cursor.peek();
  const statement = parseKind(cursor);
  return statement && { ...statement, ...cursor.spanFrom(first) };
}

function parseKind(cursor: Cursor): StatementKind | undefined {
  if (cursor.eat(';')) return { kind: 'empty' };
  if (cursor.sees('{')) {
    const body = parseBlock(cursor, parseStatement);
    return body && { kind: 'block', body };
  }
  if (cursor.sees('if')) return parseIf(cursor);
  if (cursor.sees('while')) {
    const condition = parseCondition(cursor);
    const body = condition && parseBody(cursor);
    return body && { kind: 'while', condition, body };
  }
  if (cursor.sees('int')) return parseDeclaration(cursor);
  return isRefused(cursor) ? undefined : parseSimple(cursor);
}

function isRefused(cursor: Cursor): boolean {
  const next = cursor.peek();
  const instead = next.kind === 'name' ? MISSING.get(next.text) : undefined;
  if (instead !== undefined) {
    cursor.reporter.add(next, `'${next.text}' is no statement of the language`, instead);
    cursor.take();
    cursor.skipParens();
    return true;
  }
  const typed = cursor.peek(1).kind === 'name' || cursor.sees('*', 1);
  if (next.kind !== 'name' || !(TYPES.includes(next.text) || typed)) return false;
  const hint = TYPES.includes(next.text)
    ? 'every register is an int: int r0;'
    : 'a declaration is int r0; a call has parentheses';
  cursor.reporter.add(next, `'${next.text}' begins no statement`, hint);
  return true;
}

function parseIf(cursor: Cursor): StatementKind | undefined {
  const condition = parseCondition(cursor);
  const yes = condition && parseBody(cursor);
  if (!yes) return undefined;
  if (!cursor.sees('else')) return { kind: 'if', condition, yes };
  // Comments between the branches stand at the head of the second.
  const above = cursor.commentsAbove();
  cursor.take();
  const no = parseBody(cursor);
  return no && { kind: 'if', condition, yes, no: withComments(no, above) };
}

function withComments(block: Block<Statement>, above: readonly string[]): Block<Statement> {
  const comments = above.filter((comment) => comment !== '');
  const [head, ...rest] = block.items;
  if (comments.length === 0) return block;
  if (!head) return { ...block, end: [...comments, ...block.end] };
  return { ...block, items: [{ ...head, before: [...comments, ...head.before] }, ...rest] };
}

function parseCondition(cursor: Cursor): ExprNode | undefined {
  const word = cursor.take().text;
  if (!cursor.expect('(', `write ${word} (CONDITION)`)) return undefined;
  const condition = parseExpr(cursor);
  if (condition && cursor.sees('=')) {
    cursor.reporter.add(cursor.peek(), 'an assignment is no condition', 'to compare, write ==');
    return undefined;
  }
  return condition && cursor.expect(')') ? condition : undefined;
}

function parseBody(cursor: Cursor): Block<Statement & Trivia> | undefined {
  if (cursor.sees('{')) return parseBlock(cursor, parseStatement);
  return blockOfOne(cursor, parseStatement);
}

function parseDeclaration(cursor: Cursor): StatementKind | undefined {
  cursor.take();
  const names = [];
  do {
    if (cursor.sees('*')) {
      const hint = 'declare it in the init block and pass it as a parameter';
      cursor.reporter.add(cursor.peek(), 'a thread declares no pointers', hint);
      return undefined;
    }
    const name = cursor.word('the name of a register', 'e.g. int r0;');
    if (!name) return undefined;
    if (!cursor.eat('=')) {
      names.push({ name });
      continue;
    }
    const value = parseExpr(cursor);
    if (!value) return undefined;
    names.push({ name, value });
  } while (cursor.eat(','));
  return cursor.expect(';') ? { kind: 'declare', names } : undefined;
}

function parseSimple(cursor: Cursor): StatementKind | undefined {
  const target = parseExpr(cursor);
  if (!target) return undefined;
  const shortcuts = ['++', '--', '+=', '-='];
  if (shortcuts.some((sign) => cursor.sees(sign))) {
    const hint = 'write the assignment out: r0 = r0 + 1;';
    cursor.reporter.add(cursor.peek(), `there is no ${shown(cursor.peek())}`, hint);
    return undefined;
  }
  if (!cursor.eat('=')) {
    return cursor.expect(';') ? { kind: 'expression', expr: target } : undefined;
  }
  const value = parseExpr(cursor);
  return value && cursor.expect(';') ? { kind: 'assign', target, value } : undefined;
}
