// The conditional part of the C preprocessor over one file: which lines stand for a given
// configuration. Three-valued: what hangs on a name we do not know is `unknown`, never guessed.
// @source include/linux/kconfig.h v6.12 for IS_ENABLED() and its kin.

import { type CExpr, parseExpression } from './expression.ts';

/**
 * Value of a Kconfig symbol (name without CONFIG_) on the port in question: `y`, `m`, `n`,
 * `undefined` for a symbol the tree does not have, else the text of a number or string.
 * The answer undefined means: not known.
 */
export type ConfigLookup = (symbol: string) => string | undefined;

/** A yes, a no, or neither. */
export type Ternary = 'yes' | 'no' | 'unknown';

/** One logical line: comments gone, continuations joined. */
export interface CLine {
  readonly text: string;
  /** The line in the file where it starts, from 1. */
  readonly line: number;
  /** Whether the line stands in this configuration. */
  readonly active: Ternary;
}

/** One `#define`; `params` is undefined for a macro without parentheses. */
export interface Define {
  readonly name: string;
  readonly params: readonly string[] | undefined;
  readonly body: string;
  readonly line: number;
  readonly active: Ternary;
}

// Names the build or the compiler sets, by Kconfig symbol or as constants.
// @source arch/*/Makefile, include/linux/linkage.h users v6.12
const BUILD_NAMES: ReadonlyMap<string, string | boolean> = new Map<string, string | boolean>([
  ['__ASSEMBLY__', false],
  ['__ASSEMBLER__', false],
  ['__KERNEL__', true],
  ['__sparc__', 'SPARC'],
  ['__arch64__', 'SPARC64'],
  ['__LP64__', '64BIT'],
]);

/** The file's logical lines with their place, and whether each stands for this configuration. */
export function preprocess(text: string, lookup: ConfigLookup): readonly CLine[] {
  const lines = logicalLines(text);
  const guard = includeGuard(lines);
  const defined = new Map<string, Ternary>();
  const stack: { active: Ternary; taken: Ternary; parent: Ternary }[] = [];
  const result: CLine[] = [];
  for (const { text: line, line: number } of lines) {
    const top = stack.at(-1);
    const active = top?.active ?? 'yes';
    const directive = /^\s*#\s*(\w+)\s*(.*)$/s.exec(line);
    const [, word = '', rest = ''] = directive ?? [];
    if (/^(?:if|ifdef|ifndef)$/.test(word)) {
      const value = conditionOf(word, rest, { lookup, defined, guard });
      stack.push({ active: and(active, value), taken: value, parent: active });
    } else if ((word === 'elif' || word === 'else') && top !== undefined) {
      const value = word === 'else' ? 'yes' : conditionOf('if', rest, { lookup, defined, guard });
      top.active = and(top.parent, and(value, not(top.taken)));
      top.taken = or(top.taken, value);
    } else if (word === 'endif') {
      stack.pop();
    } else {
      if (word === 'define') note(defined, /^\w+/.exec(rest)?.[0], active);
      if (word === 'undef') defined.delete(rest.trim());
      result.push({ text: line, line: number, active });
    }
  }
  return result;
}

/** The `#define` directives among `lines`, in order. */
export function definesOf(lines: readonly CLine[]): readonly Define[] {
  return lines.flatMap(({ text, line, active }) => {
    const match = /^\s*#\s*define\s+(\w+)(\(([^)]*)\))?\s*(.*)$/s.exec(text);
    if (match === null) return [];
    const [, name = '', parens, list = '', body = ''] = match;
    const names = list.split(',').flatMap((p) => (p.trim() === '' ? [] : [p.trim()]));
    const params = parens === undefined ? undefined : names;
    return [{ name, params, body: body.replace(/\s+/g, ' ').trim(), line, active }];
  });
}

/** `text` with comments, strings and character constants blanked; same length and line ends. */
export function blankComments(text: string): string {
  return text.replace(
    /\/\*[^]*?(?:\*\/|$)|\/\/(?:\\\n|[^\n])*|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/g,
    (m) => (m[0] === '/' ? m.replace(/[^\n\r]/g, ' ') : m.replace(/(?!^)[^\n\r](?!$)/g, ' ')),
  );
}

function logicalLines(text: string): readonly { text: string; line: number }[] {
  const result: { text: string; line: number }[] = [];
  let joined = '';
  let first = 1;
  blankComments(text)
    .split(/\r?\n/)
    .forEach((part, index) => {
      const goesOn = /\\\s*$/.test(part);
      joined += goesOn ? part.replace(/\\\s*$/, ' ') : part;
      if (goesOn) return;
      result.push({ text: joined, line: first });
      joined = '';
      first = index + 2;
    });
  if (joined !== '') result.push({ text: joined, line: first });
  return result;
}

/** The name in the first `#ifndef X` that is followed by `#define X`: the include guard. */
function includeGuard(lines: readonly { text: string }[]): string | undefined {
  const [first, second] = lines.filter((l) => l.text.trim() !== '');
  const name = /^\s*#\s*ifndef\s+(\w+)\s*$/.exec(first?.text ?? '')?.[1];
  const defined = /^\s*#\s*define\s+(\w+)\s*$/.exec(second?.text ?? '')?.[1];
  return name === defined ? name : undefined;
}

interface Scope {
  readonly lookup: ConfigLookup;
  readonly defined: ReadonlyMap<string, Ternary>;
  readonly guard: string | undefined;
}

function conditionOf(word: string, rest: string, scope: Scope): Ternary {
  const name = /^\w+/.exec(rest)?.[0] ?? '';
  if (word === 'ifdef') return isDefined(name, scope);
  if (word === 'ifndef') return not(isDefined(name, scope));
  const spelt = rest.replace(/\bdefined\s+(\w+)/g, 'defined($1)');
  const expr = parseExpression(spelt, '#if');
  const value = expr.ok ? evaluate(expr.value, scope) : undefined;
  return value === undefined ? 'unknown' : value === 0 ? 'no' : 'yes';
}

function isDefined(name: string, scope: Scope): Ternary {
  if (name.startsWith('CONFIG_')) return configDefined(name.slice('CONFIG_'.length), scope.lookup);
  const known = scope.defined.get(name);
  if (known !== undefined) return known;
  if (name === scope.guard) return 'no';
  const build = BUILD_NAMES.get(name);
  if (typeof build === 'string') return configDefined(build, scope.lookup);
  return build === undefined ? 'unknown' : build ? 'yes' : 'no';
}

function configDefined(symbol: string, lookup: ConfigLookup): Ternary {
  const value = lookup(symbol);
  if (value === undefined) {
    // CONFIG_X_MODULE is what autoconf.h writes for X=m.
    const base = symbol.endsWith('_MODULE')
      ? lookup(symbol.slice(0, -'_MODULE'.length))
      : undefined;
    return base === undefined ? 'unknown' : base === 'm' ? 'yes' : 'no';
  }
  return value === 'n' || value === 'm' || value === 'undefined' ? 'no' : 'yes';
}

/** Value of a condition as the preprocessor computes it; undefined where a name is not known. */
function evaluate(expr: CExpr, scope: Scope): number | undefined {
  switch (expr.op) {
    case 'number':
      return expr.value;
    case 'name':
      return nameValue(expr.name, scope);
    case 'call':
      return callValue(expr.name, expr.args, scope);
    case 'unary':
      return unaryValue(expr.sign, evaluate(expr.a, scope));
    case 'binary':
      return binaryValue(expr.sign, evaluate(expr.a, scope), evaluate(expr.b, scope));
    case 'choice': {
      const test = evaluate(expr.test, scope);
      return test === undefined ? undefined : evaluate(test !== 0 ? expr.yes : expr.no, scope);
    }
  }
}

function nameValue(name: string, scope: Scope): number | undefined {
  if (!name.startsWith('CONFIG_')) return undefined;
  const value = scope.lookup(name.slice('CONFIG_'.length));
  if (value === 'y') return 1;
  if (value === 'm' || value === 'n' || value === 'undefined') return 0;
  const parsed = value === undefined ? Number.NaN : Number(value);
  return Number.isSafeInteger(parsed) ? parsed : undefined;
}

function callValue(name: string, args: readonly CExpr[], scope: Scope): number | undefined {
  const [arg] = args;
  if (args.length !== 1 || arg?.op !== 'name') return undefined;
  if (name === 'defined') return fromTernary(isDefined(arg.name, scope));
  return configCall(name, arg.name, scope.lookup);
}

/** Value of IS_ENABLED(CONFIG_X) and its kin; undefined for other calls and unknown symbols. */
export function configCall(name: string, arg: string, lookup: ConfigLookup): number | undefined {
  if (!arg.startsWith('CONFIG_')) return undefined;
  const value = lookup(arg.slice('CONFIG_'.length));
  if (value === undefined) return undefined;
  if (name === 'IS_ENABLED') return value === 'y' || value === 'm' ? 1 : 0;
  if (name === 'IS_BUILTIN') return value === 'y' ? 1 : 0;
  if (name === 'IS_MODULE') return value === 'm' ? 1 : 0;
  if (name === 'IS_REACHABLE' && value !== 'm') return value === 'y' ? 1 : 0;
  return undefined;
}

function unaryValue(sign: '!' | '~' | '-' | '+', a: number | undefined): number | undefined {
  if (a === undefined) return undefined;
  if (sign === '!') return a === 0 ? 1 : 0;
  return sign === '~' ? ~a : sign === '-' ? -a : a;
}

function binaryValue(
  sign: string,
  a: number | undefined,
  b: number | undefined,
): number | undefined {
  if (sign === '&&') {
    if (a === 0 || b === 0) return 0;
    return a === undefined || b === undefined ? undefined : 1;
  }
  if (sign === '||') {
    if ((a !== undefined && a !== 0) || (b !== undefined && b !== 0)) return 1;
    return a === undefined || b === undefined ? undefined : 0;
  }
  if (a === undefined || b === undefined) return undefined;
  if (sign === '==') return Number(a === b);
  if (sign === '!=') return Number(a !== b);
  if (sign === '<') return Number(a < b);
  if (sign === '>') return Number(a > b);
  if (sign === '<=') return Number(a <= b);
  if (sign === '>=') return Number(a >= b);
  if (sign === '+') return a + b;
  if (sign === '-') return a - b;
  if (sign === '*') return a * b;
  return undefined;
}

function note(map: Map<string, Ternary>, name: string | undefined, active: Ternary): void {
  if (name === undefined || active === 'no') return;
  map.set(name, or(map.get(name) ?? 'no', active));
}

function fromTernary(value: Ternary): number | undefined {
  return value === 'unknown' ? undefined : value === 'yes' ? 1 : 0;
}

function not(value: Ternary): Ternary {
  return value === 'unknown' ? 'unknown' : value === 'yes' ? 'no' : 'yes';
}

function and(a: Ternary, b: Ternary): Ternary {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'unknown';
}

function or(a: Ternary, b: Ternary): Ternary {
  return not(and(not(a), not(b)));
}
