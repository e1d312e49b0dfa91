// Words of pickers and links -> what a run is about, as the options of `dachs run` have them.

import { fail, ok, type Result } from '../../../base/index.ts';
import { type Bounds, defaultBounds } from '../../../explore/index.ts';
import { remedies, type RemedyName } from '../../../scenario/index.ts';
import type { Bed } from '../../../verdict/index.ts';
import type { RunWords } from './asks.ts';

/** Machines and cache kinds: ids, `machines`, `kinds` or `all`, and those of architectures. */
export function bedsOf(
  { machine, arch }: Pick<RunWords, 'machine' | 'arch'>,
  every: readonly Bed[],
): Result<readonly Bed[]> {
  const archs = wordsIn(arch);
  const strange = archs.find((one) => !every.some((bed) => bed.machine?.arch === one));
  if (strange !== undefined) return unknown('architecture', strange);
  const among =
    archs.length === 0 ? every : every.filter(({ machine: m }) => m && archs.includes(m.arch));
  const words = wordsIn(machine);
  if (words.length === 0) return ok(among);
  const chosen = new Set<Bed>();
  for (const word of words) {
    const found = bedsCalled(word, every);
    if (found.length === 0) return unknown('machine', word);
    for (const bed of found) if (among.includes(bed)) chosen.add(bed);
  }
  if (chosen.size === 0) {
    return fail({ what: 'no machine is in both choices', hint: 'choose all machines' });
  }
  return ok([...chosen]);
}

function bedsCalled(word: string, every: readonly Bed[]): readonly Bed[] {
  if (word === 'all') return every;
  if (word === 'machines') return every.filter((bed) => bed.machine !== undefined);
  if (word === 'kinds') return every.filter((bed) => bed.machine === undefined);
  return every.filter(({ id }) => id === word);
}

function unknown(what: string, word: string): Result<never> {
  return fail({ what: `there is no ${what} ${word}`, hint: 'the picker has those that there are' });
}

/** The bound that was typed; undefined: the test's own, or the usual one. */
export function boundsOf({ bound }: Pick<RunWords, 'bound'>): Result<Bounds | undefined> {
  if (bound === '') return ok(undefined);
  const states = Number(bound);
  if (Number.isInteger(states) && states >= 1) return ok({ ...defaultBounds, states });
  return fail({
    what: `a bound is a whole number of states, not ${bound}`,
    hint: `the default is ${defaultBounds.states}`,
  });
}

/** The remedy that was picked; undefined: the test's own. */
export function remedyOf({ remedy }: Pick<RunWords, 'remedy'>): Result<RemedyName | undefined> {
  if (remedy === '') return ok(undefined);
  const known = remedies.find(({ name }) => name === remedy);
  if (known) return ok(known.name);
  const names = remedies.map(({ name }) => name).join(', ');
  return fail({ what: `there is no remedy ${remedy}`, hint: `remedies: ${names}` });
}

function wordsIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
