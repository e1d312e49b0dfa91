// Parses the tokens of one line without macros: expressions and the options of a definition.
// Grammar traps kept as in the kernel's own parser: comparisons take symbols only, so `!A=y` means
// `!(A=y)`, and comparison binds tighter than `!`.
// @source scripts/kconfig/parser.y v6.12

import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { Option, SymbolType } from './ast.ts';
import { isNo } from './expr.ts';
import type { CompareOp, Expr } from './expr.ts';
import type { Token } from './lex.ts';
import type { NameTable, SymbolId } from './names.ts';

/** Parentheses and `!` that one expression may nest. */
export const maxExprDepth = 100;
/** Operands that one expression may have; the longest in a kernel tree has far fewer. */
export const maxExprOperands = 2000;

/** What was wrong in a line, before the file is known. */
class LineError extends Error {
  override name = 'LineError';
  readonly column: number;
  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}

/** A place in a file, to build the Problem from. */
export interface LinePlace {
  readonly path: string;
  readonly line: number;
}

/** Parses an option line; undefined where its first word is no option. */
export function parseOption(
  tokens: readonly Token[],
  names: NameTable,
  place: LinePlace,
): Result<Option | undefined> {
  return guarded(tokens, names, place, (line) => line.option());
}

/** Parses a whole line as one expression, from token number `from` on. */
export function parseExprLine(
  tokens: readonly Token[],
  from: number,
  names: NameTable,
  place: LinePlace,
): Result<Expr> {
  return guarded(tokens, names, place, (line) => {
    line.skip(from);
    const expr = line.expr();
    line.end();
    return expr;
  });
}

function guarded<T>(
  tokens: readonly Token[],
  names: NameTable,
  place: LinePlace,
  parse: (line: LineParser) => T,
): Result<T> {
  try {
    return ok(parse(new LineParser(tokens, names, place.line)));
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    return fail({
      what: error.message,
      where: `${place.path}:${place.line}:${error.column}`,
      hint: 'the language is described in Documentation/kbuild/kconfig-language.rst of the tree',
    });
  }
}

const types: Readonly<Record<string, SymbolType>> = {
  bool: 'bool',
  boolean: 'bool',
  tristate: 'tristate',
  int: 'int',
  hex: 'hex',
  string: 'string',
};

const compareOps: ReadonlyMap<string, CompareOp> = new Map(
  (['=', '!=', '<', '<=', '>', '>='] as const).map((op) => [op, op]),
);

class LineParser {
  private readonly tokens: readonly Token[];
  private readonly names: NameTable;
  private readonly line: number;
  private index = 0;
  private depth = 0;
  private count = 0;

  constructor(tokens: readonly Token[], names: NameTable, line: number) {
    this.tokens = tokens;
    this.names = names;
    this.line = line;
  }

  skip(count: number): void {
    this.index = count;
  }

  option(): Option | undefined {
    const { line } = this;
    const head = this.tokens[0];
    if (head?.kind !== 'word') return undefined;
    this.index = 1;
    const type = Object.hasOwn(types, head.text) ? types[head.text] : undefined;
    if (type !== undefined) return this.typeLine(type);
    switch (head.text) {
      case 'prompt':
        return { kind: 'prompt', text: this.quoted('a prompt'), ...this.condition(), line };
      case 'default':
        return { kind: 'default', value: this.expr(), ...this.condition(), line };
      case 'def_bool':
        return { kind: 'default', type: 'bool', value: this.expr(), ...this.condition(), line };
      case 'def_tristate':
        return { kind: 'default', type: 'tristate', value: this.expr(), ...this.condition(), line };
      case 'select':
      case 'imply':
        return { kind: head.text, target: this.bareSymbol(), ...this.condition(), line };
      case 'range':
        return {
          kind: 'range',
          low: this.symbol(),
          high: this.symbol(),
          ...this.condition(),
          line,
        };
      case 'depends':
        return this.depends();
      case 'visible':
        return this.visible();
      case 'option':
        return this.oldOption();
      case 'modules':
      case 'optional':
      case 'transitional':
        this.end();
        return { kind: head.text, line };
      default:
        return undefined;
    }
  }

  end(): void {
    const token = this.tokens[this.index];
    if (token === undefined) return;
    throw this.error(`unexpected ${describe(token)} at the end of the statement`);
  }

  expr(): Expr {
    return this.chain('or');
  }

  private typeLine(type: SymbolType): Option {
    const { line } = this;
    if (this.tokens[this.index] === undefined) return { kind: 'type', type, line };
    return { kind: 'type', type, prompt: this.quoted('a prompt'), ...this.condition(), line };
  }

  private depends(): Option {
    if (this.peekWord('on')) this.index += 1;
    else throw this.error('expected "on" after "depends"');
    const expr = this.expr();
    if (!this.peekWord('if')) {
      this.end();
      return { kind: 'depends', expr, line: this.line };
    }
    this.index += 1;
    const only = this.expr();
    this.end();
    return { kind: 'depends', expr: { kind: 'or', a: expr, b: isNo(only) }, line: this.line };
  }

  private visible(): Option {
    if (!this.peekWord('if')) throw this.error('expected "if" after "visible"');
    this.index += 1;
    const expr = this.expr();
    this.end();
    return { kind: 'visible', expr, line: this.line };
  }

  // `option modules`, `option env="NAME"` and `option allnoconfig_y` of kernels before 5.x;
  // `defconfig_list` names files that conf looks for and gives no symbol a value.
  private oldOption(): Option | undefined {
    const { line } = this;
    const name = this.tokens[this.index];
    if (name?.kind !== 'word') throw this.error('expected a name after "option"');
    this.index += 1;
    const equals = this.tokens[this.index];
    if (equals?.kind === 'op' && equals.text === '=') {
      this.index += 1;
      const variable = this.quoted('a quoted name');
      this.end();
      return name.text === 'env' ? { kind: 'env', variable, line } : undefined;
    }
    this.end();
    return name.text === 'modules' || name.text === 'allnoconfig_y'
      ? { kind: name.text, line }
      : undefined;
  }

  private condition(): { readonly condition?: Expr } {
    if (this.tokens[this.index] === undefined) return {};
    if (!this.peekWord('if')) {
      const token = this.tokens[this.index];
      throw this.error(`expected "if" or the end of the line, found ${describe(token)}`);
    }
    this.index += 1;
    const condition = this.expr();
    this.end();
    return { condition };
  }

  private chain(kind: 'or' | 'and'): Expr {
    const sign = kind === 'or' ? '||' : '&&';
    let left = kind === 'or' ? this.chain('and') : this.unary();
    while (this.peekOp(sign)) {
      this.index += 1;
      left = { kind, a: left, b: kind === 'or' ? this.chain('and') : this.unary() };
    }
    return left;
  }

  private unary(): Expr {
    this.depth += 1;
    this.count += 1;
    if (this.depth > maxExprDepth) {
      throw this.error(`the expression nests deeper than ${maxExprDepth} levels`);
    }
    if (this.count > maxExprOperands) {
      throw this.error(`the expression has more than ${maxExprOperands} operands`);
    }
    const expr = this.operand();
    this.depth -= 1;
    return expr;
  }

  private operand(): Expr {
    if (this.peekOp('!')) {
      this.index += 1;
      return { kind: 'not', a: this.unary() };
    }
    if (this.peekOp('(')) {
      this.index += 1;
      const inner = this.expr();
      if (!this.peekOp(')')) throw this.error('expected ")"');
      this.index += 1;
      return inner;
    }
    const a = this.symbol();
    const next = this.tokens[this.index];
    const op = next?.kind === 'op' ? compareOps.get(next.text) : undefined;
    if (op === undefined) return { kind: 'symbol', id: a };
    this.index += 1;
    return { kind: 'compare', op, a, b: this.symbol() };
  }

  private symbol(): SymbolId {
    const token = this.tokens[this.index];
    if (token?.kind === 'string') {
      this.index += 1;
      return this.names.intern(token.text, true);
    }
    return this.bareSymbol();
  }

  private bareSymbol(): SymbolId {
    const token = this.tokens[this.index];
    if (token?.kind !== 'word' && token?.kind !== 'symbol') {
      throw this.error(`expected a symbol, found ${describe(token)}`);
    }
    if (token.kind === 'word' && keywords.has(token.text)) {
      throw this.error(`expected a symbol, found the keyword "${token.text}"`);
    }
    this.index += 1;
    return this.names.intern(token.text, false);
  }

  private quoted(what: string): string {
    const token = this.tokens[this.index];
    if (token?.kind !== 'string') {
      throw this.error(`expected ${what} in quotes, found ${describe(token)}`);
    }
    this.index += 1;
    return token.text;
  }

  private peekOp(text: string): boolean {
    const token = this.tokens[this.index];
    return token?.kind === 'op' && token.text === text;
  }

  private peekWord(text: string): boolean {
    const token = this.tokens[this.index];
    return token?.kind === 'word' && token.text === text;
  }

  private error(message: string): LineError {
    const token = this.tokens[this.index] ?? this.tokens.at(-1);
    return new LineError(message, token?.column ?? 1);
  }
}

/** Words that the grammar keeps for itself; a symbol cannot bear them. */
const keywords: ReadonlySet<string> = new Set(
  (
    'bool choice comment config def_bool def_tristate default depends endchoice endif endmenu ' +
    'help hex if imply int mainmenu menu menuconfig on prompt range select source string ' +
    'tristate visible'
  ).split(' '),
);

/** A token in words, for a message. */
export function describe(token: Token | undefined): string {
  if (token === undefined) return 'the end of the line';
  switch (token.kind) {
    case 'string':
      return `the string "${token.text}"`;
    case 'template':
      return 'a macro';
    default:
      return `"${token.text}"`;
  }
}
