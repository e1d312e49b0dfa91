// Calls of the functions that a protocol names: what they do to its objects, and what is wrong with
// calling them now.

import type { Acquire, Harmless, Protocol, Register, Release } from '../protocol/index.ts';
import type { Called } from './call.ts';
import type { Outcome, Problem, Walk } from './context.ts';
import { textOf } from './text.ts';
import { placeOf } from './locate.ts';
import { misused } from './misuse.ts';
import type { At, Held, Result, State } from './state.ts';
import { ANY_ERRNO, ERROR, int, NOTHING, POSITIVE, type Value, ZERO } from './value.ts';

/** The outcomes of a call that some protocol knows; undefined where none does. */
export function protocolCall(called: Called): readonly Outcome[] | undefined {
  for (const protocol of called.walk.options.protocols) {
    const outcomes = callOf(protocol, called);
    if (outcomes !== undefined) return outcomes;
  }
  return undefined;
}

function callOf(protocol: Protocol, called: Called): readonly Outcome[] | undefined {
  const { name, args } = called;
  const acquire = protocol.acquire.find(
    (one) => one.function === name && (one.arguments ?? args.length) === args.length,
  );
  if (acquire !== undefined) return acquired(protocol, acquire, called);
  const register = protocol.register.find((one) => one.function === name);
  if (register !== undefined) return registered(protocol, register, called);
  const undone = protocol.register.filter((one) => one.undo.function === name);
  const [first] = undone;
  if (first !== undefined) return unregistered(protocol, first, undone, called);
  const release = protocol.release.find((one) => one.function === name);
  if (release !== undefined) return released(protocol, release, called);
  const use = protocol.use.find((one) => one.function === name);
  if (use === undefined) return undefined;
  const { state, walk } = called;
  if (!mayBeGiven(called, use, `is handed to ${name}()`)) return [];
  note(called, objectOf(state, args[use.argument - 1]));
  const where = whereOf(called);
  return [{ state, value: walk.fresh({ kind: 'call', function: name, where, asks: true }) }];
}

function whereOf({ frame, call }: Called): At {
  return { unit: frame.unit, at: call.at };
}

function acquired(protocol: Protocol, acquire: Acquire, called: Called): readonly Outcome[] {
  const { walk, state, frame, name, args } = called;
  const where = whereOf(called);
  const site = walk.siteOf({ protocol, acquire, where, function: frame.name });
  const exemption = acquire.exempt.find((one) => isNull(args[one.argument - 1]));
  if (exemption !== undefined) walk.exempt.set(site, exemption.why);
  const object = newObject(acquire, called);
  const failures: { result: `-${string}` | 'error' | 'NULL'; value: Value; state: State }[] = [];
  for (const failure of acquire.failure) {
    if (failure === 'NULL') {
      failures.push({
        result: 'NULL',
        value: { kind: 'int', value: 0, from: site },
        state: state.fork(),
      });
      continue;
    }
    const known = exemption === undefined ? acquire.survive.map((one) => one.error) : [];
    for (const error of known) {
      const value: Value = { kind: 'errno', name: error, from: site };
      failures.push({ result: `-${error}`, value, state: state.fork() });
    }
    const value: Value = { kind: 'errno', name: ANY_ERRNO, from: site };
    failures.push({ result: 'error', value, state: state.fork() });
  }
  const step = { kind: 'call', function: name, where } as const;
  for (const failed of failures) {
    failed.state.step({ ...step, result: failed.result, object: undefined });
    const of = acquire.object !== 'return' && object.kind === 'symbol' ? object.id : undefined;
    failedWith(failed.state, site, failed.result, of);
  }
  if (object.kind === 'symbol') {
    state.narrow(object, POSITIVE);
    forgetEarlier(state, site);
    state.objects.set(object.id, newHeld(site));
    state.step({ ...step, result: 'ok', object: object.id });
  }
  const value = acquire.object === 'return' ? object : int(1);
  return [
    { state, value },
    ...failures.map(({ state: after, value: gives }) => ({ state: after, value: gives })),
  ];
}

/** Notes a failure. An earlier one of the same call, in a loop, is over: it was dealt with. */
function failedWith(state: State, site: number, result: Result, of?: number): void {
  state.failed = [
    ...state.failed.filter((one) => one.site !== site).map((one) => ({ ...one, other: true })),
    { site, result, other: false, of },
  ];
  for (const [location, value] of state.memory) {
    if (!location.startsWith('#') || !('from' in value) || value.from !== site) continue;
    state.memory.set(location, value.kind === 'int' ? NOTHING : { kind: 'errno', name: ANY_ERRNO });
  }
}

/**
 * Of the objects that a loop acquires the last ones are followed: those before it that are put
 * somewhere are no longer of interest, and of those that are lost one is enough.
 */
function forgetEarlier(state: State, site: number): void {
  const earlier = [...state.objects].filter(
    ([, held]) => held.site === site && held.released === undefined,
  );
  const lost = earlier.filter(([id, held]) => {
    const isKept = [...state.memory].some(
      ([location, value]) => location.startsWith('#') && value.kind === 'symbol' && value.id === id,
    );
    if (!isKept && !held.escaped) return true;
    state.objects.delete(id);
    return false;
  });
  for (const [id] of lost.slice(0, -1)) state.objects.delete(id);
}

function newHeld(site: number): Held {
  return { site, released: undefined, done: [], registered: [], escaped: false };
}

/** The object that an acquisition gives: a new symbol, or the argument whose count it raises. */
function newObject({ object, member }: Acquire, called: Called): Value {
  const { walk, state, name } = called;
  if (object === 'return') return walk.fresh({ kind: 'other', text: name });
  const arg = called.args[object - 1];
  if (arg?.kind === 'symbol' && member === undefined) return arg;
  if (arg?.kind !== 'address' || member === undefined) return NOTHING;
  const whole = new RegExp(`^#(\\d+)\\.${member}$`).exec(arg.of);
  if (whole === null) return NOTHING;
  const id = Number(whole[1]);
  // A reference that is held already hides a second one: counted objects are not followed.
  return state.objects.has(id) ? NOTHING : { kind: 'symbol', id };
}

function registered(protocol: Protocol, register: Register, called: Called): readonly Outcome[] {
  const { walk, state, name, args } = called;
  const where = whereOf(called);
  if (!mayBeGiven(called, { ...register, accepts: [] }, `is handed to ${name}()`)) return [];
  const object = objectOf(state, args[register.argument - 1]);
  const step = { kind: 'call', function: name, object, where } as const;
  const site = walk.siteOf({
    protocol,
    acquire: asAcquire(register),
    where,
    function: called.frame.name,
  });
  const failed = state.fork();
  state.step({ ...step, result: 'ok' });
  failed.step({ ...step, result: 'error' });
  failedWith(failed, site, 'error');
  const value = args[register.argument - 1];
  const id = object ?? (object === undefined && value?.kind === 'symbol' ? value.id : undefined);
  if (id !== undefined) {
    const held = state.objects.get(id) ?? presumed(walk, protocol, called, id);
    const entry = { function: name, key: keyText(args, register.key), where };
    state.objects.set(id, { ...held, registered: [...held.registered, entry] });
  }
  return [
    { state, value: NOTHING },
    { state: failed, value: { kind: 'errno', name: ANY_ERRNO, from: site } },
  ];
}

/** A registration that fails, as a failed acquisition: its error must not be overlooked either. */
function asAcquire({ function: name, failure }: Register): Acquire {
  return { function: name, object: 'return', failure, optional: false, survive: [], exempt: [] };
}

function keyText(args: readonly Value[], key: number | undefined): string {
  const value = key === undefined ? undefined : args[key - 1];
  return value?.kind === 'symbol' ? `#${value.id}` : '';
}

function unregistered(
  protocol: Protocol,
  { undo }: Register,
  undone: readonly Register[],
  called: Called,
): readonly Outcome[] {
  const { walk, state, args } = called;
  const given = undo.argument === undefined ? undefined : objectOf(state, args[undo.argument - 1]);
  const key = keyText(args, undo.key);
  const names = undone.map((one) => one.function);
  const match = [...state.objects].find(
    ([id, held]) =>
      (undo.argument === undefined || id === given) &&
      held.registered.some(
        (one) => names.includes(one.function) && (key === '' || one.key === key),
      ),
  );
  if (match === undefined) {
    // Of an object that was not acquired here it is not known where it is registered.
    const others = [...state.objects].filter(([id, { site }]) =>
      undo.argument === undefined ? isPresumed(walk, site) : id === given,
    );
    for (const [, held] of others) lateUnregister(protocol, called, held);
    if (undo.argument !== undefined)
      undoneAgain(protocol, called, undo.once === true, args[undo.argument - 1]);
  } else {
    const [id, held] = match;
    lateUnregister(protocol, called, held);
    const left = held.registered.filter((one) => !names.includes(one.function));
    state.objects.set(id, { ...held, registered: left, done: [...held.done, called.name] });
  }
  note(called, match?.[0] ?? given);
  return [{ state, value: NOTHING }];
}

/** An object that is not registered on this path, or not any more. */
function undoneAgain(
  protocol: Protocol,
  called: Called,
  once: boolean,
  value: Value | undefined,
): void {
  const { walk, state, name } = called;
  if (value?.kind !== 'symbol') return;
  const held = state.objects.get(value.id) ?? presumed(walk, protocol, called, value.id);
  if (held.done.includes(name)) {
    if (once)
      complain(
        called,
        protocol,
        'DOUBLE_RELEASE',
        `${name}() for what it was called for already`,
        held,
      );
    return;
  }
  state.objects.set(value.id, { ...held, done: [...held.done, name] });
}

function isPresumed(walk: Walk, site: number): boolean {
  return walk.sites[site]?.function.startsWith('?') === true;
}

/** Undoing comes before ending: found out where an object was ended on this path already. */
function lateUnregister(protocol: Protocol, called: Called, held: Held): void {
  const { name } = called;
  const ends = protocol.release.filter((one) => one.after.includes(name));
  const done = held.done.find((one) => ends.some((end) => end.function === one));
  if (done === undefined) return;
  complain(called, protocol, 'RELEASE_ORDER', `${name}() comes after ${done}()`, held);
}

function released(protocol: Protocol, release: Release, called: Called): readonly Outcome[] {
  const { walk, state, args, name } = called;
  const value = args[release.argument - 1];
  const done: readonly Outcome[] = [{ state, value: NOTHING }];
  if (value === undefined) return done;
  if (!mayBeGiven(called, release, `is handed to ${name}()`)) return [];
  const object = objectOf(state, value);
  if (object === null || object === undefined) {
    if (object === null || value.kind !== 'symbol') {
      note(called, null, release.argument);
      return done;
    }
  }
  const id = value.kind === 'symbol' ? value.id : undefined;
  if (id === undefined) return done;
  const held = state.objects.get(id) ?? presumed(walk, protocol, called, id);
  if (held.released !== undefined) {
    const type = release.effect === 'frees' ? 'DOUBLE_RELEASE' : 'RELEASE_ORDER';
    complain(called, protocol, type, `${name}() for an object that is released already`, held);
    return [];
  }
  if (state.objects.has(id)) checkOrder(protocol, release, called, held);
  const frees = release.effect === 'frees';
  if (held.done.includes(name) && !frees) {
    // Ending twice is harmless in the kernel: kill_dax() of a dead device does nothing new.
    return done;
  }
  state.objects.set(id, {
    ...held,
    done: [...held.done, name],
    released: frees ? whereOf(called) : undefined,
  });
  note(called, id, release.argument);
  return done;
}

/** An object that this function did not acquire: what happened before is taken to be right. */
function presumed(walk: Walk, protocol: Protocol, called: Called, id: number): Held {
  const acquire = protocol.acquire[0];
  if (acquire === undefined) return { ...newHeld(-1), escaped: true };
  const { state, frame } = called;
  const kept = [...state.memory].flatMap(([location, value]) =>
    value.kind === 'symbol' && value.id === id ? [placeOf(location, state, frame)] : [],
  );
  const place = kept.find((one) => one !== undefined);
  const where = whereOf(called);
  const site = walk.siteOf({ protocol, acquire, where, function: `?${called.frame.name}` });
  return { ...newHeld(site), escaped: true, place };
}

function checkOrder(protocol: Protocol, release: Release, called: Called, held: Held): void {
  const { name } = called;
  const [entry] = held.registered;
  const undo = protocol.register.find((one) => one.function === entry?.function)?.undo.function;
  if (entry !== undefined && undo !== undefined) {
    // What only ends an object may still be followed by the undoing, which is then out of order.
    if (release.effect === 'ends') return;
    const message = `${name}() for an object that ${undo}() was not called for`;
    complain(called, protocol, 'NOT_UNREGISTERED', message, held);
    return;
  }
  if (held.escaped) return;
  const missing = release.after.find(
    (one) => protocol.release.some((r) => r.function === one) && !held.done.includes(one),
  );
  if (missing === undefined) return;
  complain(called, protocol, 'RELEASE_ORDER', `${name}() without ${missing}() before it`, held);
}

function complain(
  called: Called,
  protocol: Protocol,
  type: Problem['type'],
  message: string,
  held: Held,
): void {
  const { walk, state, frame } = called;
  const site = walk.sites[held.site];
  walk.problem({
    type,
    protocol,
    where: whereOf(called),
    function: frame.name,
    message,
    state,
    site: site?.function.startsWith('?') === true ? undefined : site,
  });
}

/** Whether a function may be given this value; where not, it is reported and the path ends. */
function mayBeGiven(
  called: Called,
  rule: {
    readonly function: string;
    readonly argument: number;
    readonly accepts: readonly Harmless[];
  },
  how: string,
): boolean {
  const { walk, args, state, frame, name } = called;
  const value = args[rule.argument - 1];
  if (value === undefined || (value.kind !== 'int' && value.kind !== 'errno')) {
    return value === undefined || notReleased(called, value);
  }
  const what: Harmless = value.kind === 'errno' ? 'ERR_PTR' : 'NULL';
  if (rule.accepts.includes(what)) return true;
  const isRelease = walk.options.protocols.some((p) => p.release.some((r) => r.function === name));
  const from = value.from ?? failedBefore(called);
  const site = from === undefined ? undefined : walk.sites[from];
  if (isRelease && site !== undefined) {
    walk.problem({
      type: 'RELEASE_OF_ERROR',
      protocol: site.protocol,
      where: whereOf(called),
      function: frame.name,
      message: `${name}() is given ${what === 'NULL' ? 'NULL' : 'an error pointer'}`,
      state,
      site,
    });
    return false;
  }
  if (value.kind === 'int' && from === undefined && !isRelease && unset(called, rule)) return false;
  const plain = value.from === undefined && from !== undefined;
  // What was set to NULL by hand was not tested wrongly.
  if (plain) state.tested.delete(from);
  const told = from === undefined ? value : { ...value, from };
  misused(walk, told, state, whereOf(called), frame.name, how);
  return false;
}

/** NULL is handed on though there is an object: it was not put where it is looked for. */
function unset(
  called: Called,
  rule: { readonly function: string; readonly argument: number },
): boolean {
  const { walk, state, name, call } = called;
  const given = call.args[rule.argument - 1];
  const knows = ({ use, register }: Protocol): boolean =>
    [...use, ...register].some((one) => one.function === name);
  const held = [...state.objects.values()].find(({ site, released, place }) => {
    const protocol = walk.sites[site]?.protocol;
    return protocol !== undefined && knows(protocol) && !released && place === undefined;
  });
  const protocol = held && walk.sites[held.site]?.protocol;
  if (held === undefined || protocol === undefined || given === undefined) return false;
  const before = `before it is set to the ${protocol.title}`;
  const message = `${textOf(given)} is handed to ${name}() ${before}`;
  complain(called, protocol, 'STORED_TOO_LATE', message, held);
  return true;
}

/** A plain NULL stands for the object that could not be had, if one of the protocol could not. */
function failedBefore({ walk, state, name }: Called): number | undefined {
  return state.failed.find(({ site }) =>
    walk.sites[site]?.protocol.use.some((one) => one.function === name),
  )?.site;
}

function notReleased(called: Called, value: Value): boolean {
  const { state, name, walk } = called;
  const held = value.kind === 'symbol' ? state.objects.get(value.id) : undefined;
  if (held?.released === undefined) return true;
  const isRelease = walk.options.protocols.some((p) => p.release.some((r) => r.function === name));
  if (isRelease) return true;
  const site = walk.sites[held.site];
  if (site === undefined) return true;
  complain(
    called,
    site.protocol,
    'RELEASE_ORDER',
    `${name}() for an object that is released already`,
    held,
  );
  return false;
}

function isNull(value: Value | undefined): boolean {
  return value?.kind === 'int' && value.value === 0;
}

/** The object that a value is; null for NULL and error pointers, undefined for anything else. */
function objectOf(state: State, value: Value | undefined): number | null | undefined {
  if (value === undefined) return undefined;
  const parts = state.parts(value);
  if (parts === ZERO || parts === ERROR) return null;
  return value.kind === 'symbol' && state.objects.has(value.id) ? value.id : undefined;
}

function note(called: Called, object: number | null | undefined, argument?: number): void {
  const { state, name, call } = called;
  const given = argument === undefined ? undefined : call.args[argument - 1];
  const text = given === undefined ? {} : { given: textOf(given) };
  state.step({
    kind: 'call',
    function: name,
    result: 'ok',
    object,
    ...text,
    where: whereOf(called),
  });
}

/** Objects given to a function that nobody knows: it may keep them, if their protocol says so. */
export function handOver(walk: Walk, args: readonly Value[], state: State): void {
  for (const arg of args) {
    const held = arg.kind === 'symbol' ? state.objects.get(arg.id) : undefined;
    if (arg.kind !== 'symbol' || held === undefined) continue;
    if (walk.sites[held.site]?.protocol.otherCalls !== 'take') continue;
    state.objects.set(arg.id, { ...held, escaped: true });
  }
}
