// Finds comments and strings in TypeScript or JavaScript text, so that a check can look at code
// alone, at strings alone or at comments alone. A scanner, not a parser: a slash starts a regular
// expression where the code before it cannot end a value, which is right for formatted source.

/**
 * @typedef {{ kind: 'comment' | 'string' | 'regex', start: number, end: number }} Span
 *   Half-open range of offsets. The text parts of a template are spans of kind `string`.
 * @typedef {{ spans: Span[], code: string }} Scan
 *   `code` is the text with every span blanked out, newlines kept: offsets and lines still agree.
 */

/**
 * @param {string} text
 * @returns {Scan}
 */
export function scan(text) {
  /** @type {Span[]} */
  const spans = [];
  /** For each template we are in, the depth of braces at which its `${` closes. @type {number[]} */
  const templates = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const here = text.slice(at, at + 2);
    const first = here.charAt(0);
    const closesTemplate = first === '}' && templates.at(-1) === depth;
    if (closesTemplate) templates.pop();
    if (first === '{') depth++;
    if (first === '}') depth--;
    const span = closesTemplate ? template(text, at) : spanAt(text, at, here, spans);
    if (span === undefined) {
      at++;
      continue;
    }
    spans.push(span);
    at = span.end;
    if (text.startsWith('${', span.end - 2) && (closesTemplate || first === '`')) {
      depth++;
      templates.push(depth);
    }
  }
  return { spans, code: blank(text, spans) };
}

/**
 * The 1-based line of an offset.
 * @param {string} text
 * @param {number} offset
 */
export function lineOf(text, offset) {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1))
    line++;
  return line;
}

/**
 * @param {string} text
 * @param {number} at
 * @param {string} here the two characters at `at`
 * @param {readonly Span[]} before the spans found so far
 * @returns {Span | undefined}
 */
function spanAt(text, at, here, before) {
  if (here === '//') return { kind: 'comment', start: at, end: until(text, at, '\n', 0) };
  if (here === '/*') return { kind: 'comment', start: at, end: until(text, at + 2, '*/', 2) };
  if (here === '#!' && at === 0) return { kind: 'comment', start: 0, end: until(text, 0, '\n', 0) };
  const first = here.charAt(0);
  if (first === "'" || first === '"') {
    return { kind: 'string', start: at, end: quoted(text, at + 1, first) };
  }
  if (first === '`') return template(text, at);
  if (first === '/' && startsRegex(text, at, before)) {
    return { kind: 'regex', start: at, end: regex(text, at + 1) };
  }
  return undefined;
}

/**
 * A piece of a template: from a backquote or a closing brace to the next backquote or `${`.
 * @param {string} text
 * @param {number} start
 * @returns {Span}
 */
function template(text, start) {
  let at = start + 1;
  while (at < text.length) {
    if (text.charAt(at) === '`') return { kind: 'string', start, end: at + 1 };
    if (text.startsWith('${', at)) return { kind: 'string', start, end: at + 2 };
    at += text.charAt(at) === '\\' ? 2 : 1;
  }
  return { kind: 'string', start, end: text.length };
}

/**
 * @param {string} text
 * @param {number} from
 * @param {string} quote
 */
function quoted(text, from, quote) {
  let at = from;
  while (at < text.length && text.charAt(at) !== quote && text.charAt(at) !== '\n') {
    at += text.charAt(at) === '\\' ? 2 : 1;
  }
  return Math.min(at + 1, text.length);
}

/**
 * @param {string} text
 * @param {number} from
 */
function regex(text, from) {
  let inClass = false;
  let at = from;
  for (; at < text.length && text.charAt(at) !== '\n'; at++) {
    const c = text.charAt(at);
    if (c === '\\') at++;
    else if (c === '[') inClass = true;
    else if (c === ']') inClass = false;
    else if (c === '/' && !inClass) break;
  }
  return Math.min(at + 1, text.length);
}

/**
 * @param {string} text
 * @param {number} at
 * @param {readonly Span[]} before
 */
function startsRegex(text, at, before) {
  let end = at;
  for (let i = before.length - 1; i >= 0; i--) {
    const span = before[i];
    if (span === undefined || text.slice(span.end, end).trim() !== '') break;
    if (span.kind !== 'comment') return false;
    end = span.start;
  }
  const code = text.slice(Math.max(0, end - 40), end).trimEnd();
  return !/[\w$)\]}]$/.test(code) || /\b(?:return|typeof|case|in|of|yield|await)$/.test(code);
}

/**
 * @param {string} text
 * @param {number} from
 * @param {string} mark
 * @param {number} extra
 */
function until(text, from, mark, extra) {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + extra;
}

/**
 * @param {string} text
 * @param {readonly Span[]} spans
 */
function blank(text, spans) {
  let code = '';
  let from = 0;
  for (const { start, end } of spans) {
    code += text.slice(from, start) + text.slice(start, end).replace(/[^\n]/g, ' ');
    from = end;
  }
  return code + text.slice(from);
}
