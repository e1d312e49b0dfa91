// Items in braces, each with its comments: what init blocks, pages and threads have in common.

import type { Block, Trivia } from './ast.ts';
import { type Cursor, shown } from './cursor.ts';
import type { Span } from './lex.ts';

/** Reads one item; undefined where a problem was noted, and then the cursor stands anywhere. */
export type ItemParser<T> = (cursor: Cursor) => T | undefined;

/** Reads `{ item item ... }`; items with mistakes are left out. */
export function parseBlock<T extends Span>(
  cursor: Cursor,
  parseItem: ItemParser<T>,
): Block<T & Trivia> | undefined {
  const first = cursor.peek();
  if (!cursor.expect('{')) return undefined;
  let above = openingComments(cursor);
  const items: (T & Trivia)[] = [];
  while (!cursor.sees('}')) {
    if (cursor.ended) {
      cursor.reporter.add(first, "this '{' is never closed", "add the '}' where its block ends");
      return undefined;
    }
    if (beginsPart(cursor)) {
      const hint = `the block begins at ${cursor.reporter.place(first)}`;
      cursor.reporter.add(cursor.peek(), `'}' is missing before ${shown(cursor.peek())}`, hint);
      return undefined;
    }
    const item = cursor.nested(() => parseItem(cursor));
    if (item) items.push({ ...item, ...cursor.trivia(above) });
    else cursor.skipItem();
    above = cursor.commentsAbove();
  }
  cursor.take();
  const end = above.at(-1) === '' ? above.slice(0, -1) : above;
  return { items, end, ...cursor.spanFrom(first) };
}

/**
 * A statement without braces as the block that it stands for. A comment behind it is left to the
 * statement around it, which ends there as well.
 */
export function blockOfOne<T extends Span>(
  cursor: Cursor,
  parseItem: ItemParser<T>,
): Block<T & Trivia> | undefined {
  const first = cursor.peek();
  const above = openingComments(cursor);
  const item = cursor.nested(() => parseItem(cursor));
  if (!item) return undefined;
  const items = [{ ...item, before: [...above, ...cursor.commentsInside()], after: [] }];
  return { items, end: [], ...cursor.spanFrom(first) };
}

/** What may come after the threads, at the beginning of a line. */
export const PARTS = ['locations', 'filter', 'exists', '~', 'forall'] as const;

// A thread or a question at the very beginning of a line stands in no block.
function beginsPart(cursor: Cursor): boolean {
  const { from, text, kind } = cursor.peek();
  if (from > 0 && cursor.text.charAt(from - 1) !== '\n') return false;
  const opens = cursor.sees('(', 1) || cursor.sees('[', 1) || cursor.sees('exists', 1);
  const isThread = kind === 'name' && /^P\d+$/.test(text);
  return opens && (isThread || PARTS.some((word) => cursor.sees(word)));
}

// What was written between the words that open a block moves to its first line.
function openingComments(cursor: Cursor): readonly string[] {
  const { inside, after } = cursor.commentsBehind();
  const above = cursor.commentsAbove();
  const all = [...inside, ...after, ...above];
  return all[0] === '' ? all.slice(1) : all;
}
