// How a number or string gets its value, as clauses over the texts that it may have: the answer
// where there is one, else the first default that holds, and then what the first range that holds
// makes of it.
// @source scripts/kconfig/symbol.c sym_calc_value(), sym_validate_range() v6.1, v6.12

import { at } from '../../../base/index.ts';
import { atMostOne, negate, variableOf } from '../../../sat/index.ts';
import type { Literal } from '../../../sat/index.ts';
import { leadingNumber } from '../compare.ts';
import type { Expr } from '../expr.ts';
import type { SymbolId } from '../names.ts';
import type { UserAnswers } from './answers.ts';
import type { Domains } from './domain.ts';
import type { Terms, TextValue } from './terms.ts';
import type { Words } from './words.ts';

/** The texts of one symbol as literals, and what the user may answer. */
interface Text {
  readonly values: readonly TextValue[];
  readonly group: number;
  given: Literal;
  answers: readonly TextValue[];
}

/** Writes the clauses of numbers and strings. */
export class TextRules {
  private readonly terms: Terms;
  private readonly userAnswers: UserAnswers;
  private readonly domains: Domains;
  private readonly words: Words;
  private readonly known = new Map<SymbolId, Text>();

  constructor(terms: Terms, answers: UserAnswers, domains: Domains, words: Words) {
    this.terms = terms;
    this.userAnswers = answers;
    this.domains = domains;
    this.words = words;
  }

  /** All texts that the symbol may have, and the group that limits it to them. */
  texts(id: SymbolId): { readonly values: readonly TextValue[]; readonly group: number } {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const { formula } = this.terms;
    const texts = this.domains.texts(id);
    const group = formula.group(this.words.value(id));
    let written = false;
    const define = (): void => {
      if (written) return;
      written = true;
      this.write(id, text);
    };
    const values = texts.map((one) => ({ text: one, literal: formula.defined(define) }));
    this.exactlyOne(values.map((value) => value.literal));
    const text: Text = { values, group, given: formula.no, answers: [] };
    this.known.set(id, text);
    return text;
  }

  private exactlyOne(literals: readonly Literal[]): void {
    const { solver } = this.terms.formula;
    solver.addClause(literals);
    const fresh = (): number => variableOf(this.terms.formula.free());
    for (const clause of atMostOne(literals, fresh)) solver.addClause(clause);
  }

  private write(id: SymbolId, text: Text): void {
    const { formula, model } = this.terms;
    const ranges = (model.definitions.get(id) ?? []).flatMap(
      (index) => at(model.nodes, index).body.ranges,
    );
    const isNumber = model.types.get(id) !== 'string';
    if (ranges.length === 0 || !isNumber) {
      this.writeSources(id, text, text.values);
      return;
    }
    const raw = text.values.map((value) => ({ text: value.text, literal: formula.free() }));
    this.exactlyOne(raw.map((value) => value.literal));
    this.writeSources(id, text, raw);
    this.writeRanges(id, text, raw);
  }

  // Answer, environment and defaults give the raw text.
  private writeSources(id: SymbolId, text: Text, raw: readonly TextValue[]): void {
    const { formula, model } = this.terms;
    const { group } = text;
    this.writeAnswer(id, text, raw);
    const { given } = text;
    const nodes = model.definitions.get(id) ?? [];
    const env = nodes.map((index) => at(model.nodes, index).body.env).find((one) => one);
    if (env !== undefined) {
      formula.clause(find(raw, model.environment[env] ?? ''), [given], group);
      return;
    }
    const start = find(raw, this.domains.start(id));
    const earlier: Literal[] = [];
    for (const index of nodes) {
      const node = at(model.nodes, index);
      for (const { value, condition, line } of node.body.defaults) {
        this.terms.setPlace(node.file, line);
        const active = this.active(index, condition);
        const otherwise = [given, ...earlier, negate(active)];
        if (value.kind !== 'symbol') formula.clause(start, otherwise, group);
        else {
          for (const other of this.operand(value.id)) {
            const rest = [...otherwise, negate(other.literal)];
            formula.clause(find(raw, other.text), rest, group);
          }
        }
        earlier.push(active);
      }
    }
    formula.clause(start, [given, ...earlier], group);
  }

  private active(node: number, condition: Expr | undefined): Literal {
    const holds = this.terms.condition(condition).m;
    return this.terms.formula.and(this.terms.dependency(node).m, holds);
  }

  private writeAnswer(id: SymbolId, text: Text, raw: readonly TextValue[]): void {
    const { formula } = this.terms;
    const visible = this.terms.visible(id).m;
    const answers = this.domains.answerable(id);
    if (visible === formula.no || answers.length === 0) return;
    text.given = this.userAnswers.given(visible);
    formula.need(text.given);
    text.answers = answers.map((one) => ({ text: one, literal: formula.free() }));
    this.exactlyOne(text.answers.map((one) => one.literal));
    for (const { text: one, literal } of text.answers) {
      formula.clause(find(raw, one), [negate(text.given), negate(literal)], text.group);
    }
    const value = this.userAnswers.fixedValue(id);
    const fixed = text.answers.find((one) => one.text === value);
    if (value === undefined || fixed === undefined) return;
    const group = formula.group(this.userAnswers.fixedGroup(id, value));
    formula.clause(text.given, [negate(visible)], group);
    formula.clause(fixed.literal, [], group);
  }

  private operand(id: SymbolId): readonly TextValue[] {
    return this.terms.texts(id).values;
  }

  // The first range that holds moves what is outside to its nearer end.
  private writeRanges(id: SymbolId, text: Text, raw: readonly TextValue[]): void {
    const { formula, model } = this.terms;
    const base = model.types.get(id) === 'int' ? 10 : 16;
    const number = (value: TextValue): bigint => leadingNumber(value.text, base);
    const earlier: Literal[] = [];
    for (const index of model.definitions.get(id) ?? []) {
      for (const { low, high, condition, line } of at(model.nodes, index).body.ranges) {
        this.terms.setPlace(at(model.nodes, index).file, line);
        const active = this.active(index, condition);
        const otherwise = [...earlier, negate(active)];
        const lows = this.operand(low);
        const below = this.below(raw, lows, number);
        this.writeLow({ text, raw, lows, below, otherwise, number });
        this.writeHigh({ text, raw, highs: this.operand(high), below, otherwise, number });
        earlier.push(active);
      }
    }
    for (const { text: one, literal } of raw) {
      formula.clause(find(text.values, one), [...earlier, negate(literal)], text.group);
    }
  }

  // A literal that says that the raw number is below the lower end.
  private below(
    raw: readonly TextValue[],
    lows: readonly TextValue[],
    number: (value: TextValue) => bigint,
  ): Literal {
    const { formula } = this.terms;
    return formula.or(
      ...raw.map((value) => {
        const above = lows.filter((low) => number(value) < number(low));
        const all = above.length === lows.length;
        const some = all ? formula.yes : formula.or(...above.map((low) => low.literal));
        return formula.and(value.literal, some);
      }),
    );
  }

  private writeLow(part: {
    readonly text: Text;
    readonly raw: readonly TextValue[];
    readonly lows: readonly TextValue[];
    readonly below: Literal;
    readonly otherwise: readonly Literal[];
    readonly number: (value: TextValue) => bigint;
  }): void {
    const { formula } = this.terms;
    const { text, lows, below, otherwise } = part;
    for (const low of lows) {
      const rest = [...otherwise, negate(below), negate(low.literal)];
      formula.clause(find(text.values, low.text), rest, text.group);
    }
    if (this.terms.classic && text.answers.length > 0) {
      // Reading a configuration, the older conf forgets an answer that is out of range.
      formula.constraint([negate(text.given), ...otherwise, negate(below)], text.group);
    }
  }

  private writeHigh(part: {
    readonly text: Text;
    readonly raw: readonly TextValue[];
    readonly highs: readonly TextValue[];
    readonly below: Literal;
    readonly otherwise: readonly Literal[];
    readonly number: (value: TextValue) => bigint;
  }): void {
    const { formula } = this.terms;
    const { text, raw, highs, below, otherwise, number } = part;
    for (const value of raw) {
      for (const high of highs) {
        const rest = [...otherwise, below, negate(value.literal), negate(high.literal)];
        const above = number(value) > number(high);
        formula.clause(find(text.values, above ? high.text : value.text), rest, text.group);
        if (above && this.terms.classic && text.answers.length > 0) {
          formula.constraint([negate(text.given), ...rest], text.group);
        }
      }
    }
  }

  /** The answers that the last solution gives, by rising symbol number. */
  list(): ReadonlyMap<SymbolId, string> {
    const { solver } = this.terms.formula;
    const found = new Map<SymbolId, string>();
    for (const [id, { given, answers }] of this.known) {
      if (this.userAnswers.fixedValue(id) !== undefined || !solver.value(given)) continue;
      const answer = answers.find((one) => solver.value(one.literal));
      if (answer !== undefined) found.set(id, answer.text);
    }
    return new Map([...found].sort(([a], [b]) => a - b));
  }
}

function find(values: readonly TextValue[], text: string): Literal {
  const found = values.find((value) => value.text === text);
  return at(values, found === undefined ? 0 : values.indexOf(found)).literal;
}
