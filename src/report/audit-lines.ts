// Lines that every audit ends in: what was not checked, and what a baseline hides.

import type { AgainstBaseline, Finding, NotChecked } from '../audit/index.ts';
import { countText, notesOf } from './finding-text.ts';

/** How much of an audit is printed. */
export interface AuditTextOptions {
  /** Print every note of every finding, and every entry of the baseline that is stale. */
  readonly verbose: boolean;
  /** Findings and the summary alone. */
  readonly terse: boolean;
  /** What was hidden before; absent without a baseline. */
  readonly baseline?: AgainstBaseline;
}

/** One line for each place and reason; what it leaves open is listed together. */
export function notCheckedLines(notChecked: readonly NotChecked[]): readonly string[] {
  const groups = new Map<string, { head: string; why: string; subjects: string[] }>();
  for (const { file, line, subject, why } of notChecked) {
    const head = `${file}:${line}: not checked`;
    const group = groups.get(`${head} ${why}`) ?? { head, why, subjects: [] };
    group.subjects.push(subject);
    groups.set(`${head} ${why}`, group);
  }
  return [...groups.values()].map(
    ({ head, why, subjects }) => `${head}: ${[...new Set(subjects)].join(', ')}: ${why}`,
  );
}

/** Entries of a baseline that are no longer found, one line each. */
export function staleLines({ file, stale }: AgainstBaseline): readonly string[] {
  return stale.map((entry) => {
    const name = entry.function === undefined ? '' : ` ${entry.function}()`;
    return `${file}: no longer found: ${entry.file}${name}: ${entry.message} [${entry.type}]`;
  });
}

/** What a baseline hides, as a sentence that follows another. */
export function baselineText({ file, known, stale }: AgainstBaseline, verbose: boolean): string {
  const how = verbose ? '' : ' (-v)';
  const entries = stale.length === 1 ? 'entry' : 'entries';
  const gone = stale.length === 0 ? '' : `; ${stale.length} ${entries} of it no longer found${how}`;
  return ` Known by ${file} and hidden: ${known}${gone}.`;
}

/** That there is more to see, where there is. */
export function hintText(
  findings: readonly Finding[],
  { verbose, terse }: AuditTextOptions,
): string {
  const notes = findings.reduce((sum, finding) => sum + notesOf(finding).length, 0);
  return verbose || terse || notes === 0 ? '' : ` With -v: ${countText(notes, 'note')}, paths too.`;
}
