// Which settings of a program have one and the same transition system, so that it is explored once.

import type { Program } from '../litmus/index.ts';
import { mappingKeys, type ScenarioOptions } from './compile.ts';
import { everyStep } from './flow.ts';
import { noPersistence } from './persistence.ts';

/**
 * Settings with equal keys compile `program` to equal systems, but for the names of copies. The key
 * says what the system depends on, nothing else: which addresses meet in one copy and which in one
 * set, the write policy, and the answers of kernel and port where the program asks for them.
 */
export function systemKey(program: Program, options: ScenarioOptions): string {
  return systemKeyer(program)(options);
}

/** The same for many settings of one program, whose steps are looked through once. */
export function systemKeyer(program: Program): (options: ScenarioOptions) => string {
  const kinds = new Set(everyStep(program.threads.flatMap((t) => t.steps)).map((s) => s.kind));
  return (options) => {
    if (options.remedy === 'deny') return 'deny';
    const { pmemApi, flushcache, flushCachePage } = options.persistence ?? noPersistence;
    const answers = Object.entries(options.answers ?? {}).sort(byName);
    return [
      options.remedy,
      cacheKey(program, options),
      kinds.has('fetch') ? fetchKey(program, options) : '',
      kinds.has('fsync') || kinds.has('dax-flush') ? `${pmemApi} ${flushCachePage}` : '',
      kinds.has('kernel-access') ? `${flushcache}` : '',
      kinds.has('call') ? answers.map(([name, value]) => `${name}=${value}`).join() : '',
    ].join(';');
  };
}

function cacheKey(program: Program, options: ScenarioOptions): string {
  const { model } = options;
  const keys = mappingKeys(program, options);
  const copies = numbered(
    keys.map(({ mapping, key }) => (key === undefined ? undefined : `${mapping.page} ${key}`)),
  );
  if (copies.every((c) => c < 0)) return 'uncached';
  const aliased = keys.some(({ mapping, key }) =>
    keys.some((k) => k.mapping.page === mapping.page && differ(k.key, key)),
  );
  const excludes = aliased ? model.excludes : 'none';
  const sets = excludes === 'same-index' ? numbered(keys.map((k) => String(k.colour))) : [];
  return [copies.join(), sets.join(), excludes, model.write, model.allocateOnWrite].join(' ');
}

// Where fetches see stores by themselves nothing else counts.
function fetchKey(program: Program, options: ScenarioOptions): string {
  const { icache, instruction } = options.model;
  if (icache === 'coherent') return icache;
  const keys = mappingKeys(program, options).map(({ mapping, fetch }) => ({ mapping, ...fetch }));
  const copies = numbered(
    keys.map(({ mapping, key }) => (key === undefined ? undefined : `${mapping.page} ${key}`)),
  );
  const excludes = instruction.excludes === 'same-index';
  const sets = excludes ? numbered(keys.map(({ colour }) => String(colour))) : [];
  return [icache, copies.join(), sets.join()].join(' ');
}

function byName(a: readonly [string, number], b: readonly [string, number]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

/** Each word by the number of its first occurrence; -1 where there is none. */
function numbered(words: readonly (string | undefined)[]): readonly number[] {
  const known = new Map<string, number>();
  return words.map((word) => {
    if (word === undefined) return -1;
    const number = known.get(word) ?? known.size;
    known.set(word, number);
    return number;
  });
}
