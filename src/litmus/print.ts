// Syntax tree -> canonical text. Comments stand where the tree has them, so nothing is lost.

import type { Block, LitmusFile, ThreadNode, Trivia } from './ast.ts';
import { conditionText, placeText } from './print-condition.ts';
import { printInit } from './print-init.ts';
import { Lines } from './print-lines.ts';
import { printStatement } from './print-statement.ts';

/** The whole file, ending in a line break. */
export function print(file: LitmusFile): string {
  const out = new Lines();
  out.item(file.name, `DAX ${file.name.text}`);
  if (file.title) out.item(file.title, `"${file.title.text}"`);
  for (const key of file.keys) out.item(key, `${key.key.text}=${key.value.text}`);
  out.gap();
  out.above(file.init);
  printBlock(out, file.init, '{', printInit);
  out.behind(file.init);
  for (const thread of file.threads) printThread(out, thread);
  out.gap();
  if (file.locations) {
    out.item(file.locations, `locations [${file.locations.of.map(placeText).join('; ')}]`);
  }
  if (file.filter) out.item(file.filter, `filter (${conditionText(file.filter.condition)})`);
  const { question } = file;
  const quantifier = question.quantifier === 'not-exists' ? '~exists' : question.quantifier;
  out.item(question, `${quantifier} (${conditionText(question.condition)})`);
  out.comments(file.end);
  return out.text();
}

function printThread(out: Lines, thread: ThreadNode): void {
  out.gap();
  out.above(thread);
  const params = thread.params.map(({ type, star, name }) => {
    const words = type.map((word) => word.text).join(' ');
    return `${words} ${star ? '*' : ''}${name.text}`;
  });
  out.line(`${thread.name.text}(${params.join(', ')})`);
  printBlock(out, thread.body, '{', printStatement);
  out.behind(thread);
}

function printBlock<T extends Trivia>(
  out: Lines,
  block: Block<T>,
  open: string,
  printItem: (out: Lines, item: T) => void,
): void {
  out.line(open);
  out.indented(() => {
    for (const item of block.items) printItem(out, item);
    out.comments(block.end);
  });
  out.line('}');
}
