// A search for small systems of many actions that keeps what it has found, so that paths to any of
// the ends can be asked for afterwards: scenes of kernel functions are such systems. It answers as
// `explore()` does.
//
// An action of a thread is enabled at one place of the thread: actions in a row that ask the same
// field for one value each are looked up by the value that it has.

import { assert, at, present } from '../base/index.ts';
import {
  type Action,
  type Expr,
  type Layout,
  layoutOf,
  type TransitionSystem,
  validate,
} from '../ir/index.ts';
import { compareEnds, type End, type Path } from './exploration.ts';
import { type Evaluate, evaluator } from './interpret.ts';
import { stateStore, type StateStore } from './store.ts';

/** Everything that a system can reach. */
export interface Graph {
  /** Whether that is all; else there are more states than were to be kept. */
  readonly outcome: 'complete' | 'bound';
  readonly states: number;
  readonly ends: readonly End[];
  /** A shortest path to an end that satisfies the question, as `Exploration` has it. */
  readonly witness?: Pick<Path, 'steps'>;
  /** The same to an end whose observed values are accepted. */
  pathTo(accepts: (values: readonly number[]) => boolean): Pick<Path, 'steps'> | undefined;
}

interface Transition {
  readonly action: number;
  readonly guards: readonly Evaluate[];
  readonly updates: readonly { readonly field: number; readonly value: Evaluate }[];
}

/** Actions in a row; `field` tells which of them to try, where there is one. */
type Group =
  | { readonly field: undefined; readonly all: readonly Transition[] }
  | { readonly field: number; readonly by: ReadonlyMap<number, readonly Transition[]> };

/** Explores the whole system, `states` states at most. */
export function searchGraph(
  system: TransitionSystem,
  question: Expr,
  states: number = 2_000_000,
): Graph {
  validate(system);
  const store = stateStore(system.fields.length);
  store.insert(
    Uint32Array.from(system.fields, ({ init }) => init),
    0,
  );
  const parents = [-1];
  const via = [-1];
  const groups = groupsOf(system);
  const scratch = new Uint32Array(system.fields.length);
  const step = (index: number, { action, guards, updates }: Transition): void => {
    const words = store.words();
    const offset = index * scratch.length;
    for (const guard of guards) if (guard(words, offset) === 0) return;
    for (let i = 0; i < scratch.length; i++) scratch[i] = words[offset + i] ?? 0;
    for (const { field, value } of updates) scratch[field] = value(words, offset);
    if (!store.insert(scratch, 0).isNew) return;
    parents.push(index);
    via.push(action);
  };
  for (let index = 0; index < store.count() && store.count() <= states; index++) {
    for (const group of groups) {
      if (group.field === undefined) for (const one of group.all) step(index, one);
      else {
        const value = store.words()[index * scratch.length + group.field] ?? 0;
        for (const one of group.by.get(value) ?? none) step(index, one);
      }
    }
  }
  return new Found(system, question, { store, parents, via, isAll: store.count() <= states });
}

const none: readonly Transition[] = [];

/** States in the order they were found: from which other, and by which action. */
interface Rows {
  readonly store: StateStore;
  readonly parents: readonly number[];
  readonly via: readonly number[];
}

class Found implements Graph {
  readonly outcome: 'complete' | 'bound';
  readonly states: number;
  readonly ends: readonly End[];
  readonly witness?: Pick<Path, 'steps'>;
  /** Each distinct end, with the first state that has it, in the order of those. */
  readonly #firsts: readonly { readonly end: End; readonly index: number }[];
  readonly #width: number;
  readonly #rows: Rows;
  constructor(system: TransitionSystem, question: Expr, rows: Rows & { readonly isAll: boolean }) {
    this.#rows = rows;
    this.#width = system.fields.length;
    this.outcome = rows.isAll ? 'complete' : 'bound';
    this.states = rows.store.count();
    this.#firsts = firstsOf(system, question, rows.store);
    this.ends = this.#firsts.map(({ end }) => end).toSorted(compareEnds);
    const witness = this.#firsts.find(({ end }) => end.satisfies);
    if (witness) this.witness = this.#path(witness.index);
  }

  pathTo(accepts: (values: readonly number[]) => boolean): Pick<Path, 'steps'> | undefined {
    const first = this.#firsts.find(({ end }) => accepts(end.values));
    return first && this.#path(first.index);
  }

  #path(target: number): Pick<Path, 'steps'> {
    const { parents, via, store } = this.#rows;
    const steps: { action: number; state: readonly number[] }[] = [];
    for (let index = target; index > 0; index = at(parents, index)) {
      const start = index * this.#width;
      const state = [...store.words().subarray(start, start + this.#width)];
      steps.push({ action: at(via, index), state });
    }
    return { steps: steps.reverse() };
  }
}

function firstsOf(
  system: TransitionSystem,
  question: Expr,
  store: StateStore,
): readonly { readonly end: End; readonly index: number }[] {
  const words = store.words();
  const width = system.fields.length;
  const layout = wide(system);
  const isEnd = evaluator(system.isEnd, layout);
  const holds = evaluator(question, layout);
  const firsts = new Map<string, { end: End; index: number }>();
  for (let index = 0; index < store.count(); index++) {
    const offset = index * width;
    if (isEnd(words, offset) === 0) continue;
    const satisfies = holds(words, offset) !== 0;
    const values = system.observed.map((field) => words[offset + field] ?? 0);
    const key = `${values.join()}${satisfies ? '+' : '-'}`;
    if (!firsts.has(key)) firsts.set(key, { end: { values, satisfies }, index });
  }
  return [...firsts.values()];
}

function groupsOf(system: TransitionSystem): readonly Group[] {
  const groups: (
    | { field: undefined; all: Transition[] }
    | { field: number; by: Map<number, Transition[]> }
  )[] = [];
  const evaluate = evaluateOn(wide(system));
  for (const [index, action] of system.actions.entries()) {
    const conjuncts = conjunctsOf(action.guard);
    const [first] = conjuncts;
    const place = first && fieldIs(first);
    const guards = conjuncts.slice(place === undefined ? 0 : 1).map(evaluate);
    const transition = { action: index, guards, updates: updatesOf(system, action, evaluate) };
    const last = groups.at(-1);
    if (place === undefined) {
      if (last && last.field === undefined) last.all.push(transition);
      else groups.push({ field: undefined, all: [transition] });
    } else if (last && last.field === place.field) {
      last.by.set(place.value, [...(last.by.get(place.value) ?? []), transition]);
    } else {
      groups.push({ field: place.field, by: new Map([[place.value, [transition]]]) });
    }
  }
  return groups;
}

function conjunctsOf(guard: Expr): readonly Expr[] {
  return guard.op === 'and' ? [...conjunctsOf(guard.a), ...conjunctsOf(guard.b)] : [guard];
}

interface FieldIs {
  readonly field: number;
  readonly value: number;
}

function fieldIs(expr: Expr): FieldIs | undefined {
  if (expr.op !== 'eq') return undefined;
  const { a, b } = expr;
  if (a.op === 'field' && b.op === 'const') return { field: a.field, value: b.value };
  if (b.op === 'field' && a.op === 'const') return { field: b.field, value: a.value };
  return undefined;
}

function updatesOf(
  system: TransitionSystem,
  action: Action,
  evaluate: (expr: Expr) => Evaluate,
): Transition['updates'] {
  return action.updates.map(({ field, value }) => {
    const { widthBits, name } = present(system.fields[field], 'an updated field');
    const most = 2 ** widthBits - 1;
    const compute = evaluate(value);
    if (value.op === 'const') {
      assert(value.value <= most, `${name} has room for what it is set to`);
      return { field, value: compute };
    }
    return {
      field,
      value: (words: Uint32Array, offset: number): number => {
        const result = compute(words, offset);
        assert(result <= most, `${name} has room for what it is set to`);
        return result;
      },
    };
  });
}

// Each field has a word of its own.
function wide({ fields }: TransitionSystem): Layout {
  return layoutOf(fields.map((field) => ({ ...field, widthBits: 32 })));
}

function evaluateOn(layout: Layout): (expr: Expr) => Evaluate {
  return (expr) => {
    const is = fieldIs(expr);
    if (is) return (words, offset) => (words[offset + is.field] === is.value ? 1 : 0);
    return evaluator(expr, layout);
  };
}
