// The words of the language, and which lines may stand below which entry.
// @source scripts/kconfig/parser.y v6.1, v6.12

import type { Token } from '../lex.ts';

/** Entries whose lines are read one by one. */
export type EntryKind = 'config' | 'menuconfig' | 'choice' | 'menu' | 'comment';

// Words that are no names of symbols.
const keywords: ReadonlySet<string> = new Set(
  (
    'bool choice comment config def_bool def_tristate default depends endchoice endif endmenu ' +
    'help hex if imply int mainmenu menu menuconfig modules on prompt range select source ' +
    'string tristate visible'
  ).split(' '),
);

/** Whether a word is no name: up to 6.10, `optional` was none, too. */
export function isKeyword(word: string, isClassic: boolean): boolean {
  return keywords.has(word) || (isClassic && word === 'optional');
}

const configLines: ReadonlySet<string> = new Set(
  (
    'bool tristate int hex string prompt default def_bool def_tristate select imply range ' +
    'modules transitional depends help'
  ).split(' '),
);

const lines: Readonly<Record<EntryKind, ReadonlySet<string>>> = {
  config: configLines,
  menuconfig: configLines,
  choice: new Set(['prompt', 'bool', 'default', 'depends', 'help']),
  menu: new Set(['visible', 'depends']),
  comment: new Set(['depends']),
};

const classicChoiceLines: ReadonlySet<string> = new Set(['tristate', 'optional']);

/** Whether a line belongs to the entry above it. */
export function isOptionOf(kind: EntryKind, tokens: readonly Token[], isClassic: boolean): boolean {
  const [head, second, third] = tokens;
  if (head?.kind !== 'word') return false;
  if (second?.kind === 'op' && third?.kind === 'value' && !isKeyword(head.text, isClassic)) {
    return false;
  }
  if (lines[kind].has(head.text)) return true;
  return kind === 'choice' && isClassic && classicChoiceLines.has(head.text);
}
