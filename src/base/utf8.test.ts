// Lengths in UTF-8 are those of the encoder.

import { expect, test } from 'vitest';
import { utf8Bytes } from './utf8.ts';

test.each(['', 'abc', 'Dächse', '\u07ff\u0800', '\uffff', '\u{10000}x', '\ud800'])('%j', (text) => {
  expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length);
});
