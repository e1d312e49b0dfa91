// A parser of C expressions, small enough to trust: for `#if` conditions and for the bodies of
// predicate macros. No types, casts, assignments or member accesses.

import { fail, ok, type Result } from '../../base/index.ts';

/** The operators of two operands that are understood. */
export type BinaryOp =
  | '||'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | '|'
  | '^'
  | '&'
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

/** A C expression; `true` and `false` are numbers already. */
export type CExpr =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'name'; readonly name: string }
  | { readonly op: 'call'; readonly name: string; readonly args: readonly CExpr[] }
  | { readonly op: 'unary'; readonly sign: '!' | '~' | '-' | '+'; readonly a: CExpr }
  | { readonly op: 'binary'; readonly sign: BinaryOp; readonly a: CExpr; readonly b: CExpr }
  | { readonly op: 'choice'; readonly test: CExpr; readonly yes: CExpr; readonly no: CExpr };

/** Deepest nesting of parentheses and operators that is read. */
export const MAX_DEPTH = 200;

const LEVELS: readonly (readonly BinaryOp[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Reads one whole expression; `where` names its place in problems. */
export function parseExpression(text: string, where: string): Result<CExpr> {
  const tokens = tokenise(text);
  if (!tokens.ok) return fail({ ...tokens.problem, where });
  const reader = new Reader(tokens.value);
  const value = reader.choice(0);
  if (value === undefined || !reader.atEnd()) {
    const what = `expression not understood at '${reader.next() ?? 'its end'}'`;
    return fail({ what, where, hint: 'only names, numbers, calls and operators are read' });
  }
  return ok(value);
}

/** Every name an expression uses, calls included, sorted and once each. */
export function namesOf(expr: CExpr): readonly string[] {
  const names = new Set<string>();
  const visit = (e: CExpr): void => {
    if (e.op === 'name' || e.op === 'call') names.add(e.name);
    for (const part of partsOf(e)) visit(part);
  };
  visit(expr);
  return [...names].sort();
}

function partsOf(e: CExpr): readonly CExpr[] {
  switch (e.op) {
    case 'number':
    case 'name':
      return [];
    case 'call':
      return e.args;
    case 'unary':
      return [e.a];
    case 'binary':
      return [e.a, e.b];
    case 'choice':
      return [e.test, e.yes, e.no];
  }
}

function tokenise(text: string): Result<readonly string[]> {
  const tokens: string[] = [];
  const word = '0[xX][0-9a-fA-F]+[uUlL]*|\\d+[uUlL]*|[A-Za-z_]\\w*';
  const pattern = new RegExp(`\\s+|${word}|\\|\\||&&|[=!<>]=|<<|>>|[-!~+*/%&|^<>()?:,]`, 'y');
  for (let place = 0; place < text.length; place = pattern.lastIndex) {
    pattern.lastIndex = place;
    const match = pattern.exec(text);
    if (match === null) return fail({ what: `'${text[place]}' is not read in an expression` });
    if (match[0].trim() !== '') tokens.push(match[0]);
  }
  return ok(tokens);
}

class Reader {
  readonly tokens: readonly string[];
  place = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  atEnd(): boolean {
    return this.place === this.tokens.length;
  }

  next(): string | undefined {
    return this.tokens[this.place];
  }

  accept(token: string): boolean {
    if (this.next() !== token) return false;
    this.place++;
    return true;
  }

  choice(depth: number): CExpr | undefined {
    const test = this.binary(0, depth);
    if (test === undefined || !this.accept('?')) return test;
    const yes = depth < MAX_DEPTH ? this.choice(depth + 1) : undefined;
    if (yes === undefined || !this.accept(':')) return undefined;
    const no = depth < MAX_DEPTH ? this.choice(depth + 1) : undefined;
    return no && { op: 'choice', test, yes, no };
  }

  binary(level: number, depth: number): CExpr | undefined {
    const signs = LEVELS[level];
    if (signs === undefined) return this.unary(depth);
    let a = this.binary(level + 1, depth);
    while (a !== undefined) {
      const sign = signs.find((s) => s === this.next());
      if (sign === undefined) return a;
      this.place++;
      const b = this.binary(level + 1, depth);
      a = b && { op: 'binary', sign, a, b };
    }
    return undefined;
  }

  unary(depth: number): CExpr | undefined {
    if (depth >= MAX_DEPTH) return undefined;
    const token = this.next();
    if (token === undefined) return undefined;
    this.place++;
    if (token === '!' || token === '~' || token === '-' || token === '+') {
      const a = this.unary(depth + 1);
      return a && { op: 'unary', sign: token, a };
    }
    if (token === '(') {
      const inner = this.choice(depth + 1);
      return this.accept(')') ? inner : undefined;
    }
    if (/^\d/.test(token)) return number(token);
    if (!/^[A-Za-z_]/.test(token)) return undefined;
    if (token === 'true' || token === 'false') {
      return { op: 'number', value: token === 'true' ? 1 : 0 };
    }
    return this.accept('(') ? this.call(token, depth) : { op: 'name', name: token };
  }

  call(name: string, depth: number): CExpr | undefined {
    const args: CExpr[] = [];
    if (this.accept(')')) return { op: 'call', name, args };
    do {
      const arg = this.choice(depth + 1);
      if (arg === undefined) return undefined;
      args.push(arg);
    } while (this.accept(','));
    return this.accept(')') ? { op: 'call', name, args } : undefined;
  }
}

function number(token: string): CExpr | undefined {
  const digits = token.replace(/[uUlL]+$/, '');
  const octal = /^0[0-7]+$/.test(digits);
  const value = octal ? Number.parseInt(digits, 8) : Number(digits);
  return Number.isSafeInteger(value) ? { op: 'number', value } : undefined;
}
