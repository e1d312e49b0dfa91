// The filters of the matrix: from the link, what they leave, and the command line that says the
// same. The page and its worker choose by the same functions.

import type { Problem } from '../../../base/index.ts';
import type { Filters, Plan } from './asks.ts';

/** Names of the filters that are lists, as links and options of the command line have them. */
export const filterNames = ['arch', 'machine', 'driver', 'fs', 'option', 'verdict'] as const;

/** The filters that a link's parameters say. */
export function filtersOf(params: Readonly<Record<string, string>>): Filters {
  const list = (name: string): readonly string[] =>
    (params[name] ?? '').split(',').flatMap((word) => word.trim() || []);
  return {
    arch: list('arch'),
    machine: list('machine'),
    driver: list('driver'),
    fs: list('fs'),
    option: list('option'),
    verdict: list('verdict'),
    find: (params['find'] ?? '').trim(),
  };
}

/** Whether nothing is filtered. */
export function isUnfiltered(filters: Filters): boolean {
  return filters.find === '' && filterNames.every((name) => filters[name].length === 0);
}

/** Names in the filters that nothing has: a link that was typed or cut. */
export function problemsOf(plan: Plan, filters: Filters): readonly Problem[] {
  const known: Readonly<Record<(typeof filterNames)[number], readonly string[]>> = {
    arch: archsOf(plan),
    machine: plan.machines.map(({ id }) => id),
    driver: plan.drivers.map(({ id }) => id),
    fs: plan.fileSystems,
    option: plan.options,
    verdict: [...bareWords(plan.severity), ...plan.severity],
  };
  return filterNames.flatMap((name) =>
    filters[name]
      .filter((word) => !known[name].includes(word))
      .map((word) => ({
        what: `there is no ${NAMES[name]} ${word}`,
        hint: name === 'machine' ? 'dachs list machines' : known[name].join(', '),
      })),
  );
}

const NAMES = {
  arch: 'architecture',
  machine: 'machine',
  driver: 'driver',
  fs: 'file system',
  option: 'option',
  verdict: 'verdict',
} as const;

/** Every architecture, in the order of the tables. */
export function archsOf({ machines }: Pick<Plan, 'machines'>): readonly string[] {
  return [...new Set(machines.map(({ arch }) => arch))];
}

/** Indices of the machines that the filters leave. */
export function machinesLeft(plan: Pick<Plan, 'machines'>, filters: Filters): readonly number[] {
  const { arch, machine } = filters;
  const find = filters.find.toLowerCase();
  return plan.machines.flatMap((one, i) =>
    isIn(arch, one.arch) &&
    isIn(machine, one.id) &&
    `${one.id} ${one.name} ${one.arch}`.toLowerCase().includes(find)
      ? i
      : [],
  );
}

/** Indices of the places that the filters leave. */
export function placesLeft(plan: Pick<Plan, 'places'>, filters: Filters): readonly number[] {
  return plan.places.flatMap(({ driver, fs, option }, i) =>
    isIn(filters.driver, driver) && isIn(filters.fs, fs) && isIn(filters.option, option) ? i : [],
  );
}

/** The words that the filters leave; undefined for all. `STALE` means with a mark and without. */
export function wordsLeft(
  severity: readonly string[],
  { verdict }: Filters,
): ReadonlySet<string> | undefined {
  if (verdict.length === 0) return undefined;
  const wanted = new Set(verdict);
  return new Set(severity.filter((word) => wanted.has(word) || wanted.has(bare(word))));
}

/** A word without its mark. */
export function bare(word: string): string {
  return word.replace(/[*~]$/, '');
}

/** All words without their marks. */
export function bareWords(severity: readonly string[]): readonly string[] {
  return [...new Set(severity.map(bare))];
}

function isIn(list: readonly string[], word: string): boolean {
  return list.length === 0 || list.includes(word);
}

/** What is typed for the table: by stack under a kernel, or where there is none by CPU. */
export function commandOf(plan: Plan, filters: Filters, kernel?: string): string {
  const { arch, driver, fs, option, verdict } = filters;
  const found = machinesLeft(plan, filters).map((i) => plan.machines[i]?.id ?? '');
  const machine = filters.find === '' ? filters.machine : found;
  const options: readonly (readonly [string, readonly string[]])[] = [
    ['arch', arch],
    ['machine', machine],
    ...(kernel === undefined ? [] : stackOptions({ driver, fs, option, verdict })),
  ];
  const typed = options.flatMap(([name, words]) =>
    words.length === 0 ? [] : [`--${name} ${quoted(words.join(','))}`],
  );
  const head = kernel === undefined ? '--kernel all' : `--by stack --kernel ${kernel}`;
  return ['dachs matrix', head, ...typed].join(' ');
}

function stackOptions(
  lists: Pick<Filters, 'driver' | 'fs' | 'option' | 'verdict'>,
): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(lists);
}

// Marks of words are wildcards to a shell.
function quoted(words: string): string {
  return /^[\w@%+=:,./-]+$/.test(words) ? words : `'${words}'`;
}
