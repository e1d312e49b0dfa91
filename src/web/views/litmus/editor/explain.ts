// What a word of a test means: for the tooltip over it.

import type { EditorState } from '@codemirror/state';
import {
  keyNames,
  primitives,
  signature,
  stackPrimitives,
  traitWords,
} from '../../../../litmus/index.ts';
import { declaredNames } from './names.ts';
import { regionAt } from './completion.ts';

/** A word with its meaning. */
export interface Meaning {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  /** Sentences, a line each. */
  readonly says: readonly string[];
}

/** The meaning of the word at `pos`; undefined where there is nothing to tell. */
export function meaningAt(state: EditorState, pos: number): Meaning | undefined {
  const word = wordAt(state, pos);
  if (word === undefined) return undefined;
  const { text } = word;
  const region = regionAt(state, word.to);
  const told = (title: string, ...says: readonly string[]): Meaning => ({ ...word, title, says });
  if (region === 'comment') {
    const trait = traitWords.get(text);
    return trait === undefined ? undefined : told(text, trait);
  }
  if (region === 'header') {
    const key = keyNames.get(text);
    return key === undefined ? undefined : told(`${text}=`, key);
  }
  const names = declaredNames(state, pos);
  const name = names.find((one) => one.name === text);
  if (region === 'body') {
    const runs = names.some(({ kind }) => kind === 'mount');
    const rows = runs ? [...stackPrimitives, ...primitives] : [...primitives, ...stackPrimitives];
    const row = rows.find((one) => one.name === text);
    if (row && state.sliceDoc(word.to, word.to + 1) === '(') {
      return told(`${row.gives ? 'r0 = ' : ''}${signature(row)}`, row.help, `Model: ${row.model}`);
    }
  }
  return name?.says === undefined ? undefined : told(text, name.says);
}

function wordAt(state: EditorState, pos: number) {
  const line = state.doc.lineAt(pos);
  const column = pos - line.from;
  for (const match of line.text.matchAll(/\w+(?:-\w+)*/g)) {
    if (match.index <= column && column <= match.index + match[0].length) {
      const from = line.from + match.index;
      return { text: match[0], from, to: from + match[0].length };
    }
  }
  return undefined;
}
