// Clauses for "at most one" and "exactly one": pairs for few literals, for many a ladder of fresh
// variables, of which the i-th says that one of the first i + 1 literals holds.
// @source Sinz, "Towards an Optimal CNF Encoding of Boolean Cardinality Constraints", CP 2005

import { at } from '../base/index.ts';
import { negate, positive } from './literal.ts';
import type { Literal } from './literal.ts';

/** Literals up to which all pairs are excluded one by one. */
export const maxPairwise = 5;

/** Clauses that let at most one of the literals hold; `fresh` makes new variables. */
export function atMostOne(
  literals: readonly Literal[],
  fresh: () => number,
): readonly (readonly Literal[])[] {
  const clauses: Literal[][] = [];
  if (literals.length <= maxPairwise) {
    for (const [index, first] of literals.entries()) {
      for (const second of literals.slice(index + 1)) clauses.push([negate(first), negate(second)]);
    }
    return clauses;
  }
  let before = at(literals, 0);
  for (const literal of literals.slice(1, -1)) {
    const sum = positive(fresh());
    clauses.push([negate(before), sum], [negate(literal), sum], [negate(before), negate(literal)]);
    before = sum;
  }
  clauses.push([negate(before), negate(at(literals, literals.length - 1))]);
  return clauses;
}

/** Clauses that let exactly one of the literals hold; the empty clause where there is none. */
export function exactlyOne(
  literals: readonly Literal[],
  fresh: () => number,
): readonly (readonly Literal[])[] {
  return [literals, ...atMostOne(literals, fresh)];
}
