// One program against one design: every schedule, what its ends break, and a shortest schedule to
// each breach with the race in it.

import { at } from '../../base/index.ts';
import type { DesignId, SDaxRules } from '../../kernel/index.ts';
import { type ClosedScene, closeScene, lookAt, type SceneEnd, sceneEnds, type SceneSearch, scheduleTo, walk, type Walked } from '../automaton-search.ts';
import { bedOf } from './bed.ts';
import { breaches, type SDaxProperty, sDaxProperties } from './judge.ts';
import type { SDaxProgram, SetUp } from './programs.ts';
import { raceOf, type SDaxRace } from './race.ts';

/** A property that a program breaks under a design. */
export interface SDaxBreach {
  readonly property: SDaxProperty;
  /** Undefined: no rule names what happens in the schedule. */
  readonly race: SDaxRace | undefined;
  /** A shortest schedule, step by step. */
  readonly witness: readonly Walked[];
  /** What each thread gives in that end; undefined where it waits for ever. */
  readonly results: readonly unknown[];
}

/** A program under a design. */
export interface SDaxAnswer {
  readonly design: DesignId;
  readonly program: SDaxProgram;
  /** Absent: a bound came first, and nothing is known. */
  readonly ends: number | undefined;
  readonly breaches: readonly SDaxBreach[];
  /** In some end the flag had changed, and the mode not yet while somebody held the file: R7. */
  readonly isDelayed: boolean;
  /** Results of threads, once for each combination, in the order of the ends. */
  readonly results: readonly (readonly unknown[])[];
}

/** Runs a program in every schedule. */
export function exploreSDax(
  rules: SDaxRules,
  program: SDaxProgram,
  search: SceneSearch,
): SDaxAnswer {
  const bed = bedOf({ ...program.choice, design: rules.id });
  const setUp: SetUp = { bed, ...program.setUp(bed) };
  const { linux, memory, roots } = bed;
  const { threads } = setUp;
  const closed = closeScene({ linux, threads, roots, memory, noFailures: true }, search);
  const answer = { design: rules.id, program };
  if (closed.kind !== 'closed') return { ...answer, ends: undefined, breaches: [], isDelayed: false, results: [] };
  const ends = sceneEnds(closed, search);
  const broken = ends.map((end) => lookAt(closed, end, () => breaches(setUp, end)));
  const found = sDaxProperties.flatMap(({ id }): readonly SDaxBreach[] => {
    const bad = ends.filter((_, i) => at(broken, i).includes(id));
    return bad.length === 0 ? [] : [breachOf(closed, search, { property: id, bad, setUp })];
  });
  const judge = setUp.judge;
  const isDelayed = judge !== undefined && ends.some(({ results }) => judge(results).isDelayed);
  return { ...answer, ends: ends.length, breaches: found, isDelayed, results: distinct(ends) };
}

function breachOf(
  closed: ClosedScene,
  search: SceneSearch,
  what: {
    readonly property: SDaxProperty;
    readonly bad: readonly SceneEnd[];
    readonly setUp: SetUp;
  },
): SDaxBreach {
  const { property, bad, setUp } = what;
  const { walked, nodes } = walk(closed, scheduleTo(closed, search, bad));
  const late = new Set(
    [...setUp.threads.entries()].filter(([, { after }]) => after !== undefined).map(([i]) => i),
  );
  const { values } = closed.automata.sharing;
  const results = nodes.map(({ visible }) =>
    visible.kind === 'end' ? values.valueOf(visible.result) : undefined,
  );
  return { property, race: raceOf(property, walked, late), witness: walked, results };
}

function distinct(ends: readonly SceneEnd[]): readonly (readonly unknown[])[] {
  const found = new Map(ends.map(({ results }) => [JSON.stringify(results), results] as const));
  return [...found.values()];
}
