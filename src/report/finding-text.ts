// Findings as lines that editors and scripts know from compilers: `file:line:col: level: message`,
// and the notes of a finding, its path among them, under it in the same form.

import type { Finding, FindingNote } from '../audit/index.ts';
import { wrap } from './layout.ts';

const REACH: Readonly<Record<Finding['reach'], string>> = {
  reachable: '',
  latent: ' (latent)',
  'not-checked': ' (reach not checked)',
};

/**
 * `file:line:col: level: message [TYPE]`, with its notes as lines of the level `note`. `withReach`:
 * whether the reach is told; where it was asked of none, it is not.
 */
export function findingLines(
  finding: Finding,
  withNotes: boolean,
  withReach = true,
): readonly string[] {
  const { level, message, type, reach } = finding;
  const told = withReach ? REACH[reach] : '';
  const head = `${at(finding.place)}: ${level}: ${message}${told} [${type}]`;
  return withNotes ? [head, ...notesOf(finding).map((note) => noteLine(finding, note))] : [head];
}

/** Text of one finding with all its notes, wrapped. */
export function findingText(finding: Finding): string {
  const head = `${at(finding.place)}: ${finding.level}: ${finding.message}`;
  const lines = [
    ...wrap(head, 0, 2),
    ...notesOf(finding).flatMap((note) => wrap(noteLine(finding, note), 0, 2)),
  ];
  return `${lines.join('\n')}\n`;
}

/** The notes of a finding, and as a last one the configuration that it needs. */
export function notesOf({ notes, conditions }: Finding): readonly FindingNote[] {
  if (conditions === undefined || conditions.length === 0) return notes;
  return [...notes, { message: `only with ${conditions.join(' and ')}` }];
}

// A note about no other place stands at that of its finding.
function noteLine(finding: Finding, { place, message }: FindingNote): string {
  return `${at(place ?? finding.place)}: note: ${message}`;
}

function at({ file, line, col }: Finding['place']): string {
  return `${file}:${line}:${col}`;
}

/** `1 finding`, `2 findings`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
