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
  const { model, remedy } = options;
  if (remedy === 'deny') return 'deny';
  const keys = mappingKeys(program, options);
  const copies = numbered(
    keys.map(({ mapping, key }) => (key === undefined ? undefined : `${mapping.page} ${key}`)),
  );
  const cached = copies.some((c) => c >= 0);
  const aliased = keys.some(({ mapping, key }) =>
    keys.some((k) => k.mapping.page === mapping.page && differ(k.key, key)),
  );
  const excludes = aliased ? model.excludes : 'none';
  const sets = excludes === 'same-index' ? numbered(keys.map((k) => String(k.colour))) : [];
  const steps = everyStep(program.threads.flatMap((t) => t.steps));
  const asks = (kind: string): boolean => steps.some((s) => s.kind === kind);
  const { pmemApi, flushcache, flushCachePage } = options.persistence ?? noPersistence;
  return JSON.stringify([
    remedy,
    copies,
    sets,
    excludes,
    cached ? [model.write, model.allocateOnWrite] : [],
    asks('fetch') ? [model.icache, cached] : [],
    asks('fsync') ? [pmemApi, flushCachePage] : [],
    asks('kernel-access') ? [flushcache] : [],
    asks('call') ? Object.entries(options.answers ?? {}).sort(byName) : [],
  ]);
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
