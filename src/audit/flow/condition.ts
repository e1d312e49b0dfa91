// Preprocessor conditions as expressions: what stands between `#if` and its `#endif`.

import type { CNode } from '../c/syntax.ts';
import type { Draft } from './draft.ts';
import type { Expr } from './flow.ts';
import { definedCall, lowerExpr } from './lower-expr.ts';

/** Kinds of nodes that stand for a conditional part. */
export function isConditional(node: CNode): boolean {
  return /^preproc_(?:if|ifdef|elif|elifdef)$/.test(node.kind);
}

/** The test of an `#if`, `#ifdef`, `#elif` and their kin. */
export function conditionOf(node: CNode, draft: Draft): Expr {
  const at = draft.around.base + node.offset;
  const condition = node.field('condition');
  if (condition !== undefined) return lowerExpr(condition, draft, 0);
  const test = definedCall(node.field('name')?.text ?? '', at);
  return /^#\s*(?:ifndef|elifndef)\b/.test(node.text.slice(0, 20)) ? negated(test) : test;
}

/** `!test`. */
export function negated(test: Expr): Expr {
  return { kind: 'unary', op: '!', of: test, at: test.at };
}

/** What stands where the condition holds, without the condition itself. */
export function conditionalParts(node: CNode): readonly CNode[] {
  const skipped = [node.field('condition'), node.field('name'), node.field('alternative')];
  return node.children.filter((c) => !skipped.includes(c));
}
