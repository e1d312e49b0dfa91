// Calls: the small functions of error pointers, memory, actions left to the device, functions of a
// protocol, functions that can be walked into, and all others.

import { type CallExpr, type Expr, visit } from '../flow/index.ts';
import { failedToo } from './condition.ts';
import type { Frame, Outcome, Walk } from './context.ts';
import { announcedByCall } from './features.ts';
import { sequence } from './evaluate.ts';
import { forget, write } from './locate.ts';
import { handOver, protocolCall } from './protocol-call.ts';
import { noteHanded } from './lost.ts';
import { callExprsOf } from './sources.ts';
import type { State } from './state.ts';
import { ERROR, int, NOTHING, POSITIVE, type Value, ZERO } from './value.ts';

/** A call whose arguments are evaluated. */
export interface Called {
  readonly walk: Walk;
  readonly call: CallExpr;
  readonly name: string;
  readonly args: readonly Value[];
  readonly state: State;
  readonly frame: Frame;
}

/** Values of a call. */
export function evaluateCall(
  walk: Walk,
  call: CallExpr,
  state: State,
  frame: Frame,
): readonly Outcome[] {
  const { callee } = call;
  if (callee !== undefined && TRUTHS.test(callee)) return truths(walk, call, state, frame);
  if (callee !== undefined && UNEVALUATED.test(callee)) {
    return [{ state, value: walk.fresh({ kind: 'other', text: callee }) }];
  }
  announcedByCall(walk, call, state, frame);
  return sequence(walk, call.args, state, frame).flatMap(({ state: after, values }) => {
    const args = values.map((value) => after.settled(value));
    if (callee === undefined) return unknownCall(walk, call, args, after, frame);
    const called = { walk, call, name: callee, args, state: after, frame };
    return (
      small(called) ??
      protocolCall(called) ??
      memory(called) ??
      deferral(called) ??
      counted(called) ??
      walkedInto(called) ??
      unknownCall(walk, call, args, after, frame)
    );
  });
}

// Macros and functions whose value is a truth, told apart by condition.ts.
const TRUTHS = new RegExp(
  '^(?:IS_(?:ERR|ERR_VALUE|ERR_OR_NULL|ENABLED|BUILTIN|MODULE|REACHABLE)|defined|' +
    '(?:dev_|netdev_)?(?:WARN|VM_WARN|VM_BUG)\\w*)$',
);
const UNEVALUATED = /^(?:sizeof|typeof|__typeof__|offsetof|__builtin_\w+)$/;
// @source include/asm-generic/bug.h, include/linux/panic.h v6.12
const NEVER_RETURNS = /^(?:BUG|panic|do_exit|unreachable|BUILD_BUG)$/;

function truths(walk: Walk, call: CallExpr, state: State, frame: Frame): readonly Outcome[] {
  const { yes, no } = walk.split(call, state, frame);
  return [
    ...yes.map((s) => ({ state: s, value: int(1) })),
    ...no.map((s) => ({ state: s, value: NOTHING })),
  ];
}

/** Functions of a line or two that every file uses. @source include/linux/err.h, cleanup.h v6.12 */
function small(called: Called): readonly Outcome[] | undefined {
  const { walk, call, name, args, state, frame } = called;
  const [first, second] = args;
  if (NEVER_RETURNS.test(name)) return [];
  switch (name) {
    case 'ERR_PTR':
      if (first === undefined || !state.narrow(first, ERROR | ZERO)) return undefined;
      return [{ state, value: first }];
    case 'PTR_ERR':
    case 'ERR_CAST':
    case 'READ_ONCE':
    case 'rcu_dereference':
    case 'ACCESS_ONCE':
      return first === undefined ? undefined : [{ state, value: first }];
    case 'dev_err_probe':
      // @source drivers/base/core.c dev_err_probe() v6.12: it returns the error that it is given.
      return second === undefined ? undefined : [{ state, value: second }];
    case 'PTR_ERR_OR_ZERO':
      return first === undefined ? undefined : errorOrZero(state, first);
    case 'BUG_ON': {
      const [condition] = call.args;
      if (condition === undefined) return undefined;
      return walk.split(condition, state, frame).no.map((s) => ({ state: s, value: NOTHING }));
    }
    case 'KUNIT_ASSERT_NOT_NULL':
    case 'KUNIT_ASSERT_NOT_ERR_OR_NULL': {
      // @source include/kunit/test.h v6.12: a test ends where its assertion does not hold.
      const may = name.endsWith('_NOT_NULL') ? POSITIVE | ERROR : POSITIVE;
      if (second === undefined || !state.narrow(second, may)) return [];
      return [{ state, value: NOTHING }];
    }
    case 'no_free_ptr':
    case 'xchg':
      return exchanged(called, name === 'xchg' ? (second ?? NOTHING) : NOTHING);
    case 'container_of':
      return first === undefined ? undefined : [{ state, value: containerOf(called, first) }];
    default:
      return undefined;
  }
}

function errorOrZero(state: State, value: Value): readonly Outcome[] {
  const parts = state.parts(value);
  if ((parts & ERROR) === 0) return [{ state, value: NOTHING }];
  if (parts === ERROR) return [{ state, value }];
  const good = state.fork();
  state.narrow(value, ERROR);
  good.narrow(value, ZERO | POSITIVE);
  return [
    { state, value },
    { state: good, value: NOTHING },
  ];
}

/** The value of a variable, which then gets another one. */
function exchanged(called: Called, next: Value): readonly Outcome[] | undefined {
  const { walk, call, state, frame } = called;
  const [first] = call.args;
  if (first === undefined) return undefined;
  const target = first.kind === 'address' ? first.of : first;
  return walk.evaluate(target, state, frame).flatMap(({ state: after, value }) => {
    const settled = after.settled(value);
    return walk.place(target, after, frame).map(({ state: then, location }) => {
      if (location !== undefined) write(location, next, then);
      return { state: then, value: settled };
    });
  });
}

/** The object that a member is part of: the one whose member's address was taken, if known. */
function containerOf(called: Called, pointer: Value): Value {
  const { walk, call, state } = called;
  const member = call.args[2];
  const name = member?.kind === 'name' ? member.name : '';
  if (pointer.kind === 'address' && pointer.of.endsWith(`.${name}`)) {
    const whole = /^#(\d+)$/.exec(pointer.of.slice(0, -name.length - 1));
    if (whole !== null) return { kind: 'symbol', id: Number(whole[1]) };
  }
  const place = pointer.kind === 'symbol' ? `#${pointer.id}<${name}` : `c:${call.at}`;
  const known = state.memory.get(place);
  if (known !== undefined) return known;
  const value = walk.fresh({ kind: 'other', text: 'container_of' });
  state.narrow(value, POSITIVE);
  state.memory.set(place, value);
  return value;
}

// @source include/linux/slab.h, vmalloc.h, device.h v6.12; fs/xfs/kmem.h kmem_zalloc() v6.1
const ALLOCATES =
  /^(devm_)?k?v?(?:k|v|mem_)?(?:([mzc])alloc)(?:_node|_array|_array_node|_noprof|_user)?$/;
const FREES = /^(?:devm_)?(?:kv?|v)free(?:_sensitive)?$|^kmem_(?:cache_)?free$/;

function memory(called: Called): readonly Outcome[] | undefined {
  const { walk, call, name, args, state } = called;
  const match = ALLOCATES.exec(name);
  if (match !== null && /^(?:devm_)?k/.test(name)) {
    const [, device, how] = match;
    const origin = { kind: 'memory', function: name, zeroed: how !== 'm' || zeroes(call) } as const;
    const where = { unit: called.frame.unit, at: call.at };
    const value = walk.fresh(origin);
    const failed = neverFails(call) ? undefined : state.fork();
    state.narrow(value, POSITIVE);
    state.owned.set(value.id, device === undefined ? 'local' : 'device');
    if (failed === undefined) return [{ state, value }];
    const step = { kind: 'call', function: name, object: undefined, where } as const;
    state.step({ ...step, result: 'ok' });
    failed.step({ ...step, result: 'NULL' });
    failedToo(failed);
    return [
      { state, value },
      { state: failed, value: NOTHING },
    ];
  }
  if (!FREES.test(name)) return undefined;
  const freed = args.at(-1);
  if (freed?.kind === 'symbol') state.owned.set(freed.id, 'freed');
  return [{ state, value: NOTHING }];
}

function zeroes(call: CallExpr): boolean {
  return mentions(call, '__GFP_ZERO');
}

function neverFails(call: CallExpr): boolean {
  return mentions(call, '__GFP_NOFAIL');
}

function mentions(call: CallExpr, flag: string): boolean {
  const holds = (expr: CallExpr['args'][number]): boolean =>
    (expr.kind === 'name' && expr.name === flag) ||
    (expr.kind === 'binary' && (holds(expr.left) || holds(expr.right)));
  return call.args.some(holds);
}

/**
 * Clean-ups that the device runs later: on unbind, or when the attach fails. Where the action
 * cannot be noted, `_or_reset` runs it at once.
 * @source include/linux/device.h, include/drm/drm_managed.h v6.12
 */
function deferral(called: Called): readonly Outcome[] | undefined {
  const { walk, call, name, args, state, frame } = called;
  if (!/^(?:devm|drmm)_add_action(?:_or_reset)?$/.test(name)) return undefined;
  const [, action, data = NOTHING] = args;
  const where = { unit: frame.unit, at: call.at };
  const failed = state.fork();
  const step = { kind: 'call', function: name, object: undefined, where } as const;
  state.step({ ...step, result: 'ok' });
  failed.step({ ...step, result: 'error' });
  failedToo(failed);
  const error = walk.fresh({ kind: 'other', text: name });
  failed.narrow(error, ERROR);
  if (action?.kind !== 'function') {
    handOver(walk, args, state);
    return [
      { state, value: NOTHING },
      { state: failed, value: error },
    ];
  }
  state.deferred = [...state.deferred, { action: action.name, data, where }];
  const callee = walk.options.sources.flow(action.name, frame.unit);
  const runs = name.endsWith('_or_reset') && callee !== undefined;
  const after = runs ? walk.inline(callee, [data], failed, frame) : [{ state: failed }];
  return [{ state, value: NOTHING }, ...after.map((one) => ({ state: one.state, value: error }))];
}

/**
 * Devices are counted: the last put_device() calls the release function of the device or of its
 * type. One reference is there from the start, what get_device() takes comes on top of it.
 * @source drivers/base/core.c get_device() put_device() device_release() v6.12
 */
function counted(called: Called): readonly Outcome[] | undefined {
  const { walk, name, args, state, frame } = called;
  const [device] = args;
  if (!/^(?:get_device|put_device|device_unregister)$/.test(name) || device?.kind !== 'address')
    return undefined;
  const count = `${device.of}.%references`;
  const before = state.memory.get(count);
  const extra = before?.kind === 'int' ? before.value : 0;
  const done = [{ state, value: device }];
  if (name === 'get_device') {
    state.memory.set(count, int(extra + 1));
    return done;
  }
  if (extra > 0) {
    state.memory.set(count, int(extra - 1));
    return done;
  }
  const release = releaseOf(called, device.of);
  const callee = release === undefined ? undefined : walk.options.sources.flow(release, frame.unit);
  if (callee === undefined || isRunning(frame, callee.flow.name)) return undefined;
  return walk.inline(callee, [device], state, frame);
}

/** The release function of a device: its own, or that of its type, a table of the file. */
function releaseOf({ state, frame }: Called, device: string): string | undefined {
  const own = state.memory.get(`${device}.release`);
  if (own?.kind === 'function') return own.name;
  const type = state.memory.get(`${device}.type`);
  if (type?.kind !== 'address') return undefined;
  const table = frame.unit.tables.find((one) => type.of === `g:${one.name}`);
  const item = table?.init.items.find(({ designator }) => designator === '.release');
  return item?.value.kind === 'name' ? item.value.name : undefined;
}

/** Functions and macros whose body can tell something. */
function walkedInto(called: Called): readonly Outcome[] | undefined {
  const { walk, name, args, state, frame, call } = called;
  const { sources } = walk.options;
  const macro = sources.macro(name, frame.unit);
  if (macro?.expr !== undefined && macro.params !== undefined && frame.depth < MAX_DEPTH) {
    return walk.expand(macro.params, macro.expr, args, state, frame);
  }
  const callee = sources.flow(name, frame.unit);
  if (callee === undefined || frame.depth >= MAX_DEPTH || isRunning(frame, name)) return undefined;
  if (!sources.isRelevant(name, callee.unit)) return undefined;
  // What stands behind #if is there in some configurations only; a stub in a header, for one.
  let there: readonly State[] = [state];
  const elsewhere: State[] = [];
  for (const condition of callee.flow.within.filter(isConfigured)) {
    const branches = there.map((one) => walk.split(condition, one, frame));
    there = branches.flatMap(({ yes }) => yes);
    elsewhere.push(...branches.flatMap(({ no }) => no));
  }
  return [
    ...there.flatMap((one) => walk.inline(callee, args, one, frame)),
    ...elsewhere.flatMap((one) => unknownCall(walk, call, args, one, frame)),
  ];
}

/** Guards of headers ask nothing of the configuration. */
function isConfigured(condition: Expr): boolean {
  let found = false;
  visit(condition, (one) => {
    if (one.kind === 'name' && one.name.startsWith('CONFIG_')) found = true;
  });
  return found;
}

const MAX_DEPTH = 8;

function isRunning(frame: Frame | undefined, name: string): boolean {
  return frame !== undefined && (frame.name === name || isRunning(frame.caller, name));
}

// Questions rather than things that may fail: the same answer for the same arguments.
const ASKS = new RegExp(
  '(?:^|_)(?:is|has|can|should|may|needs?|wants?|supports?|uses?)_|^test_|_(?:is|has)$|^to_|' +
    '^dev_(?:name|to_node|get_drvdata)$|_(?:enabled|supported|present|active|empty)$',
);

/** A function of which nothing is known: it may write through pointers, and gives anything. */
function unknownCall(
  walk: Walk,
  call: CallExpr,
  args: readonly Value[],
  state: State,
  frame: Frame,
): readonly Outcome[] {
  const name = call.callee ?? '';
  if (ASKS.test(name) || isAccessor(name, args)) {
    const place = placeOfAnswer(call, args, frame);
    const known = place === undefined ? undefined : state.memory.get(place);
    if (known !== undefined) return [{ state, value: known }];
    const origin = {
      kind: 'call',
      function: name,
      where: { unit: frame.unit, at: call.at },
      asks: true,
    } as const;
    const value = walk.fresh(origin);
    if (place !== undefined) state.memory.set(place, value);
    return [{ state, value }];
  }
  if (DROPS.test(name)) return dropped(name, args, state);
  for (const arg of args) if (arg.kind === 'address') forget(arg.of, state);
  noteHanded(walk, name, args, state, frame);
  freedBy(walk, name, args, state, frame);
  handOver(walk, args, state);
  if (name === '') return [{ state, value: walk.fresh({ kind: 'other', text: 'a call' }) }];
  const where = { unit: frame.unit, at: call.at };
  return [{ state, value: walk.fresh({ kind: 'call', function: name, where, asks: false }) }];
}

// @source include/linux/refcount.h, include/linux/atomic/atomic-instrumented.h v6.12
const DROPS = /^(?:refcount|atomic|atomic64|percpu_ref)_(?:dec|sub)_and_(?:test|lock|mutex_lock)/;

/** The last of many lets go once: who has seen it will not see it again. */
function dropped(name: string, args: readonly Value[], state: State): readonly Outcome[] {
  const counter = args.map(argumentText).find((text) => text.startsWith('&')) ?? name;
  const place = `g:${name.replace(/_(?:lock|mutex_lock|test)\w*$/, '')}(${counter})`;
  if (state.memory.has(place)) return [{ state, value: NOTHING }];
  const last = state.fork();
  last.memory.set(place, int(1));
  return [
    { state, value: NOTHING },
    { state: last, value: int(1) },
  ];
}

/** Memory that a function frees which is not walked into, because it tells nothing else. */
function freedBy(
  walk: Walk,
  name: string,
  args: readonly Value[],
  state: State,
  frame: Frame,
): void {
  const found = walk.options.sources.flow(name, frame.unit);
  if (found === undefined) return;
  for (const call of callExprsOf(found.flow)) {
    const freed = FREES.test(call.callee ?? '') ? call.args.at(-1) : undefined;
    if (freed?.kind !== 'name') continue;
    const arg = args[found.flow.params.findIndex((one) => one.name === freed.name)];
    if (arg?.kind === 'symbol') state.owned.set(arg.id, 'freed');
  }
}

/** Macros such as EXT4_SB(sb): what they give of one thing is the same wherever they stand. */
function isAccessor(name: string, args: readonly Value[]): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name) && args.length === 1 && args[0]?.kind === 'symbol';
}

/**
 * What a question answered is kept with the one thing that it was asked about. Of several things
 * it is not kept: in a loop they would be others each time. Constants are no such things.
 */
function placeOfAnswer(call: CallExpr, args: readonly Value[], frame: Frame): string | undefined {
  const name = call.callee ?? '';
  const texts = args.map((arg, i) => constantOf(call.args[i], frame) ?? argumentText(arg));
  const things = args.filter((arg, i) => arg.kind === 'symbol' && texts[i] === argumentText(arg));
  const [about, second] = things;
  if (second !== undefined || (about !== undefined && about.kind !== 'symbol')) return undefined;
  const base = about === undefined ? '' : `#${about.id}`;
  return `${base}@${name}(${texts.map((text, i) => (args[i] === about ? '' : text)).join()})`;
}

function constantOf(expr: Expr | undefined, frame: Frame): string | undefined {
  if (expr?.kind !== 'name' || frame.locals.has(expr.name)) return undefined;
  return /^[A-Z][A-Z0-9_]*$/.test(expr.name) ? expr.name : undefined;
}

function argumentText(value: Value): string {
  switch (value.kind) {
    case 'int':
      return String(value.value);
    case 'errno':
      return value.name;
    case 'symbol':
      return `#${value.id}`;
    case 'address':
      return `&${value.of}`;
    case 'function':
      return value.name;
  }
}
