// What is wrong at the end of a path: objects that nobody gives back, errors that were overlooked
// or taken too seriously, features without what they promise.

import type { Flow } from '../flow/index.ts';
import type { Protocol, Survivable } from '../protocol/index.ts';
import type { Outcome, Site } from './context.ts';
import { lostMemory } from './lost.ts';
import type { At, Held, State } from './state.ts';
import { callExprsOf } from './sources.ts';
import { ERROR, POSITIVE, type Value, ZERO } from './value.ts';
import type { Walker } from './walker.ts';

/** How a function ended. */
export type EndKind = 'success' | 'failure';

/** One end, with what is asked of it. */
export interface End {
  readonly kind: EndKind;
  readonly state: State;
  readonly value: Value;
}

/** Something wrong that shows only at an end. */
export interface EndProblem {
  readonly type:
    | 'LEAK'
    | 'NOT_UNREGISTERED'
    | 'ERROR_AS_OBJECT'
    | 'SURVIVABLE_ERROR_FATAL'
    | 'FATAL_ERROR_SURVIVED'
    | 'FEATURE_WITHOUT_OBJECT';
  readonly protocol: Protocol;
  readonly site: Site;
  readonly where: At;
  readonly state: State;
  readonly message: string;
  readonly survivable?: Survivable;
}

/** Ends of the function with their kinds. */
export function endsOf(walker: Walker, flow: Flow, outcomes: readonly Outcome[]): readonly End[] {
  const ends = outcomes.map(
    ({ state, value }): End => ({ kind: kindOf(walker, flow, state, value), state, value }),
  );
  if (flow.returnsPointer) return ends;
  const whole = ends.filter(({ state, kind }) => kind === 'success' && state.failed.length === 0);
  const good = new Set(whole.map(({ value }) => textOf(value)));
  // A constant that is returned where something failed, and never else, tells of the failure.
  return ends.map((end) => {
    const isOwn = end.state.failed.length > 0 && end.value.kind === 'int';
    const tells = isOwn && flow.returns !== 'void' && good.size > 0;
    return tells && !good.has(textOf(end.value)) ? { ...end, kind: 'failure' } : end;
  });
}

function textOf(value: Value): string {
  return value.kind === 'int' ? String(value.value) : value.kind;
}

function kindOf(walker: Walker, flow: Flow, state: State, value: Value): EndKind {
  const parts = state.parts(value);
  if (flow.returnsPointer) return (parts & POSITIVE) === 0 ? 'failure' : 'success';
  if (parts === ERROR) return 'failure';
  if (/^(?:bool|void|struct\b.*)$/.test(flow.returns)) return 'success';
  // What some call gave and was tested not to be zero.
  const origin = value.kind === 'symbol' ? walker.origins.get(value.id) : undefined;
  const tested = (parts & ZERO) === 0 && parts !== POSITIVE;
  return origin?.kind === 'call' && tested ? 'failure' : 'success';
}

/** Everything that is wrong at the ends. */
export function endProblems(
  walker: Walker,
  ends: readonly End[],
  flow: Flow,
): readonly EndProblem[] {
  // What returns nothing can tell nobody of an error.
  const isMute = flow.returns === 'void' && !flow.returnsPointer;
  return [
    ...ends.flatMap((end) => leaks(walker, end, ends)),
    ...ends.flatMap((end) => {
      // What is kept as an object was overlooked, but that is the lesser part of it.
      const kept = keptErrors(walker, end);
      const sites = kept.map(({ site }) => site);
      const passed = isMute ? [] : overlooked(walker, end, ends, flow);
      return [...kept, ...passed.filter(({ site }) => !sites.includes(site))];
    }),
    ...fatal(walker, ends),
    ...features(walker, ends),
  ];
}

function leaks(walker: Walker, end: End, ends: readonly End[]): readonly EndProblem[] {
  const { state, kind, value } = end;
  const lost = lostMemory(end, ends);
  return [...state.objects].flatMap(([id, held]): readonly EndProblem[] => {
    const site = walker.sites[held.site];
    if (site === undefined || held.released) return [];
    if (held.escaped) return leftRegistered(end, ends, { site, held });
    if (value.kind === 'symbol' && value.id === id) return [];
    if (isDeferred(state, id)) return [];
    const isKept = keepers(state, kind).some(
      ([location, kept]) => kept.kind === 'symbol' && kept.id === id && !lost(location, held.site),
    );
    const { protocol } = site;
    const where = site.where;
    if (isKept) return [];
    const what = `${protocol.title} from ${site.acquire.function}()`;
    const entry = held.registered[0];
    if (entry !== undefined && held.done.length > 0) {
      const message = `${what} is still registered by ${entry.function}()`;
      return [{ type: 'NOT_UNREGISTERED', protocol, site, where: entry.where, state, message }];
    }
    const how = kind === 'failure' ? 'when it fails' : 'though it succeeds';
    const message = `${site.function}() never gives back the ${what} ${how}`;
    return [{ type: 'LEAK', protocol, site, where, state, message }];
  });
}

/**
 * An object of somebody else that was registered here, and stays so though the function fails. The
 * caller may see to it, unless another failing path does.
 */
function leftRegistered(
  { kind, state }: End,
  ends: readonly End[],
  { site, held }: { readonly site: Site; readonly held: Held },
): readonly EndProblem[] {
  const [entry] = held.registered;
  const { protocol } = site;
  const undo = protocol.register.find((one) => one.function === entry?.function)?.undo.function;
  if (kind === 'success' || entry === undefined || undo === undefined) return [];
  const isUndone = ends.some(
    (other) =>
      other.kind === 'failure' &&
      [...other.state.objects.values()].some((o) => o.site === held.site && o.done.includes(undo)),
  );
  if (!isUndone) return [];
  const message = `${protocol.title} is still registered by ${entry.function}() when it fails`;
  return [{ type: 'NOT_UNREGISTERED', protocol, site, where: entry.where, state, message }];
}

/** Whether an action of the device will get the object, or the memory that it is kept in. */
function isDeferred(state: State, id: number): boolean {
  return state.deferred.some(({ data }) => {
    const value = state.settled(data);
    if (value.kind !== 'symbol') return false;
    if (value.id === id) return true;
    return [...state.memory].some(
      ([location, kept]) =>
        location.startsWith(`#${value.id}.`) && kept.kind === 'symbol' && kept.id === id,
    );
  });
}

/** Locations that outlive the function: not its own variables, and not memory that is gone. */
export function keepers(state: State, kind: EndKind): readonly (readonly [string, Value])[] {
  return [...state.memory].filter(([location]) => {
    if (location.startsWith('g:')) return true;
    const base = /^#(\d+)/.exec(location);
    if (base === null) return false;
    const owned = state.owned.get(Number(base[1]));
    if (owned === 'freed') return false;
    // A failed attach gives the device's memory back, and with it what only that led to.
    if (owned === 'device') return kind === 'success';
    const held = state.objects.get(Number(base[1]));
    return held?.released === undefined;
  });
}

/** Errors that are not survivable, and after which the function goes on as if nothing were. */
function overlooked(
  walker: Walker,
  end: End,
  ends: readonly End[],
  flow: Flow,
): readonly EndProblem[] {
  const { kind, state, value } = end;
  // Callers that are given error pointers take NULL for success.
  const isNull = value.kind === 'int' && value.value === 0;
  const isMixed = isNull && ends.some((other) => other.value.kind === 'errno');
  if (kind === 'failure' && !isMixed) return [];
  return state.failed.flatMap(({ site: index, result, of }): readonly EndProblem[] => {
    const site = walker.sites[index];
    // Who goes without a reference must not give the object to others.
    const isGiven = of !== undefined && value.kind === 'symbol' && value.id === of;
    if (site === undefined || (site.acquire.optional && !isGiven)) return [];
    if (discards(flow, site.function)) return [];
    const survives = site.acquire.survive.some((one) => `-${one.error}` === result);
    if (survives || !(result === 'error' || result === 'NULL')) return [];
    const { protocol, where, acquire } = site;
    const inner = site.function === flow.name ? '' : ` in ${site.function}()`;
    const by = `${flow.name}() goes on`;
    const message = `the failure of ${acquire.function}()${inner} is overlooked: ${by}`;
    return [{ type: 'FATAL_ERROR_SURVIVED', protocol, site, where, state, message }];
  });
}

/** Whether the function does not even look at what the other one returns: it is not asked to. */
function discards(flow: Flow, name: string): boolean {
  const thrown = flow.nodes.filter(
    (node) => node.kind === 'do' && node.expr.kind === 'call' && node.expr.callee === name,
  );
  const all = callExprsOf(flow).filter(({ callee }) => callee === name);
  return thrown.length > 0 && all.length === thrown.length;
}

/** An error pointer that stays where an object is looked for, after success. */
function keptErrors(walker: Walker, { kind, state }: End): readonly EndProblem[] {
  if (kind === 'failure') return [];
  return keepers(state, kind).flatMap(([location, value]): readonly EndProblem[] => {
    if (value.kind !== 'errno' || value.from === undefined || value.from < 0) return [];
    const site = walker.sites[value.from];
    if (site === undefined) return [];
    const field = location.replace(/^(?:#\d+\.|g:)/, '');
    const message = `${field} keeps the error pointer from ${site.acquire.function}()`;
    const { protocol, where } = site;
    return [{ type: 'ERROR_AS_OBJECT', protocol, site, where, state, message }];
  });
}

/** Survivable errors after which no path succeeds. */
function fatal(walker: Walker, ends: readonly End[]): readonly EndProblem[] {
  return walker.sites.flatMap((site, index) =>
    site.acquire.survive.flatMap((survivable): readonly EndProblem[] => {
      const result = `-${survivable.error}`;
      const after = ends.filter(({ state }) =>
        state.failed.some((one) => one.site === index && one.result === result && !one.other),
      );
      const [first] = after;
      if (first === undefined || after.some(({ kind }) => kind === 'success')) return [];
      const { protocol, where, acquire } = site;
      const message =
        `${site.function}() fails with ${result} of ${acquire.function}(), ` +
        `which it should survive: ${survivable.why}`;
      return [
        {
          type: 'SURVIVABLE_ERROR_FATAL',
          protocol,
          site,
          where,
          state: first.state,
          message,
          survivable,
        },
      ];
    }),
  );
}

/** Features announced on a path that succeeds without the object that they promise. */
function features(walker: Walker, ends: readonly End[]): readonly EndProblem[] {
  return ends.flatMap(({ kind, state }) => {
    if (kind === 'failure') return [];
    return [...state.features].flatMap(([name, where]): readonly EndProblem[] => {
      const failed = state.failed.find((one) => {
        const { protocol, acquire } = walker.sites[one.site] ?? {};
        // An error that is overlooked is another fault.
        if (acquire?.survive.some(({ error }) => one.result === `-${error}`) !== true) return false;
        return protocol?.features.some((f) => f.name === name) === true;
      });
      const site = failed && walker.sites[failed.site];
      if (failed === undefined || site === undefined) return [];
      const why = site.protocol.features.find((f) => f.name === name)?.why ?? '';
      const message =
        `${name} is announced, and ${site.function}() succeeds without the ` +
        `${site.protocol.title} (${failed.result} from ${site.acquire.function}()): ${why}`;
      return [
        { type: 'FEATURE_WITHOUT_OBJECT', protocol: site.protocol, site, where, state, message },
      ];
    });
  });
}
