// One program against one design: every schedule, what its ends break, and a shortest schedule to
// each breach with the race in it.

import { at } from '../../base/index.ts';
import type { DesignId, SDaxRules } from '../../kernel/index.ts';
import type { Node } from '../automaton.ts';
import type { Answer } from '../automaton-run.ts';
import {
  type ClosedScene,
  closeScene,
  lookAt,
  type SceneEnd,
  type SceneSearch,
  searchScene,
  walk,
  type Walked,
} from '../automaton-search.ts';
import { bedOf } from './bed.ts';
import { breaches, breachesAtOnce, type SDaxProperty, sDaxProperties } from './judge.ts';
import type { SDaxProgram, SetUp } from './programs.ts';
import { raceOf, type SDaxRace } from './race.ts';

/** One action of a schedule: a thread's steps, and what they were answered. */
export interface SDaxStep {
  readonly thread: number | undefined;
  readonly moves: readonly { readonly node: Pick<Node, 'visible'>; readonly answer: Answer }[];
}

/** A property that a program breaks under a design. */
export interface SDaxBreach {
  readonly property: SDaxProperty;
  /** Undefined: no rule names what happens in the schedule. */
  readonly race: SDaxRace | undefined;
  /** A shortest schedule to an end that breaks it, and most others with it; step by step. */
  readonly witness: readonly SDaxStep[];
  /** What each thread gives in that end; undefined where it waits for ever. */
  readonly results: readonly unknown[];
  /** The lock that each thread waits for in that end; undefined for one that waits for none. */
  readonly waits: readonly (string | undefined)[];
}

/** A program under a design. */
export interface SDaxAnswer {
  readonly design: DesignId;
  readonly program: SDaxProgram;
  /** Absent: a bound came first, and nothing is known. */
  readonly ends: number | undefined;
  /** States of the system that was searched for ends. */
  readonly states: number | undefined;
  readonly breaches: readonly SDaxBreach[];
  /** In some end the flag had changed, and the mode not yet while somebody held the file: R7. */
  readonly isDelayed: boolean;
  /** Results of threads, once for each combination, in the order of the ends. */
  readonly results: readonly (readonly unknown[])[];
}

/**
 * Runs a program in every schedule. With `confirm` it asserts that a search of the final system
 * gives no thread an answer of which nothing is known.
 */
export function exploreSDax(
  rules: SDaxRules,
  program: SDaxProgram,
  search: SceneSearch,
  confirm?: SceneSearch,
): SDaxAnswer {
  const bed = bedOf({ ...program.choice, design: rules.id });
  const setUp: SetUp = { bed, ...program.setUp(bed) };
  const { linux, memory, roots } = bed;
  const { threads } = setUp;
  const closed = closeScene({ linux, threads, roots, memory, noFailures: true }, confirm);
  const answer = { design: rules.id, program };
  if (closed.kind !== 'closed')
    return {
      ...answer,
      ends: undefined,
      states: undefined,
      breaches: [],
      isDelayed: false,
      results: [],
    };
  const searched = searchScene(closed, search);
  const { states, ends } = searched;
  const broken = ends.map(
    (end) => breachesAtOnce(setUp, end) ?? lookAt(closed, end, () => breaches(setUp, end)),
  );
  const schedules = new Map<string, readonly Walked[]>();
  const found = sDaxProperties.flatMap(({ id }): readonly SDaxBreach[] => {
    const places = worstEnds(broken, id);
    if (places.length === 0) return [];
    // Properties that the same ends break have one witness.
    const key = places.join();
    const bad = places.map((i) => at(ends, i));
    const witness = schedules.get(key) ?? walk(closed, searched.scheduleTo(bad)).walked;
    schedules.set(key, witness);
    return [breachOf(closed, setUp, { property: id, witness })];
  });
  const judge = setUp.judge;
  const isDelayed = judge !== undefined && ends.some(({ results }) => judge(results).isDelayed);
  const results = distinct(ends);
  return { ...answer, ends: ends.length, states, breaches: found, isDelayed, results };
}

/** Ends that break a property, or those of them that break the most others with it. */
function worstEnds(
  broken: readonly (readonly SDaxProperty[])[],
  property: SDaxProperty,
): readonly number[] {
  const places = [...broken.keys()].filter((i) => at(broken, i).includes(property));
  const most = Math.max(...places.map((i) => at(broken, i).length));
  return places.filter((i) => at(broken, i).length === most);
}

function breachOf(
  closed: ClosedScene,
  setUp: SetUp,
  what: { readonly property: SDaxProperty; readonly witness: readonly Walked[] },
): SDaxBreach {
  const { property, witness } = what;
  const late = new Set(
    [...setUp.threads.entries()].filter(([, { after }]) => after !== undefined).map(([i]) => i),
  );
  const { values } = closed.automata.sharing;
  const { nodes } = walk(
    closed,
    witness.map(({ id }) => id),
  );
  const results = nodes.map(({ visible }) =>
    visible.kind === 'end' ? values.valueOf(visible.result) : undefined,
  );
  // `blocked`: the thread holds that lock itself.
  const waits = nodes.map(({ visible }) =>
    visible.kind === 'lock' || visible.kind === 'blocked' ? visible.lock : undefined,
  );
  const isLife = setUp.judge !== undefined;
  return { property, race: raceOf(property, witness, { late, isLife }), witness, results, waits };
}

function distinct(ends: readonly SceneEnd[]): readonly (readonly unknown[])[] {
  const found = new Map(ends.map(({ results }) => [JSON.stringify(results), results] as const));
  return [...found.values()];
}
