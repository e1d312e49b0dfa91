// Lines of canonical text: indentation, empty lines and comments.

import type { Trivia } from './ast.ts';

/** Collects the lines of one file. */
export class Lines {
  readonly #lines: string[] = [];
  #depth = 0;

  /** One line at the current indentation. */
  line(text: string): void {
    this.#lines.push('\t'.repeat(this.#depth) + text);
  }

  /** An item of one line with its comments. */
  item(trivia: Trivia, text: string): void {
    this.above(trivia);
    this.line(text);
    this.behind(trivia);
  }

  /** Comments on lines of their own; an empty text is an empty line. */
  comments(texts: readonly string[]): void {
    for (const text of texts) {
      if (text === '') this.gap();
      else this.#comment(text);
    }
  }

  /** The comments above an item. */
  above({ before }: Trivia): void {
    this.comments(before);
  }

  /** The comments behind an item, on the line printed last. */
  behind({ after }: Trivia): void {
    const last = this.#lines.pop() ?? '';
    this.#lines.push([last, ...after].join(' '));
  }

  /** An empty line, unless there is one or nothing stands above. */
  gap(): void {
    const last = this.#lines.at(-1);
    if (last !== undefined && last !== '') this.#lines.push('');
  }

  /** What `print` prints stands one tab further in. */
  indented(print: () => void): void {
    this.#depth++;
    print();
    this.#depth--;
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  // Lines of a comment that begin with a star keep one blank before it, others stay as they are.
  #comment(text: string): void {
    const [first = '', ...rest] = text.split('\n');
    this.line(first);
    const indent = '\t'.repeat(this.#depth);
    for (const line of rest) {
      const bare = line.trimStart();
      this.#lines.push(bare.startsWith('*') ? `${indent} ${bare}` : line);
    }
  }
}
