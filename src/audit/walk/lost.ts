// Memory that a function allocated and that nobody knows of when it fails: what is kept there is
// lost with it. Who may know is told by names, and by what other failing paths do themselves.

import type { Frame, Walk } from './context.ts';
import type { End } from './ends.ts';
import { callsOf } from './sources.ts';
import type { State } from './state.ts';
import type { Value } from './value.ts';

const ADDS = wordsOf(
  `add register initialize insert replace link attach queue schedule publish install drvdata get
  hold splice move`,
);
const GIVES_BACK = wordsOf(
  `put free release destroy unregister remove cleanup clean del delete exit drop detach teardown
  fini kill`,
);

/** Matches names with one of the words between underscores. */
function wordsOf(list: string): RegExp {
  return new RegExp(`(?:^|_)(?:${list.split(/\s+/).join('|')})(?:_|$)`);
}

/** Notes that memory of this path was handed to a function that may keep it, or free it. */
export function noteHanded(
  walk: Walk,
  name: string,
  args: readonly Value[],
  state: State,
  frame: Frame,
): void {
  const callee = walk.options.sources.flow(name, frame.unit);
  const names = callee === undefined ? [name] : [name, ...callsOf(callee.flow)];
  const tells = names.some((one) => ADDS.test(one) || GIVES_BACK.test(one));
  for (const arg of args) {
    const id = memoryOf(arg);
    if (id === undefined || state.owned.get(id) !== 'local') continue;
    // Whoever gets the whole of it, and cannot be looked into, may do anything with it.
    const isWhole = arg.kind === 'symbol' && callee === undefined;
    if (!tells && !isWhole) continue;
    state.handed.set(id, new Set([...(state.handed.get(id) ?? []), name]));
  }
}

function memoryOf(value: Value): number | undefined {
  if (value.kind === 'symbol') return value.id;
  if (value.kind !== 'address') return undefined;
  const base = /^#(\d+)/.exec(value.of);
  return base === null ? undefined : Number(base[1]);
}

/**
 * Whether a location lies in memory that is lost at an end, for an object of a site. It is where
 * nobody was given the memory; or where another path that fails gives such an object back by
 * itself, though its memory was handed to the same functions: then these do not give it back.
 */
export function lostMemory(
  end: End,
  ends: readonly End[],
): (location: string, site: number) => boolean {
  return (location, site) => {
    const base = /^#(\d+)/.exec(location);
    if (base === null || end.kind === 'success') return false;
    const id = Number(base[1]);
    const { state } = end;
    if (state.owned.get(id) !== 'local') return false;
    if (state.deferred.some(({ data }) => memoryOf(data) === id)) return false;
    const handed = [...(state.handed.get(id) ?? [])];
    if (handed.length === 0 && !isOutside(state, id)) return true;
    return ends.some((other) => {
      if (other === end || other.kind === 'success') return false;
      const { objects } = other.state;
      const isGiven = [...objects.values()].some(
        (o) => o.site === site && o.released !== undefined,
      );
      if (!isGiven) return false;
      const theirs = new Set([...other.state.handed.values()].flatMap((names) => [...names]));
      return handed.every((name) => theirs.has(name));
    });
  };
}

/** Whether something that the function did not allocate leads to the memory. */
function isOutside(state: State, id: number): boolean {
  return [...state.memory].some(([location, value]) => {
    if (memoryOf(value) !== id) return false;
    const base = /^#(\d+)/.exec(location);
    if (base === null) return location.startsWith('g:');
    const own = Number(base[1]);
    return own !== id && !state.owned.has(own) && !state.objects.has(own);
  });
}
