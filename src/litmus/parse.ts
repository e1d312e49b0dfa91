// Tokens -> syntax tree: name line, title, keys, init block, threads, question. A mistake is noted
// and reading goes on behind it, so that several of one file are listed.

import type { Key, LitmusFile, Trivia, Word } from './ast.ts';
import { Cursor, shown, toWord } from './cursor.ts';
import { type Comment, lex, MAX_TOKENS } from './lex.ts';
import { suggestion } from './nearest.ts';
import { PARTS, parseBlock } from './parse-block.ts';
import { parseClause, parseLocations, parseQuestion } from './parse-condition.ts';
import { parseInitItem } from './parse-init.ts';
import { parseThread } from './parse-thread.ts';
import type { Reporter } from './reporter.ts';

/** The largest file that is read, in characters. */
export const MAX_FILE = 2 ** 20;

/** What the name line of tests for herd7 begins with. */
const HERD =
  /^(?:C|CPP|C\+\+|LISA|X86|X86_64|AArch64|ARM|PPC|RISCV|MIPS|JAVA|BPF|ASL|Bell|GPU_PTX)$/i;

/** A tree, and the comments of its text in order. */
export interface ParsedFile {
  readonly file: LitmusFile;
  readonly comments: readonly Comment[];
}

/** Reads a whole file; undefined, or a tree with gaps, where problems were noted. */
export function parse(text: string, reporter: Reporter): ParsedFile | undefined {
  if (text.length > MAX_FILE) {
    reporter.add(
      START,
      `larger than ${MAX_FILE} characters`,
      'a litmus test has a few dozen lines',
    );
    return undefined;
  }
  const lexed = lex(text);
  if (lexed.cut) {
    const end = lexed.tokens.at(-1) ?? START;
    reporter.add(end, `more than ${MAX_TOKENS} words`, 'a litmus test has a few dozen lines');
    return undefined;
  }
  const cursor = new Cursor(text, lexed, reporter);
  const open = lexed.comments.find((comment) => comment.open);
  if (open) {
    reporter.add(open, 'a comment without end', hintForOpen(open.text));
    return undefined;
  }
  const above = cursor.commentsAbove();
  const name = parseName(cursor, above);
  const file = name && parseRest(cursor, name);
  return file && { file, comments: lexed.comments };
}

const START = { from: 0, to: 0 };

function hintForOpen(text: string): string {
  return text.startsWith('(*')
    ? "close it with '*)'; the star of a pointer needs its name right behind it: (*p)"
    : "close it with '*/'";
}

function parseName(cursor: Cursor, above: readonly string[]): (Word & Trivia) | undefined {
  const { reporter } = cursor;
  const first = cursor.peek();
  if (first.kind === 'end') {
    reporter.add(first, 'the file is empty', "a test begins with the line 'DAX NAME'");
    return undefined;
  }
  if (!cursor.sees('DAX')) {
    reportHead(cursor);
    return undefined;
  }
  cursor.take();
  const lineEnd = endOfLine(cursor.text, first.from);
  const from = cursor.peek().from;
  let to = from;
  while (cursor.peek().from < lineEnd && !cursor.ended) {
    if (cursor.peek().from > to) {
      reporter.add(cursor.peek(), 'a name has no blanks', 'join its parts with + or -');
    }
    to = cursor.take().to;
  }
  const text = cursor.text.slice(from, to);
  if (text === '') reporter.add(first, 'the test has no name', "write 'DAX NAME'");
  else if (/[^\w+\-.: ]/.test(text)) {
    reporter.add(
      { from, to },
      'this is no name of a test',
      'it is of letters, digits and + - _ . :',
    );
  }
  return { text, from, to, ...cursor.trivia(above) };
}

function reportHead(cursor: Cursor): void {
  const first = cursor.peek();
  if (first.text === '\0') {
    cursor.reporter.add(first, 'a NUL byte: this is no text file', 'save it as ASCII or UTF-8');
  } else if (HERD.test(first.text) || first.text === 'C') {
    const { file } = cursor.reporter;
    const command = /^c$/i.test(first.text) ? 'herd7 -conf linux-kernel.cfg' : 'herd7';
    cursor.reporter.add(
      first,
      `this is a litmus test for herd7 (${first.text}): it asks about memory order, not caches`,
      `run ${command} ${file}`,
    );
  } else {
    cursor.reporter.add(
      first,
      `the first line is 'DAX NAME', found ${shown(first)}`,
      first.text.toUpperCase() === 'DAX' ? 'write DAX in capitals' : "begin with 'DAX NAME'",
    );
  }
}

function parseRest(cursor: Cursor, name: Word & Trivia): LitmusFile | undefined {
  const title = parseTitle(cursor);
  const keys: Key[] = [];
  while (cursor.peek().kind === 'name' && cursor.sees('=', 1)) {
    const key = parseKey(cursor);
    if (key) keys.push(key);
  }
  const init = parseInit(cursor);
  const threads: LitmusFile['threads'][number][] = [];
  for (;;) {
    if (!beginsThread(cursor) && !skipToPart(cursor)) break;
    if (!beginsThread(cursor)) break;
    const thread = parseThread(cursor);
    if (thread) threads.push(thread);
  }
  if (cursor.ended && !cursor.reporter.none) return undefined;
  const locations = cursor.sees('locations') ? parseLocations(cursor) : undefined;
  const filter = cursor.sees('filter') ? parseClause(cursor) : undefined;
  if (locations === undefined && cursor.sees('locations')) reportOrder(cursor);
  const question = parseQuestion(cursor);
  if (question && !cursor.ended) {
    cursor.reporter.add(
      cursor.peek(),
      `nothing may follow the question, found ${shown(cursor.peek())}`,
      'the order is: init block, threads, locations, filter, exists',
    );
  }
  if (!init || !question) return undefined;
  const end = cursor
    .commentsAbove()
    .filter((_, i, all) => !(i === all.length - 1 && all[i] === ''));
  return {
    name,
    ...(title ? { title } : {}),
    keys,
    init,
    threads,
    ...(locations ? { locations } : {}),
    ...(filter ? { filter } : {}),
    question,
    end,
  };
}

function reportOrder(cursor: Cursor): void {
  cursor.reporter.add(cursor.peek(), "'locations' stands before 'filter'", 'swap the two');
  parseLocations(cursor);
}

function parseTitle(cursor: Cursor): (Word & Trivia) | undefined {
  const token = cursor.peek();
  if (token.kind !== 'string') {
    if (token.kind === 'bad' && token.text === '"') {
      cursor.reporter.add(token, 'a title without its closing quote', 'end the line with "');
      cursor.skipTo(endOfLine(cursor.text, token.from));
    }
    return undefined;
  }
  const above = cursor.commentsAbove();
  const { from, to, text } = cursor.take();
  return { from, to, text: text.slice(1, -1).trim(), ...cursor.trivia(above) };
}

function parseKey(cursor: Cursor): Key | undefined {
  const above = cursor.commentsAbove();
  const key = toWord(cursor.take());
  const sign = cursor.take();
  const line = cursor.text.slice(sign.to, endOfLine(cursor.text, sign.to));
  const raw = line.replace(/(?:\(\*|\/\*|\/\/).*$/s, '');
  const text = raw.trim();
  const from = sign.to + raw.indexOf(text);
  const span = { from, to: from + text.length };
  if (text === '') {
    cursor.reporter.add(sign, `the key ${key.text} has no value`, `write ${key.text}=VALUE`);
    return undefined;
  }
  cursor.skipTo(span.to);
  return { key, value: { text, ...span }, from: key.from, to: span.to, ...cursor.trivia(above) };
}

function parseInit(cursor: Cursor): LitmusFile['init'] | undefined {
  const above = cursor.commentsAbove();
  if (!cursor.sees('{')) {
    const hint = 'pages and their addresses are declared in { } before the first thread';
    cursor.unexpected("the init block '{'", hint);
    skipToPart(cursor);
    return undefined;
  }
  const block = parseBlock(cursor, parseInitItem);
  return block && { ...block, ...cursor.trivia(above) };
}

function beginsThread(cursor: Cursor): boolean {
  const { kind, text } = cursor.peek();
  return kind === 'name' && /^P\d+$/.test(text);
}

/** Skips to the next thread or question, noting what was skipped; false at the end of the file. */
function skipToPart(cursor: Cursor): boolean {
  if (beginsPart(cursor)) return true;
  if (cursor.ended) return false;
  const next = cursor.peek();
  const known = ['P0', 'exists', 'forall', 'locations', 'filter'];
  const hint = suggestion(next.kind === 'name' ? next.text : '', known, 'parts');
  cursor.unexpected('a thread P0(...) or the question', hint);
  while (!cursor.ended && !beginsPart(cursor)) cursor.take();
  return !cursor.ended;
}

function beginsPart(cursor: Cursor): boolean {
  if (beginsThread(cursor) && cursor.sees('(', 1)) return true;
  return PARTS.some((word) => cursor.sees(word));
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
