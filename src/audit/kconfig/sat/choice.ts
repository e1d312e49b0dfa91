// Choices as clauses. Since 6.11 exactly one visible member is y. Up to 6.10 a choice has a value
// of its own: with y one visible member is y, with m each may be m, an optional one may be n. Which
// member is taken needs no clauses about defaults: the user may take any that is visible.
// @source scripts/kconfig/symbol.c sym_calc_choice() v6.1, v6.12

import { at } from '../../../base/index.ts';
import { atMostOne, negate, variableOf } from '../../../sat/index.ts';
import type { Literal } from '../../../sat/index.ts';
import { memberSymbols } from '../conf/menu.ts';
import type { SymbolId } from '../names.ts';
import type { UserAnswers } from './answers.ts';
import type { LogicRules } from './logic.ts';
import type { Level, Term, Terms } from './terms.ts';
import type { Words } from './words.ts';

interface Choice {
  readonly node: number;
  readonly members: readonly SymbolId[];
  readonly group: number;
  /** Per member: that it is visible, the choice is y, and the user takes it. */
  readonly taken: ReadonlyMap<SymbolId, Literal>;
}

/** Writes the clauses of choices and their members. */
export class ChoiceRules {
  private readonly terms: Terms;
  private readonly answers: UserAnswers;
  private readonly logic: LogicRules;
  private readonly words: Words;
  private readonly known = new Map<number, Choice>();

  constructor(terms: Terms, answers: UserAnswers, logic: LogicRules, words: Words) {
    this.terms = terms;
    this.answers = answers;
    this.logic = logic;
    this.words = words;
  }

  /** One direction of the value of a choice's own symbol at one level. */
  writeChoice(id: SymbolId, node: number, level: Level, holds: boolean): void {
    const { formula } = this.terms;
    if (!this.terms.classic) {
      if (holds) formula.clause(negate(this.terms.symbol(id)[level]), []);
      return;
    }
    const value = this.terms.symbol(id);
    const visible = this.terms.visible(id);
    const choice = this.choice(node);
    if (holds) {
      formula.clause(negate(value[level]), [visible[level]]);
      if (level === 'm' && this.isOptional(node)) this.writeOptional(id, choice);
      return;
    }
    if (level === 'm' && !this.isOptional(node)) {
      formula.clause(value.m, [negate(visible.m)], choice.group);
    }
    if (level === 'y' && this.terms.isTristate(id)) {
      formula.clause(value.y, [negate(value.m), this.terms.modules()]);
    }
  }

  private isOptional(node: number): boolean {
    return at(this.terms.model.nodes, node).body.optional;
  }

  // An optional choice is m only through a member that is answered with m, or with y where the
  // choice can be no more than m.
  private writeOptional(id: SymbolId, choice: Choice): void {
    const { formula } = this.terms;
    if (!this.terms.isTristate(id)) return;
    const value = this.terms.symbol(id);
    const tristates = choice.members.filter((member) => this.terms.isTristate(member));
    const answered = tristates.flatMap((member) => [
      negate(this.terms.visible(member).m),
      this.terms.symbol(member).m,
    ]);
    const bounded =
      tristates.length < choice.members.length ? negate(this.terms.visible(id).y) : formula.no;
    formula.constraint([negate(value.m), value.y, bounded, ...answered]);
  }

  /** One direction of the value of a member at one level. */
  writeMember(id: SymbolId, node: number, level: Level, holds: boolean): void {
    const { formula, model } = this.terms;
    const choice = this.choice(node);
    const value = this.terms.symbol(id);
    const taken = choice.taken.get(id) ?? formula.no;
    const others = choice.members.filter((member) => member !== id);
    const rest = others.map((member) => choice.taken.get(member) ?? formula.no);
    const whole = this.whole(node);
    const visible = this.terms.visible(id);
    if (!holds) {
      formula.clause(value[level], [negate(taken)]);
      formula.clause(value[level], [negate(visible.y), negate(whole), ...rest], choice.group);
      if (this.terms.classic) this.writeAside(id, level, false, taken);
      return;
    }
    if (level === 'y' && value.y !== value.m) formula.clause(negate(value.y), [value.m]);
    const [only, ...more] = model.definitions.get(id) ?? [];
    if (only !== undefined && more.length === 0) {
      formula.clause(negate(value[level]), [this.terms.dependency(only)[level]]);
    }
    if (this.terms.classic) this.writeAside(id, level, true, taken);
    else formula.clause(negate(value[level]), [taken]);
  }

  // Classic rules: the value of a member that is not among those of which one is taken: an answer
  // of m where only m can be asked for, a default where nothing can.
  private writeAside(id: SymbolId, level: Level, holds: boolean, taken: Literal): void {
    const { formula } = this.terms;
    const value = this.terms.symbol(id);
    const aside = negate(this.terms.visible(id).y);
    const user = level === 'm' ? formula.and(this.answers.of(id).m, aside) : formula.no;
    const found = formula.and(this.logic.unanswered(id, level), aside);
    if (holds) formula.clause(negate(value[level]), [taken, user, found]);
    else {
      formula.clause(value[level], [negate(user)]);
      formula.clause(value[level], [negate(found)]);
    }
  }

  // That one of the visible members is taken at all.
  private whole(node: number): Literal {
    const { symbol } = at(this.terms.model.nodes, node);
    if (!this.terms.classic) return this.terms.formula.yes;
    return symbol === -1 ? this.terms.formula.no : this.terms.symbol(symbol).y;
  }

  private choice(node: number): Choice {
    const known = this.known.get(node);
    if (known !== undefined) return known;
    const { formula, model } = this.terms;
    const members = memberSymbols(model, node).filter(
      (member) => model.choiceOf.get(member) === node,
    );
    const group = formula.group(this.words.choice(node, members));
    const picks = members.map(() => formula.free());
    const fresh = (): number => variableOf(formula.free());
    for (const clause of atMostOne(picks, fresh)) {
      formula.solver.addClause([...clause, negate(formula.switchOf(group))]);
    }
    const whole = this.whole(node);
    const taken = new Map<SymbolId, Literal>();
    for (const [index, member] of members.entries()) {
      const visible: Term = this.terms.visible(member);
      const pick = at(picks, index);
      this.fix(member, pick, visible.y);
      taken.set(member, this.takenLiteral([pick, visible.y, whole]));
    }
    const choice = { node, members, group, taken };
    this.known.set(node, choice);
    return choice;
  }

  // Waits like a symbol: most members are never leant on.
  private takenLiteral(all: readonly Literal[]): Literal {
    const { formula } = this.terms;
    const literal = formula.lazy((holds) => {
      if (holds) for (const one of all) formula.clause(negate(literal), [one]);
      else formula.clause(literal, all.map(negate));
    });
    return literal;
  }

  private fix(member: SymbolId, pick: Literal, visible: Literal): void {
    const value = this.answers.fixedValue(member);
    if (value === undefined) return;
    const { formula } = this.terms;
    const group = formula.group(this.answers.fixedGroup(member, value));
    if (value === 'y') formula.clause(pick, [negate(visible)], group);
    else formula.clause(negate(pick), [], group);
  }

  /** The members that the last solution takes, and what keeps classic choices set. */
  list(): ReadonlyMap<SymbolId, 'm' | 'y'> {
    const found = new Map<SymbolId, 'm' | 'y'>();
    for (const choice of [...this.known.values()].sort((a, b) => a.node - b.node)) {
      const { solver } = this.terms.formula;
      const picked = choice.members.find((member) => {
        const taken = choice.taken.get(member);
        return taken !== undefined && solver.value(taken) && this.terms.formula.isAsked(taken);
      });
      if (picked !== undefined) found.set(picked, 'y');
      else this.keepSet(choice, found);
    }
    return found;
  }

  // Classic rules: a choice has the value that its members are answered with, whether these are
  // visible or not.
  private keepSet(choice: Choice, found: Map<SymbolId, 'm' | 'y'>): void {
    const { formula, model } = this.terms;
    const { symbol } = at(model.nodes, choice.node);
    if (!this.terms.classic || symbol === -1) return;
    const { m, y } = this.terms.symbol(symbol);
    const { solver } = formula;
    if (!solver.value(m) || (m === y && !this.isOptional(choice.node))) return;
    const isFree = (member: SymbolId): boolean => {
      const value = this.terms.symbol(member);
      return !formula.isAsked(negate(value.m)) && !formula.isAsked(negate(value.y));
    };
    const isHidden = (member: SymbolId): boolean => !solver.value(this.terms.visible(member).m);
    if (solver.value(y)) {
      const member = choice.members.find(isFree) ?? choice.members.find(isHidden);
      if (member !== undefined) found.set(member, 'y');
      return;
    }
    const tristates = choice.members.filter((member) => this.terms.isTristate(member));
    const answered = tristates.some((member) => solver.value(this.terms.symbol(member).m));
    if (answered || !this.isOptional(choice.node)) return;
    const member = tristates.find(isHidden);
    if (member !== undefined) found.set(member, 'm');
    else if (choice.members[0] !== undefined) found.set(choice.members[0], 'y');
  }
}
