// Conditions of the preprocessor in the midst of a statement, a list, or the head of a function:
// the grammar takes them around whole statements only. Of such a group the first side is kept (the
// second where the first is `#if 0`), the rest is blanked; who reads the tree asks here which
// groups those are, and says that one side was read.

/** A part of the text that is blanked. */
export interface SplitPart {
  readonly from: number;
  readonly to: number;
  /** Offset of the group's `#if`. */
  readonly group: number;
}

interface Directive {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

/** Longest group that is looked at, in characters. */
const LONGEST_GROUP = 20_000;

/** The parts to blank, in order and apart from each other; none where no group is split. */
export function splitConditions(text: string): readonly SplitPart[] {
  if (!/^[ \t]*#[ \t]*if/m.test(text)) return [];
  const parts: SplitPart[] = [];
  const stack: Directive[][] = [];
  const pattern =
    /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b(?:\\\r?\n|[^\n])*/gm;
  for (const match of text.matchAll(pattern)) {
    const word = match[1] ?? '';
    const directive = { word, from: match.index, to: match.index + match[0].length };
    if (word.startsWith('if')) {
      stack.push([directive]);
      continue;
    }
    const group = stack.at(-1);
    group?.push(directive);
    if (word !== 'endif' || group === undefined) continue;
    stack.pop();
    if (isSplit(text, group)) for (const part of blankedParts(text, group)) parts.push(part);
  }
  return merged(parts);
}

function isSplit(text: string, group: readonly Directive[]): boolean {
  const first = group[0];
  const last = group.at(-1);
  if (first === undefined || last === undefined || last.to - first.from > LONGEST_GROUP)
    return false;
  const follows = plain(text.slice(last.to, last.to + 300)).trimStart();
  if (/^else\b/.test(follows)) return true;
  const opensBody = follows.startsWith('{');
  return group.some((directive, index) => {
    if (!endsStatement(text, directive.from, opensBody)) return true;
    const next = group[index + 1];
    if (next === undefined) return false;
    const inside = plain(text.slice(directive.to, next.from));
    return /^\s*else\b/.test(inside) || !isBalanced(inside);
  });
}

/** Without comments, strings, characters and directives. */
function plain(text: string): string {
  return text
    .replace(/\/\*[^]*?(?:\*\/|$)|\/\/[^\n]*|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/g, ' ')
    .replace(/^[ \t]*#(?:\\\r?\n|[^\n])*/gm, '');
}

/** Whether what stands before `at` is over: a statement, a definition, a label. */
function endsStatement(text: string, at: number, opensBody: boolean): boolean {
  const raw = text.slice(Math.max(0, at - 600), at);
  const isString = /"\s*$/.test(raw);
  const before = withoutHalfComment(raw)
    .replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/^[ \t]*#(?:\\\r?\n|[^\n])*/gm, '')
    .trimEnd();
  if (isString) return false;
  const char = before.at(-1);
  if (char === undefined || /[;{}:\\]/.test(char)) return true;
  if (char !== ')') return false;
  // A macro at file level needs no semicolon; the head of a function is followed by its body.
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return !opensBody && /^\w/.test(line);
}

/** A window of the text may begin within a comment. */
function withoutHalfComment(text: string): string {
  const close = text.indexOf('*/');
  const open = text.indexOf('/*');
  return close >= 0 && (open < 0 || close < open) ? text.slice(close + 2) : text;
}

function isBalanced(text: string): boolean {
  let braces = 0;
  let parentheses = 0;
  for (const char of text.match(/[(){}]/g) ?? []) {
    if (char === '{') braces++;
    else if (char === '}') braces--;
    else if (char === '(') parentheses++;
    else parentheses--;
    if (braces < 0 || parentheses < 0) return false;
  }
  return braces === 0 && parentheses === 0;
}

function blankedParts(text: string, group: readonly Directive[]): SplitPart[] {
  const start = group[0]?.from ?? 0;
  const isNever = /^[ \t]*#[ \t]*if[ \t]+0\b/.test(text.slice(start, start + 80));
  const kept = isNever && group.length > 2 ? 1 : 0;
  return group.map((directive, index) => {
    const next = group[index + 1];
    const isKept = next === undefined || (index === kept && !(isNever && group.length === 2));
    return { from: directive.from, to: isKept ? directive.to : next.from, group: start };
  });
}

/** In order; a part within another one is dropped. */
function merged(parts: readonly SplitPart[]): readonly SplitPart[] {
  const result: SplitPart[] = [];
  let done = 0;
  for (const part of parts.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (part.from < done) continue;
    result.push(part);
    done = part.to;
  }
  return result;
}
