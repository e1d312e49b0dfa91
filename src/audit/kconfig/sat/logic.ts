// How a bool or tristate that is no choice member gets its value, as clauses: the user's answer as
// far as the prompts are visible, else the first default that holds and what implies it, and on top
// whatever selects it.
// @source scripts/kconfig/symbol.c sym_calc_value() v6.1, v6.12

import { at } from '../../../base/index.ts';
import { negate } from '../../../sat/index.ts';
import type { Literal } from '../../../sat/index.ts';
import type { Reverse } from '../model.ts';
import type { SymbolId } from '../names.ts';
import type { UserAnswers } from './answers.ts';
import type { Level, Term, Terms } from './terms.ts';
import type { Words } from './words.ts';

/** One `default` line: where its condition holds first of all, and what it gives then. */
interface Fallback {
  readonly chosen: Literal;
  readonly value: Term;
  readonly group: number;
}

/** That the condition of a default holds, and the group of its line. */
interface Active {
  readonly literal: Literal;
  readonly group: number;
}

/** What one symbol is made of; made once, before the first clause about it. */
interface Parts {
  readonly selected: Term;
  readonly implied: Term;
  readonly fallbacks: readonly Fallback[];
  /** The group that says that there is nothing else, where no prompt or default says so. */
  readonly sources: readonly number[];
  readonly selects: readonly { readonly term: Term; readonly group: number }[];
  readonly implies: readonly { readonly term: Term; readonly group: number }[];
}

/** Writes the clauses of symbols outside choices, and the defaults of all. */
export class LogicRules {
  private readonly terms: Terms;
  private readonly answers: UserAnswers;
  private readonly words: Words;
  private readonly known = new Map<SymbolId, Parts>();

  constructor(terms: Terms, answers: UserAnswers, words: Words) {
    this.terms = terms;
    this.answers = answers;
    this.words = words;
  }

  /** One direction of the value of a symbol at one level. */
  write(id: SymbolId, level: Level, holds: boolean): void {
    if (holds) this.writeHolds(id, level);
    else this.writeForced(id, level);
  }

  private writeHolds(id: SymbolId, level: Level): void {
    const { formula } = this.terms;
    const value = this.terms.symbol(id);
    const head = negate(value[level]);
    const { selected, sources } = this.parts(id);
    // With modules off, m is promoted to y.
    const promoted = this.isUpper(id, level) ? [negate(this.terms.modules())] : [];
    if (this.isUpper(id, level)) formula.clause(head, [value.m]);
    const nodes = this.terms.model.definitions.get(id) ?? [];
    const around = nodes.map((index) => this.terms.dependency(index)[level]);
    formula.clause(head, [selected[level], ...around, ...promoted]);
    const user = this.answers.of(id);
    const found = [user[level], this.unanswered(id, level), selected[level], ...promoted];
    formula.clause(head, found, ...sources);
  }

  private writeForced(id: SymbolId, level: Level): void {
    const { formula } = this.terms;
    const value = this.terms.symbol(id);
    const head = value[level];
    const { selected, fallbacks, implies } = this.parts(id);
    if (this.isUpper(id, level)) {
      formula.clause(head, [negate(value.m), this.terms.modules()]);
    }
    formula.clause(head, [negate(selected[level])]);
    const user = this.answers.of(id);
    formula.clause(head, [negate(user[level])]);
    const refused = this.impliedInVain(id, level);
    for (const { chosen, value: given, group } of fallbacks) {
      formula.clause(head, [user.given, negate(chosen), negate(given[level]), refused], group);
    }
    const direct = this.direct(id)[level];
    for (const { term, group } of implies) {
      formula.clause(head, [user.given, negate(term[level]), negate(direct)], group);
    }
  }

  /** The value where the user does not answer, at one level: defaults and implies. */
  unanswered(id: SymbolId, level: Level): Literal {
    const { formula } = this.terms;
    const { fallbacks, implied, implies } = this.parts(id);
    if (fallbacks.length === 0 && implies.length === 0) return formula.no;
    const given = this.answers.of(id).given;
    const bounded = formula.and(implied[level], this.direct(id)[level]);
    const cases = fallbacks.map(({ chosen, value }) => formula.and(chosen, value[level]));
    const fits = negate(this.impliedInVain(id, level));
    return formula.and(negate(given), formula.or(bounded, formula.and(formula.or(...cases), fits)));
  }

  // Something implies the symbol, and its direct dependencies then bound the default, too.
  private impliedInVain(id: SymbolId, level: Level): Literal {
    const { implied, implies } = this.parts(id);
    if (implies.length === 0) return this.terms.formula.no;
    return this.terms.formula.and(implied.m, negate(this.direct(id)[level]));
  }

  /** Defaults, selects and implies of a symbol as terms. */
  private parts(id: SymbolId): Parts {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const { model, formula } = this.terms;
    const member = model.choiceOf.has(id);
    const selectedBy = member ? [] : (model.selectedBy.get(id) ?? []);
    const impliedBy = member ? [] : (model.impliedBy.get(id) ?? []);
    const reverse = (list: readonly Reverse[], kind: 'select' | 'imply'): Parts['selects'] =>
      list.map((one) => {
        const group = formula.group(this.words.reverse(id, one, kind));
        return { term: this.reverse(one), group };
      });
    const selects = reverse(selectedBy, 'select');
    const implies = reverse(impliedBy, 'imply');
    const fallbacks = this.fallbacks(id);
    const isAlone = fallbacks.length === 0 && !this.words.hasPrompt(id);
    const sources = isAlone ? [formula.group(this.words.sources(id))] : [];
    // One line says both where selects are all there is.
    const only = implies.length === 0 ? sources[0] : undefined;
    const parts: Parts = {
      selected: this.selected(id, selects, only),
      implied: this.terms.or(...implies.map(({ term }) => term)),
      fallbacks,
      sources,
      selects,
      implies,
    };
    this.known.set(id, parts);
    return parts;
  }

  // That nobody else selects the symbol is a reason of its own.
  private selected(id: SymbolId, selects: Parts['selects'], group: number | undefined): Term {
    const { formula } = this.terms;
    if (selects.length === 0) return this.terms.both(formula.no);
    const only = group ?? formula.group(this.words.selectedOnly(id));
    const make = (level: Level): Literal => {
      const literal = formula.defined((holds) => {
        if (holds) {
          const all = selects.map(({ term }) => term[level]);
          formula.clause(negate(literal), all, only);
          return;
        }
        for (const { term, group: one } of selects) {
          formula.clause(literal, [negate(term[level])], one);
        }
      });
      return literal;
    };
    const m = make('m');
    return { m, y: this.terms.isTristate(id) ? make('y') : m };
  }

  private reverse({ by, node, clause }: Reverse): Term {
    this.terms.setPlace(at(this.terms.model.nodes, node).file, clause.line);
    const selector = this.terms.symbol(by);
    const condition = this.terms.condition(clause.condition);
    return this.terms.and(selector, this.terms.dependency(node), condition);
  }

  private fallbacks(id: SymbolId): readonly Fallback[] {
    const { formula, model } = this.terms;
    const found: Fallback[] = [];
    const earlier: Active[] = [];
    for (const index of model.definitions.get(id) ?? []) {
      const node = at(model.nodes, index);
      if (node.kind === 'choice') continue;
      for (const clause of node.body.defaults) {
        const group = formula.group(this.words.fallback(id, index, clause));
        this.terms.setPlace(node.file, clause.line);
        const condition = this.terms.condition(clause.condition);
        const active = this.terms.and(this.terms.dependency(index), condition);
        const chosen = this.chosen({ literal: active.m, group }, [...earlier]);
        const given = this.terms.expression(clause.value, false);
        found.push({ chosen, value: this.underGroup(this.terms.and(given, active), group), group });
        earlier.push({ literal: active.m, group });
      }
    }
    return found;
  }

  // That one default holds and none before it does.
  private chosen(own: Active, earlier: readonly Active[]): Literal {
    const { formula } = this.terms;
    const literal = formula.defined((holds) => {
      if (!holds) {
        formula.clause(literal, [negate(own.literal), ...earlier.map((one) => one.literal)]);
        return;
      }
      formula.clause(negate(literal), [own.literal], own.group);
      for (const one of earlier) formula.clause(negate(literal), [negate(one.literal)], one.group);
    });
    return literal;
  }

  // The same term, but what follows from it counts only while the group is on.
  private underGroup(term: Term, group: number): Term {
    const { formula } = this.terms;
    const make = (literal: Literal): Literal => {
      if (literal === formula.yes) return literal;
      const under = formula.defined((holds) => {
        if (holds) formula.clause(negate(under), [literal], group);
        else formula.clause(under, [negate(literal)]);
      });
      return under;
    };
    const m = make(term.m);
    return { m, y: term.m === term.y ? m : make(term.y) };
  }

  // The dependencies of all definitions together. A definition without any is passed over where
  // another one has some.
  private direct(id: SymbolId): Term {
    const { formula, model } = this.terms;
    const nodes = model.definitions.get(id) ?? [];
    const bound = nodes.length < 2 ? nodes : nodes.filter((index) => this.isBound(index));
    if (bound.length === 0) return this.terms.both(formula.yes);
    return this.terms.or(...bound.map((index) => this.terms.dependency(index)));
  }

  private isBound(index: number): boolean {
    const { nodes } = this.terms.model;
    for (let node = index; node >= 0; node = at(nodes, node).parent) {
      const { depends, kind } = at(nodes, node);
      if (depends.length > 0 || (kind === 'choice' && this.terms.classic)) return true;
    }
    return false;
  }

  private isUpper(id: SymbolId, level: Level): boolean {
    return level === 'y' && this.terms.isTristate(id);
  }
}
