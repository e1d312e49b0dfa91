// A clean copy that holds what memory holds is no copy.
//
// The hardware could drop such a copy and fill it again at any time, so the two situations can do
// the same. States are kept without it. What this costs: when an action changes memory, a copy that
// is absent may have been a clean one, which now holds the old bytes. So an action comes in
// variants, one for each set of copies that the hardware fills just before it.
// docs/model/reductions.md has the argument.

import { present } from '../base/index.ts';
import {
  type Action,
  and,
  constant,
  eq,
  type Expr,
  fieldAt,
  or,
  type TransitionSystem,
  TRUE,
  type Update,
} from '../ir/index.ts';
import type { Copy, Scenario } from '../scenario/index.ts';
import { choice, different, equal, type Substitution, substituted } from './rewrite.ts';
import { peersOf, type Stage, victimsOf } from './stage.ts';

/** Copies that may be filled before one action, at most: each doubles its variants. */
const maxFilled = 4;
/** Actions of the quotient, at most; beyond, the scenario is left as it is. */
const maxActions = 600;

const ABSENT = constant(0);
const CLEAN = constant(1);
const DIRTY = constant(2);

/** The quotient of a system by its clean copies; `undefined`: it would have too many actions. */
export function withoutCleanCopies(
  scenario: Scenario,
  system: TransitionSystem,
): Stage | undefined {
  const origins = new Map<string, string>();
  const fills = new Map<string, readonly Copy[]>();
  const actions: Action[] = [];
  for (const action of system.actions) {
    if (isIdleFill(scenario, action)) continue;
    const open = fillableBefore(scenario, action);
    if (open.length > maxFilled || actions.length > maxActions) return undefined;
    for (const filled of subsets(open)) {
      const clash = filled.some((a) => victimsOf(scenario, a).some((b) => filled.includes(b)));
      const variant = clash ? undefined : variantOf(scenario, action, filled);
      if (!variant) continue;
      actions.push(variant);
      origins.set(variant.id, action.id);
      const own = scenario.names.copies.filter((c) => action.id === `fill.${c.label}`);
      fills.set(variant.id, [...filled, ...own]);
    }
  }
  return { system: { ...system, actions }, origins, fills };
}

// A fill that throws nothing out and writes nothing back makes a clean copy and no more.
function isIdleFill(scenario: Scenario, action: Action): boolean {
  const copy = scenario.names.copies.find((c) => action.id === `fill.${c.label}`);
  if (!copy) return false;
  return victimsOf(scenario, copy).length === 0 && peersOf(scenario.names, copy).length === 0;
}

/**
 * The copies for which it matters to the action whether they were filled before: those of lines
 * whose memory it may change, and those that it takes out of reach.
 */
function fillableBefore({ names }: Scenario, action: Action): readonly Copy[] {
  const written = new Set(action.updates.map((u) => u.field));
  return names.copies.filter((copy) => {
    const memory = present(names.memory.get(copy.line), 'line of a copy');
    const reaches = copy.addresses.some((a) => written.has(names.reach.get(a) ?? -1));
    return reaches || memory.some((cell) => written.has(cell));
  });
}

function subsets<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.reduce<readonly (readonly T[])[]>(
    (some, one) => [...some, ...some.map((set) => [...set, one])],
    [[]],
  );
}

/** The action after filling the copies in `filled`; `undefined` where it can never be taken. */
function variantOf(
  scenario: Scenario,
  action: Action,
  filled: readonly Copy[],
): Action | undefined {
  const before = filledState(scenario, filled);
  const after = new Map(before);
  for (const { field, value } of action.updates) after.set(field, substituted(value, before));
  const final = canonical(scenario, after, linesOf(scenario, action, filled));
  const canFill = filled.map((copy) =>
    and(eq(fieldAt(copy.state), ABSENT), isFree(scenario, copy, new Map())),
  );
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

function filledState({ names }: Scenario, filled: readonly Copy[]): Substitution {
  return new Map(
    filled.flatMap((copy): [number, Expr][] => {
      const memory = present(names.memory.get(copy.line), 'line of a copy');
      return [
        [copy.state, CLEAN],
        ...copy.cells.map((cell, i): [number, Expr] => [
          cell,
          fieldAt(present(memory[i], 'cell in memory')),
        ]),
      ];
    }),
  );
}

// The lines whose copies an action may make equal to memory, or free.
function linesOf({ names }: Scenario, { updates }: Action, filled: readonly Copy[]) {
  const written = new Set(updates.map((u) => u.field));
  const lines = new Set(filled.map((copy) => copy.line));
  for (const copy of names.copies) {
    const memory = names.memory.get(copy.line) ?? [];
    const reach = copy.addresses.map((a) => names.reach.get(a) ?? -1);
    const touched = [copy.state, ...copy.cells, ...memory, ...reach];
    if (touched.some((field) => written.has(field))) lines.add(copy.line);
  }
  return lines;
}

/** The values of `after`, with each clean copy dropped that could be filled again as it is. */
function canonical(
  scenario: Scenario,
  after: Substitution,
  lines: ReadonlySet<string>,
): Substitution {
  const final = new Map(after);
  for (const copy of scenario.names.copies.filter((c) => lines.has(c.line))) {
    const memory = scenario.names.memory.get(copy.line) ?? [];
    const isIdle = and(
      equal(valueIn(after, copy.state), CLEAN),
      ...copy.cells.map((cell, i) =>
        equal(valueIn(after, cell), valueIn(after, present(memory[i], 'cell in memory'))),
      ),
      isFree(scenario, copy, after),
    );
    for (const field of [copy.state, ...copy.cells]) {
      final.set(field, choice(isIdle, ABSENT, valueIn(after, field)));
    }
  }
  return final;
}

/** 1 where a fill of the copy does nothing but fill it: in reach, none thrown out or written. */
function isFree(scenario: Scenario, copy: Copy, state: Substitution): Expr {
  const { names } = scenario;
  const reach = copy.addresses.map((address) => {
    const field = names.reach.get(address);
    return field === undefined ? TRUE : equal(valueIn(state, field), constant(1));
  });
  return and(
    or(...reach),
    ...victimsOf(scenario, copy).map((c) => equal(valueIn(state, c.state), ABSENT)),
    ...peersOf(names, copy).map((c) => different(valueIn(state, c.state), DIRTY)),
  );
}

function valueIn(state: Substitution, field: number): Expr {
  return state.get(field) ?? fieldAt(field);
}
