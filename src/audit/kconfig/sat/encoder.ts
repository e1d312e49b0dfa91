// The formula of one question about one model: terms, and the rules for symbols of every kind.

import { at } from '../../../base/index.ts';
import { negate, variableOf } from '../../../sat/index.ts';
import type { Literal } from '../../../sat/index.ts';
import type { KconfigModel } from '../model.ts';
import type { SymbolId } from '../names.ts';
import { UserAnswers } from './answers.ts';
import { ChoiceRules } from './choice.ts';
import { Domains } from './domain.ts';
import type { Formula } from './formula.ts';
import type { ValueOf } from './fragment.ts';
import { LogicRules } from './logic.ts';
import { Terms } from './terms.ts';
import type { Level, SymbolRules, TextValue } from './terms.ts';
import { TextRules } from './text.ts';
import type { Want } from './want.ts';
import { Words } from './words.ts';

/** One line of a configuration fragment. */
export interface FragmentEntry {
  readonly symbol: string;
  /** y, m, n, or the text of a number or string without quotes. */
  readonly value: string;
}

/** Turns wants into literals, and solutions into answers. */
export class Encoder implements SymbolRules {
  readonly formula: Formula;
  private readonly model: KconfigModel;
  private readonly terms: Terms;
  private readonly answers: UserAnswers;
  private readonly words: Words;
  private readonly logicRules: LogicRules;
  private readonly choices: ChoiceRules;
  private readonly textRules: TextRules;
  private readonly domains: Domains;

  constructor(
    model: KconfigModel,
    wants: readonly Want[],
    fixed: Readonly<Record<string, string>>,
  ) {
    this.model = model;
    this.terms = new Terms(model, this);
    this.formula = this.terms.formula;
    this.answers = new UserAnswers(this.terms, fixed);
    this.words = new Words(model);
    this.logicRules = new LogicRules(this.terms, this.answers, this.words);
    this.choices = new ChoiceRules(this.terms, this.answers, this.logicRules, this.words);
    const asked = new Map<SymbolId, string[]>();
    const entries = [
      ...wants,
      ...Object.entries(fixed).map(([symbol, value]) => ({ symbol, value })),
    ];
    for (const { symbol, value } of entries) {
      const id = model.names.find(symbol);
      if (id !== undefined) asked.set(id, [...(asked.get(id) ?? []), value]);
    }
    this.domains = new Domains(model, asked);
    this.textRules = new TextRules(this.terms, this.answers, this.domains, this.words);
  }

  /** The literal that says that the want is met. */
  want({ symbol, value, differs }: Want): Literal {
    const { formula } = this;
    const id = this.model.names.find(symbol);
    // A name that is defined nowhere counts as n.
    const unknown = value === 'n' ? formula.yes : formula.no;
    const literal = id === undefined ? unknown : this.equals(id, value);
    const wanted = differs === true ? negate(literal) : literal;
    formula.need(wanted);
    return wanted;
  }

  private equals(id: SymbolId, value: string): Literal {
    const { formula } = this;
    if (this.domains.isText(id)) {
      const found = this.textRules.texts(id).values.find((one) => one.text === value);
      return found?.literal ?? formula.no;
    }
    const { m, y } = this.terms.symbol(id);
    if (value === 'y') return y;
    if (value === 'm') return m === y ? formula.no : formula.and(m, negate(y));
    return value === 'n' ? negate(m) : formula.no;
  }

  logic(id: SymbolId, level: Level, holds: boolean): void {
    const [index = 0] = this.model.definitions.get(id) ?? [];
    const choice = this.model.choiceOf.get(id);
    if (at(this.model.nodes, index).kind === 'choice') {
      this.choices.writeChoice(id, index, level, holds);
    } else if (choice !== undefined) this.choices.writeMember(id, choice, level, holds);
    else this.logicRules.write(id, level, holds);
  }

  texts(id: SymbolId): { readonly values: readonly TextValue[]; readonly group: number } {
    return this.textRules.texts(id);
  }

  /**
   * Whether a configuration does not bear out a literal that says that a symbol is less than m, or
   * than y; true also where that cannot be told.
   */
  isRefuted(literal: Literal, valueOf: ValueOf): boolean {
    const owner = this.terms.ownerOf(variableOf(literal));
    if (owner === undefined) return true;
    const value = valueOf(this.model.names.text(owner.id));
    if (value === 'n') return false;
    return value !== 'm' || owner.level === 'm';
  }

  /** Symbols of which not all values were looked at. */
  unfinished(): readonly SymbolId[] {
    return this.domains.unfinished();
  }

  /** The answers of the last solution, in the order of the tree. */
  fragment(): readonly FragmentEntry[] {
    const all = new Map<SymbolId, string>([
      ...this.answers.list(),
      ...this.choices.list(),
      ...this.textRules.list(),
    ]);
    const place = (id: SymbolId): number => this.model.definitions.get(id)?.[0] ?? 0;
    return [...all]
      .sort(([a], [b]) => place(a) - place(b))
      .map(([id, value]) => ({ symbol: this.model.names.text(id), value }));
  }
}
