// Comments of herd, `(* ... *)`, which nest. In a thread `(*p` is C: where a parenthesis may stand,
// a comment has neither a name nor a parenthesis right behind its star.

import { ExternalTokenizer, type InputStream } from '@lezer/lr';
import { HerdComment, OpenParen } from './terms.ts';

const PAREN = 40;
const CLOSE = 41;
const STAR = 42;

/** Gives the comment token; a comment without end goes to the end of the text. */
export const comments: ExternalTokenizer = new ExternalTokenizer((input, stack) => {
  if (input.next !== PAREN || input.peek(1) !== STAR) return;
  if (beginsName(input.peek(2)) && stack.canShift(OpenParen)) return;
  toEnd(input);
  input.acceptToken(HerdComment);
});

function beginsName(code: number): boolean {
  return code === PAREN || code === 95 || isLetter(code | 32);
}

function isLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}

/** Moves behind the `*)` that closes the comment. */
function toEnd(input: InputStream): void {
  let depth = 0;
  while (input.next >= 0) {
    const [first, second] = [input.next, input.peek(1)];
    const opens = first === PAREN && second === STAR;
    const closes = first === STAR && second === CLOSE;
    input.advance(opens || closes ? 2 : 1);
    if (opens) depth++;
    if (closes && --depth === 0) return;
  }
}
