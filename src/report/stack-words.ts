// Words of the matrix of stacks: how cells, outcomes and sets of places are written.

import { never } from '../base/index.ts';
import type { Place, StackCell, StackOutcome, StackSystem, StackWord } from '../matrix/index.ts';
import { placeText, stackFileSystems, stackOptions } from '../matrix/index.ts';
import { wordMeanings } from '../verdict/index.ts';

/** `STALE*`: the word of a cell, with `*` where nobody can meet it, `~` where nobody knows. */
export type CellText = string;

/** The word of a cell with its mark. */
export function stackCellText({ word, latent }: Pick<StackCell, 'word' | 'latent'>): CellText {
  if (latent === 'unknown') return `${word}~`;
  return latent ? `${word}*` : word;
}

/** Words from the one that needs looking at first to the one that says least. */
export const severity: readonly CellText[] = [
  'FAIL',
  'FAIL~',
  'STALE',
  'LOST',
  'FAIL*',
  'STALE*',
  'LOST*',
  '?',
  'on',
  'off',
  '.',
  'none',
  '-',
];

/** The word of a list that needs looking at first; `-` for none. */
export function worstOf(texts: Iterable<CellText>): CellText {
  const there = new Set(texts);
  return severity.find((text) => there.has(text)) ?? '-';
}

/** One line on each word, in the order of the legend. */
export const stackMeanings: readonly { readonly word: StackWord; readonly meaning: string }[] = [
  ...wordMeanings.filter(({ word }) => word !== '-'),
  { word: 'none', meaning: 'no DAX asked for, or none to be had here on any CPU' },
  { word: '-', meaning: 'no such port, driver, file system or option there' },
];

/** What the kernel does, in a word that fits a column. */
export function deedText(outcome: StackOutcome): string {
  switch (outcome.kind) {
    case 'dax':
      return 'dax';
    case 'page-cache':
      return outcome.says ? 'says' : 'cache';
    case 'refused':
      return outcome.errno;
    case 'no-device':
      return 'nodev';
    case 'breaks':
      return 'oops';
    case 'no-dax':
      return 'nodax';
    case 'absent':
      return '-';
    case 'not-checked':
      return '?';
    default:
      return never(outcome, 'outcome');
  }
}

/** What the kernel does in a place, in a sentence without its full stop. */
export function outcomeSentence(outcome: StackOutcome, { fs }: Place): string {
  switch (outcome.kind) {
    case 'dax':
      return fs === 'char' ? 'the device is there to be mapped' : 'the file is accessed by DAX';
    case 'page-cache':
      return outcome.says
        ? 'the mount goes on without DAX and says so in the log'
        : 'the file is accessed through the page cache, and no word is said of DAX';
    case 'refused':
      return `mount() fails with ${outcome.errno}`;
    case 'no-device':
      return `the driver does not attach (${outcome.errno}): there is no device`;
    case 'breaks':
      return `the kernel dies in the attach: ${outcome.why}`;
    case 'no-dax':
      return `no DAX; ${outcome.why}`;
    case 'absent':
      return outcome.why;
    case 'not-checked':
      return `not checked: ${outcome.why}`;
    default:
      return never(outcome, 'outcome');
  }
}

/** `arm926ej-s/pmem/ext4/always@6.12`: the name of a cell. */
export function cellName({ machine, kernel }: StackSystem, place: Place): string {
  return `${machine.id}/${placeText(place)}@${kernel.id}`;
}

/**
 * Places in few words: drivers with the same file systems and options together, as in
 * `pmem dm-linear: ext4 xfs (dax always), ext2 (dax)`.
 */
export function placesText(places: readonly Place[]): readonly string[] {
  const byDriver = new Map<string, Place[]>();
  for (const place of places) {
    byDriver.set(place.driver.id, [...(byDriver.get(place.driver.id) ?? []), place]);
  }
  const drivers = new Map<string, string[]>();
  for (const [driver, own] of byDriver) {
    const files = filesText(own);
    drivers.set(files, [...(drivers.get(files) ?? []), driver]);
  }
  return [...drivers].map(([files, ids]) => `${ids.join(' ')}: ${files}`);
}

function filesText(places: readonly Place[]): string {
  const byOptions = new Map<string, string[]>();
  for (const fs of stackFileSystems) {
    const own = new Set(places.filter((place) => place.fs === fs).map(({ option }) => option));
    if (own.size === 0) continue;
    const options = stackOptions.filter((option) => own.has(option)).join(' ');
    byOptions.set(options, [...(byOptions.get(options) ?? []), fs]);
  }
  return [...byOptions].map(([options, files]) => `${files.join(' ')} (${options})`).join(', ');
}
