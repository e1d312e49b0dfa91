// Outcomes, questions and paths under exchanged threads: what one search says about all orders.

import { at } from '../base/index.ts';
import { type Expr, fieldAt, or, valueIn } from '../ir/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { substituted } from './rewrite.ts';
import type { Symmetry } from './symmetry.ts';
import { textOf } from './text.ts';

/** One distinct outcome: values of the observed fields, and whether they answer the question. */
export interface Outcome {
  readonly values: readonly number[];
  readonly satisfies: boolean;
}

/** Holds where the question does, or does after an exchange. */
export function questionUnder(question: Expr, group: readonly Symmetry[]): Expr {
  const renamed = group.map(({ fields }) =>
    substituted(question, new Map(fields.map((to, from) => [from, fieldAt(to)] as const))),
  );
  return or(...new Map(renamed.map((e) => [textOf(e, (field) => field), e] as const)).values());
}

/** The outcomes with every exchange of them, sorted by value. */
export function outcomesUnder(
  { system, question }: Scenario,
  group: readonly Symmetry[],
  found: readonly Outcome[],
): readonly Outcome[] {
  if (group.length === 1) return found;
  const places = new Map(system.observed.map((field, i) => [field, i] as const));
  const all = new Map<string, Outcome>();
  for (const { values } of found) {
    for (const { fields } of group) {
      const exchanged = system.observed.map((f) => at(values, places.get(at(fields, f)) ?? -1));
      const state = system.fields.map((_, field) => exchanged[places.get(field) ?? -1] ?? 0);
      const satisfies = valueIn(question, state) !== 0;
      all.set(exchanged.join(), { values: exchanged, satisfies });
    }
  }
  return [...all.values()].sort((a, b) => compared(a.values, b.values));
}

/** The path with every exchange of it, as action ids. */
export function pathsUnder(
  group: readonly Symmetry[],
  ids: readonly string[],
): readonly (readonly string[])[] {
  return group.map(({ actions }) => ids.map((id) => actions.get(id) ?? id));
}

function compared(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = at(a, i) - at(b, i);
    if (difference !== 0) return difference;
  }
  return 0;
}
