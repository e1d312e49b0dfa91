// Persistent sets: at each node of the control graph a set of actions that is enough.
//
// The sets are stubborn sets in the sense of Valmari ("Stubborn sets for reduced state space
// generation", 1991). A set T fits a node if
//   1. T holds the actions without which no run from here can be over;
//   2. with an action that may be enabled here, T holds all later ones that conflict with it;
//   3. with one that cannot be enabled here, T holds all that could enable it.
// Then every run to an end takes an action of T, and the first one that it takes can be taken now.

import { at } from '../base/index.ts';
import type { Expr } from '../ir/index.ts';
import { type Bits, bits, has, listOf, NONE, sizeOf } from './bits.ts';
import { type Control, knownAt } from './control.ts';
import { dependents } from './dependence.ts';
import { conjuncts, disjuncts, knownValue, readsOf } from './footprint.ts';
import type { IdleRule } from './idle.ts';
import { isRelevant, type Needs } from './needs.ts';

/** Ways to make an expression true that are tried at one node, at most. */
const maxChoices = 16;

/** By node: the actions to take there. Events that make no difference are in none. */
export function persistentSets(
  control: Control,
  needs: Needs,
  idle: IdleRule | undefined,
): readonly Bits[] {
  const writers = writersByValue(control);
  const memo = new Map<Bits, Pick<Place, 'relevant' | 'conflicts'>>();
  return control.nodes.map(({ possible }, node) => {
    const future = at(control.future, node);
    const ahead = memo.get(future) ?? lookAhead(control, needs, node, idle);
    memo.set(future, ahead);
    // Where a run may be over, another one may go on to a second end: nothing is left out.
    if (at(needs.mayEnd, node)) return possible & ahead.relevant;
    return smallest(control, { node, ...ahead, writers }) & possible;
  });
}

// What makes a difference from a node on depends only on the actions that are still to come.
function lookAhead(control: Control, needs: Needs, node: number, idle: IdleRule | undefined) {
  const relevant = bits(
    listOf(at(control.future, node)).filter(
      (a) =>
        isRelevant(control, needs, node, a) && !(has(control.events, a) && idle?.forbids(node, a)),
    ),
  );
  return { relevant, conflicts: dependents(control, relevant, at(needs.ever, node)) };
}

interface Place {
  readonly node: number;
  /** The actions from here on that can make a difference. */
  readonly relevant: Bits;
  readonly conflicts: readonly Bits[];
  readonly writers: Writers;
}

function smallest(control: Control, place: Place): Bits {
  const { possible } = at(control.nodes, place.node);
  let best = possible & place.relevant;
  for (const start of enablers(control, place, control.system.isEnd)) {
    const found = closure(control, place, start);
    if (sizeOf(found & possible) < sizeOf(best & possible)) best = found;
  }
  return best;
}

// Where an action can be enabled in several ways and none is in the set yet, the choice waits
// until everything that must be in the set is.
function closure(control: Control, place: Place, start: Bits): Bits {
  const { possible } = at(control.nodes, place.node);
  let found = start;
  let done = NONE;
  let waiting: (readonly Bits[])[] = [];
  for (;;) {
    const fresh = found & ~done;
    for (const action of listOf(fresh)) {
      if (has(possible, action)) found |= at(place.conflicts, action);
      else waiting.push(enablers(control, place, at(control.system.actions, action).guard));
    }
    done |= fresh;
    if (found !== done) continue;
    waiting = waiting.filter((choices) => !choices.some((choice) => (choice & ~done) === NONE));
    const [choices] = waiting.sort((a, b) => a.length - b.length);
    if (!choices) return found;
    found |= least(choices, found);
  }
}

function least(choices: readonly Bits[], known: Bits): Bits {
  const added = (choice: Bits): number => sizeOf(choice & ~known);
  return choices.reduce((best, choice) => (added(choice) < added(best) ? choice : best));
}

/** Sets of actions, each enough to be waited for: `expr` is 0 until one of the set is taken. */
function enablers(control: Control, place: Place, expr: Expr): readonly Bits[] {
  const known = knownAt(control, place.node);
  if (expr.op === 'and') {
    const closed = conjuncts(expr).filter((e) => knownValue(e, known) === 0);
    return closed.flatMap((e) => enablers(control, place, e));
  }
  if (expr.op === 'or') {
    return disjuncts(expr)
      .map((e) => enablers(control, place, e))
      .reduce(
        (all, some) => all.flatMap((a) => some.map((b) => a | b)).slice(0, maxChoices),
        [NONE],
      );
  }
  if (expr.op === 'eq' && expr.a.op === 'field' && expr.b.op === 'const') {
    return [writersOfValue(place.writers, expr.a.field, expr.b.value) & place.relevant];
  }
  return [writersOfAny(place.writers, readsOf(expr)) & place.relevant];
}

/** By field: the actions that write it, by the constant they write; -1: any value. */
type Writers = ReadonlyMap<number, ReadonlyMap<number, Bits>>;

function writersByValue({ system }: Control): Writers {
  const writers = new Map<number, Map<number, Bits>>();
  system.actions.forEach(({ updates }, action) => {
    for (const { field, value } of updates) {
      const ofField = writers.get(field) ?? new Map<number, Bits>();
      writers.set(field, ofField);
      const key = value.op === 'const' ? value.value : -1;
      ofField.set(key, (ofField.get(key) ?? NONE) | bits([action]));
    }
  });
  return writers;
}

function writersOfValue(writers: Writers, field: number, value: number): Bits {
  const ofField = writers.get(field);
  return (ofField?.get(value) ?? NONE) | (ofField?.get(-1) ?? NONE);
}

function writersOfAny(writers: Writers, fields: Bits): Bits {
  return listOf(fields).reduce(
    (set, field) => [...(writers.get(field)?.values() ?? [])].reduce((a, b) => a | b, set),
    NONE,
  );
}
