// Cuts a file of C into its functions without parsing it: one pass over the characters that knows
// comments, literals, preprocessor lines and braces. Kernel style helps where macros and `#if`
// leave braces unbalanced: a `}` in the first column ends a function.

import { readHeader } from './scan-header.ts';
import { lineEnd, skipComment, skipQuoted } from './scan-text.ts';

/** One function of a file; offsets count UTF-16 units. */
export interface ScannedFunction {
  readonly name: string;
  /** Of the name. */
  readonly at: number;
  /** Of the first word of the definition, and behind the brace that ends it. */
  readonly start: number;
  readonly end: number;
  readonly returnsPointer: boolean;
  readonly isStatic: boolean;
  /** Names that are called where their value is wanted, sorted. */
  readonly calls: readonly string[];
}

/** A macro whose whole body is one call: `#define f(x) g(x, 0)`. */
export interface MacroAlias {
  readonly name: string;
  readonly target: string;
}

/** What a scan finds. */
export interface Scanned {
  readonly functions: readonly ScannedFunction[];
  readonly aliases: readonly MacroAlias[];
}

/** Definitions longer than this are generated tables of registers, not functions. */
const longestHeader = 4000;

/** The functions of `text` in order of place; never fails, whatever the text is. */
export function scanFunctions(text: string): Scanned {
  const scan = new Scan(text);
  scan.run();
  return { functions: scan.functions, aliases: scan.aliases };
}

const NEWLINE = 10;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const OPEN = 40;
const CLOSE = 41;
const SLASH = 47;
const COLON = 58;
const SEMICOLON = 59;
const BRACE = 123;
const END_BRACE = 125;

/** A position in the text with the state of the pass. */
class Scan {
  readonly text: string;
  readonly functions: ScannedFunction[] = [];
  readonly aliases: MacroAlias[] = [];
  /** Where the declaration at hand begins; -1 between declarations. */
  declaration = -1;
  braces = 0;
  parens = 0;
  /** Depths at each `#if` that is open, for its other arms. */
  readonly arms: number[] = [];
  lineHasCode = false;

  constructor(text: string) {
    this.text = text;
  }

  run(): void {
    const { text } = this;
    for (let i = 0; i < text.length; ) i = this.step(i, text.charCodeAt(i));
  }

  /** Reads one character, literal, comment or line at file level; gives where to go on. */
  step(i: number, code: number): number {
    if (code === NEWLINE) {
      this.lineHasCode = false;
      return i + 1;
    }
    if (code <= 32) return i + 1;
    if (code === HASH && !this.lineHasCode) return this.preprocessor(i);
    if (code === SLASH) {
      const behind = skipComment(this.text, i);
      if (behind > i) return behind;
    }
    const first = !this.lineHasCode && (i === 0 || this.text.charCodeAt(i - 1) === NEWLINE);
    this.lineHasCode = true;
    if (this.declaration < 0 && code !== SEMICOLON && code !== END_BRACE) this.declaration = i;
    return this.code(i, code, first);
  }

  code(i: number, code: number, firstColumn: boolean): number {
    switch (code) {
      case QUOTE:
      case APOSTROPHE:
        return skipQuoted(this.text, i);
      case OPEN:
        this.parens++;
        return i + 1;
      case CLOSE:
        if (this.parens > 0) this.parens--;
        return i + 1;
      case SEMICOLON:
        if (this.braces === 0 && this.parens === 0) this.declaration = -1;
        return i + 1;
      case BRACE:
        if (firstColumn) this.parens = this.braces = 0;
        return this.brace(i);
      case END_BRACE:
        this.endBrace(i, firstColumn);
        return i + 1;
      default:
        return i + 1;
    }
  }

  endBrace(i: number, firstColumn: boolean): void {
    if (firstColumn) this.braces = this.parens = 0;
    else if (this.braces > 0) this.braces--;
    // `} name;` and `} = {` belong to the same declaration, and a function has ended elsewhere.
    if (this.braces === 0 && this.declaration < 0) this.declaration = i;
  }

  /** A brace at file level: that of a function, or of a type or an initialiser. */
  brace(i: number): number {
    const { text, declaration } = this;
    const isTop = this.braces === 0 && this.parens === 0 && i - declaration < longestHeader;
    const header = isTop ? readHeader(text.slice(declaration, i)) : undefined;
    if (header === 'transparent') {
      this.declaration = -1;
      return i + 1;
    }
    if (header === undefined) {
      this.braces++;
      return i + 1;
    }
    const body = new Body(text, i);
    const end = body.run();
    this.declaration = -1;
    this.lineHasCode = true;
    this.functions.push({
      name: header.name,
      at: declaration + header.at,
      start: declaration,
      end,
      returnsPointer: header.returnsPointer,
      isStatic: header.isStatic,
      calls: [...body.calls].sort(),
    });
    return end;
  }

  preprocessor(i: number): number {
    const end = lineEnd(this.text, i);
    const alias = macroAlias(this.text, i, end);
    if (alias !== undefined) this.aliases.push(alias);
    const word = directive(this.text, i);
    if (word === 'if') this.arms.push(this.braces, this.parens);
    else if (word === 'else' || word === 'elif') {
      this.parens = this.arms.at(-1) ?? this.parens;
      this.braces = this.arms.at(-2) ?? this.braces;
    } else if (word === 'endif') this.arms.length = Math.max(0, this.arms.length - 2);
    return end;
  }
}

/** The body of one function, from its brace. */
class Body {
  readonly text: string;
  readonly calls = new Set<string>();
  at: number;
  depth = 0;
  readonly arms: number[] = [];
  lineHasCode = true;
  /** The last character that was no space, and whether the word it ends is `else` or `do`. */
  before = SEMICOLON;
  isStatement = true;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  /** Offset behind the brace that ends the function, or of the end of the text. */
  run(): number {
    const { text } = this;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === NEWLINE) {
        this.lineHasCode = false;
        this.at++;
      } else if (code <= 32) this.at++;
      else if (isWord(code)) this.word();
      else if (this.mark(code)) return this.at;
    }
    return text.length;
  }

  /** A character that is no part of a word; true at the end of the function. */
  mark(code: number): boolean {
    const { text, at } = this;
    if (code === HASH && !this.lineHasCode) {
      this.preprocessor();
      return false;
    }
    if (code === SLASH) {
      const behind = skipComment(text, at);
      if (behind > at) {
        this.at = behind;
        return false;
      }
    }
    const firstColumn = !this.lineHasCode && text.charCodeAt(at - 1) === NEWLINE;
    this.lineHasCode = true;
    this.before = code;
    this.at++;
    if (code === QUOTE || code === APOSTROPHE) this.at = skipQuoted(text, at);
    else if (code === BRACE) this.depth++;
    else if (code === END_BRACE) return --this.depth <= 0 || firstColumn;
    return false;
  }

  word(): void {
    const { text } = this;
    const from = this.at;
    let to = from + 1;
    while (to < text.length && isWord(text.charCodeAt(to))) to++;
    let next = to;
    while (text.charCodeAt(next) === 32) next++;
    const isCall = text.charCodeAt(next) === OPEN && !isDigit(text.charCodeAt(from));
    if (isCall && !this.startsStatement()) this.call(text.slice(from, to));
    const length = to - from;
    this.isStatement =
      (length === 4 && text.startsWith('else', from)) ||
      (length === 2 && text.startsWith('do', from));
    this.before = text.charCodeAt(to - 1);
    this.lineHasCode = true;
    this.at = to;
  }

  call(name: string): void {
    if (!notFunctions.has(name)) this.calls.add(name);
  }

  /** Whether a call here throws its value away. A `)` may end a cast as well as a condition. */
  startsStatement(): boolean {
    const { before } = this;
    if (before === SEMICOLON || before === BRACE || before === END_BRACE) return true;
    return before !== COLON && isWord(before) && this.isStatement;
  }

  preprocessor(): void {
    const word = directive(this.text, this.at);
    if (word === 'if') this.arms.push(this.depth);
    else if (word === 'else' || word === 'elif') this.depth = this.arms.at(-1) ?? this.depth;
    else if (word === 'endif') this.arms.pop();
    this.at = lineEnd(this.text, this.at);
  }
}

/** Words before a parenthesis that call nothing. */
const notFunctions = new Set(
  'if while for switch return sizeof typeof __typeof__ defined __attribute__ alignof'.split(' '),
);

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || code === 95 || (code >= 65 && code <= 90) || isDigit(code);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** `if` for every directive that opens arms; the word itself for the others. */
function directive(text: string, at: number): string {
  const found = /^#[ \t]*(if|else|elif|endif)/.exec(text.slice(at, at + 24));
  return found?.[1] ?? '';
}

const define = /^#[ \t]*define[ \t]+(\w+)\([^()]*\)[\s\\]+/;
const longestAlias = 400;

/** `#define f(x) g(x)`, also `(g(x))` and with wrappers that give what their argument gives. */
function macroAlias(text: string, at: number, end: number): MacroAlias | undefined {
  if (end - at > longestAlias || end - at < 12) return undefined;
  const line = text.slice(at, end);
  const head = define.exec(line);
  const name = head?.[1];
  if (head === null || name === undefined) return undefined;
  const target = onlyCall(
    line
      .slice(head[0].length)
      .replace(/\\\r?\n/g, ' ')
      .trim(),
  );
  return target === undefined || target === name ? undefined : { name, target };
}

/** @source include/linux/alloc_tag.h alloc_hooks() v6.12 */
const transparentMacros = new Set(['alloc_hooks']);

function onlyCall(body: string): string | undefined {
  const parens = /^\((.*)\)$/s.exec(body)?.[1];
  if (parens !== undefined && isBalanced(parens)) return onlyCall(parens.trim());
  const call = /^([A-Za-z_]\w*)[ \t]*\((.*)\)$/s.exec(body);
  const [, name, inner] = call ?? [];
  if (name === undefined || inner === undefined || !isBalanced(inner)) return undefined;
  if (transparentMacros.has(name)) return onlyCall(inner.trim());
  // include/linux/regmap.h v6.12: the wrapper calls its first argument.
  if (name === '__regmap_lockdep_wrapper') return /^\w+/.exec(inner)?.[0];
  return notFunctions.has(name) ? undefined : name;
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth++;
    else if (char === ')' && --depth < 0) return false;
  }
  return depth === 0;
}
