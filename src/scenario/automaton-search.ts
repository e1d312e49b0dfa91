// Closes the automata of a scene: one search of all schedules, which runs a thread's function where
// the thread is given an answer of which nothing is known; then the system of what was found, and
// what it says: ends, the kernel as it is in them, and schedules that lead there.

import { assert, at, present } from '../base/index.ts';
import { and, constant, type Expr, eq, fieldAt, or, type TransitionSystem } from '../ir/index.ts';
import {
  type Automata,
  type Node,
  type Scene,
  forgetDisturbed,
  sharingOf,
  startAutomata,
} from './automaton.ts';
import { Explorer, type Moves } from './automaton-explore.ts';
import type { Run } from './automaton-run.ts';
import { visibleText } from './automaton-texts.ts';
import { type SceneSystem, sceneSystem } from './automaton-system.ts';

/** What a search tells; src/explore has such searches. */
export interface Searched {
  /** `complete`, or how far the search came. */
  readonly outcome: unknown;
  readonly states: number;
  /** Values of the observed fields, sorted. */
  readonly ends: readonly { readonly values: readonly number[] }[];
  readonly witness?: Way;
  /** A shortest way to an end with such values; absent: the search has kept nothing. */
  pathTo?(accepts: (values: readonly number[]) => boolean): Way | undefined;
}

interface Way {
  readonly steps: readonly { readonly action: number }[];
}

/** Searches a system for ends, and for one of which the question holds. */
export type SceneSearch = (system: TransitionSystem, question: Expr) => Searched;

/** How far a scene is looked at; reaching a limit is the answer `bound`. */
export interface SceneLimits {
  /** Nodes of one thread. */
  readonly nodes: number;
  /** Searches, each with more known of what threads share. */
  readonly rounds: number;
  /** States of one search. */
  readonly states: number;
}

/** A scene of which every schedule is known. */
export interface ClosedScene extends SceneSystem {
  readonly kind: 'closed';
  /** Searches that it took. */
  readonly rounds: number;
  /**
   * Plain objects of the kernel that several threads change, each its own: races on them are not
   * seen.
   */
  readonly conflicts: readonly string[];
  /** What a search of the final system found that confirmed it; it told these fields. */
  readonly confirmed?: { readonly found: Searched; readonly observed: readonly number[] };
}

/** A limit came first: nothing is said about the schedules that were not reached. */
export interface BoundScene {
  readonly kind: 'bound';
  readonly bound: 'nodes' | 'rounds' | 'search';
  /** The thread with the most nodes, and what its last ones ask for: a loop, as a rule. */
  readonly place: string;
}

const defaultLimits: SceneLimits = {
  nodes: 20_000,
  rounds: 200,
  states: 1_000_000,
};

/**
 * Finds all that the threads of a scene can be answered, in any schedule. With `search` it asserts
 * that a search of the final system, too, gives no thread an unknown answer.
 */
export function closeScene(
  scene: Scene,
  search?: SceneSearch,
  limits: Partial<SceneLimits> = {},
): ClosedScene | BoundScene {
  const { nodes, rounds, states } = { ...defaultLimits, ...limits };
  const sharing = sharingOf(scene);
  const automata = startAutomata(scene, sharing, nodes);
  for (let round = 1; round <= rounds; round++) {
    const explorer = new Explorer(automata);
    const found = explorer.run(states);
    if (found === 'nodes' || found === 'search') return bound(automata, found);
    if (found === 'shared') forgetDisturbed(automata);
    if (found !== 'closed') continue;
    sharing.checkPages();
    const system = sceneSystem(automata, explorer);
    const confirmed = search ? { confirmed: confirm(system, search) } : {};
    const conflicts = sharing.conflicts();
    return { ...system, kind: 'closed', rounds: round, conflicts, ...confirmed };
  }
  return bound(automata, 'rounds');
}

function confirm(
  { system, isUnknown }: SceneSystem,
  search: SceneSearch,
): NonNullable<ClosedScene['confirmed']> {
  const isEnd = or(system.isEnd, isUnknown);
  const found = search({ ...system, isEnd }, isUnknown);
  assert(found.outcome === 'complete', 'the final system is as small as what was searched');
  assert(found.witness === undefined, 'no thread of the final system is given an unknown answer');
  return { found, observed: system.observed };
}

function bound({ threads, scene }: Automata, what: BoundScene['bound']): BoundScene {
  const most = threads.reduce((a, b) => (b.nodes.length > a.nodes.length ? b : a));
  const last = most.nodes.slice(-3).map(({ visible }) => visibleText(visible));
  const { name } = at(scene.threads, most.index);
  return {
    kind: 'bound',
    bound: what,
    place: `${name}, ${most.nodes.length} nodes, the last: ${last.join('; ')}`,
  };
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

/** All schedules of a scene, searched. */
export interface SearchedScene {
  /** States of the system. */
  readonly states: number;
  /** All distinct ends; copies in caches are not told apart. */
  readonly ends: readonly SceneEnd[];
  /** A shortest schedule to one of some ends: ids of actions. */
  scheduleTo(ends: readonly SceneEnd[]): readonly string[];
}

/** Searches a scene; where a search has confirmed it and kept the states, that one serves. */
export function searchScene(closed: ClosedScene, search: SceneSearch): SearchedScene {
  const { system, confirmed } = closed;
  const found = confirmed?.found ?? search(system, constant(0));
  assert(found.outcome === 'complete', 'a closed scene has been searched before');
  const told = confirmed?.observed ?? system.observed;
  const ends = fewerEnds(found.ends, told, system.observed).map((one) => endOf(closed, one));
  const isSame = told === system.observed;
  return {
    states: found.states,
    ends,
    scheduleTo: (wanted) => {
      const keys = new Set(wanted.map(({ values }) => values.join()));
      const way =
        found.pathTo && isSame
          ? found.pathTo((values) => keys.has(values.join()))
          : search(system, isOneOf(closed, wanted)).witness;
      return present(way, 'a way to the ends').steps.map(
        ({ action }) => at(system.actions, action).id,
      );
    },
  };
}

/** All distinct ends of a scene; copies in caches are not told apart. */
export function sceneEnds(closed: ClosedScene, search: SceneSearch): readonly SceneEnd[] {
  return searchScene(closed, search).ends;
}

// The ends as they are where fewer fields are told, in order.
function fewerEnds(
  ends: Searched['ends'],
  told: readonly number[],
  observed: readonly number[],
): readonly (readonly number[])[] {
  if (told === observed) return ends.map(({ values }) => values);
  const places = observed.map((field) => told.indexOf(field));
  const fewer = ends.map(({ values }) => places.map((place) => at(values, place)));
  const distinct = new Map(fewer.map((values) => [values.join(), values] as const));
  return [...distinct.values()].toSorted((a, b) => {
    const place = a.findIndex((value, i) => value !== b[i]);
    return at(a, place) - at(b, place);
  });
}

function endOf(closed: ClosedScene, values: readonly number[]): SceneEnd {
  const read = (field: number): number => at(values, closed.system.observed.indexOf(field));
  const { names, automata } = closed;
  const { sharing } = automata;
  const bytes = sharing.tracking.bytes.map(({ line, cell }) => {
    const field = at(present(names.memory.get(line), `line ${line}`), cell);
    return at(closed.byteValues, read(field));
  });
  const results = automata.threads.map((_, thread) => {
    const { visible } = nodeOf(closed, { values }, thread);
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

/** A node at which a thread is in an end; one of those that nothing tells apart. */
export function nodeOf(closed: SceneSystem, end: Pick<SceneEnd, 'values'>, thread: number): Node {
  const place = closed.system.observed.indexOf(at(closed.counters, thread));
  return at(at(closed.places, thread), at(end.values, place)).node;
}

/**
 * Looks at the kernel as it is in an end: its tables hold what they hold there, its plain objects
 * are as the threads' functions leave them one after another. Afterwards all is as it was.
 */
export function lookAt<T>(closed: ClosedScene, end: SceneEnd, look: () => T): T {
  const { automata } = closed;
  const { sharing } = automata;
  const read = fieldsOf(closed, end);
  sharing.world.restore();
  const own: ReturnType<Run['ownCells']>[] = [];
  const runs = automata.threads.map((thread, index) => {
    const run = thread.joinTo(nodeOf(closed, end, index));
    own.push(run.ownCells());
    return run;
  });
  for (const { shared, key, value } of own.flat()) sharing.world.poke(shared, key, value);
  for (const [id, { field, values }] of closed.cells) {
    // What an end does not tell, no look asks for.
    if (!closed.system.observed.includes(field)) continue;
    const value = objectNamed(closed, runs, at(values, read(field)));
    const tables = new Set(runs.flatMap((run) => [...run.tablesOf(id)]));
    for (const shared of tables) sharing.world.poke(shared, sharing.cell(id).key, value);
  }
  const seen = look();
  sharing.world.restore();
  return seen;
}

/** Locks that are held in an end, by name: by threads that share them, and by one that does not. */
export function locksHeld(closed: ClosedScene, end: SceneEnd): readonly string[] {
  const { world } = closed.automata.sharing;
  const read = fieldsOf(closed, end);
  const shared = [...closed.locks].flatMap(([name, field]) => (read(field) === 0 ? [] : [name]));
  world.restore();
  const own = closed.automata.threads.flatMap(
    (thread, index) => thread.joinTo(nodeOf(closed, end, index)).ownLocks,
  );
  world.restore();
  return [...shared, ...own];
}

function fieldsOf({ system }: ClosedScene, end: SceneEnd): (field: number) => number {
  return (field) => at(end.values, system.observed.indexOf(field));
}

// The thread that has made an object knows it as its own.
function objectNamed(closed: ClosedScene, runs: readonly Run[], name: string): unknown {
  for (const run of runs) {
    const own = run.objectOf(name);
    if (own) return own.value;
  }
  return closed.automata.sharing.values.valueOf(name);
}

// That the system is in one of the ends.
function isOneOf({ system }: ClosedScene, ends: readonly SceneEnd[]): Expr {
  const isThere = ends.map(({ values }) =>
    and(...values.map((value, i) => eq(fieldAt(at(system.observed, i)), constant(value)))),
  );
  return or(...isThere);
}

/** A shortest schedule to one of some ends: ids of actions. */
export function scheduleTo(
  closed: ClosedScene,
  search: SceneSearch,
  ends: readonly SceneEnd[],
): readonly string[] {
  return searchScene(closed, search).scheduleTo(ends);
}

/** What one action of a schedule does. */
export interface Walked {
  readonly id: string;
  /** The thread that takes it; undefined: hardware, a crash, the mark of a deadlock. */
  readonly thread: number | undefined;
  /** Its steps, and what they were answered. */
  readonly moves: Moves;
}

/** Follows a schedule step by step, and tells at which node each thread is then. */
export function walk(
  closed: ClosedScene,
  schedule: readonly string[],
): { readonly walked: readonly Walked[]; readonly nodes: readonly Node[] } {
  const { explorer, steps, automata } = closed;
  const row = explorer.start();
  const walked = schedule.map((id): Walked => {
    const step = steps.get(id);
    if (step === undefined) {
      const label = /^(?:evict|fill)\.(.*)$/.exec(id)?.[1];
      if (label !== undefined) explorer.hardware(row, label);
      return { id, thread: undefined, moves: [] };
    }
    const { thread, visibles, isFailure } = step;
    const moves = explorer.moves(row, thread, { count: visibles.length, fails: isFailure });
    return { id, thread, moves };
  });
  return { walked, nodes: automata.threads.map((_, thread) => explorer.nodeIn(row, thread)) };
}
