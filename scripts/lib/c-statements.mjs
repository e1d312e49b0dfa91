// Statements of C functions with their places, for mutants of real functions: as much of C as the
// kernel's style asks for, and no more. It is not the reader of src/audit/flow on purpose: what is
// mutated must not depend on what the walker under test understands.

/**
 * @typedef {'simple' | 'label' | 'block' | 'if' | 'loop'} StatementKind
 * @typedef {object} Statement
 * @property {StatementKind} kind
 * @property {number} start
 * @property {number} end
 * @property {string} text As written, comments and strings blanked.
 * @property {readonly [number, number] | undefined} cond Inside the parentheses of an if or a loop.
 * @property {readonly Statement[]} parts What is inside; of an if: what it runs, then its else.
 * @typedef {object} CFunction
 * @property {string} name
 * @property {string} header
 * @property {Statement} body
 */

/**
 * The text with comments, strings and preprocessor lines blanked: same length, same lines.
 * @param {string} text
 */
export function masked(text) {
  const all =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:\\\n|[^\n])*/gm;
  return text.replace(all, blank);
}

/**
 * Spaces of the same length on the same lines.
 * @param {string} text
 */
export function blank(text) {
  return text.replace(/[^\n]/g, ' ');
}

/**
 * Functions of a file: their bodies begin with a brace in the first column.
 * @param {string} text
 * @returns {readonly CFunction[]}
 */
export function functionsIn(text) {
  const plain = masked(text);
  /** @type {CFunction[]} */
  const functions = [];
  for (const { index } of plain.matchAll(/^\{/gm)) {
    const before = plain.slice(0, index);
    const above = before.slice(Math.max(...[';', '}', '{'].map((c) => before.lastIndexOf(c))) + 1);
    // A macro that ends without a semicolon may stand above it.
    const header =
      above
        .trim()
        .split(/\n\s*\n/)
        .at(-1) ?? '';
    const name = /(\w+)\s*\(/.exec(header)?.[1];
    if (name === undefined || header.includes('=') || !/\)\s*$/.test(header)) continue;
    functions.push({ name, header, body: new Reader(plain).statement(index) });
  }
  return functions;
}

/**
 * Calls `look` for a statement and all inside it, with its siblings and those it stands in.
 * @param {Statement} one
 * @param {(one: Statement, siblings: readonly Statement[], index: number,
 *   above: readonly Statement[]) => void} look
 * @param {readonly Statement[]} [above]
 */
export function eachStatement(one, look, above = []) {
  one.parts.forEach((part, index) => {
    look(part, one.parts, index, [...above, one]);
    eachStatement(part, look, [...above, one]);
  });
}

const CLOSES = /** @type {Record<string, string>} */ ({ '(': ')', '{': '}', '[': ']' });

class Reader {
  /** @param {string} plain */
  constructor(plain) {
    this.plain = plain;
  }

  /** @param {number} at */
  skip(at) {
    let on = at;
    while (/\s/.test(this.plain[on] ?? '')) on += 1;
    return on;
  }

  /**
   * Behind the bracket that closes the one at `at`.
   * @param {number} at
   */
  close(at) {
    /** @type {string[]} */
    const open = [];
    for (let on = at; on < this.plain.length; on += 1) {
      const c = this.plain[on] ?? '';
      const closes = CLOSES[c];
      if (closes !== undefined) open.push(closes);
      else if (c === open.at(-1)) open.pop();
      if (open.length === 0) return on + 1;
    }
    return this.plain.length;
  }

  /**
   * @param {StatementKind} kind
   * @param {number} start
   * @param {number} end
   * @param {readonly Statement[]} [parts]
   * @param {readonly [number, number]} [cond]
   * @returns {Statement}
   */
  made(kind, start, end, parts = [], cond) {
    return { kind, start, end, text: this.plain.slice(start, end), parts, cond };
  }

  /**
   * @param {number} from
   * @returns {Statement}
   */
  statement(from) {
    const start = this.skip(from);
    if (this.plain[start] === '{') return this.block(start);
    const rest = this.plain.slice(start);
    const label = /^(?:case\b[^;{}:?]*|\w+\s*):(?!:)/.exec(rest);
    if (label !== null) return this.made('label', start, start + label[0].length);
    const head = /^(\w+)\s*(?=\()/.exec(rest);
    const word = head?.[1] ?? /^\w+/.exec(rest)?.[0] ?? '';
    if (word === 'do') {
      const body = this.statement(start + 2);
      return this.made('loop', start, this.semicolon(body.end), [body]);
    }
    if (head === null) return this.made('simple', start, this.semicolon(start));
    const open = start + head[0].length;
    const end = this.close(open);
    const cond = /** @type {const} */ ([open + 1, end - 1]);
    if (word === 'if') return this.choice(start, end, cond);
    // A macro that runs what follows: list_for_each_entry() and the like.
    const isLoop =
      /^(?:for|while|switch)$/.test(word) || /[\w{]/.test(this.plain[this.skip(end)] ?? '');
    if (!isLoop) return this.made('simple', start, this.semicolon(start));
    const body = this.statement(end);
    return this.made('loop', start, body.end, [body], cond);
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {readonly [number, number]} cond
   */
  choice(start, end, cond) {
    const then = this.statement(end);
    const next = this.skip(then.end);
    if (!/^else\b/.test(this.plain.slice(next, next + 5))) {
      return this.made('if', start, then.end, [then], cond);
    }
    const otherwise = this.statement(next + 4);
    return this.made('if', start, otherwise.end, [then, otherwise], cond);
  }

  /** @param {number} start */
  block(start) {
    const end = this.close(start);
    /** @type {Statement[]} */
    const parts = [];
    for (let at = this.skip(start + 1); at < end - 1; at = this.skip(at)) {
      const one = this.statement(at);
      parts.push(one);
      at = Math.max(one.end, at + 1);
    }
    return this.made('block', start, end, parts);
  }

  /** @param {number} start */
  semicolon(start) {
    let at = start;
    while (at < this.plain.length && this.plain[at] !== ';') {
      at = CLOSES[this.plain[at] ?? ''] === undefined ? at + 1 : this.close(at);
    }
    return at + 1;
  }
}
