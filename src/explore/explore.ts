// Exact breadth-first search: every schedule of every action, shortest paths first.
// A search that reached a bound says which; it is never a pass.

import { assert, at, present } from '../base/index.ts';
import {
  type Expr,
  type Layout,
  layoutOf,
  readField,
  type TransitionSystem,
  validate,
  writeField,
} from '../ir/index.ts';
import { type Evaluate, evaluator, type Transition, transitionOf } from './interpret.ts';
import { type StateStore, stateStore } from './store.ts';

/** Limits of one search; reaching one is the named outcome `bound`. */
export interface Bounds {
  /** Distinct states kept, at most. */
  readonly states: number;
  /** Steps from the initial state, at most. */
  readonly depth: number;
}

/** What exploration found; `witness` is a shortest path to an end that satisfies the question. */
export interface Exploration {
  readonly outcome: 'complete' | { readonly bound: keyof Bounds; readonly limit: number };
  readonly states: number;
  readonly transitions: number;
  /** Longest of the shortest paths from the initial state, in steps. */
  readonly depth: number;
  /** Distinct outcomes (values of the observed fields) of end states, sorted. */
  readonly ends: readonly End[];
  readonly witness?: Path;
  /** Bytes of the state store. */
  readonly bytes: number;
}

/** One distinct outcome of an end state, and whether it satisfies the question. */
export interface End {
  /** Values of the system's observed fields, in their order. */
  readonly values: readonly number[];
  readonly satisfies: boolean;
}

/** A run: the initial state, then each action with the state it leads to. */
export interface Path {
  /** Values of all fields at the start. */
  readonly initial: readonly number[];
  readonly steps: readonly { readonly action: number; readonly state: readonly number[] }[];
}

/** Far above the built-in scenarios, which have fewer than a hundred states on every machine. */
export const defaultBounds: Bounds = { states: 2_000_000, depth: 10_000 };

/** Explores the whole system and asks of each end state whether `question` holds. */
export function explore(
  system: TransitionSystem,
  question: Expr,
  bounds: Bounds = defaultBounds,
): Exploration {
  validate(system);
  const search = openSearch(system, question);
  let depth = 0;
  let levelEnd = 1;
  for (let index = 0; index < search.store.count(); index++) {
    if (index === levelEnd) {
      depth += 1;
      levelEnd = search.store.count();
    }
    if (search.store.count() > bounds.states) return report(search, depth, 'states', bounds);
    if (depth > bounds.depth) return report(search, depth, 'depth', bounds);
    lookAtEnd(search, index);
    expand(search, index);
  }
  return report(search, depth, undefined, bounds);
}

/** Runs a list of action ids from the initial state; `undefined` where one is not enabled. */
export function replay(system: TransitionSystem, ids: readonly string[]): Path | undefined {
  validate(system);
  const { layout, transitions, initial } = open(system);
  const steps: { action: number; state: readonly number[] }[] = [];
  let words = initial;
  for (const id of ids) {
    const index = system.actions.findIndex((a) => a.id === id);
    const transition = transitions[index];
    if (!transition || transition.enabled(words, 0) === 0) return undefined;
    const next = new Uint32Array(layout.wordCount);
    transition.apply(words, 0, next, 0);
    steps.push({ action: index, state: decode(layout, next, 0) });
    words = next;
  }
  return { initial: decode(layout, initial, 0), steps };
}

interface Search {
  readonly system: TransitionSystem;
  readonly layout: Layout;
  readonly transitions: readonly Transition[];
  readonly store: StateStore;
  readonly isEnd: Evaluate;
  readonly question: Evaluate;
  /** Per state: the state it was found from (-1 for the first) and the action that led here. */
  readonly parents: number[];
  readonly via: number[];
  readonly ends: Map<string, End>;
  readonly scratch: Uint32Array;
  transitionCount: number;
  witness: number;
}

function openSearch(system: TransitionSystem, question: Expr): Search {
  const { layout, transitions, initial } = open(system);
  const store = stateStore(layout.wordCount);
  store.insert(initial, 0);
  return {
    system,
    layout,
    transitions,
    store,
    isEnd: evaluator(system.isEnd, layout),
    question: evaluator(question, layout),
    parents: [-1],
    via: [-1],
    ends: new Map(),
    scratch: new Uint32Array(layout.wordCount),
    transitionCount: 0,
    witness: -1,
  };
}

function open(system: TransitionSystem) {
  const layout = layoutOf(system.fields);
  const initial = new Uint32Array(layout.wordCount);
  system.fields.forEach((field, i) => {
    writeField(initial, 0, present(layout.places[i], 'place'), field.init);
  });
  return { layout, initial, transitions: system.actions.map((a) => transitionOf(a, layout)) };
}

function lookAtEnd(search: Search, index: number): void {
  const words = search.store.words();
  const offset = index * search.layout.wordCount;
  if (search.isEnd(words, offset) === 0) return;
  const satisfies = search.question(words, offset) !== 0;
  const values = search.system.observed.map((f) =>
    readField(words, offset, present(search.layout.places[f], 'place')),
  );
  search.ends.set(`${values.join()}${satisfies ? '+' : '-'}`, { values, satisfies });
  if (satisfies && search.witness < 0) search.witness = index;
}

function expand(search: Search, index: number): void {
  const { layout, store, scratch, transitions } = search;
  for (let t = 0; t < transitions.length; t++) {
    const transition = at(transitions, t);
    const offset = index * layout.wordCount;
    const words = store.words();
    if (transition.enabled(words, offset) === 0) continue;
    transition.apply(words, offset, scratch, 0);
    search.transitionCount += 1;
    if (store.insert(scratch, 0).isNew) {
      search.parents.push(index);
      search.via.push(t);
    }
  }
}

function report(
  search: Search,
  depth: number,
  bound: keyof Bounds | undefined,
  bounds: Bounds,
): Exploration {
  const ends = [...search.ends.values()].sort(compareEnds);
  const common = {
    states: search.store.count(),
    transitions: search.transitionCount,
    depth,
    ends,
    bytes: search.store.bytes(),
    outcome: bound ? ({ bound, limit: bounds[bound] } as const) : ('complete' as const),
  };
  return search.witness < 0 ? common : { ...common, witness: pathTo(search, search.witness) };
}

function compareEnds(a: End, b: End): number {
  for (let i = 0; i < a.values.length; i++) {
    const difference = at(a.values, i) - at(b.values, i);
    if (difference !== 0) return difference;
  }
  return Number(a.satisfies) - Number(b.satisfies);
}

function pathTo(search: Search, target: number): Path {
  const chain: number[] = [];
  for (let i = target; i >= 0; i = at(search.parents, i)) chain.push(i);
  chain.reverse();
  assert(chain[0] === 0, 'every path starts at the initial state');
  const state = (i: number) =>
    decode(search.layout, search.store.words(), i * search.layout.wordCount);
  return {
    initial: state(0),
    steps: chain.slice(1).map((i) => ({ action: at(search.via, i), state: state(i) })),
  };
}

function decode(layout: Layout, words: Uint32Array, offset: number): readonly number[] {
  return layout.places.map((place) => readField(words, offset, place));
}
