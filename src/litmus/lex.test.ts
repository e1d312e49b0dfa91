// Tokens with their places; comments of three kinds; what `(*` means, by its place.

import { expect, test } from 'vitest';
import { lex } from './lex.ts';

function words(text: string): readonly string[] {
  return lex(text).tokens.map((token) => token.text);
}

function comments(text: string): readonly string[] {
  return lex(text).comments.map((comment) => comment.text);
}

test('words, numbers and the longest signs', () => {
  const apart = 'r0 = - 0x1a ; p -> m /\\ \\/ => <= "a" ';
  expect(words('r0=-0x1a;p->m/\\\\/=><="a"')).toEqual(apart.split(' '));
});

test('places are offsets in the text', () => {
  const [first, second] = lex('\uFEFFab\r\n  c').tokens;
  expect(first).toEqual({ kind: 'name', text: 'ab', from: 1, to: 3 });
  expect(second).toEqual({ kind: 'name', text: 'c', from: 7, to: 8 });
});

test('what is no token is a bad one, a whole character long', () => {
  const [bad] = lex('\u{1F600}x').tokens;
  expect(bad).toEqual({ kind: 'bad', text: '\u{1F600}', from: 0, to: 2 });
});

test('comments of herd nest, those of C do not', () => {
  expect(comments('(* a (* b *) c *) x /* d /* e */ // f')).toEqual([
    '(* a (* b *) c *)',
    '/* d /* e */',
    '// f',
  ]);
});

test('in a thread (*p is C, elsewhere it is a comment', () => {
  expect(comments('{ (*one*) } P0(int *k) { f(*k); (* two *) g((*k)); } (*three*)')).toEqual([
    '(* one*)',
    '(* two *)',
    '(* three*)',
  ]);
});

test('a comment without end goes to the end of the text', () => {
  expect(lex('a (* b').comments).toMatchObject([{ text: '(* b', open: true }]);
  expect(lex('a /* b').comments).toMatchObject([{ text: '/* b', open: true }]);
});

test('a comment is kept without carriage returns and without blanks at the ends of lines', () => {
  expect(comments('/* a  \r\n b */')).toEqual(['/* a\n b */']);
});
