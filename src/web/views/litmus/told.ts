// A judged test as rows of a table: its groups, and in them the systems that were searched.

import { at } from '../../../base/index.ts';
import {
  cacheText,
  isEndless,
  locationHerd,
  questionHerd,
  type ToldTest,
} from '../../../report/index.ts';
import {
  claimOf,
  type EndState,
  type JudgedTest,
  type Setting,
  type TestGroup,
  type TestOutcome,
  type Witness,
} from '../../../verdict/index.ts';
import type { RunGroup, RunSetting, RunSystem, RunTold } from './asks.ts';

/** What one search found, in the order of the searches. */
export interface Searched {
  readonly states: number;
  readonly witness: Witness | undefined;
}

/** What the rows are made of. `keys` names the system of each setting. */
export interface Judged {
  readonly told: ToldTest;
  readonly test: JudgedTest;
  readonly settings: readonly Setting[];
  readonly keys: readonly (string | undefined)[];
  readonly searched: readonly Searched[];
}

/** The rows; text and command are the caller's. */
export function toldRun(judged: Judged): Omit<RunTold, 'text' | 'command'> {
  const { verdict, question, notes } = judged.told;
  const systemOf = systemsOf(judged);
  const reasons = new Map<string, string[]>();
  for (const { setting, why } of verdict.notChecked) {
    reasons.set(why, [...(reasons.get(why) ?? []), setting.bed.id]);
  }
  return {
    name: verdict.name,
    question: questionHerd(question),
    groups: verdict.groups.map((group) => groupOf(group, judged.test, systemOf)),
    notChecked: [...reasons].map(([why, settings]) => ({ why, settings })),
    notes: notes ?? [],
  };
}

// judgeTest() searches a system where its first setting stands; those that could not be run were
// not searched.
function systemsOf(judged: Judged): ReadonlyMap<Setting, Searched & { readonly key: string }> {
  const { settings, keys, searched, told } = judged;
  const left = new Set(told.verdict.notChecked.map(({ setting }) => setting));
  const numbers = new Map<string, number>();
  const found = new Map<Setting, Searched & { readonly key: string }>();
  settings.forEach((setting, i) => {
    const key = keys[i];
    if (key === undefined || left.has(setting)) return;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    found.set(setting, { key, ...at(searched, number) });
  });
  return found;
}

function groupOf(
  { settings, outcome }: TestGroup,
  test: JudgedTest,
  systemOf: ReturnType<typeof systemsOf>,
): RunGroup {
  const systems = new Map<string, { searched: Searched; of: Setting[] }>();
  for (const setting of settings) {
    const searched = systemOf.get(setting);
    if (!searched) continue;
    const known = systems.get(searched.key) ?? { searched, of: [] };
    known.of.push(setting);
    systems.set(searched.key, known);
  }
  const { observation, positive, negative, bound } = outcome;
  return {
    observation,
    positive,
    negative,
    endless: isEndless(outcome),
    ends: outcome.ends.toSorted(withFirst).map((end) => ({
      text: endText(outcome, end),
      mark: end.deadlock ? 'stuck' : end.positive ? 'with' : 'without',
    })),
    ...(bound === undefined ? {} : { bound }),
    systems: [...systems.values()].map(({ searched, of }) => ({
      states: searched.states,
      cache: cacheOf(of),
      settings: of.map((setting) => settingOf(setting, test, outcome)),
      ...stepsOf(searched),
    })),
  };
}

function withFirst(a: EndState, b: EndState): number {
  return Number(b.positive && !b.deadlock) - Number(a.positive && !a.deadlock);
}

function stepsOf({ witness }: Searched): Pick<RunSystem, 'witness'> {
  if (!witness) return {};
  const told = witness.steps.filter(({ says }) => says !== '');
  return { witness: told.map(({ says, actor }) => ({ says, isHardware: actor === 'hardware' })) };
}

/** Kinds of cache in the words of `Result:` lines, the narrowest that all settings share first. */
const KINDS = [
  'vivt',
  'vipt-aliasing',
  'vipt-nonaliasing',
  'pipt',
  'uncached',
  'coherent',
  'aliasing',
];

/** What else tells caches apart; the usual is left out. */
const PROPERTIES = [
  'write-through',
  'no-write-allocate',
  'direct-mapped',
  'hardware-synonyms',
  'traps',
];

function cacheOf(settings: readonly Setting[]): string {
  const isShared = (word: string): boolean =>
    settings.every(({ bed }) => bed.traits.words.has(word));
  return [...KINDS.filter(isShared).slice(0, 1), ...PROPERTIES.filter(isShared)].join(', ');
}

function settingOf(setting: Setting, test: JudgedTest, { observation }: TestOutcome): RunSetting {
  const { bed, kernel, remedy } = setting;
  const claimed = claimOf(test, setting);
  const { machine } = bed;
  return {
    bed: bed.id,
    ...(machine ? { title: `${machine.name}, ${cacheText(machine.dcache)}` } : {}),
    ...(kernel ? { kernel: kernel.id } : {}),
    remedy,
    ...(claimed === undefined ? {} : { claimed }),
    asClaimed: claimed === undefined || claimed === observation,
  };
}

function endText({ locations }: TestOutcome, end: EndState): string {
  return locations
    .map((location, i) => `${locationHerd(location)}=${end.values[i] ?? '?'}`)
    .filter((text) => end.deadlock || text !== 'deadlock=0')
    .join(' ');
}
