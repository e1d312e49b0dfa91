// What the user may answer: free variables, bounded by what can be asked for. A solution's answers
// are the lines of a configuration fragment.

import { negate } from '../../../sat/index.ts';
import type { Literal } from '../../../sat/index.ts';
import { at } from '../../../base/index.ts';
import type { SymbolId } from '../names.ts';
import type { Group } from './group.ts';
import type { Term, Terms } from './terms.ts';

/** The answer to one symbol: whether there is one, and at least m, and y. */
export interface UserAnswer extends Term {
  readonly given: Literal;
}

/** The answers of one formula. `fixed` are values that are answered from outside. */
export class UserAnswers {
  private readonly terms: Terms;
  private readonly fixed: Readonly<Record<string, string>>;
  private readonly known = new Map<SymbolId, UserAnswer>();
  private readonly never: UserAnswer;

  constructor(terms: Terms, fixed: Readonly<Record<string, string>>) {
    this.terms = terms;
    this.fixed = fixed;
    const { no } = terms.formula;
    this.never = { given: no, m: no, y: no };
  }

  /** The answer to a bool or tristate; never given where it has no prompt. */
  of(id: SymbolId): UserAnswer {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const { formula } = this.terms;
    const visible = this.terms.visible(id);
    if (visible.m === formula.no) return this.never;
    const given = this.given(visible.m);
    const make = (level: 'm' | 'y'): Literal => {
      const literal = formula.defined((holds) => {
        if (!holds) return;
        formula.clause(negate(literal), [visible[level]]);
        formula.clause(negate(literal), [given]);
      });
      return literal;
    };
    const m = make('m');
    const answer = { given, m, y: this.terms.isTristate(id) ? make('y') : m };
    if (answer.m !== answer.y) formula.solver.addClause([negate(answer.y), answer.m]);
    this.known.set(id, answer);
    this.fix(id, answer, visible.m);
    return answer;
  }

  /** A variable that says that the user answers; only what is visible can be answered. */
  given(visible: Literal): Literal {
    const { formula } = this.terms;
    const given = formula.defined((holds) => {
      if (holds) formula.clause(negate(given), [visible]);
    });
    return given;
  }

  private fix(id: SymbolId, answer: UserAnswer, visible: Literal): void {
    const value = this.fixedValue(id);
    if (value === undefined) return;
    const { formula } = this.terms;
    const group = formula.group(this.fixedGroup(id, value));
    formula.clause(answer.given, [negate(visible)], group);
    const level = (literal: Literal, holds: boolean): void => {
      formula.clause(holds ? literal : negate(literal), [negate(answer.given)], group);
    };
    level(answer.m, value === 'y' || value === 'm');
    if (answer.y !== answer.m) level(answer.y, value === 'y');
  }

  /** The value that is answered from outside, if any. */
  fixedValue(id: SymbolId): string | undefined {
    const name = this.terms.model.names.text(id);
    return Object.hasOwn(this.fixed, name) ? this.fixed[name] : undefined;
  }

  /** The reason that a symbol is answered from outside. */
  fixedGroup(id: SymbolId, value: string): Group {
    const [node = 0] = this.terms.model.definitions.get(id) ?? [];
    const { file, line } = at(this.terms.model.nodes, node);
    const text = (): string => `is set to ${value} for this port`;
    return { kind: 'fixed', symbol: id, node, file, line, text, leads: () => [] };
  }

  /** The answers that the last solution gives, as n, m or y, by rising symbol number. */
  list(): ReadonlyMap<SymbolId, 'n' | 'm' | 'y'> {
    const { solver } = this.terms.formula;
    const found = new Map<SymbolId, 'n' | 'm' | 'y'>();
    for (const [id, { given, m, y }] of this.known) {
      if (!solver.value(given) || this.fixedValue(id) !== undefined) continue;
      found.set(id, solver.value(y) ? 'y' : solver.value(m) ? 'm' : 'n');
    }
    return new Map([...found].sort(([a], [b]) => a - b));
  }
}
