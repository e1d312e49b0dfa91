// Conditions: which states go on when one holds, and which when it does not. What a test tells is
// kept, so that later tests of the same thing agree.

import type { BinaryExpr, CallExpr, Expr } from '../flow/index.ts';
import type { Branches, Frame, Walk } from './context.ts';
import { sequence } from './evaluate.ts';
import { textOf } from './text.ts';
import type { At, State } from './state.ts';
import { ANY_ERRNO, equal, ERROR, POSITIVE, type Value, ZERO } from './value.ts';

/** Splits a state by a condition. */
export function splitBy(walk: Walk, expr: Expr, state: State, frame: Frame): Branches {
  switch (expr.kind) {
    case 'unary':
      if (expr.op === '!') return negation(walk, expr.of, state, frame);
      break;
    case 'binary':
      if (expr.op === '&&') return both(walk, expr, state, frame);
      if (expr.op === '||') return either(walk, expr, state, frame);
      if (/^(?:[=!]=|[<>]=?)$/.test(expr.op)) return compared(walk, expr, state, frame);
      break;
    case 'choose':
      return chosen(walk, expr, state, frame);
    case 'call': {
      const known = testOf(walk, expr, state, frame);
      if (known !== undefined) return known;
      break;
    }
    default:
      break;
  }
  return plain(walk, expr, state, frame, POSITIVE | ERROR);
}

/** The truth of a value. Numbers fail with what is not zero, pointers with what is. */
function plain(walk: Walk, expr: Expr, state: State, frame: Frame, holds: number): Branches {
  // A truth tells of success when it holds, as a pointer does.
  const isPointer =
    expr.kind === 'name'
      ? frame.pointers.has(expr.name) || frame.types.get(expr.name) === 'bool'
      : undefined;
  const isNegation = holds === ZERO;
  // Where nothing is known of the type: kernel code tests for failure.
  const failsIf = isPointer === undefined || isPointer === isNegation;
  const where = { unit: frame.unit, at: expr.at };
  return gather(
    walk
      .evaluate(expr, state, frame)
      .map(({ state: after, value }) =>
        byParts(walk, after, value, { holds, expr, where, how: 'NULL', failsIf }),
      ),
  );
}

function negation(walk: Walk, expr: Expr, state: State, frame: Frame): Branches {
  const isTest =
    expr.kind === 'unary' ||
    expr.kind === 'choose' ||
    expr.kind === 'binary' ||
    (expr.kind === 'call' && isTestCall(expr));
  if (!isTest) return plain(walk, expr, state, frame, ZERO);
  const { yes, no } = walk.split(expr, state, frame);
  return { yes: no, no: yes };
}

function gather(all: readonly Branches[]): Branches {
  return { yes: all.flatMap(({ yes }) => yes), no: all.flatMap(({ no }) => no) };
}

function both(walk: Walk, expr: BinaryExpr, state: State, frame: Frame): Branches {
  const left = walk.split(expr.left, state, frame);
  const right = gather(left.yes.map((s) => walk.split(expr.right, s, frame)));
  return { yes: right.yes, no: [...left.no, ...right.no] };
}

function either(walk: Walk, expr: BinaryExpr, state: State, frame: Frame): Branches {
  const left = walk.split(expr.left, state, frame);
  const right = gather(left.no.map((s) => walk.split(expr.right, s, frame)));
  return { yes: [...left.yes, ...right.yes], no: right.no };
}

function chosen(
  walk: Walk,
  expr: Extract<Expr, { readonly kind: 'choose' }>,
  state: State,
  frame: Frame,
): Branches {
  const { yes, no } = walk.split(expr.test, state, frame);
  const { yes: then } = expr;
  return gather([
    ...yes.map((s) => (then ? walk.split(then, s, frame) : { yes: [s], no: [] })),
    ...no.map((s) => walk.split(expr.no, s, frame)),
  ]);
}

/** What a test asks: which parts make it hold, and how it is told. */
interface Test {
  readonly holds: number;
  readonly expr: Expr;
  readonly where: At;
  /** The kind of test that this is, for a result that may be an error pointer or NULL. */
  readonly how: 'NULL' | 'ERR' | 'BOTH';
  /** Where a call gave the value: whether it failed if the test holds. */
  readonly failsIf: boolean;
}

/** Splits by the part of the number line that a value is in. */
function byParts(walk: Walk, state: State, value: Value, test: Test): Branches {
  const settled = state.settled(value);
  noteTest(state, settled, test.how);
  const parts = state.parts(settled);
  if ((parts & test.holds) === 0) return { yes: [], no: [state] };
  if ((parts & ~test.holds) === 0) return { yes: [state], no: [] };
  const no = state.fork();
  state.narrow(settled, test.holds);
  no.narrow(settled, ~test.holds);
  tell(walk, state, settled, test, true);
  tell(walk, no, settled, test, false);
  return { yes: [state], no: [no] };
}

/** Remembers that the result of a failed acquisition was tested, and how. */
function noteTest(state: State, value: Value, how: Test['how']): void {
  if ((value.kind !== 'int' && value.kind !== 'errno') || value.from === undefined) return;
  const before = state.tested.get(value.from);
  state.tested.set(value.from, before === undefined || before === how ? how : 'BOTH');
}

/** Writes the decision down: as the outcome of a call, or as a question. */
function tell(walk: Walk, state: State, value: Value, test: Test, answer: boolean): void {
  const origin = value.kind === 'symbol' ? walk.origins.get(value.id) : undefined;
  if (origin?.kind === 'call' && !origin.asks) {
    const failed = answer === test.failsIf;
    const result = failed ? (state.parts(value) === ZERO ? 'NULL' : 'error') : 'ok';
    state.step({
      kind: 'call',
      function: origin.function,
      result,
      object: undefined,
      where: origin.where,
    });
    if (result !== 'ok') failedToo(state);
    return;
  }
  state.step({ kind: 'question', text: textOf(test.expr), answer, where: test.where });
}

/** From here on an error that is returned may be due to another call. */
export function failedToo(state: State): void {
  state.failed = state.failed.map((one) => (one.other ? one : { ...one, other: true }));
}

function compared(walk: Walk, expr: BinaryExpr, state: State, frame: Frame): Branches {
  return gather(
    sequence(walk, [expr.left, expr.right], state, frame).map(({ state: after, values }) => {
      const [left, right] = values;
      if (left === undefined || right === undefined) return { yes: [after], no: [after.fork()] };
      return compareValues(walk, { expr, left, right, state: after, frame });
    }),
  );
}

interface Comparison {
  readonly expr: BinaryExpr;
  readonly left: Value;
  readonly right: Value;
  readonly state: State;
  readonly frame: Frame;
}

function compareValues(walk: Walk, what: Comparison): Branches {
  const { expr, state, frame } = what;
  const left = state.settled(what.left);
  const right = state.settled(what.right);
  const where = { unit: frame.unit, at: expr.at };
  const isNull = [expr.left, expr.right].some((e) => e.kind === 'name' && e.name === 'NULL');
  const told = { expr, where, isNull };
  if (isZero(right)) return withZero(walk, state, left, expr.op, told);
  if (isZero(left)) return withZero(walk, state, right, mirrored(expr.op), told);
  if (expr.op === '==' || expr.op === '!=') {
    const branches = equality(walk, { ...what, left, right });
    return expr.op === '==' ? branches : { yes: branches.no, no: branches.yes };
  }
  if (left.kind === 'int' && right.kind === 'int') {
    const holds = ordered(expr.op, left.value, right.value);
    return holds ? { yes: [state], no: [] } : { yes: [], no: [state] };
  }
  return open(state, expr, where);
}

function isZero(value: Value): boolean {
  return value.kind === 'int' && value.value === 0 && value.from === undefined;
}

function mirrored(op: string): string {
  return op.replace(/[<>]/, (c) => (c === '<' ? '>' : '<'));
}

function ordered(op: string, a: number, b: number): boolean {
  switch (op) {
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    default:
      return a >= b;
  }
}

const WITH_ZERO: Readonly<Record<string, number>> = {
  '==': ZERO,
  '!=': POSITIVE | ERROR,
  '<': ERROR,
  '<=': ERROR | ZERO,
  '>': POSITIVE,
  '>=': POSITIVE | ZERO,
};

function withZero(
  walk: Walk,
  state: State,
  value: Value,
  op: string,
  told: Pick<Test, 'expr' | 'where'> & { readonly isNull: boolean },
): Branches {
  const holds = WITH_ZERO[op] ?? ZERO;
  const failsIf = told.isNull ? op === '==' : op === '!=' || op === '<' || op === '<=';
  return byParts(walk, state, value, { ...told, holds, how: 'NULL', failsIf });
}

function equality(walk: Walk, { expr, left, right, state, frame }: Comparison): Branches {
  const known = unnamed(walk, left, right) ? undefined : equal(left, right, (id) => state.fact(id));
  if (known !== undefined) return known ? { yes: [state], no: [] } : { yes: [], no: [state] };
  const where = { unit: frame.unit, at: expr.at };
  const [symbol, other] = left.kind === 'symbol' ? [left, right] : [right, left];
  if (symbol.kind !== 'symbol') return open(state, expr, where);
  const no = state.fork();
  state.narrow(symbol, state.parts(other));
  if (other.kind === 'errno') {
    state.facts.set(symbol.id, { may: ERROR, errno: other.name });
    const before = no.fact(symbol.id);
    no.facts.set(symbol.id, { ...before, not: [...(before.not ?? []), other.name] });
  }
  // Equal symbols are one from here on, as far as their parts tell.
  if (other.kind === 'symbol') state.narrow(other, state.parts(symbol));
  const step = { kind: 'question', text: textOf(expr), where } as const;
  state.step({ ...step, answer: true });
  no.step({ ...step, answer: false });
  return { yes: [state], no: [no] };
}

/** Whether one side is an error of which only is known which it is not, and the other may be it. */
function unnamed(walk: Walk, left: Value, right: Value): boolean {
  const [any, other] =
    left.kind === 'errno' && left.name === ANY_ERRNO ? [left, right] : [right, left];
  if (any.kind !== 'errno' || any.name !== ANY_ERRNO || other.kind !== 'errno') return false;
  const site = any.from === undefined ? undefined : walk.sites[any.from];
  return site?.acquire.survive.some(({ error }) => error === other.name) !== true;
}

/**
 * Splits by whether a value is that of a case; `label` is what the case says.
 */
export function splitCase(
  walk: Walk,
  what: { readonly on: Expr; readonly label: Expr; readonly value: Value },
  state: State,
  frame: Frame,
): Branches {
  const { on, label, value } = what;
  const expr: BinaryExpr = { kind: 'binary', op: '==', left: on, right: label, at: label.at };
  const told = walk
    .evaluate(label, state, frame)
    .map(({ state: after, value: right }) =>
      compareValues(walk, { expr, left: value, right, state: after, frame }),
    );
  return gather(told);
}

function open(state: State, expr: Expr, where: At): Branches {
  const no = state.fork();
  const text = textOf(expr);
  state.step({ kind: 'question', text, answer: true, where });
  no.step({ kind: 'question', text, answer: false, where });
  return { yes: [state], no: [no] };
}

const TESTS: Readonly<Record<string, readonly [number, Test['how']]>> = {
  IS_ERR: [ERROR, 'ERR'],
  IS_ERR_VALUE: [ERROR, 'ERR'],
  IS_ERR_OR_NULL: [ERROR | ZERO, 'BOTH'],
};

// The value of an assertion is its condition. @source include/asm-generic/bug.h v6.12
const ASSERTIONS = /^(?:(?:dev_|netdev_)?(?:WARN|VM_WARN|VM_BUG)\w*|ext4_warn\w*)$/;
const CONFIGURED = /^(?:IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE|defined)$/;

function isTestCall({ callee }: CallExpr): boolean {
  if (callee === undefined) return false;
  return Object.hasOwn(TESTS, callee) || CONFIGURED.test(callee) || ASSERTIONS.test(callee);
}

/** Calls that are tests; undefined where this is none. */
function testOf(walk: Walk, call: CallExpr, state: State, frame: Frame): Branches | undefined {
  const { callee } = call;
  if (callee === undefined) return undefined;
  if (CONFIGURED.test(callee)) return configured(call, state, frame);
  const where = { unit: frame.unit, at: call.at };
  const test = TESTS[callee];
  const [arg] = call.args;
  if (test !== undefined && arg !== undefined && Object.hasOwn(TESTS, callee)) {
    const [holds, how] = test;
    return gather(
      walk
        .evaluate(arg, state, frame)
        .map(({ state: after, value }) =>
          byParts(walk, after, value, { holds, how, expr: call, where, failsIf: true }),
        ),
    );
  }
  if (ASSERTIONS.test(callee)) {
    // Those of a device are given it first.
    const condition = /^(?:dev|netdev)_/.test(callee) ? call.args[1] : arg;
    return condition === undefined ? open(state, call, where) : walk.split(condition, state, frame);
  }
  // A test of nothing, in a file that is broken.
  return isTestCall(call) ? open(state, call, where) : undefined;
}

/** A question to the configuration: the same answer wherever it is asked on a path. */
function configured(call: CallExpr, state: State, frame: Frame): Branches {
  const [arg] = call.args;
  const symbol = arg?.kind === 'name' ? arg.name.replace(/^CONFIG_/, '') : '';
  const known = state.config.get(symbol);
  if (known !== undefined) {
    return known ? { yes: [state], no: [] } : { yes: [], no: [state] };
  }
  const no = state.fork();
  if (symbol !== '') {
    state.config.set(symbol, true);
    no.config.set(symbol, false);
  }
  const step = {
    kind: 'question',
    text: textOf(call),
    where: { unit: frame.unit, at: call.at },
  } as const;
  state.step({ ...step, answer: true });
  no.step({ ...step, answer: false });
  return { yes: [state], no: [no] };
}
