// Which settings a `Result:` line speaks of: `on vivt set-associative, vipt-aliasing`.

import type { Bed, Setting } from './settings.ts';

/** One word of a selector, `not` before it or not. */
export interface Selector {
  readonly word: string;
  readonly negated: boolean;
}

/** One `Result:` line: the observation expected where it applies. */
export interface Expectation {
  readonly word: 'Never' | 'Sometimes' | 'Always';
  /** Any of these, each all of its words; empty: on everything. */
  readonly on: readonly (readonly Selector[])[];
  /** Kernel ids; empty: under every kernel. */
  readonly under: readonly string[];
  /** Remedies; empty: with whatever the test runs with. */
  readonly with: readonly string[];
}

type Test = (bed: Bed) => boolean;

const aliases: Test = ({ model }) =>
  (model.aliasClass === 'vivt' || model.aliasClass === 'vipt-aliasing') && model.excludes !== 'all';

const words: Readonly<Record<string, Test>> = {
  vivt: ({ model }) => model.aliasClass === 'vivt',
  'vipt-aliasing': ({ model }) => model.aliasClass === 'vipt-aliasing',
  'vipt-nonaliasing': ({ model }) => model.aliasClass === 'vipt-nonaliasing',
  pipt: ({ model }) => model.aliasClass === 'pipt',
  uncached: ({ model }) => model.aliasClass === 'none',
  aliasing: aliases,
  coherent: (bed) => !aliases(bed),
  'write-back': ({ model }) => model.aliasClass !== 'none' && model.write === 'back',
  'write-through': ({ model }) => model.aliasClass !== 'none' && model.write === 'through',
  'write-allocate': ({ model }) => model.aliasClass !== 'none' && model.allocateOnWrite,
  'no-write-allocate': ({ model }) => model.aliasClass !== 'none' && !model.allocateOnWrite,
  'direct-mapped': ({ ways }) => ways === 1,
  'set-associative': ({ ways }) => ways > 1,
  traps: ({ model }) => model.excludes === 'all',
  'hardware-synonyms': ({ machine }) => machine?.dcache?.synonyms === 'hardware',
  'icache-coherent': ({ model }) => model.icache === 'coherent',
  'pmem-api': ({ durability }) => durability.pmemApi,
  flushcache: ({ durability }) => durability.flushcache,
  'flush-cache-page': ({ durability }) => durability.flushCachePage,
};

/** The words of selectors that are not ids of machines or names of architectures. */
export const selectorWords: readonly string[] = [...Object.keys(words), 'colours=N', 'colours>=N'];

/** Whether the bed is one that `word` names: a property, a machine id, or an architecture. */
export function selects(word: string, bed: Bed): boolean {
  const colours = /^colours(>?=)(\d{1,6})$/.exec(word);
  if (colours) {
    const count = Number(colours[2]);
    return colours[1] === '=' ? bed.model.colours === count : bed.model.colours >= count;
  }
  const property = Object.hasOwn(words, word) ? words[word] : undefined;
  return property?.(bed) ?? (bed.id === word || bed.machine?.arch === word);
}

/** The line that applies to a setting: the last of those that do; `undefined`: none does. */
export function expectationFor(
  lines: readonly Expectation[],
  { bed, kernel, remedy }: Setting,
): Expectation | undefined {
  return lines.findLast((line) => {
    const on =
      line.on.length === 0 ||
      line.on.some((all) => all.every((s) => selects(s.word, bed) !== s.negated));
    const under = line.under.length === 0 || line.under.includes(kernel?.id ?? '');
    const remedied = line.with.length === 0 || line.with.includes(remedy);
    return on && under && remedied;
  });
}
