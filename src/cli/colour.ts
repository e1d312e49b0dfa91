// Colours of a litmus test on a terminal; anywhere else text stays as it is.

import { styleText } from 'node:util';
import type { SyntaxKind } from '../syntax/index.ts';

type Style = Parameters<typeof styleText>[0];

/** Colours help, they do not tell: without them nothing is lost. */
const styles: Readonly<Record<SyntaxKind, Style | undefined>> = {
  keyword: 'bold',
  primitive: 'cyan',
  register: 'yellow',
  number: 'magenta',
  string: 'green',
  comment: 'gray',
  name: undefined,
  operator: undefined,
};

/** Whether an answer may be coloured: it goes to a terminal, and NO_COLOR does not forbid it. */
export function wantsColour(output: string | undefined): boolean {
  const forbids = process.env['NO_COLOR'];
  return output === undefined && process.stdout.isTTY && (forbids === undefined || forbids === '');
}

/** The text of a test with its words coloured. */
export async function coloured(text: string): Promise<string> {
  const { highlight } = await import('../syntax/index.ts');
  let shown = '';
  let end = 0;
  for (const { from, to, kind } of highlight(text)) {
    const style = styles[kind];
    if (style === undefined) continue;
    shown += text.slice(end, from);
    // A style that spans lines is set anew on each: tools that cut lines then keep it.
    const lines = text.slice(from, to).split('\n');
    shown += lines.map((line) => styleText(style, line)).join('\n');
    end = to;
  }
  return shown + text.slice(end);
}
