// Kernel macros that are no C by the grammar, replaced before parsing by text of the same length:
// a place in the syntax tree stays a place in the file. The table of them is mask-table.ts.

import { never } from '../../base/index.ts';
import { splitConditions } from './mask-split.ts';
import { MASKS, type MaskRow, type MaskWay, RUNS_STATEMENT } from './mask-table.ts';

const LONGEST_MASKED_CALL = 4000;

/** `text` with every macro of the table made readable; same length and same line ends. */
export function maskKernelMacros(text: string): string {
  return MASKS.reduce(applyRow, blankParts(text));
}

/** Conditions of the preprocessor in the midst of a statement: one of their sides is kept. */
function blankParts(text: string): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { from, to } of splitConditions(text)) {
    pieces.push(text.slice(done, from), blanked(text.slice(from, to)));
    done = to;
  }
  return done === 0 ? text : pieces.join('') + text.slice(done);
}

function applyRow(text: string, row: MaskRow): string {
  if (row.needs?.every((word) => !text.includes(word)) === true) return text;
  const pieces: string[] = [];
  let done = 0;
  for (const match of text.matchAll(row.pattern)) {
    const word = match[1] ?? match[0];
    const from = match.index + match[0].length - word.length;
    if (from < done) continue;
    const end = endOfMask(text, from, word.length, row.how);
    if (end === undefined) continue;
    pieces.push(text.slice(done, from), replacement(text.slice(from, end), row.how));
    done = end;
  }
  return done === 0 ? text : pieces.join('') + text.slice(done);
}

/** Where the replaced part ends; undefined where the match is none after all. */
function endOfMask(text: string, from: number, length: number, how: MaskWay): number | undefined {
  const end = from + length;
  switch (how) {
    case 'blank':
    case 'while':
    case 'inline':
    case 'name':
    case 'or':
    case 'string':
    case 'strings':
      return end;
    case 'blank-call':
      return endOfCall(text, end, true);
    case 'string-call':
      return endOfCall(text, end);
    case 'blank-line':
      return endsLine(text, endOfCall(text, end), /^\s*[;{]/);
    case 'definition':
      return beforeBrace(text, endOfCall(text, end));
    case 'while-block': {
      if (!runsBlock(text, from, end)) return undefined;
      // Empty parentheses are no condition: they are replaced as well.
      return /^\s?\(\s*\)/.test(text.slice(end, end + 8)) ? endOfCall(text, end) : end;
    }
    default:
      return never(how, 'mask');
  }
}

/** Whether the call at `from`, whose name ends at `end`, runs what stands behind it. */
function runsBlock(text: string, from: number, end: number): boolean {
  const call = endOfCall(text, end);
  if (call === undefined) return false;
  let next = call;
  while (text[next] === ' ' || text[next] === '\t') next++;
  if (text[next] === '{') return true;
  if (text[next] === ';' || text[next] === ')' || text[next] === ',') return false;
  return (
    RUNS_STATEMENT.test(text.slice(from, end)) && endsLine(text, call, /^\s*[;}]/) !== undefined
  );
}

/** `end` if a line ends there, and what follows is not `unless`. */
function endsLine(text: string, end: number | undefined, unless: RegExp): number | undefined {
  if (end === undefined) return undefined;
  const rest = text.slice(end, end + 200).replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
  return /^[ \t]*(?:\r?\n|$)/.test(rest) && !unless.test(rest) ? end : undefined;
}

function beforeBrace(text: string, end: number | undefined): number | undefined {
  if (end === undefined) return undefined;
  return /^\s*\{/.test(text.slice(end, end + 40)) ? end : undefined;
}

function replacement(word: string, how: MaskWay): string {
  switch (how) {
    case 'blank':
    case 'blank-call':
    case 'blank-line':
      return blanked(word);
    case 'while':
    case 'while-block':
      return written(word, word.endsWith(')') ? 'while(1)' : 'while');
    case 'inline':
      return written(word, 'inline');
    case 'or':
      return written(word, '||');
    case 'string':
      return written(word, '""');
    case 'strings':
      return written(word, '"" ""');
    case 'string-call':
      return written(word, '""');
    case 'name':
      return word.replace(/[^\n\r]/g, 'T').replace(/[\n\r]+T*$/, blanked);
    case 'definition':
      return definitionHead(word);
    default:
      return never(how, 'mask');
  }
}

function blanked(word: string): string {
  return word.replace(/[^\n\r]/g, ' ');
}

function written(word: string, keyword: string): string {
  return keyword + blanked(word).slice(keyword.length);
}

/**
 * `SYSCALL_DEFINE2(name, type, a, type, b)` as `T name(type a, type b)`. Without parameters, no
 * parenthesis is left to open: then the name is that of the macro. `BPF_PROG(name, ...)` has a
 * type before it, and its parameters are as in any function.
 */
function definitionHead(word: string): string {
  const open = word.indexOf('(');
  const comma = word.indexOf(',');
  const isPlain = word.startsWith('BPF_PROG');
  if (comma < 0) {
    const type = isPlain ? '' : 'T ';
    return type + word.slice(type.length, open + 1) + blanked(word.slice(open + 1, -1)) + ')';
  }
  const head = `${isPlain ? ' ' : 'T'}${blanked(word.slice(1, open + 1))}`;
  let index = 0;
  const list = word
    .slice(comma + 1)
    .replace(/,/g, () => (isPlain || index++ % 2 === 1 ? ',' : ' '));
  return `${head}${word.slice(open + 1, comma)}(${list}`;
}

/** Offset behind the parenthesis that closes the one at or after `from`; code has `;` and `{`. */
function endOfCall(text: string, from: number, mayHoldCode = false): number | undefined {
  let depth = 0;
  const last = Math.min(text.length, from + LONGEST_MASKED_CALL);
  for (let i = from; i < last; i++) {
    const code = text.charCodeAt(i);
    if (code === 40) depth++;
    else if (code === 41 && --depth === 0) return i + 1;
    else if (depth === 0 && code !== 32 && code !== 9) return undefined;
    else if (!mayHoldCode && (code === 59 || code === 123)) return undefined;
  }
  return undefined;
}
