// A small solver by conflict-driven clause learning: two watched literals, first unique implication
// point, activities that decay, saved phases, Luby restarts, and forgetting by glue. Solves under
// assumptions and says which of them were to blame. The same calls give the same answers.
// @source Een and Sorensson, "An Extensible SAT-solver", SAT 2003
// @source Audemard and Simon, "Predicting Learnt Clauses Quality in Modern SAT Solvers", IJCAI 2009

import { assert, at } from '../base/index.ts';
import { Arena, headWords } from './arena.ts';
import { ActivityHeap } from './heap.ts';
import { isPositive, negate, variableOf } from './literal.ts';
import type { Literal } from './literal.ts';

/** What a call may cost at most. */
export interface SolveLimits {
  /** Conflicts until the outcome is `bound`; without one the search runs to its end. */
  readonly conflicts?: number;
}

/** `bound` says that the limit was reached first: neither yes nor no. */
export type SolveOutcome = 'sat' | 'unsat' | 'bound';

/** What a solver did so far. */
export interface SolverCounts {
  readonly variables: number;
  readonly clauses: number;
  readonly solves: number;
  readonly conflicts: number;
  readonly decisions: number;
}

const none = -1;
const restartUnit = 100;

/** One formula that grows, and the search over it. */
export class Solver {
  private readonly arena = new Arena();
  private readonly heap = new ActivityHeap();
  /** Per literal: clauses that watch it, each with another literal of it that may save the look. */
  private readonly watches: number[][] = [];
  /** Per literal: 1 true, -1 false, 0 open. */
  private truth = new Int8Array(128);
  private levels = new Int32Array(64);
  /** The clause that implied a variable; none where it was decided or assumed. */
  private reasons = new Int32Array(64);
  private phases = new Uint8Array(64);
  private seen = new Uint8Array(64);
  private model = new Uint8Array(64);
  private trail = new Int32Array(64);
  /** Per literal: the number of the clause being added that it was met in. */
  private marks = new Int32Array(128);
  private mark = 0;
  private trailSize = 0;
  private head = 0;
  /** Size of the trail where each level began; level 1 holds all assumptions. */
  private readonly starts: number[] = [];
  private learnt: number[] = [];
  private mostLearnt = 4000;
  private blamed: Literal[] = [];
  private consistent = true;
  private count = 0;
  private given = 0;
  private solves = 0;
  private conflicts = 0;
  private decisions = 0;

  /** Adds a variable; `phase` is what it is tried with first. Numbers rise from 0. */
  newVariable(phase = false): number {
    const variable = this.count;
    this.count += 1;
    if (this.count > this.levels.length) this.grow(this.count * 2);
    this.watches.push([], []);
    this.phases[variable] = phase ? 1 : 0;
    this.reasons[variable] = none;
    this.heap.grow(this.count);
    this.heap.insert(variable);
    return variable;
  }

  private grow(length: number): void {
    const longer = <T extends Uint8Array | Int8Array | Int32Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.truth = longer(this.truth, new Int8Array(length * 2));
    this.marks = longer(this.marks, new Int32Array(length * 2));
    this.levels = longer(this.levels, new Int32Array(length));
    this.reasons = longer(this.reasons, new Int32Array(length));
    this.phases = longer(this.phases, new Uint8Array(length));
    this.seen = longer(this.seen, new Uint8Array(length));
    this.model = longer(this.model, new Uint8Array(length));
    this.trail = longer(this.trail, new Int32Array(length));
  }

  /** Adds a clause for good; false where the formula has no solution any more. */
  addClause(literals: readonly Literal[]): boolean {
    this.cancelUntil(0);
    this.given += 1;
    this.mark += 1;
    const clause: Literal[] = [];
    for (const literal of literals) {
      assert(variableOf(literal) < this.count, 'a clause names only variables that were made');
      const truth = at(this.truth, literal);
      if (truth > 0 || at(this.marks, negate(literal)) === this.mark) return this.consistent;
      if (truth < 0 || at(this.marks, literal) === this.mark) continue;
      this.marks[literal] = this.mark;
      clause.push(literal);
    }
    if (clause.length === 0) this.consistent = false;
    else if (clause.length === 1) this.enqueue(at(clause, 0), none);
    else this.attach(this.arena.add(clause, 0));
    return this.consistent;
  }

  /**
   * Searches a solution in which all assumptions hold. After `sat`, value() answers; after
   * `unsat`, core().
   */
  solve(assumptions: readonly Literal[] = [], limits: SolveLimits = {}): SolveOutcome {
    this.solves += 1;
    this.blamed = [];
    this.cancelUntil(0);
    if (this.consistent && this.propagate() !== none) this.consistent = false;
    if (!this.consistent) return 'unsat';
    const outcome = this.search(assumptions, limits.conflicts ?? Number.POSITIVE_INFINITY);
    if (outcome === 'sat') {
      for (let v = 0; v < this.count; v += 1) this.model[v] = at(this.truth, v * 2) > 0 ? 1 : 0;
    }
    this.cancelUntil(0);
    return outcome;
  }

  /** Whether the literal holds in the solution found last. */
  value(literal: Literal): boolean {
    return (at(this.model, variableOf(literal)) === 1) === isPositive(literal);
  }

  /**
   * The assumptions that the last `unsat` needed, in the order they were given in; empty where the
   * formula has no solution at all. Not minimal: see minimiseCore().
   */
  core(): readonly Literal[] {
    return this.blamed;
  }

  /** Makes a value the one to try first, in place of the one that was saved. */
  setPhase(variable: number, phase: boolean): void {
    this.phases[variable] = phase ? 1 : 0;
  }

  /** Sizes and work so far. */
  counts(): SolverCounts {
    const { given, solves, conflicts, decisions } = this;
    return { variables: this.count, clauses: given, solves, conflicts, decisions };
  }

  private search(assumptions: readonly Literal[], most: number): SolveOutcome {
    let spent = 0;
    let turn = 1;
    let untilRestart = luby(turn) * restartUnit;
    for (;;) {
      if (this.starts.length === 0 && !this.assume(assumptions)) return 'unsat';
      const conflict = this.propagate();
      if (conflict !== none) {
        spent += 1;
        untilRestart -= 1;
        this.conflicts += 1;
        if (this.starts.length <= 1) {
          this.blame(assumptions, this.arena.literals(conflict));
          if (this.blamed.length === 0) this.consistent = false;
          return 'unsat';
        }
        this.learn(conflict);
        this.heap.decay();
      } else if (spent >= most) {
        return 'bound';
      } else if (untilRestart <= 0) {
        turn += 1;
        untilRestart = luby(turn) * restartUnit;
        this.cancelUntil(0);
        if (this.learnt.length > this.mostLearnt) this.forget();
      } else if (!this.decide()) {
        return 'sat';
      }
    }
  }

  // All assumptions are one level: thousands of them cost no more than their propagation.
  private assume(assumptions: readonly Literal[]): boolean {
    this.starts.push(this.trailSize);
    for (const literal of assumptions) {
      const truth = at(this.truth, literal);
      if (truth > 0) continue;
      if (truth < 0) {
        this.blame(assumptions, [literal]);
        this.blamed = assumptions.filter((one) => one === literal || this.blamed.includes(one));
        return false;
      }
      this.enqueue(literal, none);
    }
    return true;
  }

  private decide(): boolean {
    for (;;) {
      const variable = this.heap.pop();
      if (variable === none) return false;
      if (at(this.truth, variable * 2) !== 0) continue;
      this.decisions += 1;
      this.starts.push(this.trailSize);
      this.enqueue(variable * 2 + 1 - at(this.phases, variable), none);
      return true;
    }
  }

  private enqueue(literal: Literal, reason: number): void {
    const variable = variableOf(literal);
    this.truth[literal] = 1;
    this.truth[negate(literal)] = -1;
    this.levels[variable] = this.starts.length;
    this.reasons[variable] = reason;
    this.trail[this.trailSize] = literal;
    this.trailSize += 1;
  }

  private cancelUntil(level: number): void {
    if (this.starts.length <= level) return;
    const start = at(this.starts, level);
    for (let index = this.trailSize - 1; index >= start; index -= 1) {
      const literal = at(this.trail, index);
      const variable = variableOf(literal);
      this.truth[literal] = 0;
      this.truth[negate(literal)] = 0;
      this.phases[variable] = isPositive(literal) ? 1 : 0;
      this.heap.insert(variable);
    }
    this.trailSize = start;
    this.head = start;
    this.starts.length = level;
  }

  private attach(clause: number): void {
    const first = this.arena.literal(clause, 0);
    const second = this.arena.literal(clause, 1);
    at(this.watches, first).push(clause, second);
    at(this.watches, second).push(clause, first);
  }

  // Gives the clause that is violated, or none.
  private propagate(): number {
    while (this.head < this.trailSize) {
      const falsified = negate(at(this.trail, this.head));
      this.head += 1;
      const conflict = this.visit(falsified);
      if (conflict !== none) {
        this.head = this.trailSize;
        return conflict;
      }
    }
    return none;
  }

  private visit(falsified: Literal): number {
    const { truth } = this;
    const { words } = this.arena;
    const list = at(this.watches, falsified);
    let conflict = none;
    let kept = 0;
    for (let index = 0; index < list.length; index += 2) {
      const clause = at(list, index);
      const hint = at(list, index + 1);
      if (conflict !== none || at(truth, hint) > 0) {
        list[kept] = clause;
        list[kept + 1] = hint;
        kept += 2;
        continue;
      }
      const start = clause + headWords;
      let first = at(words, start);
      if (first === falsified) {
        first = at(words, start + 1);
        words[start] = first;
        words[start + 1] = falsified;
      }
      if (at(truth, first) <= 0 && this.moveWatch(clause, first, falsified)) continue;
      list[kept] = clause;
      list[kept + 1] = first;
      kept += 2;
      if (at(truth, first) < 0) conflict = clause;
      else if (at(truth, first) === 0) this.enqueue(first, clause);
    }
    list.length = kept;
    return conflict;
  }

  // Watches another literal that is not false in place of the one that became so.
  private moveWatch(clause: number, first: Literal, falsified: Literal): boolean {
    const { words } = this.arena;
    const start = clause + headWords;
    const end = start + at(words, clause);
    for (let place = start + 2; place < end; place += 1) {
      const literal = at(words, place);
      if (at(this.truth, literal) < 0) continue;
      words[start + 1] = literal;
      words[place] = falsified;
      at(this.watches, literal).push(clause, first);
      return true;
    }
    return false;
  }

  private learn(conflict: number): void {
    const clause = this.analyse(conflict);
    const back = clause.length === 1 ? 0 : this.secondLevel(clause);
    const glue = this.glueOf(clause);
    this.cancelUntil(back);
    const first = at(clause, 0);
    if (clause.length === 1) {
      this.enqueue(first, none);
      return;
    }
    const offset = this.arena.add(clause, glue);
    this.attach(offset);
    this.learnt.push(offset);
    this.enqueue(first, offset);
  }

  // Moves a literal of the highest level below the first one's to the second place.
  private secondLevel(clause: Literal[]): number {
    let best = 1;
    for (let index = 2; index < clause.length; index += 1) {
      if (this.levelOf(at(clause, index)) > this.levelOf(at(clause, best))) best = index;
    }
    const literal = at(clause, best);
    clause[best] = at(clause, 1);
    clause[1] = literal;
    return this.levelOf(literal);
  }

  private levelOf(literal: Literal): number {
    return at(this.levels, variableOf(literal));
  }

  private glueOf(clause: readonly Literal[]): number {
    return new Set(clause.map((literal) => this.levelOf(literal))).size;
  }

  // The clause of the first unique implication point; its literal stands first.
  private analyse(conflict: number): Literal[] {
    const level = this.starts.length;
    const clause: Literal[] = [none];
    const touched: number[] = [];
    let open = 0;
    let index = this.trailSize;
    let reason = conflict;
    for (;;) {
      // In a reason the first literal is the one implied, which is resolved away.
      const size = at(this.arena.words, reason);
      for (let place = reason === conflict ? 0 : 1; place < size; place += 1) {
        const literal = this.arena.literal(reason, place);
        const variable = variableOf(literal);
        if (at(this.seen, variable) === 1 || at(this.levels, variable) === 0) continue;
        this.seen[variable] = 1;
        touched.push(variable);
        this.heap.bump(variable);
        if (at(this.levels, variable) === level) open += 1;
        else clause.push(literal);
      }
      do index -= 1;
      while (at(this.seen, variableOf(at(this.trail, index))) === 0);
      const literal = at(this.trail, index);
      open -= 1;
      if (open === 0) {
        clause[0] = negate(literal);
        break;
      }
      reason = at(this.reasons, variableOf(literal));
    }
    const shorter = clause.filter((literal, place) => place === 0 || !this.isImplied(literal));
    for (const variable of touched) this.seen[variable] = 0;
    return shorter;
  }

  // Whether the other literals of the clause being learnt imply this one.
  private isImplied(literal: Literal): boolean {
    const reason = at(this.reasons, variableOf(literal));
    if (reason === none) return false;
    const size = at(this.arena.words, reason);
    for (let place = 1; place < size; place += 1) {
      const variable = variableOf(this.arena.literal(reason, place));
      if (at(this.seen, variable) === 0 && at(this.levels, variable) > 0) return false;
    }
    return true;
  }

  // Follows false literals back to the assumptions behind them.
  private blame(assumptions: readonly Literal[], literals: readonly Literal[]): void {
    const found = new Set<Literal>();
    const mark = (literal: Literal): void => {
      if (this.levelOf(literal) > 0) this.seen[variableOf(literal)] = 1;
    };
    for (const literal of literals) mark(literal);
    const start = at(this.starts, 0);
    for (let index = this.trailSize - 1; index >= start; index -= 1) {
      const literal = at(this.trail, index);
      const variable = variableOf(literal);
      if (at(this.seen, variable) === 0) continue;
      this.seen[variable] = 0;
      const reason = at(this.reasons, variable);
      if (reason === none) found.add(literal);
      else for (const other of this.arena.literals(reason)) if (other !== literal) mark(other);
    }
    this.blamed = assumptions.filter((literal) => found.has(literal));
  }

  // Drops the half of the learnt clauses that joined the most levels. Called at level 0 only.
  private forget(): void {
    const reasons = new Set<number>();
    for (let index = 0; index < this.trailSize; index += 1) {
      reasons.add(at(this.reasons, variableOf(at(this.trail, index))));
    }
    const worst = this.learnt
      .filter((clause) => this.arena.glue(clause) > 2 && !reasons.has(clause))
      .sort((a, b) => this.arena.glue(b) - this.arena.glue(a) || a - b);
    const dropped = new Set(worst.slice(0, this.learnt.length >> 1));
    const moved = this.arena.compact((clause) => dropped.has(clause));
    this.learnt = this.learnt.flatMap((clause) => moved.get(clause) ?? []);
    for (let index = 0; index < this.trailSize; index += 1) {
      const variable = variableOf(at(this.trail, index));
      this.reasons[variable] = moved.get(at(this.reasons, variable)) ?? none;
    }
    for (const list of this.watches) list.length = 0;
    for (const clause of moved.values()) this.attach(clause);
    this.mostLearnt += 500;
  }
}

// 1 1 2 1 1 2 4 1 1 2 1 1 2 4 8 ...: short runs mostly, long ones ever more rarely.
function luby(turn: number): number {
  let size = 1;
  let power = 1;
  while (size < turn) {
    size = size * 2 + 1;
    power *= 2;
  }
  let rest = turn;
  while (size !== rest) {
    size = (size - 1) / 2;
    power /= 2;
    if (rest > size) rest -= size;
  }
  return power;
}
