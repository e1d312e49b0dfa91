// Syntax tree -> canonical text. Comments stand where the tree has them, so nothing is lost.

import type { LitmusFile, ThreadNode } from './ast.ts';
import { conditionText, placeText } from './print-condition.ts';
import { printInit } from './print-init.ts';
import { Lines } from './print-lines.ts';
import { printItems } from './print-statement.ts';

/** The whole file, ending in a line break. */
export function print(file: LitmusFile): string {
  const out = new Lines();
  out.item(file.name, `DAX ${file.name.text}`);
  if (file.title) out.item(file.title, `"${file.title.text}"`);
  for (const key of file.keys) out.item(key, `${key.key.text}=${key.value.text}`);
  out.gap();
  out.above(file.init);
  out.line('{');
  out.indented(() => {
    for (const item of file.init.items) printInit(out, item);
    out.comments(file.init.end);
  });
  out.line('}');
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
  out.line('{');
  printItems(out, thread.body);
  out.line('}');
  out.behind(thread);
}
