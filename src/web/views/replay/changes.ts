// What changed between two steps, so that only that is emphasised.

/** What became of one thing. */
export type Change = 'same' | 'new' | 'changed' | 'gone';

/** One thing, as it is or was last. */
export interface Changed<T> {
  readonly thing: T;
  readonly change: Change;
}

/**
 * The things of `after` and then those that went, each with what became of it; things are the same
 * ones where `nameOf` says so. Without a `before` all are old.
 */
export function changesOf<T>(
  before: readonly T[] | undefined,
  after: readonly T[],
  nameOf: (thing: T) => string,
): readonly Changed<T>[] {
  if (before === undefined) return after.map((thing) => ({ thing, change: 'same' }));
  const old = new Map(before.map((thing) => [nameOf(thing), JSON.stringify(thing)]));
  const names = new Set(after.map(nameOf));
  const here = after.map((thing): Changed<T> => {
    const was = old.get(nameOf(thing));
    if (was === undefined) return { thing, change: 'new' };
    return { thing, change: was === JSON.stringify(thing) ? 'same' : 'changed' };
  });
  const gone = before.filter((thing) => !names.has(nameOf(thing)));
  return [...here, ...gone.map((thing): Changed<T> => ({ thing, change: 'gone' }))];
}
