// Text of a litmus test -> stretches of one kind, for a terminal. Text with mistakes is coloured as
// far as it is understood.

import { kindOfNode, type SyntaxKind } from './highlighting.ts';
import { parser } from './tables.ts';

/** A stretch of text that is of one kind; what is between two stretches is of none. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly kind: SyntaxKind;
}

/** Characters of the longest text that is coloured: mistakes without end take time to get over. */
export const MAX_HIGHLIGHTED = 20_000;

/** All stretches in order; they do not overlap. None where the text is too long. */
export function highlight(text: string): readonly Stretch[] {
  if (text.length > MAX_HIGHLIGHTED) return [];
  const stretches: Stretch[] = [];
  let registers = new Set<string>();
  let declares = false;
  parser.parse(text).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'Thread') registers = new Set();
      if (name === 'Declarator') declares = true;
      const kind = kindOfNode.get(name);
      if (kind === undefined || from === to) return true;
      const word = text.slice(from, to);
      if (name === 'Name' && declares) registers.add(word);
      declares = false;
      const isRegister = name === 'Name' && registers.has(word);
      stretches.push({ from, to, kind: isRegister ? 'register' : kind });
      return false;
    },
    leave: ({ name }) => {
      // Outside of its thread a register is called by the thread's name.
      if (name === 'Thread') registers = new Set();
    },
  });
  return stretches;
}

/** Places where the grammar finds a mistake; empty for a text that is right in its syntax. */
export function syntaxErrors(text: string): readonly number[] {
  const places: number[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError) places.push(from);
    },
  });
  return places;
}
