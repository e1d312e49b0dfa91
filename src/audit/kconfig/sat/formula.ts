// A formula that grows where a question needs it. A variable may have a definition, which is
// written into the solver in one direction at a time: what follows where the variable holds, and
// what makes it hold. A definition may also wait until a candidate solution leans on it, so that
// most of a tree is never encoded. Clauses may belong to groups, which are switched by assumptions:
// a core over groups is an explanation.
// @source Plaisted and Greenbaum, "A Structure-preserving Clause Form Translation", 1986

import { at } from '../../../base/index.ts';
import { Solver, isPositive, negate, positive, variableOf } from '../../../sat/index.ts';
import type { Literal } from '../../../sat/index.ts';
import type { Group } from './group.ts';

/** Writes one direction of a definition: with `holds`, what follows from the variable. */
export type Define = (holds: boolean) => void;

interface Definition {
  readonly define: Define;
  readonly waits: boolean;
}

/** Definitions up to which those are written that no solution leans on yet. */
const fewDefinitions = 16;

/** Variables, definitions and groups over one solver. */
export class Formula {
  readonly solver = new Solver();
  /** The literal that always holds, and the one that never does. */
  readonly yes: Literal;
  readonly no: Literal;
  readonly groups: Group[] = [];
  private readonly switches: Literal[] = [];
  private readonly definitions: (Definition | undefined)[] = [];
  /** Per variable: bit 0 where what follows is asked for, bit 1 where what makes it hold is. */
  private readonly asked: number[] = [];
  private readonly gates = new Map<string, Literal>();
  private readonly children: (number[] | undefined)[] = [];
  private readonly heads: (number[] | undefined)[] = [];
  private waiting: Literal[] = [];

  constructor() {
    this.yes = this.free();
    this.no = negate(this.yes);
    this.solver.addClause([this.yes]);
  }

  /** A variable that may be anything. */
  free(): Literal {
    return positive(this.solver.newVariable());
  }

  /** A variable with a definition, written as soon as it is asked for. */
  defined(define: Define): Literal {
    const literal = this.free();
    this.definitions[variableOf(literal)] = { define, waits: false };
    return literal;
  }

  /** A variable with a definition, written once a candidate solution leans on it. */
  lazy(define: Define): Literal {
    const literal = this.free();
    this.definitions[variableOf(literal)] = { define, waits: true };
    return literal;
  }

  /** A switch for clauses; their place and words are the group's. */
  group(group: Group): number {
    this.switches.push(this.free());
    return this.groups.push(group) - 1;
  }

  /** The literals that switch all groups on, in the order of the groups. */
  allSwitches(): readonly Literal[] {
    return this.switches;
  }

  /** The literal that switches one group on. */
  switchOf(group: number): Literal {
    return at(this.switches, group);
  }

  /**
   * Adds the clause `head or rest`, a part of the definition of the head's variable. `groups` are
   * the ones that all must be on for it to count.
   */
  clause(head: Literal, rest: readonly Literal[], ...groups: readonly number[]): void {
    if (head === this.yes) return;
    const literals = [head];
    for (const literal of rest) {
      if (literal === this.yes) return;
      if (literal !== this.no) literals.push(literal);
    }
    const size = literals.length;
    const variable = variableOf(head);
    const children = (this.children[variable] ??= []);
    for (let index = 1; index < size; index += 1) children.push(variableOf(at(literals, index)));
    for (const group of groups) {
      (this.heads[group] ??= []).push(variable);
      literals.push(negate(this.switchOf(group)));
    }
    this.solver.addClause(literals);
    for (let index = 1; index < size; index += 1) this.need(at(literals, index));
  }

  /** Adds a clause that bounds what may be answered and defines nothing. */
  constraint(literals: readonly Literal[], ...groups: readonly number[]): void {
    const off = groups.map((group) => negate(this.switchOf(group)));
    this.solver.addClause([...literals, ...off]);
    for (const literal of literals) this.need(literal);
  }

  /** Asks for the direction of the definition that a literal needs where it is to hold. */
  need(literal: Literal): void {
    const variable = variableOf(literal);
    const definition = this.definitions[variable];
    if (definition === undefined) return;
    const bit = isPositive(literal) ? 1 : 2;
    const asked = this.asked[variable] ?? 0;
    if ((asked & bit) !== 0) return;
    this.asked[variable] = asked | bit;
    if (definition.waits) this.waiting.push(literal);
    else definition.define(isPositive(literal));
  }

  /** Whether the definition was asked for in the direction that the literal needs. */
  isAsked(literal: Literal): boolean {
    return ((this.asked[variableOf(literal)] ?? 0) & (isPositive(literal) ? 1 : 2)) !== 0;
  }

  /** What waits and the last solution leans on: literals that hold in it, not yet written. */
  leant(): readonly Literal[] {
    return this.waiting.filter((literal) => this.solver.value(literal));
  }

  /**
   * Writes the definitions of literals that wait, and of what these lead to for so many levels
   * more, as long as they are few.
   */
  refine(literals: readonly Literal[], levels: number): void {
    const chosen = new Set(literals);
    const others = this.waiting.filter((literal) => !chosen.has(literal));
    let next = literals;
    for (let level = 0; level <= levels; level += 1) {
      this.waiting = [];
      for (const literal of next) this.write(literal);
      next = this.waiting;
      if (next.length > fewDefinitions) break;
    }
    this.waiting = [...others, ...next];
  }

  /** Writes every definition that was asked for, and what they ask for, to the end. */
  complete(): void {
    while (this.waiting.length > 0) {
      const waiting = this.waiting;
      this.waiting = [];
      for (const literal of waiting) this.write(literal);
    }
  }

  private write(literal: Literal): void {
    this.definitions[variableOf(literal)]?.define(isPositive(literal));
  }

  /** A literal that holds where all of them do. */
  and(...literals: readonly Literal[]): Literal {
    const kept: Literal[] = [];
    for (const literal of literals) {
      if (literal === this.no || kept.includes(negate(literal))) return this.no;
      if (literal !== this.yes && !kept.includes(literal)) kept.push(literal);
    }
    const [first] = kept;
    if (first === undefined) return this.yes;
    if (kept.length === 1) return first;
    kept.sort((a, b) => a - b);
    const key = kept.join(' ');
    const known = this.gates.get(key);
    if (known !== undefined) return known;
    const gate: Literal = this.defined((holds) => {
      if (holds) for (const literal of kept) this.clause(negate(gate), [literal]);
      else this.clause(gate, kept.map(negate));
    });
    this.gates.set(key, gate);
    return gate;
  }

  /** A literal that holds where one of them does. */
  or(...literals: readonly Literal[]): Literal {
    return negate(this.and(...literals.map(negate)));
  }

  /** The variables that the written clauses of a group are about. */
  headsOf(group: number): readonly number[] {
    return this.heads[group] ?? [];
  }

  /** The variables that the written definition of a variable names. */
  childrenOf(variable: number): readonly number[] {
    return this.children[variable] ?? [];
  }
}
