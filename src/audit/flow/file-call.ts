// Calls at file level, such as module_init(x): to the grammar some are calls, some declarations and
// some errors, so they are found in the text, by their place at the beginning of a line.

import type { FileCall } from './flow.ts';
import { parensAt } from './parens.ts';

/** All calls that begin a line outside of the parts that are `covered`. */
export function fileCalls(
  text: string,
  covered: readonly { readonly from: number; readonly to: number }[],
): readonly FileCall[] {
  const parts = covered.toSorted((a, b) => a.from - b.from);
  const calls: FileCall[] = [];
  let part = 0;
  let done = 0;
  for (const match of text.matchAll(/^(?:static[ \t]+)?([A-Za-z_]\w*)[ \t]*\(/gm)) {
    const [head, callee = ''] = match;
    const at = match.index + head.indexOf(callee);
    while (part < parts.length && (parts[part]?.to ?? 0) <= at) part++;
    const inPart = (parts[part]?.from ?? text.length) <= at;
    if (inPart || at < done) continue;
    const parens = parensAt(text, match.index + head.length - 1);
    if (
      parens === undefined ||
      !/^[ \t]*(?:;|\r?\n|$)/.test(text.slice(parens.end, parens.end + 80))
    ) {
      continue;
    }
    // A definition whose type stands on the line before.
    if (/^\s*\{/.test(text.slice(parens.end, parens.end + 80))) continue;
    done = parens.end;
    calls.push({ callee, args: parens.args.map((a) => a.text.replace(/\s+/g, ' ')), at });
  }
  return calls;
}
