// Attach and detach of every driver in every state of a series of trees, and what each state
// changes: rules, findings, and whether the tree can be bisected through it.

import { present } from '../base/index.ts';
import {
  type RuleChange,
  ruleChanges,
  type SeriesRules,
  type StateSeries,
  type TreeState,
} from '../kernel/index.ts';
import {
  type AttachDriver,
  attachDrivers,
  type AttachExploration,
  AttachExplorer,
  type AttachFinding,
  type AttachSystem,
  type AttachVariant,
  attachVariants,
  type FindingKind,
  findingKinds,
} from '../scenario/index.ts';
import { type AttachCase, attachCases, excludedBy, type Reach } from './series-cases.ts';

/** A finding of one driver, the same in whatever state and case it is met. */
export interface SeriesFinding extends AttachFinding {
  /** A letter by which tables name it: `a`. */
  readonly id: string;
  readonly driver: AttachDriver;
  /** The first system on which it was met. */
  readonly on: FoundOn;
  /** Ids of the states that have it, for the best reach in each. */
  readonly states: Map<string, Reach>;
  /** Where it is met in each of them, in the case with that reach. */
  readonly metOn: Map<string, FoundOn>;
}

/** Where something was found. */
export interface FoundOn {
  readonly state: TreeState;
  readonly where: AttachCase;
  readonly variant: AttachVariant;
}

/** One driver in one state. */
export interface SeriesCell {
  readonly driver: AttachDriver;
  /** The worst that users can meet. */
  readonly worst: FindingKind | 'ok';
  /** Something is met that users cannot meet in it: latent or forced. */
  readonly hasMore: boolean;
  /** Ids of its findings, and of those that users can meet. */
  readonly findings: readonly string[];
  readonly real: readonly string[];
}

/** Whether a filesystem is offered DAX on a pmem disk; `gate`: FS_DAX cannot be chosen. */
export type DaxOffer = 'offered' | 'refused' | 'no disk' | 'gate';

/** One state of the tree. */
export interface SeriesRow {
  readonly state: TreeState;
  readonly cells: readonly SeriesCell[];
  /** Against the row before; empty in the first. */
  readonly changes: readonly RuleChange[];
  /** Findings that the row before has not, and those that only it has: ids, by reach. */
  readonly found: Readonly<Record<Reach, readonly string[]>>;
  readonly gone: Readonly<Record<Reach, readonly string[]>>;
  /** By id of case, for those with FS_DAX. */
  readonly offers: ReadonlyMap<string, DaxOffer>;
  /** With DAX=n dm calls functions that are not there, in code that never runs. */
  readonly needsDeadCode: boolean;
  /** Safe to stop a bisection at: users meet nothing that they did not meet before the series. */
  readonly bisect: 'first' | 'safe' | 'unsafe';
}

/** A series judged. */
export interface SeriesMatrix {
  readonly series: StateSeries;
  readonly cases: readonly AttachCase[];
  readonly rows: readonly SeriesRow[];
  readonly findings: readonly SeriesFinding[];
  /** Pairs of a case and a driver that no state has, with the reason. */
  readonly excluded: readonly { readonly why: string; readonly count: number }[];
  /** Devices on systems that were judged, those really explored, and the ends of these. */
  readonly totals: { readonly judged: number; readonly explored: number; readonly ends: number };
}

/** Judges every state of a series, or those up to the one with the id `last`. */
export function seriesMatrix(series: StateSeries, last?: string): SeriesMatrix {
  const judge = new Judge();
  const rows: SeriesRow[] = [];
  for (const state of series.states) {
    rows.push(judge.row(state, rows.at(-1)));
    if (state.id === last) break;
  }
  return {
    series,
    cases: attachCases,
    rows,
    findings: judge.findings,
    excluded: [...judge.excluded].map(([why, count]) => ({ why, count })),
    totals: { judged: judge.judged, explored: judge.explorer.explored, ends: judge.ends },
  };
}

const NOTHING = { real: [], latent: [], forced: [] } as const;

/** What the judgement of one state after the other gathers. */
class Judge {
  readonly explorer = new AttachExplorer();
  readonly findings: SeriesFinding[] = [];
  readonly excluded = new Map<string, number>();
  readonly #seen = new Set<AttachExploration>();
  /** The state that all others are compared with. */
  #first: string | undefined;
  readonly #systems = new Map<string, AttachSystem>();
  judged = 0;
  ends = 0;

  row(state: TreeState, before: SeriesRow | undefined): SeriesRow {
    const offers = new Map<string, DaxOffer>();
    const cells = attachDrivers.map((driver) => this.#cell(state, driver, offers));
    const found = this.#closer(state.id, before?.state.id);
    this.#first ??= state.id;
    const isSafe = this.#closer(state.id, this.#first).real.length === 0;
    return {
      state,
      cells,
      offers,
      needsDeadCode: state.rules.dm_asks === 'always' && state.rules.setter_stubs === 'none',
      changes: before === undefined ? [] : ruleChanges(before.state.rules, state.rules),
      found: before === undefined ? NOTHING : found,
      gone: before === undefined ? NOTHING : this.#closer(before.state.id, state.id),
      bisect: before === undefined ? 'first' : isSafe ? 'safe' : 'unsafe',
    };
  }

  /** Findings that one state has and the other has not, or has only where it is harder to meet. */
  #closer(id: string, other: string | undefined): SeriesRow['found'] {
    const ids = (reach: Reach) =>
      this.findings
        .filter(({ states }) => states.get(id) === reach)
        .filter(({ states }) => {
          const there = other === undefined ? undefined : states.get(other);
          return there === undefined || better(there, reach) !== there;
        })
        .map((one) => one.id);
    return { real: ids('real'), latent: ids('latent'), forced: ids('forced') };
  }

  #cell(state: TreeState, driver: AttachDriver, offers: Map<string, DaxOffer>): SeriesCell {
    const met = new Map<SeriesFinding, { readonly reach: Reach; readonly on: FoundOn }>();
    for (const where of attachCases) {
      for (const variant of attachVariants) {
        if (variant.driver !== driver) continue;
        const why = excludedBy(where, variant, state.rules);
        if (why !== undefined) {
          this.excluded.set(why, (this.excluded.get(why) ?? 0) + 1);
          if (isMeasure(where, variant)) offers.set(where.id, 'gate');
          continue;
        }
        const explored = this.#explore({ state, where, variant });
        if (isMeasure(where, variant)) offers.set(where.id, offerOf(explored));
        for (const one of explored.findings) {
          const finding = this.#finding(one, { state, where, variant });
          const reach = variant.assumes === undefined ? where.reach : 'forced';
          const known = met.get(finding);
          if (known !== undefined && better(known.reach, reach) === known.reach) continue;
          met.set(finding, { reach, on: { state, where, variant } });
        }
      }
    }
    for (const [finding, { reach, on }] of met) {
      finding.states.set(state.id, reach);
      finding.metOn.set(state.id, on);
    }
    const real = [...met].filter(([, { reach }]) => reach === 'real').map(([finding]) => finding);
    return {
      driver,
      worst: findingKinds.find((kind) => real.some((one) => one.kind === kind)) ?? 'ok',
      hasMore: real.length < met.size,
      findings: [...met.keys()].map(({ id }) => id),
      real: real.map(({ id }) => id),
    };
  }

  #explore(on: FoundOn): AttachExploration {
    const explored = this.explorer.explore(on.variant, this.#system(on));
    this.judged++;
    if (!this.#seen.has(explored)) this.ends += explored.ends;
    this.#seen.add(explored);
    return explored;
  }

  #system(on: FoundOn): AttachSystem {
    const key = `${on.state.id} ${on.where.id}`;
    const known = this.#systems.get(key) ?? systemOf(on);
    this.#systems.set(key, known);
    return known;
  }

  #finding(found: AttachFinding, on: FoundOn): SeriesFinding {
    const { driver } = on.variant;
    const { kind, says, use } = found;
    const known = this.findings.find(
      (one) => one.driver === driver && one.kind === kind && one.says === says && one.use === use,
    );
    if (known !== undefined) return known;
    const id = letter(this.findings.length);
    const states = new Map<string, Reach>();
    const finding: SeriesFinding = { ...found, id, driver, on, states, metOn: new Map() };
    this.findings.push(finding);
    return finding;
  }
}

const FIRST_LETTER = 'a'.codePointAt(0) ?? 0;

/** `a` to `z`, then `aa` and so on. */
function letter(index: number): string {
  const last = String.fromCodePoint(FIRST_LETTER + (index % 26));
  return index < 26 ? last : `${letter(Math.floor(index / 26) - 1)}${last}`;
}

const reaches: readonly Reach[] = ['real', 'latent', 'forced'];

function better(one: Reach | undefined, other: Reach): Reach {
  return present(
    reaches.find((reach) => reach === one || reach === other),
    'reach',
  );
}

/** Whether a filesystem is offered DAX is looked at on pmem disks with struct pages. */
function isMeasure(where: AttachCase, { driver, id }: AttachVariant): boolean {
  return driver === 'pmem' && id === 'pfn' && where.FS_DAX && where.reach !== 'forced';
}

function offerOf({ rc, offersDax }: AttachExploration): DaxOffer {
  if (rc !== 0) return 'no disk';
  return offersDax ? 'offered' : 'refused';
}

/** The system that a state is in a case. */
export function systemOf({ state, where }: Omit<FoundOn, 'variant'>): AttachSystem {
  const { release }: { readonly release: TreeState['release'] } = state;
  const rules: SeriesRules = state.rules;
  const { machine, gate, DAX, FS_DAX } = where;
  return { release, rules, machine, gate, config: { DAX, FS_DAX } };
}
