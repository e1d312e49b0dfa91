// A Kconfig file as a tree of statements. Block ends must stand in the file of their start, so each
// file is a unit of its own and can be read once for all ports.
// @source Documentation/kbuild/kconfig-language.rst, scripts/kconfig/parser.y v6.12

import { fail, ok } from '../../base/index.ts';
import type { Problem, Result } from '../../base/index.ts';
import { bodyOf } from './ast.ts';
import type { FileAst, Option, OptionOrTokens, Options, Statement } from './ast.ts';
import { isBareMacro, lexLine, skipHelp } from './lex.ts';
import type { LexedLine, Remark, Token } from './lex.ts';
import type { NameTable, SymbolId } from './names.ts';
import { describe, parseExprLine, parseOption } from './parse-line.ts';

/** Blocks (menu, if, choice) that may be open at once in one file. */
export const maxBlockDepth = 64;

/** Parses one file. A syntax error is a Problem with file, line and column. */
export function parseFile(path: string, text: string, names: NameTable): Result<FileAst> {
  const ast = parseStatements(path, text, names);
  return ast.problem === undefined ? ok(ast) : fail(ast.problem);
}

/** The statements of one file up to its first syntax error: conf, too, acts on those. */
export function parseStatements(path: string, text: string, names: NameTable): FileAst {
  const parser = new FileParser(path, text, names);
  const statements = parser.block(undefined);
  const { words, remarks, problem } = parser;
  return { path, statements, words, remarks, ...(problem === undefined ? {} : { problem }) };
}

interface OpenBlock {
  readonly keyword: 'menu' | 'if' | 'choice';
  readonly line: number;
}

const ends: ReadonlyMap<string, OpenBlock['keyword']> = new Map([
  ['endmenu', 'menu'],
  ['endif', 'if'],
  ['endchoice', 'choice'],
]);

const helpWords = /^(help|-+help-+)$/;
const languageHint =
  'the language is described in Documentation/kbuild/kconfig-language.rst of the tree';

class FileParser {
  readonly remarks: Remark[] = [];
  problem: Problem | undefined;
  private readonly path: string;
  private readonly text: string;
  private readonly names: NameTable;
  readonly words: SymbolId[] = [];
  private offset = 0;
  private line = 1;
  private depth = 0;
  private pending: LexedLine | undefined;

  constructor(path: string, text: string, names: NameTable) {
    this.path = path;
    this.text = text;
    this.names = noting(names, this.words);
  }

  // Statements up to the end word of `open`, or up to the end of the file.
  block(open: OpenBlock | undefined): readonly Statement[] {
    const statements: Statement[] = [];
    if (this.depth > maxBlockDepth) {
      this.fail(`blocks nest deeper than ${maxBlockDepth} levels`, this.line, 1);
      return statements;
    }
    this.depth += 1;
    while (this.problem === undefined) {
      const line = this.next();
      if (line === undefined) {
        if (open !== undefined) this.unclosed(open);
        break;
      }
      const head = headWord(line);
      const closes = ends.get(head);
      if (closes !== undefined) {
        this.close(closes, open, line);
        break;
      }
      const statement = this.statement(head, line, open);
      if (statement !== undefined) statements.push(statement);
    }
    this.depth -= 1;
    return statements;
  }

  // The next line with a token on it.
  private next(): LexedLine | undefined {
    if (this.pending !== undefined) {
      const line = this.pending;
      this.pending = undefined;
      return line;
    }
    while (this.offset < this.text.length) {
      const lexed = lexLine(this.text, this.offset, this.line);
      this.offset = lexed.nextOffset;
      this.line = lexed.nextLine;
      this.remarks.push(...lexed.remarks);
      if (lexed.tokens.length > 0) return lexed;
    }
    return undefined;
  }

  private statement(
    head: string,
    line: LexedLine,
    open: OpenBlock | undefined,
  ): Statement | undefined {
    if (isAssigning(line)) return this.assignment(line);
    switch (head) {
      case 'config':
      case 'menuconfig':
        return this.config(head, line);
      case 'choice':
        this.choiceName(line);
        return this.choice(line);
      case 'menu':
        return this.menu(line);
      case 'if':
        return this.ifBlock(line);
      case 'comment': {
        const title = this.wantString(line);
        if (title === undefined) return undefined;
        return { kind: 'comment', title, options: this.options(), line: line.line };
      }
      case 'mainmenu': {
        const title = this.wantString(line);
        return title && { kind: 'mainmenu', title, line: line.line };
      }
      case 'source':
      case 'osource':
      case 'rsource':
      case 'orsource':
        return this.source(head, line);
      default:
        return this.call(line, open);
    }
  }

  private assignment(line: LexedLine): Statement | undefined {
    const [name, op, value] = line.tokens;
    if (name === undefined || op?.kind !== 'op' || value?.kind !== 'value') return undefined;
    const sign = op.text === ':=' || op.text === '+=' ? op.text : '=';
    return { kind: 'assign', name, op: sign, value: value.text, line: line.line };
  }

  private config(kind: 'config' | 'menuconfig', line: LexedLine): Statement | undefined {
    const name = line.tokens[1];
    if (name?.kind === 'word' && line.tokens.length === 2) {
      const id = this.names.intern(name.text, false);
      return { kind, name: id, options: this.options(), line: line.line };
    }
    if (name?.kind === 'template' && !name.quoted && line.tokens.length === 2) {
      return { kind, name, options: this.options(), line: line.line };
    }
    const found = describe(line.tokens[name?.kind === 'word' ? 2 : 1]);
    this.fail(`expected one symbol name after "${kind}", found ${found}`, line.line, column(line));
    return undefined;
  }

  // Kernels of the 4.x years could name a choice; the name then was a symbol of its own.
  private choiceName(line: LexedLine): void {
    const name = line.tokens[1];
    if (name === undefined) return;
    if (name.kind !== 'word' || line.tokens.length > 2) {
      this.fail(`expected at most a name after "choice", found ${describe(name)}`, line.line, 1);
      return;
    }
    const text = `the value of a choice's own symbol, ${name.text}, is not evaluated`;
    this.remarks.push({ line: line.line, text });
  }

  private choice(line: LexedLine): Statement {
    const wordCount = this.words.length;
    const options = this.options();
    const body = this.block({ keyword: 'choice', line: line.line });
    return { kind: 'choice', options, body, wordCount, line: line.line };
  }

  private menu(line: LexedLine): Statement | undefined {
    const title = this.wantString(line);
    if (title === undefined) return undefined;
    const options = this.options();
    const body = this.block({ keyword: 'menu', line: line.line });
    return { kind: 'menu', title, options, body, line: line.line };
  }

  private ifBlock(line: LexedLine): Statement | undefined {
    let condition: Extract<Statement, { kind: 'if' }>['condition'] = line.tokens;
    if (!line.hasMacro) {
      const place = { path: this.path, line: line.line };
      const expr = parseExprLine(line.tokens, 1, this.names, place);
      if (!expr.ok) {
        this.problem = expr.problem;
        return undefined;
      }
      condition = expr.value;
    }
    const body = this.block({ keyword: 'if', line: line.line });
    return { kind: 'if', condition, body, line: line.line };
  }

  private source(word: string, line: LexedLine): Statement | undefined {
    const path = this.wantString(line);
    if (path === undefined) return undefined;
    return {
      kind: 'source',
      path,
      optional: word.startsWith('o'),
      relative: word.endsWith('rsource'),
      wordCount: this.words.length,
      line: line.line,
    };
  }

  private call(line: LexedLine, open: OpenBlock | undefined): Statement | undefined {
    const token = line.tokens[0];
    if (token !== undefined && isBareMacro(token)) {
      this.putBack(line);
      return { kind: 'call', token, line: line.line };
    }
    const where = open === undefined ? '' : ` in this ${open.keyword} block`;
    this.fail(`unknown statement ${describe(token)}${where}`, line.line, token?.column ?? 1);
    return undefined;
  }

  // What follows a macro at the start of a line is read like a line of its own.
  private putBack(line: LexedLine): void {
    if (line.tokens.length > 1) this.pending = { ...line, tokens: line.tokens.slice(1) };
  }

  // The options below a definition: every following line that is one.
  private options(): Options {
    const options: OptionOrTokens[] = [];
    const plain: Option[] = [];
    while (this.problem === undefined) {
      const line = this.next();
      if (line === undefined) break;
      if (helpWords.test(headWord(line)) && line.tokens.length === 1) {
        const end = skipHelp(this.text, this.offset, this.line);
        const text = this.text.slice(this.offset, end.nextOffset);
        const help: Option = { kind: 'help', text, line: line.line };
        options.push(help);
        plain.push(help);
        this.offset = end.nextOffset;
        this.line = end.nextLine;
        continue;
      }
      const head = line.tokens.slice(0, 1);
      if (head.some(isBareMacro) && !isAssigning(line)) {
        options.push({ kind: 'deferred', tokens: head, line: line.line });
        this.putBack(line);
        continue;
      }
      if (!isOption(line)) {
        this.pending = line;
        break;
      }
      if (line.hasMacro) {
        options.push({ kind: 'deferred', tokens: line.tokens, line: line.line });
        continue;
      }
      const place = { path: this.path, line: line.line };
      const parsed = parseOption(line.tokens, this.names, place);
      if (!parsed.ok) {
        this.problem = parsed.problem;
        break;
      }
      if (parsed.value === undefined) continue;
      options.push(parsed.value);
      plain.push(parsed.value);
    }
    return plain.length === options.length
      ? { ready: true, body: bodyOf(plain) }
      : { ready: false, options };
  }

  private wantString(line: LexedLine): Token | undefined {
    const token = line.tokens[1];
    const good = token?.kind === 'string' || token?.kind === 'template';
    if (good && line.tokens.length === 2) return token;
    const found = describe(good ? line.tokens[2] : token);
    const what = `expected one quoted text after "${headWord(line)}", found ${found}`;
    this.fail(what, line.line, column(line));
    return undefined;
  }

  private close(closes: string, open: OpenBlock | undefined, line: LexedLine): void {
    if (open?.keyword === closes) return;
    const within = open === undefined ? 'outside any block' : `within the ${open.keyword} block`;
    const from = open === undefined ? '' : ` that starts at line ${open.line}`;
    this.fail(`unexpected "end${closes}" ${within}${from}`, line.line, line.tokens[0]?.column ?? 1);
  }

  private unclosed(open: OpenBlock): void {
    this.fail(
      `the ${open.keyword} block is not closed: missing "end${open.keyword}"`,
      open.line,
      1,
    );
  }

  private fail(what: string, line: number, col: number): void {
    this.problem ??= { what, where: `${this.path}:${line}:${col}`, hint: languageHint };
  }
}

// The table, noting each unquoted word the first time that it is entered.
function noting(names: NameTable, words: SymbolId[]): NameTable {
  const seen = new Set<SymbolId>();
  return {
    ...names,
    intern(text, quoted) {
      const id = names.intern(text, quoted);
      if (!quoted && !seen.has(id)) {
        seen.add(id);
        words.push(id);
      }
      return id;
    },
  };
}

const optionWords: ReadonlySet<string> = new Set(
  (
    'bool boolean tristate int hex string prompt default def_bool def_tristate select imply ' +
    'range depends visible option modules optional transitional'
  ).split(' '),
);

function isOption(line: LexedLine): boolean {
  return optionWords.has(headWord(line)) && !isAssigning(line);
}

function isAssigning(line: LexedLine): boolean {
  return line.tokens[2]?.kind === 'value';
}

function headWord(line: LexedLine): string {
  const first = line.tokens[0];
  return first?.kind === 'word' ? first.text : '';
}

function column(line: LexedLine): number {
  return (line.tokens[1] ?? line.tokens[0])?.column ?? 1;
}
