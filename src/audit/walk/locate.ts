// Locations: where a value is kept. `3:x` is the variable x of the third call, `g:x` a global,
// `#12.field` a field of what symbol 12 points to.

import type { Expr, FieldExpr } from '../flow/index.ts';
import type { Frame, NullField, Walk } from './context.ts';
import { misused } from './misuse.ts';
import type { State } from './state.ts';
import { NOTHING, type Value } from './value.ts';

/** A location, and the state after finding it; undefined: somewhere that is not followed. */
export interface Located {
  readonly state: State;
  readonly location: string | undefined;
}

/** The location that an expression names. States in which that is no memory are left out. */
export function locate(walk: Walk, expr: Expr, state: State, frame: Frame): readonly Located[] {
  switch (expr.kind) {
    case 'name':
      return [{ state, location: variable(expr.name, frame) }];
    case 'field':
      return expr.arrow
        ? through(walk, expr.base, state, frame, `.${expr.field}`, expr.at)
        : locate(walk, expr.base, state, frame).map(({ state: after, location }) => ({
            state: after,
            location: location === undefined ? undefined : `${location}.${expr.field}`,
          }));
    case 'deref':
      return through(walk, expr.of, state, frame, '.*', expr.at);
    case 'index':
      return element(walk, expr, state, frame);
    default:
      return walk
        .evaluate(expr, state, frame)
        .map(({ state: after }) => ({ state: after, location: undefined }));
  }
}

function variable(name: string, frame: Frame): string {
  return frame.locals.has(name) ? `${frame.id}:${name}` : `g:${name}`;
}

/** What a pointer leads to, with `tail` behind it. */
function through(
  walk: Walk,
  pointer: Expr,
  state: State,
  frame: Frame,
  tail: string,
  at: number,
): readonly Located[] {
  return walk
    .evaluate(pointer, state, frame)
    .flatMap(({ state: after, value }): readonly Located[] => {
      const settled = after.settled(value);
      switch (settled.kind) {
        case 'symbol':
          // Whoever goes through a pointer lives on only if it is one.
          if (!after.narrow(settled, 2)) return [];
          return [{ state: after, location: `#${settled.id}${tail}` }];
        case 'address':
          return [{ state: after, location: tail === '.*' ? settled.of : `${settled.of}${tail}` }];
        case 'function':
          return [{ state: after, location: undefined }];
        case 'int':
        case 'errno':
          misused(walk, settled, after, { unit: frame.unit, at }, frame.name, 'is dereferenced');
          return [];
      }
    });
}

function element(
  walk: Walk,
  expr: Extract<Expr, { readonly kind: 'index' }>,
  state: State,
  frame: Frame,
): readonly Located[] {
  return walk.evaluate(expr.index, state, frame).flatMap(({ state: after, value: index }) => {
    const tail = index.kind === 'int' ? `[${index.value}]` : undefined;
    return locate(walk, expr.base, after, frame).flatMap(
      ({ state: then, location }): readonly Located[] => {
        if (location === undefined || tail === undefined) {
          return [{ state: then, location: undefined }];
        }
        const base = then.memory.get(location);
        const settled = base && then.settled(base);
        if (settled?.kind === 'symbol') return [{ state: then, location: `#${settled.id}${tail}` }];
        return [{ state: then, location: `${location}${tail}` }];
      },
    );
  });
}

/** The value that is kept at a location; what was never seen gets a symbol of its own. */
export function read(walk: Walk, location: string, state: State): Value {
  const known = state.memory.get(location);
  if (known !== undefined) return known;
  const value = untouched(walk, location);
  state.memory.set(location, value);
  return value;
}

function untouched(walk: Walk, location: string): Value {
  const base = /^#(\d+)/.exec(location);
  const origin = base === null ? undefined : walk.origins.get(Number(base[1]));
  if (origin?.kind === 'memory' && origin.zeroed) return NOTHING;
  return walk.fresh({ kind: 'other', text: location });
}

/**
 * Type and members of a location, e.g. `struct table_device.dm_dev.dax_dev`, where a variable of a
 * running function leads there; undefined: none does.
 */
export function placeOf(location: string, state: State, frame: Frame): string | undefined {
  const match = /^#(\d+)(\..*)$/.exec(location);
  if (match === null) return undefined;
  for (let one: Frame | undefined = frame; one !== undefined; one = one.caller) {
    for (const [name, type] of one.types) {
      const value = state.memory.get(`${one.id}:${name}`);
      if (value?.kind === 'symbol' && value.id === Number(match[1]) && /^struct \w+/.test(type)) {
        return `${type.replace(/[\s*]+$/, '')}${match[2]}`;
      }
    }
  }
  return undefined;
}

/** Sets a location; what was known of its parts is forgotten. */
export function write(location: string, value: Value, state: State): void {
  if (value.kind === 'symbol' || value.kind === 'address') forgetParts(location, state);
  state.memory.set(location, value);
}

/**
 * Forgets a location and its parts: somebody may have written there. What a part points to is kept:
 * tables and types of an object are set once, by its owner.
 */
export function forget(location: string, state: State): void {
  state.memory.delete(location);
  for (const [other, value] of state.memory) {
    if (!isPart(other, location)) continue;
    if (value.kind !== 'function' && value.kind !== 'address') state.memory.delete(other);
  }
}

function isPart(other: string, location: string): boolean {
  return other.startsWith(location) && /^[.[]/.test(other.slice(location.length));
}

function forgetParts(location: string, state: State): void {
  for (const other of state.memory.keys()) {
    if (isPart(other, location)) state.memory.delete(other);
  }
}

/** The field that may be NULL which `expr` names, by the declared type of what it is taken from. */
export function nullFieldOf(walk: Walk, expr: FieldExpr, frame: Frame): NullField | undefined {
  const { base } = expr;
  if (walk.options.nullFields === undefined || base.kind !== 'name') return undefined;
  const type = frame.types.get(base.name) ?? '';
  return walk.options.nullFields.find(
    ({ struct, field }) => field === expr.field && type.endsWith(struct),
  );
}
