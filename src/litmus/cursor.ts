// Reads tokens one after the other, for a parser that goes on after an error, and deals out the
// comments between them.

import { at } from '../base/index.ts';
import type { Trivia, Word } from './ast.ts';
import type { Comment, Lexed, Span, Token } from './lex.ts';
import type { Reporter } from './reporter.ts';

/** How deep braces, parentheses and operators may nest. */
export const MAX_NESTING = 64;

const CLOSERS: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** The reading position in one file. */
export class Cursor {
  readonly text: string;
  readonly reporter: Reporter;
  readonly #tokens: readonly Token[];
  readonly #comments: readonly Comment[];
  #at = 0;
  #comment = 0;
  #depth = 0;

  constructor(text: string, lexed: Lexed, reporter: Reporter) {
    this.text = text;
    this.reporter = reporter;
    this.#tokens = lexed.tokens;
    this.#comments = lexed.comments;
  }

  /** The token to be read next; `ahead` looks past it. Behind the end stands the end. */
  peek(ahead = 0): Token {
    return at(this.#tokens, Math.min(this.#at + ahead, this.#tokens.length - 1));
  }

  /** The token read last; at the beginning, an empty one there. */
  get last(): Token {
    const first = { kind: 'end', text: '', from: 0, to: 0 } as const;
    return this.#at === 0 ? first : at(this.#tokens, this.#at - 1);
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  get ended(): boolean {
    return this.peek().kind === 'end';
  }

  /** Whether the next token is this sign or this word. */
  sees(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && (token.kind === 'symbol' || token.kind === 'name');
  }

  /** Reads the sign or word, if it comes next. */
  eat(text: string): boolean {
    if (!this.sees(text)) return false;
    this.take();
    return true;
  }

  /**
   * Reads the sign, or notes that it is missing; `hint` says what it is there for. True where
   * reading can go on as if it were there.
   */
  expect(text: string, hint?: string): boolean {
    if (this.eat(text)) return true;
    const next = this.peek();
    const behind = this.last;
    if (text === ';' && (this.sees(')') || this.sees(']'))) {
      this.reporter.add(next, `this '${next.text}' closes nothing`, 'take it away');
    } else if (text === ';' && behind.kind !== 'end') {
      const gap = { from: behind.to, to: behind.to };
      this.reporter.add(gap, `';' is missing after ${shown(behind)}`, hint ?? 'add the semicolon');
      // What stands on the next line is the next item.
      return this.text.slice(behind.to, next.from).includes('\n');
    } else {
      const opened = CLOSERS.get(text);
      const why = opened ? `a '${opened}' before it is not closed` : `add the '${text}'`;
      this.reporter.add(next, `expected '${text}', found ${shown(next)}`, hint ?? why);
    }
    return false;
  }

  /** Reads a word, or notes that `what` is missing. */
  word(what: string, hint = 'names are of letters, digits and _'): Word | undefined {
    const token = this.peek();
    if (token.kind === 'name') return toWord(this.take());
    this.unexpected(what, hint);
    return undefined;
  }

  /** Notes that the next token is not `what` should stand here. */
  unexpected(what: string, hint = 'see docs/reference/litmus.md'): void {
    const next = this.peek();
    const foreign = next.kind === 'bad' && !/[ -~]/.test(next.text);
    const why = foreign ? 'outside of comments the language is ASCII' : hint;
    this.reporter.add(next, `expected ${what}, found ${shown(next)}`, why);
  }

  /** Runs `parse` one level deeper; past the limit notes a problem instead. */
  nested<T>(parse: () => T | undefined): T | undefined {
    if (this.#depth >= MAX_NESTING) {
      const what = `nested more than ${MAX_NESTING} levels deep`;
      this.reporter.add(this.peek(), what, 'no test needs that; take a level out');
      return undefined;
    }
    this.#depth++;
    const result = parse();
    this.#depth--;
    return result;
  }

  /** From the first character of `first` to the last one read. */
  spanFrom(first: Span): Span {
    return { from: first.from, to: Math.max(first.from, this.last.to) };
  }

  /** Skips `( ... )`, if that comes next, but no further than the next brace. */
  skipParens(): void {
    let depth = 0;
    while (!this.ended && !this.sees('{') && !this.sees('}')) {
      if (this.sees('(')) depth++;
      if (this.sees(')')) depth--;
      if (depth === 0 && !this.sees(')')) return;
      this.take();
      if (depth === 0) return;
    }
  }

  /** Skips to behind the next `;` of this level, or to before the `}` that ends it. */
  skipItem(): void {
    let depth = 0;
    while (!this.ended) {
      if (depth === 0 && this.sees('}')) return;
      const { text, kind } = this.take();
      if (kind !== 'symbol') continue;
      if (text === '{') depth++;
      if (text === '}' && --depth === 0) return;
      if (text === ';' && depth === 0) return;
    }
  }

  /** The comments up to the next token, and the empty lines between them: those above an item. */
  commentsAbove(): readonly string[] {
    const above: string[] = [];
    let end = this.last.to;
    const fresh = this.#at === 0 && this.#comment === 0;
    const before = this.#comments[this.#comment - 1];
    if (before && before.to > end) end = before.to;
    const gapTo = (from: number): void => {
      const opens = (fresh && above.length === 0) || above.at(-1) === '';
      if (!opens && this.#emptyLineWithin(end, from)) above.push('');
    };
    for (const comment of this.#commentsTo(this.peek().from)) {
      gapTo(comment.from);
      above.push(comment.text);
      end = comment.to;
    }
    gapTo(this.peek().from);
    return above;
  }

  /**
   * The comments inside and behind the item read last: `inside` those that have to move above it,
   * `after` those that stay on its line.
   */
  commentsBehind(): { readonly inside: readonly string[]; readonly after: readonly string[] } {
    const inside: string[] = [];
    const after: string[] = [];
    for (const { text } of this.#commentsTo(this.last.to)) {
      (text.includes('\n') || text.startsWith('//') ? inside : after).push(text);
    }
    let end = this.last.to;
    for (;;) {
      const comment = this.#comments[this.#comment];
      if (!comment || comment.from > this.peek().from || comment.text.includes('\n')) break;
      if (/\n/.test(this.text.slice(end, comment.from))) break;
      after.push(comment.text);
      end = comment.to;
      this.#comment++;
    }
    return { inside, after };
  }

  /** The comments inside the item read last, and none behind it. */
  commentsInside(): readonly string[] {
    return [...this.#commentsTo(this.last.to)].map(({ text }) => text);
  }

  /** Trivia of an item whose `above` was read before it. */
  trivia(above: readonly string[]): Trivia {
    const { inside, after } = this.commentsBehind();
    return { before: [...above, ...inside], after };
  }

  /** Skips the tokens before `offset`: those of a line whose text was read as a whole. */
  skipTo(offset: number): void {
    while (!this.ended && this.peek().from < offset) this.#at++;
  }

  *#commentsTo(offset: number): Generator<Comment> {
    for (;;) {
      const comment = this.#comments[this.#comment];
      if (!comment || comment.from >= offset) return;
      this.#comment++;
      yield comment;
    }
  }

  #emptyLineWithin(from: number, to: number): boolean {
    return /\n[ \t\r]*\n/.test(this.text.slice(from, to));
  }
}

/** A token in a sentence. */
export function shown(token: Token): string {
  if (token.kind === 'end') return 'the end of the file';
  const text = token.text.length > 40 ? `${token.text.slice(0, 37)}...` : token.text;
  return token.kind === 'string' ? text : `'${text}'`;
}

/** The token as a word of the tree. */
export function toWord({ text, from, to }: Token): Word {
  return { text, from, to };
}
