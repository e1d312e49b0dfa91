// Copies of lines that nobody asks about need not be written back before an end state counts.
//
// A question about memory is asked when no dirty copy is left. A dirty copy of a line that no
// condition reads can be evicted in any state without changing the answer: the end states that have
// one have the outcomes of those that have none.

import { and, type Expr, type TransitionSystem } from '../ir/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { bits, has } from './bits.ts';
import { conjuncts, readsOf } from './footprint.ts';

/** The scenario's system with an end that leaves the lines alone that nobody asks about. */
export function settled({ system, question, names }: Scenario): TransitionSystem {
  const ends = conjuncts(system.isEnd);
  const states = bits(names.copies.map((copy) => copy.state));
  const isAboutCopies = (e: Expr): boolean => (readsOf(e) & ~states) === 0n;
  const asked =
    bits(system.observed) |
    readsOf(question) |
    ends.filter((e) => !isAboutCopies(e)).reduce((set, e) => set | readsOf(e), 0n);
  const idle = new Set(
    names.copies
      .filter(({ line }) => !(names.memory.get(line) ?? []).some((cell) => has(asked, cell)))
      .map((copy) => copy.state),
  );
  const kept = ends.filter((e) => !isDirtyTest(e, idle));
  return kept.length === ends.length ? system : { ...system, isEnd: and(...kept) };
}

// Exactly "this copy is not dirty": any other condition on a copy stays.
function isDirtyTest(expr: Expr, states: ReadonlySet<number>): boolean {
  if (expr.op !== 'not' || expr.a.op !== 'eq') return false;
  const { a, b } = expr.a;
  return a.op === 'field' && states.has(a.field) && b.op === 'const' && b.value === 2;
}
