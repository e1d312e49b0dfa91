// Exact breadth-first search by the interpreter: every schedule of every action, shortest paths
// first. Slow and plain; every faster search must agree with it.

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
import {
  type Bounds,
  compareEnds,
  decode,
  defaultBounds,
  type End,
  type Exploration,
  type Outcome,
  type Path,
  type SearchOptions,
} from './exploration.ts';
import { type Evaluate, evaluator, type Transition, transitionOf } from './interpret.ts';
import { type StateStore, stateStore } from './store.ts';

/** States between two calls of `onProgress`. */
const progressEvery = 4096;

/** Explores the whole system and asks of each end state whether `question` holds. */
export function explore(
  system: TransitionSystem,
  question: Expr,
  bounds: Bounds = defaultBounds,
  options: Omit<SearchOptions, 'bounds'> = {},
): Exploration {
  validate(system);
  const search = openSearch(system, question, { ...options, bounds });
  for (let depth = 0; ; depth++) {
    const level: Level = {
      depth,
      from: search.levelEnd,
      to: search.store.count(),
      transitions: search.transitionCount,
    };
    search.levelEnd = level.to;
    for (let i = level.from; i < level.to; i++) lookAtEnd(search, i);
    if (options.stopAtWitness && search.witness >= 0) {
      return report(search, level, { bound: 'witness', limit: depth });
    }
    const cut = expandLevel(search, level, bounds);
    if (cut) return report(search, level, cut);
    if (search.store.count() === level.to) {
      return report(search, { ...level, transitions: search.transitionCount }, 'complete');
    }
  }
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

/** The system ready to run: layout, actions, and the words of the initial state. */
export function open(system: TransitionSystem) {
  const layout = layoutOf(system.fields);
  const initial = new Uint32Array(layout.wordCount);
  system.fields.forEach((field, i) => {
    writeField(initial, 0, present(layout.places[i], 'place'), field.init);
  });
  return { layout, initial, transitions: system.actions.map((a) => transitionOf(a, layout)) };
}

/** The states of one level, by their indices, and the transitions counted before them. */
interface Level {
  readonly depth: number;
  readonly from: number;
  readonly to: number;
  readonly transitions: number;
}

interface Search {
  readonly system: TransitionSystem;
  readonly options: SearchOptions;
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
  /** The first state of the next level. */
  levelEnd: number;
  /** The first state found that satisfies the question: states are found in witness order. */
  witness: number;
}

function openSearch(system: TransitionSystem, question: Expr, options: SearchOptions): Search {
  const { layout, transitions, initial } = open(system);
  const store = stateStore(layout.wordCount);
  store.insert(initial, 0);
  return {
    system,
    options,
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
    levelEnd: 0,
    witness: -1,
  };
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

// What cut the expansion of the level short, if anything did.
function expandLevel(search: Search, level: Level, bounds: Bounds): Outcome | undefined {
  const { store } = search;
  const memory = bounds.memory ?? Number.POSITIVE_INFINITY;
  for (let index = level.from; index < level.to; index++) {
    expand(search, index);
    if (store.count() > level.to && level.depth >= bounds.depth) {
      return { bound: 'depth', limit: bounds.depth };
    }
    if (store.count() > bounds.states) return { bound: 'states', limit: bounds.states };
    if (store.bytes() > memory) return { bound: 'memory', limit: memory };
    if (index % progressEvery === 0 && isToldToStop(search, level.depth)) {
      return { bound: 'interrupted', limit: level.depth };
    }
  }
  return undefined;
}

function isToldToStop({ options, store }: Search, depth: number): boolean {
  const progress = { states: store.count(), depth, bytes: store.bytes() };
  return options.onProgress?.(progress) === 'stop';
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

function report(search: Search, level: Level, outcome: Outcome): Exploration {
  const common = {
    outcome,
    states: level.to,
    transitions: level.transitions,
    depth: level.depth,
    ends: [...search.ends.values()].sort(compareEnds),
    bytes: search.store.bytes(),
  };
  return search.witness < 0 ? common : { ...common, witness: pathTo(search, search.witness) };
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
