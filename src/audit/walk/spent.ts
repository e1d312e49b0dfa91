// Objects that are over: released, and nothing leads to them any more. In a loop that releases what
// a list holds each round would add one, and no two states would ever be alike.

import type { State } from './state.ts';
import type { Value } from './value.ts';

/**
 * Forgets objects that are over. Of those that came from one place and went the same way the last
 * one stays: what a function does with the objects of a field is told by what it did to one.
 */
export function forgetSpent(state: State, isLive: (location: string) => boolean): void {
  const over = [...state.objects].filter(
    ([, held]) => held.released !== undefined && held.registered.length === 0,
  );
  if (over.length < 2) return;
  const reached = reachable(state, isLive);
  const seen = new Set<string>();
  for (const [id, held] of over.reverse()) {
    if (reached.has(id)) continue;
    const way = `${held.site} ${held.place ?? ''} ${held.done.join()} ${held.escaped}`;
    if (!seen.has(way)) {
      seen.add(way);
      continue;
    }
    state.objects.delete(id);
    // What it held is no place where another object lives on.
    state.owned.set(id, 'freed');
  }
}

/** Symbols that variables, or memory that they lead to, still hold. */
function reachable(state: State, isLive: (location: string) => boolean): ReadonlySet<number> {
  const fields = new Map<number, Value[]>();
  const open: Value[] = state.deferred.map(({ data }) => data);
  for (const [location, value] of state.memory) {
    const base = /^#(\d+)(@.*)?/.exec(location);
    if (base === null) {
      if (isLive(location)) open.push(value);
    } else if (base[2] === undefined || isLive(base[2])) {
      const id = Number(base[1]);
      const known = fields.get(id);
      if (known === undefined) fields.set(id, [value]);
      else known.push(value);
    }
  }
  const reached = new Set<number>();
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const id = symbolOf(value);
    if (id === undefined || reached.has(id)) continue;
    reached.add(id);
    open.push(...(fields.get(id) ?? []));
  }
  return reached;
}

function symbolOf(value: Value): number | undefined {
  if (value.kind === 'symbol') return value.id;
  const base = value.kind === 'address' ? /^#(\d+)/.exec(value.of) : null;
  return base === null ? undefined : Number(base[1]);
}
