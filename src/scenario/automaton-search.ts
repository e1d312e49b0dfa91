// Closes the automata of a scene: what is known of them is searched, and where a thread is given an
// answer of which nothing is known its function is run with it. In the end a search has asked for
// every answer that any schedule gives.

import { assert, at, present } from '../base/index.ts';
import { and, constant, type Expr, eq, fieldAt, or, type TransitionSystem } from '../ir/index.ts';
import { type Automata, type Node, type Scene, sharingOf, startAutomata } from './automaton.ts';
import type { Run } from './automaton-run.ts';
import { type SceneSystem, sceneSystem } from './automaton-system.ts';

/** What a search tells; src/explore has such searches. */
export interface Searched {
  /** `complete`, or how far the search came. */
  readonly outcome: unknown;
  readonly states: number;
  readonly ends: readonly { readonly values: readonly number[] }[];
  readonly witness?: { readonly steps: readonly { readonly action: number }[] };
}

/** Searches a system for ends, and for one of which the question holds. */
export type SceneSearch = (system: TransitionSystem, question: Expr) => Searched;

/** How far a scene is looked at; reaching a limit is the answer `bound`. */
export interface SceneLimits {
  /** Nodes of one thread. */
  readonly nodes: number;
  /** Searches for answers that are not known. */
  readonly rounds: number;
}

/** A scene of which every schedule is known. */
export interface ClosedScene extends SceneSystem {
  readonly kind: 'closed';
  /** Searches that it took. */
  readonly rounds: number;
}

/** A limit came first: nothing is said about the schedules that were not reached. */
export interface BoundScene {
  readonly kind: 'bound';
  readonly bound: 'nodes' | 'rounds' | 'search';
}

const defaultLimits: SceneLimits = { nodes: 20_000, rounds: 200 };

/** Finds all that the threads of a scene can be answered, in any schedule. */
export function closeScene(
  scene: Scene,
  search: SceneSearch,
  limits: SceneLimits = defaultLimits,
): ClosedScene | BoundScene {
  const sharing = sharingOf(scene);
  let automata = startAutomata(scene, sharing, limits.nodes);
  for (let rounds = 1; rounds <= limits.rounds; rounds++) {
    const built = sceneSystem(automata);
    const found = search(discovery(built), constant(0));
    if (found.outcome !== 'complete') return { kind: 'bound', bound: 'search' };
    if (found.ends.length === 0) {
      sharing.checkPages();
      return { ...built, kind: 'closed', rounds };
    }
    for (const { values } of found.ends) extendAll(built, values);
    if (automata.threads.some((thread) => thread.isFull)) return { kind: 'bound', bound: 'nodes' };
    // Something that one thread alone seemed to use: its values have to be fields after all.
    if (sharing.update()) automata = startAutomata(scene, sharing, limits.nodes);
  }
  return { kind: 'bound', bound: 'rounds' };
}

function discovery(built: SceneSystem): TransitionSystem {
  return { ...built.system, isEnd: built.isUnknown, observed: built.counters };
}

function extendAll(built: SceneSystem, counters: readonly number[]): void {
  built.automata.threads.forEach((thread, index) => {
    const unknown = at(built.unknowns, index)[at(counters, index) - at(built.known, index)];
    if (unknown) thread.extend(unknown.node, unknown.answer);
  });
}

/** One end of a scene: threads have ended, or power failed, or they wait for ever. */
export interface SceneEnd {
  /** Values of the observed fields. */
  readonly values: readonly number[];
  /** What each thread gave; undefined where it has not ended. */
  readonly results: readonly unknown[];
  readonly isCrashed: boolean;
  readonly isDeadlocked: boolean;
  /** Followed bytes as memory has them, in the order of their addresses. */
  readonly bytes: readonly number[];
}

/** All distinct ends of a scene; copies in caches are not told apart. */
export function sceneEnds(closed: ClosedScene, search: SceneSearch): readonly SceneEnd[] {
  const found = search(closed.system, constant(0));
  assert(found.outcome === 'complete', 'a closed scene has been searched before');
  return found.ends.map(({ values }) => endOf(closed, values));
}

function endOf(closed: ClosedScene, values: readonly number[]): SceneEnd {
  const read = (field: number): number => at(values, closed.system.observed.indexOf(field));
  const { names, automata } = closed;
  const { sharing } = automata;
  const bytes = sharing.tracking.bytes.map(({ line, cell }) => {
    const field = at(present(names.memory.get(line), `line ${line}`), cell);
    return at(closed.byteValues, read(field));
  });
  const results = automata.threads.map((_, index) => {
    const { visible } = nodeAt(automata, index, read(at(closed.counters, index)));
    return visible.kind === 'end' ? sharing.values.valueOf(visible.result) : undefined;
  });
  return {
    values,
    results,
    bytes,
    isCrashed: read(present(names.crashed, 'field for a crash')) === 1,
    isDeadlocked: read(present(names.deadlock, 'field for a deadlock')) === 1,
  };
}

function nodeAt(automata: Automata, thread: number, id: number): Node {
  return at(at(automata.threads, thread).nodes, id);
}

/**
 * Looks at the kernel as it is in an end: its tables hold what they hold there, its plain objects
 * are as the threads' functions leave them one after another. Afterwards all is as it was.
 */
export function lookAt<T>(closed: ClosedScene, end: SceneEnd, look: () => T): T {
  const { automata } = closed;
  const { sharing } = automata;
  const read = (field: number): number => at(end.values, closed.system.observed.indexOf(field));
  sharing.world.restore();
  const runs = automata.threads.map((thread, index) =>
    thread.runTo(nodeAt(automata, index, read(at(closed.counters, index)))),
  );
  const undo: (() => void)[] = [];
  const poke = (shared: Poked, key: number, value: unknown): void => {
    const before = shared.peek(key);
    undo.unshift(() => shared.poke(key, before));
    shared.poke(key, value);
  };
  for (const { shared, key, value } of runs.flatMap((run) => run.ownCells())) {
    poke(shared, key, value);
  }
  for (const [id, { field, values }] of closed.cells) {
    const value = objectNamed(closed, runs, at(values, read(field)));
    const tables = new Set(runs.flatMap((run) => [...run.tablesOf(id)]));
    for (const shared of tables) poke(shared, sharing.cell(id).key, value);
  }
  const seen = look();
  for (const one of undo) one();
  sharing.world.restore();
  return seen;
}

type Poked = ReturnType<Run['ownCells']>[number]['shared'];

// The thread that has made an object knows it as its own.
function objectNamed(closed: ClosedScene, runs: readonly Run[], name: string): unknown {
  for (const run of runs) {
    const own = run.objectOf(name);
    if (own) return own.value;
  }
  return closed.automata.sharing.values.valueOf(name);
}

/** A shortest schedule to one of some ends: ids of actions. */
export function scheduleTo(
  closed: ClosedScene,
  search: SceneSearch,
  ends: readonly SceneEnd[],
): readonly string[] {
  const { system } = closed;
  const isThere = ends.map(({ values }) =>
    and(...values.map((value, i) => eq(fieldAt(at(system.observed, i)), constant(value)))),
  );
  const { witness } = search(system, or(...isThere));
  return present(witness, 'a way to the ends').steps.map(
    ({ action }) => at(system.actions, action).id,
  );
}
