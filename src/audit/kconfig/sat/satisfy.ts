// Can a configuration fulfil some wishes? Yes with a smallest fragment that brings them about, or
// no with a smallest reason. The tree is encoded only as far as candidate solutions lean on it.

import { present } from '../../../base/index.ts';
import { isPositive, minimiseCore, variableOf } from '../../../sat/index.ts';
import type { Literal, SolverCounts } from '../../../sat/index.ts';
import type { KconfigModel } from '../model.ts';
import type { SymbolId } from '../names.ts';
import { onCycles } from './cycles.ts';
import { Encoder } from './encoder.ts';
import type { FragmentEntry } from './encoder.ts';
import { FragmentValues, meets, minimiseFragment } from './fragment.ts';
import type { ValueOf } from './fragment.ts';
import { chainOf } from './reason.ts';
import type { ReasonLink } from './reason.ts';
import { formatWant } from './want.ts';
import type { Want } from './want.ts';

/** How far a question goes. */
export interface SatisfyOptions {
  /** Answers that are given beforehand, such as the preset of a port; none where absent. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Conflicts of each solver run before the outcome is `bound`. */
  readonly conflicts?: number;
  /** Encode all that the wanted symbols may depend on before the first solver run. */
  readonly complete?: boolean;
}

/** The answer to a question. */
export type Satisfaction =
  | {
      readonly kind: 'yes';
      /** In the order of the tree; with `fixed`, what is needed beside it. */
      readonly fragment: readonly FragmentEntry[];
      readonly counts: SolverCounts;
    }
  | {
      readonly kind: 'no';
      /** From the wanted symbol down; none of it can be left out where `minimal`. */
      readonly reason: readonly ReasonLink[];
      readonly minimal: boolean;
      readonly counts: SolverCounts;
    }
  /** Not decided: `because` says what stood in the way. */
  | {
      readonly kind: 'bound' | 'not-checked';
      readonly because: string;
      readonly counts: SolverCounts;
    };

const defaultConflicts = 100_000;
/** Solver runs before definitions are written ahead: chains of thousands would take as many. */
const patientRounds = 16;

/** Asks whether some configuration of the model's port fulfils all wants at once. */
export function satisfy(
  model: KconfigModel,
  wants: readonly Want[],
  options: SatisfyOptions = {},
): Satisfaction {
  return new Question(model, wants, options).answer();
}

class Question {
  private readonly model: KconfigModel;
  private readonly wants: readonly Want[];
  private readonly options: SatisfyOptions;
  private readonly encoder: Encoder;
  private readonly fixed: readonly FragmentEntry[];
  private readonly values: FragmentValues;
  private readonly limits: { readonly conflicts: number };

  constructor(model: KconfigModel, wants: readonly Want[], options: SatisfyOptions) {
    this.model = model;
    this.wants = wants;
    this.options = options;
    this.encoder = new Encoder(model, wants, options.fixed ?? {});
    const fixed = Object.entries(options.fixed ?? {});
    this.fixed = fixed.map(([symbol, value]) => ({ symbol, value }));
    this.values = new FragmentValues(model);
    this.limits = { conflicts: options.conflicts ?? defaultConflicts };
  }

  answer(): Satisfaction {
    const { formula } = this.encoder;
    const wanted = this.wants.map((want) => this.encoder.want(want));
    if (this.options.complete === true) formula.complete();
    const { solver } = formula;
    for (let round = 0; ; round += 1) {
      const outcome = solver.solve([...wanted, ...formula.allSwitches()], this.limits);
      if (outcome === 'bound') return this.undecided('bound', this.boundText());
      if (outcome === 'unsat') return this.no(wanted);
      const found = this.look(round);
      if (found !== undefined) return found;
    }
  }

  // What the last solution says must be so is written into the formula first. That something is not
  // set is then believed until the configuration, evaluated, says otherwise.
  private look(round: number): Satisfaction | undefined {
    const { formula } = this.encoder;
    const leant = formula.leant();
    const ahead = round < patientRounds ? 0 : 2 ** ((round - patientRounds) >> 2);
    const set = leant.filter(isPositive);
    if (set.length > 0) {
      formula.refine(set, ahead);
      return undefined;
    }
    const fragment = this.encoder.fragment();
    const valueOf = this.valuesUnder(fragment);
    if (meets(valueOf, this.wants)) return this.yes(fragment);
    if (leant.length === 0) return this.undecided('not-checked', this.unconfirmedText());
    const refuted = leant.filter((literal) => this.encoder.isRefuted(literal, valueOf));
    formula.refine(refuted.length > 0 ? refuted : leant, ahead);
    return undefined;
  }

  // Good until the next fragment is taken.
  private valuesUnder(fragment: readonly FragmentEntry[]): ValueOf {
    this.values.take([...this.fixed, ...fragment]);
    return (symbol) => this.values.value(symbol);
  }

  private boundText(): string {
    return `the solver gave up after ${this.limits.conflicts} conflicts`;
  }

  private undecided(kind: 'bound' | 'not-checked', because: string): Satisfaction {
    return { kind, because, counts: this.encoder.formula.solver.counts() };
  }

  private yes(found: readonly FragmentEntry[]): Satisfaction {
    const lines = minimiseFragment(this.values, found, this.wants, this.fixed);
    const settled = this.settled(lines);
    // Granted in full, an answer may make others needless.
    const fragment =
      settled === lines ? lines : minimiseFragment(this.values, settled, this.wants, this.fixed);
    return { kind: 'yes', fragment, counts: this.encoder.formula.solver.counts() };
  }

  // An answer may be more than is granted, as m is where there are no modules: then what is granted
  // is the better answer.
  private settled(lines: readonly FragmentEntry[]): readonly FragmentEntry[] {
    const valueOf = this.valuesUnder(lines);
    const granted = lines.map(({ symbol }) => ({ symbol, value: valueOf(symbol) }));
    if (granted.every(({ value }, index) => value === lines[index]?.value)) return lines;
    const after = this.valuesUnder(granted);
    return meets(after, this.wants) ? granted : lines;
  }

  private unconfirmedText(): string {
    const { formula } = this.encoder;
    const wanted = this.wants.map((want) => variableOf(this.encoder.want(want)));
    const cyclic = onCycles(wanted, (variable) => formula.childrenOf(variable)).size > 0;
    return cyclic
      ? 'symbols that depend on themselves stand in the way'
      : 'the configuration that was found does not evaluate to what was asked for';
  }

  private no(wanted: readonly Literal[]): Satisfaction {
    const { formula } = this.encoder;
    const { solver } = formula;
    const [cut] = this.encoder.unfinished();
    if (cut !== undefined) {
      const name = this.model.names.text(cut);
      return this.undecided('not-checked', `${name} has more values than are looked at`);
    }
    const blamed = new Set(solver.core());
    const switches = new Map(formula.allSwitches().map((literal, group) => [literal, group]));
    const core = [...switches.keys()].filter((literal) => blamed.has(literal)).reverse();
    const { literals, minimal } = minimiseCore(solver, core, wanted, this.limits);
    const groups = literals
      .map((literal) => present(switches.get(literal), 'group'))
      .sort((a, b) => a - b);
    const heads = groups.flatMap((group) => formula.headsOf(group));
    const cyclic = onCycles(heads, (variable) => formula.childrenOf(variable));
    if (heads.some((variable) => cyclic.has(variable))) {
      return this.undecided('not-checked', 'symbols that depend on themselves stand in the way');
    }
    const reason = this.chain(groups);
    return { kind: 'no', reason, minimal, counts: solver.counts() };
  }

  private chain(groups: readonly number[]): readonly ReasonLink[] {
    const ids = this.wants.map((want) => this.model.names.find(want.symbol));
    const wanted = ids.filter((id): id is SymbolId => id !== undefined);
    const { formula } = this.encoder;
    const all = groups.map((group) => present(formula.groups[group], 'group'));
    const links = chainOf(this.model, wanted, all);
    return links.length > 0 ? links : this.wants.map((want) => this.ownReason(want));
  }

  // Nothing in the tree is to blame: the question itself cannot be met.
  private ownReason(want: Want): ReasonLink {
    const id = this.model.names.find(want.symbol);
    const [index] = id === undefined ? [] : (this.model.definitions.get(id) ?? []);
    const node = index === undefined ? undefined : this.model.nodes[index];
    const type = id === undefined ? undefined : this.model.types.get(id);
    const text =
      node === undefined
        ? 'is defined by no Kconfig file of this architecture'
        : `is ${type ?? 'without a type'}, and cannot be as asked (${formatWant(want)})`;
    const { file, line } = node ?? { file: 'Kconfig', line: 1 };
    return { symbol: want.symbol, text, file, line, kind: 'question', depth: 0 };
  }
}
