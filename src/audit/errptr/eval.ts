// Evaluates expressions over states, in the order of C. Where a test divides what a value may be
// the state is divided too, so that what depends on it later agrees with it.

import { never } from '../../base/index.ts';
import type { CallExpr, Expr, Graph } from '../flow/flow.ts';
import { ANY, ERROR, NULL_, VALID } from './facts.ts';
import { comparison, isTest, mirror } from './compare.ts';
import { bitKey, dependsOn, placeKey } from './keys.ts';
import { assertsValid, goesOn, harmless, knownTests, noReturn } from './known.ts';
import { sameValue, secondArgument } from './known.ts';
import type { Record } from './record.ts';
import {
  COMPARED,
  ERROR_CELL,
  type Names,
  NULL_CELL,
  type State,
  TRUSTED,
  VALID_CELL,
} from './state.ts';
import { distinct, distinctStates, type Evaluated, type Out, swapped, type Ways } from './ways.ts';

/** Runs the graph of a statement expression. */
export type RunBlock = (graph: Graph, state: State) => readonly Out[];

/** Deeper expressions are not C that anybody wrote. */
const deepest = 200;

/** Expressions evaluated in one function, all states counted: it is given up beyond. */
export const mostExpressions = 400_000;

/** So few states are not compared. */
const few = 2;

/** Evaluates the expressions of one function. */
export class Evaluator {
  readonly names: Names;
  readonly record: Record;
  readonly runBlock: RunBlock;
  depth = 0;
  /** Expressions that were evaluated, once for each state. */
  count = 0;

  constructor(names: Names, record: Record, runBlock: RunBlock) {
    this.names = names;
    this.record = record;
    this.runBlock = runBlock;
  }

  /** Every value that the expression may have; none where it does not come back. */
  eval(expr: Expr, state: State): readonly Out[] {
    if (++this.count > mostExpressions) return [];
    if (this.depth > deepest) return [{ state, cell: this.fresh(expr.at, state) }];
    this.depth++;
    try {
      return this.evalKind(expr, state);
    } finally {
      this.depth--;
    }
  }

  evalKind(expr: Expr, state: State): readonly Out[] {
    switch (expr.kind) {
      case 'name':
        return [{ state, cell: this.nameCell(expr.name, state) }];
      case 'number':
        return [{ state, cell: numberCell(expr.value) ?? this.fresh(expr.at, state) }];
      case 'string':
        return [{ state, cell: VALID_CELL }];
      case 'field':
      case 'index':
      case 'deref':
        return this.evalPlace(expr, state);
      case 'address':
        return this.evalAddress(expr.of, state);
      case 'call':
        return this.evalCall(expr, state, true);
      case 'unary':
        return expr.op === '!' ? this.truth(expr, state) : this.evalSign(expr, state);
      case 'step':
        return this.evalStep(expr, state);
      case 'binary':
        return this.evalBinary(expr, state);
      case 'choose':
        return this.evalChoose(expr, state);
      case 'assign':
        return this.evalAssign(expr, state);
      case 'comma':
        return this.evalAll(expr.parts, state).map(({ state: s, cells }) => ({
          state: s,
          cell: cells.at(-1) ?? this.fresh(expr.at, s),
        }));
      case 'list':
        return this.unknownOf(
          expr.items.map((item) => item.value),
          expr.at,
          state,
        );
      case 'block':
        return this.runBlock(expr.graph, state);
      case 'size':
        return [{ state, cell: VALID_CELL }];
      case 'opaque':
        return this.unknownOf(expr.parts, expr.at, state);
      default:
        return never(expr, 'expression');
    }
  }

  /** An expression whose value nobody wants. */
  effect(expr: Expr, state: State): readonly State[] {
    const outs = expr.kind === 'call' ? this.evalCall(expr, state, false) : this.eval(expr, state);
    return outs.map((out) => out.state);
  }

  /** A value nothing is known of, the one of this place. */
  fresh(at: number, state: State, kind = 'unknown'): number {
    const cell = this.names.cell(kind, at);
    state.forget(cell);
    return cell;
  }

  nameCell(name: string, state: State): number {
    if (name === 'NULL' || name === 'false') return NULL_CELL;
    if (name === 'true') return VALID_CELL;
    if (/^E[A-Z0-9]{2,}$/.test(name)) return VALID_CELL;
    return this.heldBy(name, state);
  }

  heldBy(key: string, state: State): number {
    const id = this.names.key(key);
    const held = state.held[id] ?? 0;
    return held === 0 ? this.names.initial(id) : held;
  }

  evalSign(expr: Expr & { kind: 'unary' }, state: State): readonly Out[] {
    return this.eval(expr.of, state).map(({ state: s, cell }) => {
      const kinds = expr.op === '-' ? s.kinds(cell) : ANY;
      if (kinds === VALID && cell === VALID_CELL) return { state: s, cell: ERROR_CELL };
      if (kinds === ERROR && cell === ERROR_CELL) return { state: s, cell: VALID_CELL };
      if (kinds === NULL_) return { state: s, cell: NULL_CELL };
      return { state: s, cell: this.fresh(expr.at, s) };
    });
  }

  evalStep(expr: Expr & { kind: 'step' }, state: State): readonly Out[] {
    return this.eval(expr.of, state).map(({ state: s }) => {
      const cell = this.fresh(expr.at, s);
      this.store(expr.of, cell, s, expr.at);
      return { state: s, cell };
    });
  }

  evalAll(
    exprs: readonly Expr[],
    state: State,
  ): readonly { readonly state: State; readonly cells: readonly number[] }[] {
    let all: Evaluated[] = [{ state, cells: [] }];
    for (const expr of exprs) {
      all = all.flatMap((one) =>
        this.eval(expr, one.state).map((out) => ({
          state: out.state,
          cells: [...one.cells, out.cell],
        })),
      );
      if (all.length > few) all = distinct(all);
    }
    return all;
  }

  /** Parts of something not understood: what they name is no longer judged. */
  unknownOf(parts: readonly Expr[], at: number, state: State): readonly Out[] {
    return this.evalAll(parts, state).map(({ state: s, cells }) => {
      for (const cell of cells) s.trust(cell);
      return { state: s, cell: this.fresh(at, s) };
    });
  }

  evalPlace(expr: Expr & { kind: 'field' | 'index' | 'deref' }, state: State): readonly Out[] {
    return this.evalBase(expr, state, true).map((s) => {
      const key = placeKey(expr);
      return { state: s, cell: key === undefined ? this.fresh(expr.at, s) : this.heldBy(key, s) };
    });
  }

  /** What is computed to reach a place. `loads`: the place is read, not only named. */
  evalBase(
    expr: Expr & { kind: 'field' | 'index' | 'deref' },
    state: State,
    loads: boolean,
  ): readonly State[] {
    const inner = expr.kind === 'deref' ? expr.of : expr.base;
    // `a.b` is in the place `a`, and reads nothing through a pointer by itself.
    if (expr.kind === 'field' && !expr.arrow) {
      return isPlace(inner)
        ? this.evalBase(inner, state, loads)
        : this.eval(inner, state).map((out) => out.state);
    }
    return this.eval(inner, state).flatMap(({ state: s, cell }) => {
      if (loads) this.record.dereferenced(cell, expr.at, s);
      if (expr.kind !== 'index') return [s];
      return this.eval(expr.index, s).map((out) => out.state);
    });
  }

  evalAddress(of: Expr, state: State): readonly Out[] {
    const states = isPlace(of)
      ? this.evalBase(of, state, false)
      : this.eval(of, state).map((out) => out.state);
    return states.map((s) => ({
      state: s,
      cell: of.kind === 'name' ? VALID_CELL : this.fresh(of.at, s, 'address'),
    }));
  }

  truth(expr: Expr, state: State): readonly Out[] {
    const { yes, no } = this.branch(expr, state);
    return [
      ...yes.map((s) => ({ state: s, cell: VALID_CELL })),
      ...no.map((s) => ({ state: s, cell: NULL_CELL })),
    ];
  }

  evalBinary(expr: Expr & { kind: 'binary' }, state: State): readonly Out[] {
    if (isTest(expr.op)) return this.truth(expr, state);
    const bit = bitKey(expr);
    return this.evalAll([expr.left, expr.right], state).map(({ state: s }) => ({
      state: s,
      cell: bit === undefined ? this.fresh(expr.at, s) : this.heldBy(bit, s),
    }));
  }

  evalChoose(expr: Expr & { kind: 'choose' }, state: State): readonly Out[] {
    const { yes: whenYes } = expr;
    if (whenYes === undefined) {
      return this.eval(expr.test, state).flatMap(({ state: s, cell }) => {
        const other = s.copy();
        const kept = s.keep(cell, VALID | ERROR, expr.at) ? [{ state: s, cell }] : [];
        const outs = other.keep(cell, NULL_, expr.at) ? this.eval(expr.no, other) : [];
        return [...kept, ...outs];
      });
    }
    const { yes, no } = this.branch(expr.test, state);
    return [
      ...yes.flatMap((s) => this.eval(whenYes, s)),
      ...no.flatMap((s) => this.eval(expr.no, s)),
    ];
  }

  evalAssign(expr: Expr & { kind: 'assign' }, state: State): readonly Out[] {
    return this.eval(expr.from, state).flatMap(({ state: s, cell }) => {
      const states = isPlace(expr.to)
        ? this.evalBase(expr.to, s, true)
        : expr.to.kind === 'name'
          ? [s]
          : this.eval(expr.to, s).map((out) => out.state);
      return states.map((after) => {
        const given = expr.op === '=' ? cell : this.fresh(expr.at, after);
        this.store(expr.to, given, after, expr.at);
        return { state: after, cell: given };
      });
    });
  }

  /** The place holds the value from now on, and what was reached through it is another. */
  store(to: Expr, cell: number, state: State, at: number): void {
    const key = placeKey(to);
    if (key === undefined) return;
    this.change(key, state, at);
    state.hold(this.names.key(key), cell);
  }

  /** What is reached through `root` may have changed at `at`. */
  change(root: string, state: State, at: number): void {
    const { keys } = this.names;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (key === undefined || !dependsOn(key, root)) continue;
      this.renew(i, state, at);
    }
  }

  renew(key: number, state: State, at: number): void {
    const cell = this.names.cell(`changed ${at}`, key);
    state.forget(cell);
    state.hold(key, cell);
  }

  evalCall(call: CallExpr, state: State, used: boolean): readonly Out[] {
    const name = call.callee ?? '';
    if (noReturn.has(name)) return [];
    const [first, second] = call.args;
    if (knownTests.has(name)) return this.truth(call, state);
    if (sameValue.has(name) && first !== undefined) {
      const wanted = secondArgument.has(name) && second !== undefined ? second : first;
      if (name !== 'WARN') return this.eval(wanted, state);
      return this.eval(first, state);
    }
    if (name === 'ERR_PTR' && first !== undefined) return this.evalErrPtr(call, first, state);
    if (name === 'PTR_ERR_OR_ZERO' && first !== undefined) {
      return this.eval(first, state).flatMap(({ state: s, cell }) => {
        const other = s.copy();
        const bad = s.keep(cell, ERROR, call.at) ? [{ state: s, cell }] : [];
        const good = other.keep(cell, VALID | NULL_, call.at);
        return [...bad, ...(good ? [{ state: other, cell: NULL_CELL }] : [])];
      });
    }
    const condition = goesOn.get(name);
    if (condition !== undefined) return this.evalAssertion(call, condition, state);
    return this.evalOrdinary(call, state, used);
  }

  /** The error of a call is an error, whatever else the number might be. */
  evalErrPtr(call: CallExpr, of: Expr, state: State): readonly Out[] {
    return this.eval(of, state).map(({ state: s, cell }) => {
      if (s.kinds(cell) === NULL_) return { state: s, cell: NULL_CELL };
      const made = this.names.cell('error', call.at, constantError(of));
      s.forget(made);
      s.assume(made, ERROR);
      return { state: s, cell: made };
    });
  }

  evalAssertion(
    call: CallExpr,
    condition: { readonly argument: number; readonly holds: boolean },
    state: State,
  ): readonly Out[] {
    const test = call.args[condition.argument];
    if (test === undefined) return [{ state, cell: this.fresh(call.at, state) }];
    const ways = this.branch(test, state);
    const states = condition.holds ? ways.yes : ways.no;
    return states.map((s) => ({ state: s, cell: VALID_CELL }));
  }

  evalOrdinary(call: CallExpr, state: State, used: boolean): readonly Out[] {
    const isPlain = call.callee !== undefined;
    const before = isPlain ? [state] : this.eval(call.target, state).map((out) => out.state);
    return before.flatMap((s) =>
      this.evalAll(call.args, s).map(({ state: after, cells }) => {
        this.hand(call, cells, after, used);
        const cell = this.names.cell('call', call.at, isPlain ? { callee: call.callee ?? '' } : {});
        this.outlive(cell, after);
        after.forget(cell);
        this.record.called(call, cells, after);
        return { state: after, cell };
      }),
    );
  }

  /** Variables that hold what the same call gave in an earlier round keep an unknown value. */
  outlive(cell: number, state: State): void {
    for (let i = 0; i < state.held.length; i++) {
      if (state.held[i] === cell) this.renew(i, state, -1);
    }
  }

  /** What a call does to what it is given. */
  hand(call: CallExpr, cells: readonly number[], state: State, used: boolean): void {
    const name = call.callee ?? '';
    if (harmless.test(name)) return;
    const valid = assertsValid.get(name);
    for (const [i, arg] of call.args.entries()) {
      const cell = cells[i] ?? 0;
      if (used || valid === i) state.trust(cell);
      else this.record.passed(cell, call, state);
      // The test of an unknown macro may be one of its arguments.
      for (const inner of testedIn(arg)) this.trustPlace(inner, state);
      const key = placeKey(arg.kind === 'address' ? arg.of : arg);
      if (key === undefined) continue;
      this.change(key, state, call.at);
      if (arg.kind === 'address') this.renew(this.names.key(key), state, call.at);
    }
  }

  trustPlace(expr: Expr, state: State): void {
    const key = placeKey(expr);
    if (key !== undefined) state.trust(this.heldBy(key, state));
  }

  /** Divides a state by a test. */
  branch(expr: Expr, state: State): Ways {
    switch (expr.kind) {
      case 'unary':
        if (expr.op !== '!') break;
        return swapped(this.branch(expr.of, state));
      case 'binary':
        if (expr.op === '&&' || expr.op === '||') return this.branchLogic(expr, state);
        if (isTest(expr.op)) return this.compare(expr, state);
        break;
      case 'call': {
        const test = knownTests.get(expr.callee ?? '');
        const tested = test === undefined ? undefined : expr.args[test.argument];
        if (test !== undefined && tested !== undefined) {
          return this.divide(tested, test.kinds, expr.at, state);
        }
        const [first, second] = expr.args;
        if (sameValue.has(expr.callee ?? '') && first !== undefined) {
          return this.branch(
            secondArgument.has(expr.callee ?? '') ? (second ?? first) : first,
            state,
          );
        }
        break;
      }
      case 'comma':
        if (expr.parts.length > 0) return this.branchComma(expr.parts, state);
        break;
      default:
        break;
    }
    return swapped(this.divide(expr, NULL_, expr.at, state));
  }

  branchComma(parts: readonly Expr[], state: State): Ways {
    const last = parts.at(-1);
    const states = this.evalAll(parts.slice(0, -1), state).map((one) => one.state);
    return last === undefined ? { yes: states, no: states } : this.branchAll(last, states);
  }

  branchAll(expr: Expr, states: readonly State[]): Ways {
    const ways = states.map((s) => this.branch(expr, s));
    const [yes, no] = [ways.flatMap((w) => w.yes), ways.flatMap((w) => w.no)];
    return { yes: distinctStates(yes), no: distinctStates(no) };
  }

  branchLogic(expr: Expr & { kind: 'binary' }, state: State): Ways {
    const left = this.branch(expr.left, state);
    if (expr.op === '&&') {
      const right = this.branchAll(expr.right, left.yes);
      return { yes: right.yes, no: distinctStates([...left.no, ...right.no]) };
    }
    const right = this.branchAll(expr.right, left.no);
    return { yes: distinctStates([...left.yes, ...right.yes]), no: right.no };
  }

  /** `yes`: the value is one of `kinds`. */
  divide(expr: Expr, kinds: number, at: number, state: State): Ways {
    const yes: State[] = [];
    const no: State[] = [];
    for (const { state: s, cell } of this.eval(expr, state)) {
      const other = s.copy();
      if (s.keep(cell, kinds, at)) yes.push(s);
      if (other.keep(cell, ANY & ~kinds, at)) no.push(other);
    }
    return { yes, no };
  }

  compare(expr: Expr & { kind: 'binary' }, state: State): Ways {
    const yes: State[] = [];
    const no: State[] = [];
    for (const { state: s, cells } of this.evalAll([expr.left, expr.right], state)) {
      const [left = 0, right = 0] = cells;
      const isConstant = right <= ERROR_CELL || s.kinds(right) === NULL_;
      const mirrored = left <= ERROR_CELL && !isConstant;
      const op = mirrored ? mirror(expr.op) : expr.op;
      const value = mirrored ? right : left;
      const other = mirrored ? left : right;
      const [keepYes, keepNo] = comparison(op, s.kinds(other), other);
      const second = s.copy();
      if (s.kinds(other) === ERROR) {
        if (op === '==') second.trust(value, COMPARED | TRUSTED);
        if (op === '!=') s.trust(value, COMPARED | TRUSTED);
      }
      if (s.keep(value, keepYes, expr.at)) yes.push(s);
      if (second.keep(value, keepNo, expr.at)) no.push(second);
    }
    return { yes, no };
  }
}

function isPlace(expr: Expr): expr is Expr & { kind: 'field' | 'index' | 'deref' } {
  return expr.kind === 'field' || expr.kind === 'index' || expr.kind === 'deref';
}

function numberCell(value: number | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value === 0) return NULL_CELL;
  return value > 0 ? VALID_CELL : ERROR_CELL;
}

/** Error of `-EINVAL` and its like. */
function constantError(expr: Expr): { errno?: string } {
  if (expr.kind !== 'unary' || expr.op !== '-' || expr.of.kind !== 'name') return {};
  return /^E[A-Z0-9]+$/.test(expr.of.name) ? { errno: expr.of.name } : {};
}

/** Arguments of IS_ERR() and its like inside an argument. */
function testedIn(expr: Expr): readonly Expr[] {
  if (expr.kind === 'call' && knownTests.has(expr.callee ?? '')) return expr.args.slice(0, 1);
  if (expr.kind === 'unary') return testedIn(expr.of);
  if (expr.kind === 'binary') return [...testedIn(expr.left), ...testedIn(expr.right)];
  return [];
}
