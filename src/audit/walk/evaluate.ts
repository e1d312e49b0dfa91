// Values of expressions, in the order of C. Where an expression has several values, the path forks.

import type { AssignExpr, ChooseExpr, Expr, FieldExpr, ListExpr } from '../flow/index.ts';
import { evaluateCall } from './call.ts';
import type { Frame, Outcome, Walk } from './context.ts';
import { announced } from './features.ts';
import { locate, nullFieldOf, placeOf, read, write } from './locate.ts';
import type { State } from './state.ts';
import { textOf } from './text.ts';
import { int, NOTHING, type Value } from './value.ts';

/** The values that an expression may have, each with the state it leaves. */
export function evaluateExpr(
  walk: Walk,
  expr: Expr,
  state: State,
  frame: Frame,
): readonly Outcome[] {
  switch (expr.kind) {
    case 'name':
      return [{ state, value: named(walk, expr.name, state, frame) }];
    case 'number':
      return [{ state, value: expr.value === undefined ? unknown(walk) : int(expr.value) }];
    case 'string':
      return [{ state, value: { kind: 'address', of: `s:${expr.at}` } }];
    case 'field':
      return field(walk, expr, state, frame);
    case 'index':
    case 'deref':
      return readAt(walk, expr, state, frame);
    case 'address':
      return addressOf(walk, expr.of, state, frame);
    case 'call':
      return evaluateCall(walk, expr, state, frame);
    case 'unary':
      return unary(walk, expr, state, frame);
    case 'step':
      return stepped(walk, expr.of, state, frame);
    case 'binary':
      return binary(walk, expr, state, frame);
    case 'choose':
      return chosen(walk, expr, state, frame);
    case 'assign':
      return assign(walk, expr, state, frame);
    case 'comma':
      return sequence(walk, expr.parts, state, frame).map(({ state: after, values }) => ({
        state: after,
        value: values.at(-1) ?? unknown(walk),
      }));
    case 'list':
      return sequence(
        walk,
        expr.items.map((i) => i.value),
        state,
        frame,
      ).map((done) => {
        for (const value of done.values) done.state.letGo(value);
        return { state: done.state, value: unknown(walk) };
      });
    case 'block':
      return walk.block(expr.graph, state, frame);
    case 'size':
      return [{ state, value: unknown(walk) }];
    case 'opaque':
      return sequence(walk, expr.parts, state, frame).map(({ state: after }) => ({
        state: after,
        value: unknown(walk),
      }));
  }
}

function field(walk: Walk, expr: FieldExpr, state: State, frame: Frame): readonly Outcome[] {
  const unset = nullFieldOf(walk, expr, frame);
  if (unset === undefined) return readAt(walk, expr, state, frame);
  const from = -1 - (walk.options.nullFields?.indexOf(unset) ?? 0);
  return readAt(walk, expr, state, frame, { kind: 'int', value: 0, from });
}

/** `++` and `--`: another value, of which nothing is known. */
function stepped(walk: Walk, of: Expr, state: State, frame: Frame): readonly Outcome[] {
  return locate(walk, of, state, frame).map(({ state: after, location }) => {
    const value = unknown(walk);
    if (location !== undefined) write(location, value, after);
    return { state: after, value };
  });
}

function chosen(walk: Walk, expr: ChooseExpr, state: State, frame: Frame): readonly Outcome[] {
  const { test, yes: then } = expr;
  const { yes, no } = walk.split(test, state, frame);
  return [
    ...yes.flatMap((s) => (then ? walk.evaluate(then, s, frame) : testAgain(walk, test, s, frame))),
    ...no.flatMap((s) => walk.evaluate(expr.no, s, frame)),
  ];
}

function unknown(walk: Walk): Value {
  return walk.fresh({ kind: 'other', text: '' });
}

/** The test of `a ?: b` a second time, for its value: it has no effect that counts twice. */
function testAgain(walk: Walk, expr: Expr, state: State, frame: Frame): readonly Outcome[] {
  return expr.kind === 'call'
    ? [{ state, value: unknown(walk) }]
    : walk.evaluate(expr, state, frame);
}

function named(walk: Walk, name: string, state: State, frame: Frame): Value {
  if (frame.locals.has(name)) return read(walk, `${frame.id}:${name}`, state);
  if (name === 'NULL') return NOTHING;
  if (walk.options.sources.flow(name, frame.unit) !== undefined) return { kind: 'function', name };
  return read(walk, `g:${name}`, state);
}

function readAt(
  walk: Walk,
  expr: Expr,
  state: State,
  frame: Frame,
  instead?: Value,
): readonly Outcome[] {
  return locate(walk, expr, state, frame).map(({ state: after, location }) => {
    if (location === undefined) return { state: after, value: unknown(walk) };
    if (instead !== undefined && !after.memory.has(location)) after.memory.set(location, instead);
    return { state: after, value: read(walk, location, after) };
  });
}

function addressOf(walk: Walk, expr: Expr, state: State, frame: Frame): readonly Outcome[] {
  if (expr.kind === 'name' && walk.options.sources.flow(expr.name, frame.unit) !== undefined) {
    return [{ state, value: { kind: 'function', name: expr.name } }];
  }
  return locate(walk, expr, state, frame).map(({ state: after, location }) => {
    if (location === undefined) return { state: after, value: unknown(walk) };
    const whole = /^#(\d+)\.\*$/.exec(location);
    if (whole !== null) return { state: after, value: { kind: 'symbol', id: Number(whole[1]) } };
    return { state: after, value: { kind: 'address', of: location } };
  });
}

function unary(
  walk: Walk,
  expr: Extract<Expr, { readonly kind: 'unary' }>,
  state: State,
  frame: Frame,
): readonly Outcome[] {
  if (expr.op === '!') return truth(walk, expr, state, frame);
  const { of } = expr;
  if (expr.op === '-' && of.kind === 'name' && /^(?:E[A-Z0-9]+|[A-Z0-9]+_ERR_\w+)$/.test(of.name)) {
    return [{ state, value: { kind: 'errno', name: of.name } }];
  }
  return walk.evaluate(of, state, frame).map(({ state: after, value }) => {
    if (value.kind === 'int') return { state: after, value: int(negated(expr.op, value.value)) };
    return { state: after, value: unknown(walk) };
  });
}

function negated(op: '!' | '-' | '~' | '+', value: number): number {
  return op === '-' ? -value : op === '~' ? ~value : value;
}

const LOGICAL = new Set(['&&', '||', '==', '!=', '<', '>', '<=', '>=']);

function binary(
  walk: Walk,
  expr: Extract<Expr, { readonly kind: 'binary' }>,
  state: State,
  frame: Frame,
): readonly Outcome[] {
  if (LOGICAL.has(expr.op)) return truth(walk, expr, state, frame);
  return sequence(walk, [expr.left, expr.right], state, frame).map(({ state: after, values }) => {
    const [left, right] = values;
    const value =
      left?.kind === 'int' && right?.kind === 'int'
        ? computed(expr.op, left.value, right.value)
        : undefined;
    return { state: after, value: value === undefined ? unknown(walk) : int(value) };
  });
}

function computed(op: string, a: number, b: number): number | undefined {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '|':
      return a | b;
    case '&':
      return a & b;
    case '<<':
      return b >= 0 && b < 31 ? a << b : undefined;
    default:
      return undefined;
  }
}

function truth(walk: Walk, expr: Expr, state: State, frame: Frame): readonly Outcome[] {
  const { yes, no } = walk.split(expr, state, frame);
  return [
    ...yes.map((s) => ({ state: s, value: int(1) })),
    ...no.map((s) => ({ state: s, value: NOTHING })),
  ];
}

function assign(walk: Walk, expr: AssignExpr, state: State, frame: Frame): readonly Outcome[] {
  if (expr.op === '=' || expr.op === '|=') announced(walk, expr.from, state, frame);
  return walk.evaluate(expr.from, state, frame).flatMap(({ state: after, value }) =>
    locate(walk, expr.to, after, frame).map(({ state: then, location }) => {
      const kept = expr.op === '=' ? value : unknown(walk);
      if (location === undefined) {
        then.letGo(kept);
        return { state: then, value: kept };
      }
      if (expr.from.kind === 'list') return { state: then, value: kept };
      const settled = then.settled(kept);
      storedLate(walk, { expr, location, value: settled, state: then, frame });
      write(location, settled, then);
      noteStore({ expr, location, value: settled, state: then, frame });
      return { state: then, value: settled };
    }),
  );
}

interface Store {
  readonly expr: AssignExpr;
  readonly location: string;
  readonly value: Value;
  readonly state: State;
  readonly frame: Frame;
}

/** The field was read since the object is there: whoever read it found something else. */
function storedLate(walk: Walk, { expr, location, value, state, frame }: Store): void {
  const held = value.kind === 'symbol' ? state.objects.get(value.id) : undefined;
  const before = state.memory.get(location);
  if (value.kind !== 'symbol' || held === undefined || before?.kind !== 'symbol') return;
  const site = walk.sites[held.site];
  const origin = walk.origins.get(before.id);
  // Symbols are numbered as they come up.
  const isLate = before.id > value.id && origin?.kind === 'other' && origin.text === location;
  if (!location.startsWith('#') || !isLate || site === undefined) return;
  const field = textOf(expr.to);
  walk.problem({
    type: 'STORED_TOO_LATE',
    protocol: site.protocol,
    where: { unit: frame.unit, at: expr.at },
    function: frame.name,
    message: `${field} is read before it is set to the ${site.protocol.title}`,
    state,
    site,
  });
}

/** An object, or what came instead of one, is put where others find it. */
function noteStore({ expr, location, value, state, frame }: Store): void {
  if (!location.startsWith('#')) return;
  const isObject = value.kind === 'symbol' && state.objects.has(value.id);
  const isFailed = value.kind !== 'symbol' && 'from' in value && value.from !== undefined;
  if (!isObject && !isFailed) return;
  const { to } = expr;
  const base = to.kind === 'field' && to.base.kind === 'name' ? to.base.name : undefined;
  state.step({
    kind: 'store',
    field: textOf(to),
    struct: base === undefined ? undefined : frame.types.get(base),
    member: to.kind === 'field' ? to.field : undefined,
    place: placeOf(location, state, frame),
    object: isObject && value.kind === 'symbol' ? value.id : null,
    where: { unit: frame.unit, at: expr.at },
  });
}

/** Expressions one after the other: their values in each state that is left. */
export function sequence(
  walk: Walk,
  exprs: readonly Expr[],
  state: State,
  frame: Frame,
): readonly { readonly state: State; readonly values: readonly Value[] }[] {
  let open: readonly { readonly state: State; readonly values: readonly Value[] }[] = [
    { state, values: [] },
  ];
  for (const expr of exprs) {
    open = open.flatMap(({ state: before, values }) =>
      walk
        .evaluate(expr, before, frame)
        .map(({ state: after, value }) => ({ state: after, values: [...values, value] })),
    );
  }
  return open;
}

/** Puts the values of an initialiser list into the parts of a location. */
export function initialise(
  walk: Walk,
  list: ListExpr,
  location: string,
  state: State,
  frame: Frame,
): readonly State[] {
  for (const { value } of list.items) announced(walk, value, state, frame);
  return sequence(
    walk,
    list.items.map((i) => i.value),
    state,
    frame,
  ).map((done) => {
    list.items.forEach(({ designator, value: expr }, index) => {
      const value = done.values[index];
      if (value === undefined || expr.kind === 'list') return;
      if (designator === undefined) {
        done.state.letGo(value);
        return;
      }
      write(`${location}${designator}`, value, done.state);
    });
    return done.state;
  });
}
