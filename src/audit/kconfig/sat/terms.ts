// What Kconfig's expressions, dependencies and prompts are in a formula. A tristate value is two
// literals: at least m, and y.
// @source scripts/kconfig/expr.c expr_calc_value(), menu.c menu_finalize() v6.1, v6.12

import { at, never } from '../../../base/index.ts';
import { negate, variableOf } from '../../../sat/index.ts';
import type { Literal } from '../../../sat/index.ts';
import type { Clause, PromptClause, SymbolType } from '../ast.ts';
import { compareOperands } from '../compare.ts';
import { eachSymbol, formatExpr, operands } from '../expr.ts';
import type { Expr } from '../expr.ts';
import type { KconfigModel, MenuNode } from '../model.ts';
import { idM, idN, idY } from '../names.ts';
import type { SymbolId } from '../names.ts';
import { Formula } from './formula.ts';
import type { Group } from './group.ts';

/** A value of Kconfig's logic: the literals for "at least m" and for "y". */
export interface Term {
  readonly m: Literal;
  readonly y: Literal;
}

/** The two thresholds of a term. */
export type Level = keyof Term;

/** One text that an operand of a comparison may have, and the literal that says it has. */
export interface TextValue {
  readonly text: string;
  readonly literal: Literal;
}

/** The rules of symbols, which terms of symbols ask for once a solution leans on them. */
export interface SymbolRules {
  /** Writes one direction of the value of a bool, tristate or choice. */
  logic(id: SymbolId, level: Level, holds: boolean): void;
  /** All texts that a number or string may have, and the group that says so. */
  texts(id: SymbolId): { readonly values: readonly TextValue[]; readonly group: number };
}

/** Terms of one model, each made once. */
export class Terms {
  readonly model: KconfigModel;
  readonly formula = new Formula();
  readonly classic: boolean;
  private readonly rules: SymbolRules;
  private readonly symbols = new Map<SymbolId, Term>();
  private readonly owners = new Map<number, { readonly id: SymbolId; readonly level: Level }>();
  private readonly unknown = new Map<SymbolId, number>();
  private readonly compared = new Map<string, Literal>();
  private readonly dependencies = new Map<number, Term>();
  private readonly menus = new Map<number, Term>();
  private readonly visibles = new Map<SymbolId, Term>();
  private place = { file: 'Kconfig', line: 1 };

  constructor(model: KconfigModel, rules: SymbolRules) {
    this.model = model;
    this.rules = rules;
    this.classic = model.choiceRules === 'classic';
  }

  /** The symbol and threshold that a variable stands for, if it does. */
  ownerOf(variable: number): { readonly id: SymbolId; readonly level: Level } | undefined {
    return this.owners.get(variable);
  }

  /** The same at both thresholds. */
  both(literal: Literal): Term {
    return { m: literal, y: literal };
  }

  and(...terms: readonly Term[]): Term {
    const { formula } = this;
    return {
      m: formula.and(...terms.map((term) => term.m)),
      y: formula.and(...terms.map((term) => term.y)),
    };
  }

  or(...terms: readonly Term[]): Term {
    const { formula } = this;
    return {
      m: formula.or(...terms.map((term) => term.m)),
      y: formula.or(...terms.map((term) => term.y)),
    };
  }

  /** Whether modules are switched on. */
  modules(): Literal {
    const { modules } = this.model;
    return modules === undefined ? this.formula.no : this.symbol(modules).m;
  }

  /** Whether the symbol can be m at all. */
  isTristate(id: SymbolId): boolean {
    return this.model.types.get(id) === 'tristate' && this.model.modules !== undefined;
  }

  /** The value of a symbol; n for numbers and strings. */
  symbol(id: SymbolId): Term {
    const { formula } = this;
    const known = this.symbols.get(id);
    if (known !== undefined) return known;
    const term = this.makeSymbol(id);
    this.symbols.set(id, term);
    if (term.m !== term.y) formula.solver.addClause([negate(term.y), term.m]);
    return term;
  }

  private makeSymbol(id: SymbolId): Term {
    const { formula, model } = this;
    if (id === idM) return { m: formula.yes, y: formula.no };
    if (id === idN || id === idY) return this.both(id === idY ? formula.yes : formula.no);
    const type = model.types.get(id);
    if (type === undefined) {
      if (this.isLiteral(id)) return this.both(formula.no);
      const group = this.unknownGroup(id);
      const literal = formula.defined((holds) => {
        if (holds) formula.clause(negate(literal), [], group);
      });
      return this.both(literal);
    }
    if (type !== 'bool' && type !== 'tristate') return this.both(formula.no);
    const make = (level: Level): Literal => {
      const literal = formula.lazy((holds) => this.rules.logic(id, level, holds));
      this.owners.set(variableOf(literal), { id, level });
      return literal;
    };
    const m = make('m');
    return { m, y: this.isTristate(id) ? make('y') : m };
  }

  // Numbers are written without quotes, too, where no symbol has such a name.
  private isLiteral(id: SymbolId): boolean {
    const { names, definitions } = this.model;
    if (names.isConstant(id)) return true;
    return !definitions.has(id) && /^(-?[0-9]+|0[xX][0-9a-fA-F]+)$/.test(names.text(id));
  }

  /** The group that says that a symbol is defined nowhere, at the place that names it first. */
  unknownGroup(id: SymbolId): number {
    let group = this.unknown.get(id);
    if (group === undefined) {
      const defined = this.model.definitions.has(id);
      const words = defined
        ? 'is given no type'
        : 'is defined by no Kconfig file of this architecture';
      const { file, line } = this.place;
      const about = { kind: 'undefined', symbol: id, node: -1, file, line } as const;
      group = this.formula.group({ ...about, text: () => words, leads: () => [] });
      this.unknown.set(id, group);
    }
    return group;
  }

  /** The value of an expression; `depends` where a bare m asks for modules as well. */
  expression(expr: Expr, depends: boolean): Term {
    switch (expr.kind) {
      case 'symbol':
        if (expr.id === idM && depends) return { m: this.modules(), y: this.formula.no };
        return this.symbol(expr.id);
      case 'not': {
        const { m, y } = this.expression(expr.a, depends);
        return { m: negate(y), y: negate(m) };
      }
      case 'and':
        return this.and(...operands(expr, 'and').map((part) => this.expression(part, depends)));
      case 'or':
        return this.or(...operands(expr, 'or').map((part) => this.expression(part, depends)));
      case 'compare':
        return this.both(this.comparison(expr));
      default:
        return never(expr, 'expression');
    }
  }

  /** A condition that may be absent: then it holds. */
  condition(expr: Expr | undefined): Term {
    return expr === undefined ? this.both(this.formula.yes) : this.expression(expr, true);
  }

  /** All texts that one side of a comparison may have, and the group that limits them to these. */
  texts(id: SymbolId): { readonly values: readonly TextValue[]; readonly group?: number } {
    const { formula, model } = this;
    const type = model.types.get(id);
    if (id > idY && type === undefined) {
      const values = [{ text: model.names.text(id), literal: formula.yes }];
      return this.isLiteral(id) ? { values } : { values, group: this.unknownGroup(id) };
    }
    if (id > idY && type !== 'bool' && type !== 'tristate') return this.rules.texts(id);
    const { m, y } = this.symbol(id);
    return {
      values: [
        { text: 'n', literal: negate(m) },
        { text: 'm', literal: formula.and(m, negate(y)) },
        { text: 'y', literal: y },
      ],
    };
  }

  private comparison(expr: Extract<Expr, { kind: 'compare' }>): Literal {
    const { formula } = this;
    const key = `${expr.a} ${expr.op} ${expr.b}`;
    const known = this.compared.get(key);
    if (known !== undefined) return known;
    const left = this.texts(expr.a);
    const right = this.texts(expr.b);
    const groups = [left.group, right.group].filter((group) => group !== undefined);
    const matches = (a: TextValue, holds: boolean): Literal[] =>
      right.values
        .filter((b) => this.compares(expr, a.text, b.text) === holds)
        .map((b) => b.literal);
    let literal: Literal;
    if (groups.length === 0) {
      const cases = left.values.map((a) => formula.and(a.literal, formula.or(...matches(a, true))));
      literal = formula.or(...cases);
    } else {
      const made = formula.defined((holds) => {
        for (const a of left.values) {
          const rest = [negate(a.literal), ...matches(a, holds)];
          formula.clause(holds ? negate(made) : made, rest, ...groups);
        }
      });
      literal = made;
    }
    this.compared.set(key, literal);
    return literal;
  }

  private compares(expr: Extract<Expr, { kind: 'compare' }>, a: string, b: string): boolean {
    const type = (id: SymbolId): SymbolType | undefined =>
      id <= idY ? 'tristate' : this.model.types.get(id);
    const left = { text: a, type: type(expr.a) };
    return compareOperands(left, expr.op, { text: b, type: type(expr.b) });
  }

  /** All dependencies of a node: its own, and those of the blocks around it. */
  dependency(index: number): Term {
    const known = this.dependencies.get(index);
    if (known !== undefined) return known;
    const node = at(this.model.nodes, index);
    const around =
      node.parent < 0 ? this.both(this.formula.yes) : this.parentDependency(node.parent);
    const limit = this.memberLimit(node.symbol, node.kind === 'choice');
    const kind = node.symbol === -1 || node.kind === 'choice' ? 'block' : 'depends';
    const term = this.narrowed(index, this.and(around, limit), node.depends, kind);
    this.dependencies.set(index, term);
    return term;
  }

  // Classic choices bound their members by their own value instead of their dependencies.
  private parentDependency(index: number): Term {
    const parent = at(this.model.nodes, index);
    if (this.classic && parent.kind === 'choice' && parent.symbol !== -1) {
      return this.symbol(parent.symbol);
    }
    return this.dependency(index);
  }

  // Classic rules: a bool member of a tristate choice needs the choice to be y.
  private memberLimit(id: SymbolId, isChoice: boolean): Term {
    const choice = this.model.choiceOf.get(id);
    const all = this.both(this.formula.yes);
    if (!this.classic || isChoice || choice === undefined) return all;
    const { symbol } = at(this.model.nodes, choice);
    if (symbol === -1 || this.model.types.get(symbol) !== 'tristate') return all;
    if (this.model.types.get(id) === 'tristate') return all;
    return this.both(this.symbol(symbol).y);
  }

  // A term and some clauses, each conjunct of which is a group of its own.
  private narrowed(
    index: number,
    around: Term,
    clauses: readonly Clause[],
    kind: 'block' | 'depends' | 'visible',
  ): Term {
    const node = at(this.model.nodes, index);
    const symbol = kind === 'depends' ? node.symbol : -1;
    const words = startOf(kind, node.kind);
    const parts = clauses.flatMap(({ expr, line }) => {
      const about = {
        kind: kind === 'depends' ? kind : 'block',
        symbol,
        node: index,
        line,
      } as const;
      return this.parts({ ...about, file: node.file }, words, expr);
    });
    return this.guarded(around, parts);
  }

  // The conjuncts of a condition, each with a group of its own.
  private parts(about: Omit<Group, 'text' | 'leads'>, words: string, expr: Expr): readonly Part[] {
    return operands(expr, 'and').map((conjunct) => {
      const group = this.describe(about, words, conjunct);
      return { group, term: this.expression(conjunct, true) };
    });
  }

  // A term under further conditions.
  private guarded(around: Term, parts: readonly Part[]): Term {
    const { formula } = this;
    if (parts.length === 0) return around;
    const make = (level: Level): Literal => {
      const literal = formula.defined((holds) => {
        if (holds) {
          formula.clause(negate(literal), [around[level]]);
          for (const { group, term } of parts) {
            formula.clause(negate(literal), [term[level]], group);
          }
          return;
        }
        const all = [around[level], ...parts.map(({ term }) => term[level])];
        formula.clause(literal, all.map(negate));
      });
      return literal;
    };
    return { m: make('m'), y: make('y') };
  }

  /** Says where the expressions that follow are written, for the names in them that are unknown. */
  setPlace(file: string, line: number): void {
    this.place = { file, line };
  }

  /** A group whose text is some words and an expression. */
  describe(about: Omit<Group, 'text' | 'leads'>, start: string, expr: Expr): number {
    this.setPlace(about.file, about.line);
    return this.formula.group({
      ...about,
      text: () => `${start} ${formatExpr(expr, this.model.names)}`,
      leads: () => symbolsOf(expr),
    });
  }

  private menuVisible(index: number): Term {
    const known = this.menus.get(index);
    if (known !== undefined) return known;
    const { parent } = at(this.model.nodes, index);
    let term = this.both(this.formula.yes);
    if (parent >= 0) {
      const { visible } = at(this.model.nodes, parent).body;
      term = this.narrowed(parent, this.menuVisible(parent), visible, 'visible');
    }
    this.menus.set(index, term);
    return term;
  }

  /** How far a symbol can be asked for, over all of its prompts; n where it has none. */
  visible(id: SymbolId): Term {
    const known = this.visibles.get(id);
    if (known !== undefined) return known;
    const { formula } = this;
    const prompts = (this.model.definitions.get(id) ?? []).flatMap((index) =>
      at(this.model.nodes, index).body.prompts.map((prompt) => this.prompt(id, index, prompt)),
    );
    const seen = this.or(...prompts);
    const promoted = this.isTristate(id)
      ? formula.or(seen.y, formula.and(seen.m, negate(this.modules())))
      : seen.m;
    const term = { m: seen.m, y: promoted };
    this.visibles.set(id, term);
    return term;
  }

  private prompt(id: SymbolId, index: number, clause: PromptClause): Term {
    const { formula } = this;
    const node = at(this.model.nodes, index);
    let term = this.and(this.dependency(index), this.menuVisible(index));
    if (clause.condition !== undefined) {
      const { symbol, file } = node;
      const about = { kind: 'prompt', symbol, node: index, file, line: clause.line } as const;
      term = this.guarded(term, this.parts(about, 'can be asked for only if', clause.condition));
    }
    // Classic rules: a tristate member that can only be m is hidden where the choice is y.
    const choice = this.model.choiceOf.get(id);
    if (this.classic && choice !== undefined && this.model.types.get(id) === 'tristate') {
      const { symbol } = at(this.model.nodes, choice);
      const hides = symbol === -1 ? formula.no : this.symbol(symbol).y;
      term = { m: formula.and(term.m, formula.or(term.y, negate(hides))), y: term.y };
    }
    return term;
  }
}

/** A condition and the group that it counts under. */
interface Part {
  readonly group: number;
  readonly term: Term;
}

function startOf(kind: 'block' | 'depends' | 'visible', node: MenuNode['kind']): string {
  if (kind === 'depends') return 'depends on';
  if (kind === 'visible') return 'stands in a menu that is shown only if';
  if (node === 'if') return 'stands in an if block that needs';
  return `stands in a ${node} that depends on`;
}

/** The symbols of an expression, each once, in the order they are written; no constants. */
export function symbolsOf(expr: Expr): readonly SymbolId[] {
  const found = new Set<SymbolId>();
  eachSymbol(expr, (id) => {
    if (id > idY) found.add(id);
  });
  return [...found];
}
