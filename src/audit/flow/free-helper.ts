// DEFINE_FREE() at file level: its code is an argument, which no grammar of C reads. It is read as
// a function of `_T`. @source include/linux/cleanup.h DEFINE_FREE() v6.12

import type { CSyntax } from '../c/syntax.ts';
import { squeeze } from '../c/syntax.ts';
import type { FreeHelper } from './flow.ts';
import { lowerFunction } from './lower-function.ts';
import { parensAt } from './parens.ts';

/** All scope helpers of a text, in order. */
export function freeHelpers(file: string, text: string, syntax: CSyntax): readonly FreeHelper[] {
  if (!text.includes('DEFINE_FREE(')) return [];
  const helpers: FreeHelper[] = [];
  for (const match of text.matchAll(/^DEFINE_FREE\(/gm)) {
    const parens = parensAt(text, match.index + match[0].length - 1);
    const [name, type, body] = parens?.args ?? [];
    if (parens === undefined || name === undefined || type === undefined || body === undefined) {
      continue;
    }
    const head = `static inline void ${name.text}(${type.text} _T)\n{ `;
    const code = `${head}${text.slice(body.at, parens.end - 1)}; }\n`;
    const base = body.at - head.length;
    const helper = syntax.parse(code, (root) => {
      const definition = root.children.find((c) => c.kind === 'function_definition');
      const flow =
        definition && lowerFunction(definition, { file, base, text: code, within: [], splits: [] });
      if (flow === undefined) return undefined;
      // Places before the body would lie before the helper itself.
      const at = name.at;
      return { name: name.text, type: squeeze(type.text), flow: { ...flow, at, end: parens.end } };
    });
    if (helper !== undefined) helpers.push(helper);
  }
  return helpers;
}
