// What was wrong with someone's input, as lines for stderr or a page.

import type { Problem } from '../base/index.ts';
import { wrap } from './layout.ts';

/** Text of a problem and the others of its input: what, where, and the next thing to try. */
export function problemText(problem: Problem): string {
  const where = problem.where === undefined ? '' : `${problem.where}: `;
  const hint = problem.hint === undefined ? [] : wrap(`hint: ${printable(problem.hint)}`, 2, 8);
  const others = (problem.others ?? []).map(problemText).join('');
  return [`dachs: ${printable(`${where}${problem.what}`)}`, ...hint, others].join('\n');
}

/** A remark as a line for stderr. */
export function noteText(note: string): string {
  return `${printable(note)}\n`;
}

// Messages quote what was read: a damaged file must not move the cursor of a terminal.
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
