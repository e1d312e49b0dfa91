// Words and glyphs of findings, and their text where the command line has none.

import type { ShownFinding } from '../../../forms/index.ts';
import { placeText } from './filters.ts';

/** A glyph for each kind: never colour alone. */
export const LEVELS: Readonly<Record<ShownFinding['level'], { readonly glyph: string }>> = {
  error: { glyph: '\u2716' },
  warning: { glyph: '\u25b2' },
  check: { glyph: '\u25cb' },
  note: { glyph: '\u00b7' },
  none: { glyph: '\u2013' },
};

/** Reach in words; where it was not asked, that. */
export function reachWord(reach: ShownFinding['reach']): string {
  if (reach === undefined) return 'not asked';
  return reach === 'not-checked' ? 'not checked' : reach;
}

/** What reach means. */
export const REACHES: Readonly<Record<NonNullable<ShownFinding['reach']>, string>> = {
  reachable: 'a user of this tree can meet it',
  latent: 'some other fact of the tree prevents it; the notes say which',
  'not-checked': 'whether anyone can meet it was not found out',
};

/** A finding in the lines of compilers, which editors know; for forms the command line lacks. */
export function compilerText(finding: ShownFinding): string {
  const { level, message, type, paths, notes, conditions } = finding;
  const at = placeText(finding.place);
  const lines = [...paths.flat(), ...notes].map(({ place, message: note }) => {
    return `${place === undefined ? at : placeText(place)}: note: ${note}`;
  });
  const only =
    conditions.length === 0 ? [] : [`${at}: note: only with ${conditions.join(' and ')}`];
  return `${[`${at}: ${level}: ${message} [${type}]`, ...lines, ...only].join('\n')}\n`;
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
