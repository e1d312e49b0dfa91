// Lines of one reading run: where the reader stands, the macros expanded there, and all that is
// said on the way. read.ts makes a model of them.
// @source scripts/kconfig/lexer.l, parser.y v6.12 (places and words of the messages)

import type { Problem } from '../../base/index.ts';
import type { PortConfig } from '../ports.ts';
import { bodyOf } from './ast.ts';
import type { Body, NameOrToken, Option, Options } from './ast.ts';
import type { Expr } from './expr.ts';
import type { Remark, Token } from './lex.ts';
import { MacroError, Macros } from './macro.ts';
import type { KconfigNote, NoteKind } from './model.ts';
import type { NameTable, SymbolId } from './names.ts';
import { parseExprLine, parseOption } from './parse-line.ts';
import type { Assumption, Profile } from './profile.ts';

/** Hears what a reading says, in its order, also where it ends in a Problem. */
export interface ReadListener {
  readonly note?: (note: KconfigNote) => void;
  readonly assumed?: (assumption: Assumption) => void;
}

/** Ends a reading run early with its Problem; never leaves the reader. */
export class Stop extends Error {
  override name = 'Stop';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.problem = problem;
  }
}

/** A place in a file of the tree. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

/** A file that is being read, and which of its remarks were not yet made. */
export interface OpenFile {
  readonly path: string;
  readonly remarks: Remark[];
}

/** What the macros of a run can see, and who hears of it. */
export interface LinesOptions {
  readonly port: PortConfig;
  readonly names: NameTable;
  readonly listener: ReadListener;
  readonly environment: Readonly<Record<string, string>>;
  readonly profile: Profile;
  readonly dollarNames: boolean;
}

/** The lines of one run; the reader goes through them from outside. */
export class Lines {
  protected readonly port: PortConfig;
  protected readonly macros: Macros;
  protected readonly assumptions: Assumption[] = [];
  protected readonly notes: KconfigNote[] = [];
  protected readonly openFiles: OpenFile[] = [];
  protected here: Place = { path: 'Kconfig', line: 1 };
  private readonly names: NameTable;
  private readonly listener: ReadListener;

  constructor({ port, names, listener, environment, profile, dollarNames }: LinesOptions) {
    this.port = port;
    this.names = names;
    this.listener = listener;
    this.macros = new Macros({
      environment,
      profile,
      dollarNames,
      assumed: (assumption) => {
        this.assumptions.push(assumption);
        listener.assumed?.(assumption);
      },
      remark: (kind, text, line) =>
        this.note(kind === 'info' ? 'info' : 'message', text, { path: this.here.path, line }),
    });
  }

  protected body(options: Options): Body {
    if (options.ready) return options.body;
    const { path } = this.here;
    const start = this.here;
    const list: Option[] = [];
    for (const option of options.options) {
      if (option.kind !== 'deferred') {
        list.push(option);
        continue;
      }
      this.here = { path, line: option.line };
      this.remarkUpTo(option.line);
      const tokens = this.tokens(option.tokens);
      const [head] = tokens;
      if (head === undefined) continue;
      if (head.kind === 'symbol') this.stop(`unknown statement "${head.text}"`, this.here);
      const parsed = parseOption(tokens, this.names, this.here);
      if (!parsed.ok) throw new Stop(parsed.problem);
      if (parsed.value !== undefined) list.push(parsed.value);
    }
    this.here = start;
    return bodyOf(list);
  }

  protected condition(condition: Expr | readonly Token[]): Expr {
    if (!isTokens(condition)) return condition;
    const parsed = parseExprLine(this.tokens(condition), 1, this.names, this.here);
    if (!parsed.ok) throw new Stop(parsed.problem);
    return parsed.value;
  }

  // Tokens with their macros expanded. An unquoted macro that yields nothing leaves no token.
  protected tokens(tokens: readonly Token[]): readonly Token[] {
    const out: Token[] = [];
    for (const token of tokens) {
      if (token.kind !== 'template') {
        out.push(token);
        continue;
      }
      const text = this.text(token);
      if (text === '' && !token.quoted) continue;
      out.push({ kind: token.quoted ? 'string' : 'symbol', text, column: token.column });
    }
    return out;
  }

  protected name(name: NameOrToken): SymbolId {
    if (typeof name === 'number') return name;
    const text = this.text(name);
    if (text === '') this.stop('invalid statement', this.here);
    return this.names.intern(text, false);
  }

  protected text(token: Token): string {
    if (token.kind !== 'template') return token.text;
    return this.expanding(token.line, () => this.macros.expand(token.pieces));
  }

  protected expanding<T>(line: number, expand: () => T, says = line): T {
    const { path } = this.here;
    this.macros.place(path, line, says);
    try {
      return expand();
    } catch (error) {
      if (!(error instanceof MacroError)) throw error;
      return this.stop(error.message, { path, line: says });
    }
  }

  // The parser has seen the whole file: its remarks are made where conf makes them.
  protected remarkUpTo(line: number): void {
    const file = this.openFiles.at(-1);
    for (;;) {
      const first = file?.remarks[0];
      if (file === undefined || first === undefined || first.line > line) return;
      file.remarks.shift();
      this.note('warning', first.text, { path: file.path, line: first.line });
    }
  }

  protected note(kind: NoteKind, text: string, { path, line }: Place = this.here): void {
    const note = { kind, file: path, line, text };
    this.notes.push(note);
    this.listener.note?.(note);
  }

  protected stop(what: string, place: Place | undefined): never {
    throw new Stop({
      what,
      ...(place === undefined ? {} : { where: `${place.path}:${place.line}` }),
      hint: `the Kconfig was read for port ${this.port.id}; correct the line and try again`,
    });
  }
}

function isTokens(condition: Expr | readonly Token[]): condition is readonly Token[] {
  return Array.isArray(condition);
}
