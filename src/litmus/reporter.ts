// Collects the problems of one file: each with its place, at most one at a place, at most twenty.

import { type Problem, present } from '../base/index.ts';
import type { Span } from './lex.ts';

/** Problems of one file that are listed; what comes after them is not. */
export const MAX_PROBLEMS = 20;

/** Takes problems while a file is read, and gives them back in the order of their places. */
export class Reporter {
  /** The name of the file, as places show it. */
  readonly file: string;
  readonly #lineStarts: readonly number[];
  readonly #found = new Map<number, Problem>();
  #dropped = 0;

  constructor(text: string, file: string) {
    this.file = file;
    this.#lineStarts = lineStarts(text);
  }

  /** Notes a problem at the beginning of `span`; the first one noted at a place stays. */
  add(span: Span, what: string, hint: string): void {
    if (this.#found.has(span.from)) return;
    if (this.full) {
      this.#dropped++;
      return;
    }
    const where = this.place(span);
    this.#found.set(span.from, { what: sayable(what), where, hint: sayable(hint) });
  }

  /** So many problems that looking for more would help nobody. */
  get full(): boolean {
    return this.#found.size >= MAX_PROBLEMS;
  }

  get none(): boolean {
    return this.#found.size === 0;
  }

  /** All problems by place; the last one says where there are more. */
  all(): readonly Problem[] {
    const sorted = [...this.#found].sort(([a], [b]) => a - b).map(([, problem]) => problem);
    if (this.#dropped === 0) return sorted;
    const hint = 'mend these first; some of the others may go with them';
    return [...sorted, { what: `${this.#dropped} more problems`, where: this.file, hint }];
  }

  /** `file:line:col` of the beginning of a span; both count from 1. */
  place({ from }: Span): string {
    const line = this.#lineOf(from);
    return `${this.file}:${line + 1}:${from - (this.#lineStarts[line] ?? 0) + 1}`;
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** Characters of one sentence; what is longer quotes something that nobody wrote on purpose. */
const MAX_SENTENCE = 300;

/** Part of a text in a sentence: one line of ASCII, other characters by their numbers. */
function sayable(text: string): string {
  const ascii = text.replace(/[^ -~]/gu, (c) => `U+${hex(present(c.codePointAt(0), 'code'))}`);
  return ascii.length > MAX_SENTENCE ? `${ascii.slice(0, MAX_SENTENCE - 3)}...` : ascii;
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
