// One logical line of a Kconfig file as tokens. Macros stay unexpanded: what they stand for depends
// on the port, and a file is read once for all ports.
// @source Documentation/kbuild/kconfig-language.rst, kconfig-macro-language.rst v6.12

/**
 * A piece of a quoted string or of a word: text, the inside of one `$(...)`, or what stands between
 * a `$(` that nothing closes and the end of its line.
 */
export type Piece = string | { readonly macro: string } | { readonly unclosed: string };

/** `column` counts from 1. */
export type Token =
  | { readonly kind: 'word' | 'string' | 'op'; readonly text: string; readonly column: number }
  /** What an unquoted macro stands for: a name, even where it reads like a keyword. */
  | { readonly kind: 'symbol'; readonly text: string; readonly column: number }
  /** A word or string with macros in it, and the line it stands in. */
  | {
      readonly kind: 'template';
      readonly quoted: boolean;
      readonly pieces: readonly Piece[];
      readonly column: number;
      readonly line: number;
    }
  /** The right side of an assignment, exactly as written. */
  | { readonly kind: 'value'; readonly text: string; readonly column: number };

/** A logical line: its tokens, where the next one starts, and what was odd about it. */
export interface LexedLine {
  readonly tokens: readonly Token[];
  /** Line number of the first token, counted from 1. */
  readonly line: number;
  readonly nextOffset: number;
  readonly nextLine: number;
  readonly hasMacro: boolean;
  /** What conf warns about: characters that the language does not know, strings without an end. */
  readonly remarks: readonly Remark[];
}

/** A warning of conf, in its words. */
export interface Remark {
  readonly line: number;
  readonly text: string;
}

const newline = 10;
const space = 32;
const tab = 9;
const hash = 35;
const dollar = 36;
const backslash = 92;
const doubleQuote = 34;
const singleQuote = 39;

const assignOps = new Set(['=', ':=', '+=']);
const unquotedPathAfter = new Set(['source', 'rsource', 'osource', 'orsource']);

/** True for the bytes a bare word may hold: letters, digits, `_` and `-`. */
export function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45
  );
}

/** Reads one logical line at `offset`, which must lie inside the text. */
export function lexLine(text: string, offset: number, line: number): LexedLine {
  return new LineLexer(text, offset, line).run();
}

class LineLexer {
  private readonly text: string;
  private at: number;
  private line: number;
  private lineStart: number;
  private readonly firstLine: number;
  private readonly tokens: Token[] = [];
  private readonly remarks: Remark[] = [];
  private hasMacro = false;

  constructor(text: string, offset: number, line: number) {
    this.text = text;
    this.at = offset;
    this.lineStart = offset;
    this.line = line;
    this.firstLine = line;
  }

  run(): LexedLine {
    const { text } = this;
    let firstTokenLine = this.firstLine;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === newline) {
        this.at += 1;
        this.line += 1;
        break;
      }
      if (code === space || code === tab) {
        this.at += 1;
        continue;
      }
      if (code === hash) {
        this.at = this.endOfLine();
        continue;
      }
      if (code === backslash && text.charCodeAt(this.at + 1) === newline) {
        this.newLineInside();
        continue;
      }
      if (this.tokens.length === 0) firstTokenLine = this.line;
      this.token(code);
    }
    return {
      tokens: this.tokens,
      line: firstTokenLine,
      nextOffset: this.at,
      nextLine: this.line,
      hasMacro: this.hasMacro,
      remarks: this.remarks,
    };
  }

  private newLineInside(): void {
    this.at += 2;
    this.line += 1;
    this.lineStart = this.at;
  }

  private endOfLine(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  private column(): number {
    return this.at - this.lineStart + 1;
  }

  private token(code: number): void {
    if (this.isUnquotedPath(code)) this.unquotedPath();
    else if (isWordCode(code) || code === dollar) this.word();
    else if (code === doubleQuote || code === singleQuote) this.string(code);
    else this.operator();
  }

  // Kernels before 4.18 wrote `source path/Kconfig` without quotes.
  private isUnquotedPath(code: number): boolean {
    const first = this.tokens[0];
    return (
      this.tokens.length === 1 &&
      first?.kind === 'word' &&
      unquotedPathAfter.has(first.text) &&
      code !== doubleQuote &&
      code !== singleQuote &&
      code !== dollar
    );
  }

  private unquotedPath(): void {
    const column = this.column();
    const match = /\S+/y;
    match.lastIndex = this.at;
    const path = match.exec(this.text)?.[0] ?? '';
    this.at += path.length;
    this.tokens.push({ kind: 'string', text: path, column });
  }

  private word(): void {
    const { text, line } = this;
    const column = this.column();
    const start = this.at;
    while (isWordCode(text.charCodeAt(this.at))) this.at += 1;
    if (text.charCodeAt(this.at) !== dollar) {
      this.tokens.push({ kind: 'word', text: text.slice(start, this.at), column });
      return;
    }
    const pieces: Piece[] = this.at > start ? [text.slice(start, this.at)] : [];
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === dollar) {
        pieces.push(this.dollar());
      } else if (isWordCode(code)) {
        const from = this.at;
        while (isWordCode(text.charCodeAt(this.at))) this.at += 1;
        pieces.push(text.slice(from, this.at));
      } else break;
    }
    this.hasMacro = true;
    this.tokens.push({ kind: 'template', quoted: false, pieces, column, line });
  }

  // At a `$`: the macro it opens, or the sign itself where no parenthesis follows.
  private dollar(): Piece {
    const { text } = this;
    if (text[this.at + 1] !== '(') {
      this.at += 1;
      return '$';
    }
    const inside = this.at + 2;
    const lineEnd = this.endOfLine();
    const end = closingParen(text, inside, lineEnd);
    if (end < 0) {
      this.at = lineEnd;
      return { unclosed: text.slice(inside, lineEnd) };
    }
    const macro = text.slice(inside, end);
    this.at = end + 1;
    return { macro };
  }

  private string(quote: number): void {
    const { text, line } = this;
    const column = this.column();
    const pieces: Piece[] = [];
    let plain = '';
    this.at += 1;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === newline) {
        this.remarks.push({ line: this.firstLine, text: 'multi-line strings not supported' });
        break;
      }
      if (code === quote) {
        this.at += 1;
        break;
      }
      if (code === dollar) {
        const piece = this.dollar();
        if (typeof piece === 'string') plain += piece;
        else {
          if (plain !== '') pieces.push(plain);
          plain = '';
          pieces.push(piece);
          if ('unclosed' in piece) break;
        }
        continue;
      }
      if (code === backslash) {
        this.at += 1;
        if (text.charCodeAt(this.at) === newline) continue;
      }
      const from = this.at;
      this.at += 1;
      while (isPlainInString(text.charCodeAt(this.at))) this.at += 1;
      plain += text.slice(from, this.at);
    }
    if (pieces.length === 0) {
      this.tokens.push({ kind: 'string', text: plain, column });
      return;
    }
    if (plain !== '') pieces.push(plain);
    this.hasMacro = true;
    this.tokens.push({ kind: 'template', quoted: true, pieces, column, line });
  }

  private operator(): void {
    const column = this.column();
    const two = this.text.slice(this.at, this.at + 2);
    const one = two[0] ?? '';
    const op = ['||', '&&', '!=', '<=', '>=', ':=', '+='].includes(two)
      ? two
      : '=<>!()'.includes(one)
        ? one
        : '';
    if (op === '') {
      this.remarks.push({ line: this.line, text: `ignoring unsupported character '${one}'` });
      this.at += 1;
      return;
    }
    this.at += op.length;
    this.tokens.push({ kind: 'op', text: op, column });
    if (assignOps.has(op) && isAssignment(this.tokens)) this.value();
  }

  private value(): void {
    const { text } = this;
    while (text.charCodeAt(this.at) === space || text.charCodeAt(this.at) === tab) this.at += 1;
    const column = this.column();
    const end = this.endOfLine();
    this.tokens.push({ kind: 'value', text: text.slice(this.at, end), column });
    this.at = end;
  }
}

/** True where a statement of these first tokens gives a variable a value: `NAME =`. */
export function isAssignment(tokens: readonly Token[]): boolean {
  const before = tokens.length - 2;
  const name = tokens[before];
  if (name?.kind !== 'word' && !isBareMacro(name)) return false;
  // Macros that stand for nothing may come first: `$(info,text) NAME = value`.
  return tokens.slice(0, before).every(isBareMacro);
}

/** True for a word with macros in it. */
export function isBareMacro(token: Token | undefined): boolean {
  return token?.kind === 'template' && !token.quoted;
}

function isPlainInString(code: number): boolean {
  return (
    code !== dollar &&
    code !== newline &&
    code !== backslash &&
    code !== doubleQuote &&
    code !== singleQuote &&
    !Number.isNaN(code)
  );
}

/** Offset of the `)` that closes a macro whose inside starts at `from`; -1 where there is none. */
export function closingParen(text: string, from: number, end: number): number {
  let nest = 0;
  for (let i = from; i < end; i += 1) {
    const char = text[i];
    if (char === '(') nest += 1;
    else if (char === ')') {
      if (nest === 0) return i;
      nest -= 1;
    }
  }
  return -1;
}

/** Where the help text that starts at `offset` ends: the offset and number of the next line. */
export function skipHelp(
  text: string,
  offset: number,
  line: number,
): { readonly nextOffset: number; readonly nextLine: number } {
  let at = offset;
  let current = line;
  let firstIndent = 0;
  let first = true;
  while (at < text.length) {
    const lineEnd = text.indexOf('\n', at);
    const end = lineEnd < 0 ? text.length : lineEnd;
    let indent = 0;
    let i = at;
    for (; i < end; i += 1) {
      const code = text.charCodeAt(i);
      if (code === tab) indent = (indent & ~7) + 8;
      else if (code === space) indent += 1;
      else break;
    }
    if (i < end) {
      // A line at column 0 ends the text, but for the very first: conf takes that one as text.
      if (indent === 0 && !first) break;
      if (indent < firstIndent) break;
      if (firstIndent === 0) firstIndent = indent;
    }
    first = false;
    at = end + 1;
    current += 1;
  }
  return { nextOffset: Math.min(at, text.length), nextLine: current };
}
