// Text of a litmus test -> tokens and comments, in one pass that never fails: what is no token of
// the language becomes a `bad` one, and the parser says so where it meets it.

/** A stretch of the text: from the first character to the one after the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A word, a sign, or the end of the text, which has no length. */
export interface Token extends Span {
  readonly kind: 'name' | 'number' | 'string' | 'symbol' | 'bad' | 'end';
  readonly text: string;
}

/** One comment; `text` is without carriage returns and without blanks at the ends of lines. */
export interface Comment extends Span {
  readonly text: string;
  /** A `(*` or a slash and star that is never closed. */
  readonly open?: true;
}

/** Tokens and comments of one text, at most; the longest test of the catalogue has some 300. */
export const MAX_TOKENS = 50_000;

/** A text cut up: tokens end in one of kind `end`, comments stand apart, both in order. */
export interface Lexed {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  /** There are more than `MAX_TOKENS`: the end stands where they were given up. */
  readonly cut?: true;
}

const name = /[A-Za-z_]\w*/y;
const number = /\d\w*/y;
const string = /"[^"\n\r]*"/y;
const symbol = /\/\\|\\\/|=>|->|[=!<>]=|&&|\|\||\+\+|--|[+-]=|<<|>>|[!%&()*+,\-./:;<=>?[\]^{|}~]/y;
const blank = /[ \t\r\n\f\v]+/y;
const lineComment = /\/\/[^\n]*/y;

/**
 * Cuts `text` up. `(*` opens a comment, which nests; but between the braces of a thread it does so
 * only where no name and no parenthesis follows directly, because there `(*p)` is C.
 */
export function lex(text: string): Lexed {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  const braces = new Braces();
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length && tokens.length + comments.length < MAX_TOKENS) {
    const space = match(blank, text, at);
    if (space > at) {
      at = space;
      continue;
    }
    const comment = commentAt(text, at, braces.inBody);
    if (comment) {
      comments.push(comment);
      at = comment.to;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    braces.pass(token);
    at = token.to;
  }
  tokens.push({ kind: 'end', text: '', from: at, to: at });
  return at < text.length ? { tokens, comments, cut: true } : { tokens, comments };
}

/** Knows whether the text so far ends inside a thread: in braces that follow a `)`. */
class Braces {
  inBody = false;
  #depth = 0;
  #previous = '';

  pass({ kind, text }: Token): void {
    if (kind === 'symbol' && text === '{') {
      if (this.#depth === 0) this.inBody = this.#previous === ')';
      this.#depth++;
    } else if (kind === 'symbol' && text === '}') {
      this.#depth = Math.max(0, this.#depth - 1);
      if (this.#depth === 0) this.inBody = false;
    }
    this.#previous = text;
  }
}

function commentAt(text: string, from: number, inBody: boolean): Comment | undefined {
  if (text.startsWith('//', from)) return comment(text, from, match(lineComment, text, from));
  if (text.startsWith('/*', from)) {
    const end = text.indexOf('*/', from + 2);
    return end < 0 ? unclosed(text, from) : comment(text, from, end + 2);
  }
  if (!text.startsWith('(*', from)) return undefined;
  if (inBody && /[A-Za-z_(]/.test(text.charAt(from + 2))) return undefined;
  const end = endOfNested(text, from);
  return end < 0 ? unclosed(text, from) : comment(text, from, end);
}

/** The place behind the `*)` that closes the `(*` at `from`; negative where there is none. */
function endOfNested(text: string, from: number): number {
  const mark = /\(\*|\*\)/g;
  mark.lastIndex = from;
  let depth = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '(*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return -1;
}

function comment(text: string, from: number, to: number): Comment {
  // `(*x` becomes `(* x`: the comment may be moved to where `(*x` is C.
  const whole = text.slice(from, to).replace(/^\(\*(?=[A-Za-z_(])/, '(* ');
  const lines = whole.split('\n');
  return { from, to, text: lines.map((line) => line.trimEnd()).join('\n') };
}

function unclosed(text: string, from: number): Comment {
  return { ...comment(text, from, text.length), open: true };
}

function tokenAt(text: string, from: number): Token {
  const kinds = [
    ['name', name],
    ['number', number],
    ['symbol', symbol],
    ['string', string],
  ] as const;
  for (const [kind, pattern] of kinds) {
    const to = match(pattern, text, from);
    if (to > from) return { kind, from, to, text: text.slice(from, to) };
  }
  const character = String.fromCodePoint(text.codePointAt(from) ?? 0);
  return { kind: 'bad', from, to: from + character.length, text: character };
}

function match(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
