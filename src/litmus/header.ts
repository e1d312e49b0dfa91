// The first comment of a test: `Result:` lines, the paragraph in plain words, `Source:` lines.

import type { Source } from '../base/index.ts';
import type { Comment } from './lex.ts';
import { nearest } from './nearest.ts';
import type { Reporter } from './reporter.ts';
import { parseResult, type ResultLine } from './result.ts';

/** What the first comment says, in ASCII and without its line breaks. */
export interface Header {
  readonly results: readonly ResultLine[];
  /** Paragraphs, an empty line between two. Empty where there are none. */
  readonly about: string;
  readonly sources: readonly Source[];
}

/** A line of the comment without the star before it. */
interface Line {
  readonly text: string;
  /** Place of its first character in the file. */
  readonly from: number;
  readonly indent: number;
}

/** The largest first comment that is read, in characters. */
const MAX_HEADER = 2 ** 16;

const FIELDS = ['Result', 'Source'] as const;

/** Reads the comment; a test without one claims nothing. `rest` are the comments that follow. */
export function readHeader(
  file: { readonly text: string; readonly comments: readonly Comment[]; readonly end: number },
  reporter: Reporter,
): Header {
  const [first, ...rest] = file.comments.filter((comment) => comment.from < file.end);
  for (const comment of rest) {
    const at = comment.text.search(/^[\s*(/]*Result:/m);
    if (at < 0) continue;
    const hint = 'move it there';
    reporter.add(comment, "a 'Result:' line stands in the first comment, or claims nothing", hint);
  }
  if (first && first.to - first.from > MAX_HEADER) {
    const what = `the first comment is larger than ${MAX_HEADER} characters`;
    reporter.add(first, what, 'a paragraph says enough');
    return { results: [], about: '', sources: [] };
  }
  const results: ResultLine[] = [];
  const sources: Source[] = [];
  const paragraphs: string[] = [];
  let open = false;
  for (const { lines, field } of first ? sections(linesOf(file.text, first), reporter) : []) {
    const text = lines.map((line) => line.text).join(' ');
    switch (field) {
      case 'Result': {
        const head = lines[0];
        const result = head && parseResult(text.slice(7), head.from + 7, reporter);
        if (result && head) checkDefault(results.length === 0, result, head, reporter);
        if (result) results.push(result);
        open = false;
        break;
      }
      case 'Source':
        sources.push(parseSource(ascii(text.slice(7).trim())));
        open = false;
        break;
      case 'blank':
        open = false;
        break;
      case 'prose':
        if (open) paragraphs.push(`${paragraphs.pop() ?? ''} ${ascii(text)}`);
        else paragraphs.push(ascii(text));
        open = true;
        break;
    }
  }
  return { results, about: paragraphs.join('\n\n'), sources };
}

function checkDefault(isFirst: boolean, result: ResultLine, line: Line, reporter: Reporter): void {
  const narrow = result.on.length + result.under.length + result.with.length > 0;
  const span = { from: line.from, to: line.from + line.text.length };
  if (isFirst && narrow) {
    const hint = "begin with 'Result: Never' or 'Result: Sometimes', then the exceptions";
    reporter.add(
      span,
      "the first 'Result:' line applies everywhere: it has no on, under, with",
      hint,
    );
  }
  if (!isFirst && !narrow) {
    const hint = 'say where it applies: on MACHINES, under KERNELS, with REMEDIES';
    reporter.add(span, "this 'Result:' line hides all those before it", hint);
  }
}

/** The lines between the marks of the comment. */
function linesOf(text: string, comment: Comment): readonly Line[] {
  const lines: Line[] = [];
  let from = comment.from;
  const isLineComment = text.startsWith('//', from);
  const end = isLineComment ? comment.to : comment.to - 2;
  for (const raw of text.slice(from, end).split('\n')) {
    const mark = /^(?:\(\*+|\/\*+|\/\/|\s*\*+|)/.exec(raw)?.[0] ?? '';
    const body = raw.slice(mark.length);
    const indent = body.length - body.trimStart().length;
    lines.push({ text: body.trim(), from: from + mark.length + indent, indent });
    from += raw.length + 1;
  }
  return lines;
}

interface Section {
  readonly field: (typeof FIELDS)[number] | 'blank' | 'prose';
  readonly lines: readonly Line[];
}

/** A field goes on over lines that are indented deeper than it. */
function sections(lines: readonly Line[], reporter: Reporter): readonly Section[] {
  const found: { field: Section['field']; lines: Line[] }[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    const head = last?.lines[0];
    const field = FIELDS.find((known) => line.text.startsWith(`${known}:`));
    const isField = last?.field === 'Result' || last?.field === 'Source';
    if (line.text === '') found.push({ field: 'blank', lines: [line] });
    else if (field) found.push({ field, lines: [line] });
    else if (last && isField && head && line.indent > head.indent) last.lines.push(line);
    else {
      checkMistyped(line, reporter);
      found.push({ field: 'prose', lines: [line] });
    }
  }
  return found;
}

function checkMistyped(line: Line, reporter: Reporter): void {
  const word = /^([A-Za-z]+):/.exec(line.text)?.[1];
  const [near] = word === undefined ? [] : nearest(word, FIELDS);
  if (word === undefined || near === undefined) return;
  const span = { from: line.from, to: line.from + word.length };
  reporter.add(span, `'${word}:' is no line of the first comment`, `did you mean ${near}:?`);
}

/**
 * A source as it is written: `FILE [SYMBOL] (RELEASE)`, `FILE [SYMBOL] vRELEASE`, `commit ID
 * ("SUBJECT")`, `mail "SUBJECT", DATE`, `inferred: WHY`, and else the title of a manual.
 */
export function parseSource(text: string): Source {
  const kernel = /^(\S+\/\S+|Kconfig|Makefile)\s*(.*?)\s*(?:\(v?(\d+\.[\w.-]+)\)|v(\d+\.[\w.-]+))$/;
  const file = kernel.exec(text);
  const release = file?.[3] ?? file?.[4];
  if (file?.[1] !== undefined && release !== undefined) {
    const symbol = file[2]?.replace(/,$/, '') ?? '';
    return { kind: 'kernel', file: file[1].replace(/,$/, ''), release, ...(symbol && { symbol }) };
  }
  const commit = /^commit ([0-9a-f]{7,40})(?: \("(.*)"\))?$/.exec(text);
  if (commit?.[1] !== undefined) {
    return { kind: 'commit', id: commit[1], ...(commit[2] ? { subject: commit[2] } : {}) };
  }
  const mail = /^(?:mail )?"(.*)",? \(?(\d{4}-\d\d-\d\d)\)?$/.exec(text);
  if (mail?.[1] !== undefined && mail[2] !== undefined) {
    return { kind: 'mail', subject: mail[1], date: mail[2] };
  }
  if (text.startsWith('inferred: ')) return { kind: 'inference', why: text.slice(10) };
  return { kind: 'manual', title: text };
}

/** Text for ASCII output: accents are dropped, what is then left is a question mark. */
export function ascii(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]/gu, '?');
}
