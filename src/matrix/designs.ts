// Designs for switching S_DAX against the standard programs: what holds, what is refuted and by
// which race.

import { searchGraph } from '../explore/index.ts';
import { type DesignId, sDaxDesigns, type SDaxRules } from '../kernel/index.ts';
import {
  exploreSDax,
  lifePrograms,
  type SDaxAnswer,
  type SDaxBreach,
  type SDaxProgram,
  type SDaxProperty,
  type SDaxRace,
  switchPrograms,
} from '../scenario/index.ts';

/** A design, run with every program. */
export interface DesignRow {
  readonly rules: SDaxRules;
  readonly answers: readonly SDaxAnswer[];
  /** `?`: some program reached a bound, and the others break nothing. */
  readonly verdict: 'holds' | 'refuted' | '?';
  /** Properties that some program breaks. */
  readonly broken: ReadonlySet<SDaxProperty>;
  /** Races that were found, in order; with R7 where the mode follows the flag later. */
  readonly races: readonly SDaxRace[];
}

/** All programs, in the order in which they are run. */
export const designPrograms: readonly SDaxProgram[] = [...switchPrograms, ...lifePrograms];

/** A program that is to be run under a design. */
export interface DesignJob {
  readonly rules: SDaxRules;
  readonly program: SDaxProgram;
}

/** What is to be run for some of the designs, in the order of rows. Absent: all of them. */
export function designJobs(ids?: readonly DesignId[]): readonly DesignJob[] {
  return sDaxDesigns
    .filter(({ id }) => ids?.includes(id) ?? true)
    .flatMap((rules) => designPrograms.map((program) => ({ rules, program })));
}

/** Runs one of them, in every schedule. */
export function answerDesign({ rules, program }: DesignJob): SDaxAnswer {
  return exploreSDax(rules, program, searchGraph);
}

/** One row for each of the designs. Absent: all of them. */
export function designMatrix(ids?: readonly DesignId[]): readonly DesignRow[] {
  return designRows(designJobs(ids).map(answerDesign));
}

/** The rows of designs of which there are all answers. */
export function designRows(answers: readonly SDaxAnswer[]): readonly DesignRow[] {
  return sDaxDesigns
    .map((rules) => ({ rules, own: answers.filter(({ design }) => design === rules.id) }))
    .filter(({ own }) => own.length > 0)
    .map(({ rules, own }) => designRow(rules, own));
}

function designRow(rules: SDaxRules, answers: readonly SDaxAnswer[]): DesignRow {
  const breaches = answers.flatMap((answer) => answer.breaches);
  const delays = answers.some(({ isDelayed }) => isDelayed);
  const named = breaches.flatMap(({ race }) => (race === undefined ? [] : [race]));
  const races = new Set<SDaxRace>([...named, ...(delays ? (['R7'] as const) : [])]);
  const isCut = answers.some(({ ends }) => ends === undefined);
  return {
    rules,
    answers,
    verdict: breaches.length > 0 ? 'refuted' : isCut ? '?' : 'holds',
    broken: new Set(breaches.map(({ property }) => property)),
    races: [...races].toSorted((a, b) => orderOf(a) - orderOf(b)),
  };
}

// R1 to R7, and then what is no race.
function orderOf(race: SDaxRace): number {
  return (race.startsWith('R') ? 0 : 10) + Number(race.slice(1));
}

/** The shortest witness for each race of a design, in the order of the races. */
export function shortestWitnesses(
  row: DesignRow,
): readonly { readonly answer: SDaxAnswer; readonly breach: SDaxBreach }[] {
  const all = row.answers.flatMap((answer) =>
    answer.breaches.map((breach) => ({ answer, breach })),
  );
  const byRace = row.races.map((race) =>
    all
      .filter(({ breach }) => breach.race === race)
      .toSorted((a, b) => a.breach.witness.length - b.breach.witness.length)
      .at(0),
  );
  return byRace.filter((one) => one !== undefined);
}
