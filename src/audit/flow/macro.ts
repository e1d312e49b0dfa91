// Macros of a file. Most are never asked for their expression, so it is parsed when it is.

import type { CNode, CSyntax } from '../c/syntax.ts';
import type { Expr, Macro } from './flow.ts';
import { expressionOf } from './lower-unit.ts';

const HEAD = 'void f(void) { (';

/** Longest body that is parsed, in characters. */
const LONGEST = 20_000;

/** The macro that a `#define` defines; its offsets begin at `base`. */
export function macroOf(node: CNode, base: number, syntax: CSyntax): Macro {
  const value = node.field('value');
  const body = (value?.text ?? '').replace(/\/\*[^]*?\*\/|\/\/.*/g, ' ').trim();
  const bodyAt = base + (value?.offset ?? node.offset);
  const list = node.field('parameters');
  const params = list?.text
    .replace(/[()\\]/g, ' ')
    .split(',')
    .flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
  let known: { readonly expr: Expr | undefined } | undefined;
  return {
    name: node.field('name')?.text ?? '',
    params,
    body,
    get expr() {
      known ??= { expr: parseBody(body, bodyAt, syntax) };
      return known.expr;
    },
    at: base + node.offset,
  };
}

/** Offsets inside of the expression are near the place of the body, no more. */
function parseBody(body: string, at: number, syntax: CSyntax): Expr | undefined {
  if (body === '' || body.length > LONGEST || /#|^(?:do|if|for|while|return)\b/.test(body)) {
    return undefined;
  }
  const joined = body.replace(/\\\r?\n/g, (end) => ' '.repeat(end.length));
  return syntax.parse(`${HEAD}${joined}); }\n`, (root) => {
    const statements = root.children[0]?.field('body')?.children ?? [];
    const [only] = statements;
    if (root.children.length !== 1 || statements.length !== 1 || root.hasError) return undefined;
    if (only?.kind !== 'expression_statement' || only.children.length !== 1) return undefined;
    const [inner] = only.children;
    return inner === undefined ? undefined : expressionOf(inner, at - HEAD.length);
  });
}
