// A clean copy that holds what memory holds is no copy.
//
// The hardware could drop such a copy and fill it again at any time, so the two situations can do
// the same. States are kept without it. What this costs: when an action changes memory, a copy that
// is absent may have been a clean one, which now holds the old bytes. So an action comes in
// variants, one for each set of copies that the hardware fills just before it.
// docs/model/reductions.md has the argument.

import { at, present } from '../base/index.ts';
import {
  type Action,
  and,
  constant,
  type Expr,
  fieldAt,
  type TransitionSystem,
  type Update,
} from '../ir/index.ts';
import type { Copy, Names, Scenario } from '../scenario/index.ts';
import { listOf } from './bits.ts';
import { readsOf } from './footprint.ts';
import { choice, different, equal, type Substitution, substituted } from './rewrite.ts';
import { besides, fillOf, type Stage } from './stage.ts';

/** Copies that may be filled before one action, at most: each doubles its variants. */
const maxFilled = 4;
/** Actions of the quotient, at most; beyond, the scenario is left as it is. */
const maxActions = 600;

const ABSENT = constant(0);
const CLEAN = constant(1);

/** What a quotient is made from. */
interface Source {
  readonly names: Names;
  /** By copy: the event that fills it. */
  readonly fills: ReadonlyMap<Copy, Action>;
}

/** The quotient of a system by its clean copies; `undefined`: it would have too many actions. */
export function withoutCleanCopies(
  { names }: Scenario,
  system: TransitionSystem,
): Stage | undefined {
  const known = new Map<Copy, Action>();
  for (const copy of names.copies) {
    const fill = fillOf(system, copy);
    // A clean copy that hardware does not bring in by itself is more than memory.
    if (fill === undefined) return undefined;
    known.set(copy, fill);
  }
  const source: Source = { names, fills: known };
  const origins = new Map<string, string>();
  const fills = new Map<string, readonly Copy[]>();
  const actions: Action[] = [];
  for (const action of system.actions) {
    const own = names.copies.filter((copy) => source.fills.get(copy) === action);
    // A fill that does nothing else makes a clean copy that is no copy.
    if (own.some((copy) => besides(action, copy).length === 0)) continue;
    const open = fillableBefore(source, action);
    if (open.length > maxFilled || actions.length > maxActions) return undefined;
    for (const filled of subsets(open)) {
      const variant = variantOf(source, action, filled);
      if (!variant) continue;
      actions.push(variant);
      origins.set(variant.id, action.id);
      fills.set(variant.id, [...filled, ...own]);
    }
  }
  return { system: { ...system, actions }, origins, fills };
}

/**
 * The copies for which it matters to the action whether they were filled before: those of lines
 * whose memory it may change, and those that it takes out of reach.
 */
function fillableBefore(source: Source, action: Action): readonly Copy[] {
  const { names } = source;
  const written = new Set(action.updates.map((u) => u.field));
  return names.copies.filter((copy) => {
    const memory = present(names.memory.get(copy.line), 'line of a copy');
    const reaches = reachOf(source, copy).some((field) => written.has(field));
    return reaches || memory.some((cell) => written.has(cell));
  });
}

// What decides, beside its absence, whether the copy can be filled: the reach of its addresses.
function reachOf({ fills }: Source, copy: Copy): readonly number[] {
  const { guard } = present(fills.get(copy), 'fill of a copy');
  return listOf(readsOf(guard)).filter((field) => field !== copy.state);
}

function subsets<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.reduce<readonly (readonly T[])[]>(
    (some, one) => [...some, ...some.map((set) => [...set, one])],
    [[]],
  );
}

/** The action after filling the copies in `filled`; `undefined` where it can never be taken. */
function variantOf(source: Source, action: Action, filled: readonly Copy[]): Action | undefined {
  const before = new Map<number, Expr>();
  const canFill = filled.map((copy) => {
    const can = and(equal(valueIn(before, copy.state), ABSENT), isFree(source, copy, before));
    before.set(copy.state, CLEAN);
    const memory = memoryOf(source, copy);
    copy.cells.forEach((cell, i) => before.set(cell, fieldAt(at(memory, i))));
    return can;
  });
  const after = new Map(before);
  for (const { field, value } of action.updates) after.set(field, substituted(value, before));
  const final = canonical(source, after, linesOf(source, action, filled));
  // A filled copy that is no copy afterwards might as well not have been filled.
  const stays = filled.map((copy) => different(valueIn(final, copy.state), ABSENT));
  const guard = and(substituted(action.guard, before), ...canFill, ...stays);
  if (guard.op === 'const' && guard.value === 0) return undefined;
  const updates = [...final].flatMap(([field, value]): readonly Update[] =>
    value.op === 'field' && value.field === field ? [] : [{ field, value }],
  );
  const id = [action.id, ...filled.map((copy) => copy.label)].join('~');
  return { ...action, id, guard, updates };
}

// The lines whose copies an action may make equal to memory, or free.
function linesOf(source: Source, { updates }: Action, filled: readonly Copy[]) {
  const { names } = source;
  const written = new Set(updates.map((u) => u.field));
  const lines = new Set(filled.map((copy) => copy.line));
  for (const copy of names.copies) {
    const memory = names.memory.get(copy.line) ?? [];
    const touched = [copy.state, ...copy.cells, ...memory, ...reachOf(source, copy)];
    if (touched.some((field) => written.has(field))) lines.add(copy.line);
  }
  return lines;
}

/** The values of `after`, with each clean copy dropped that could be filled again as it is. */
function canonical(source: Source, after: Substitution, lines: ReadonlySet<string>): Substitution {
  const final = new Map(after);
  for (const copy of source.names.copies.filter((c) => lines.has(c.line))) {
    const memory = memoryOf(source, copy);
    const isIdle = and(
      equal(valueIn(after, copy.state), CLEAN),
      ...copy.cells.map((cell, i) => equal(valueIn(after, cell), valueIn(after, at(memory, i)))),
      isFree(source, copy, after),
    );
    for (const field of [copy.state, ...copy.cells]) {
      final.set(field, choice(isIdle, ABSENT, valueIn(after, field)));
    }
  }
  return final;
}

/** 1 where the copy, were it absent, could be filled, and nothing else would change. */
function isFree(source: Source, copy: Copy, state: Substitution): Expr {
  const fill = present(source.fills.get(copy), 'fill of a copy');
  const absent = new Map(state);
  for (const field of [copy.state, ...copy.cells]) absent.set(field, ABSENT);
  const unchanged = besides(fill, copy).map(({ field, value }) =>
    equal(substituted(value, absent), valueIn(absent, field)),
  );
  return and(substituted(fill.guard, absent), ...unchanged);
}

function memoryOf({ names }: Source, copy: Copy): readonly number[] {
  return present(names.memory.get(copy.line), 'line of a copy');
}

function valueIn(state: Substitution, field: number): Expr {
  return state.get(field) ?? fieldAt(field);
}
