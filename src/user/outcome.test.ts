// Outcomes in the words of the recordings, and run-length texts there and back.

import { describe, expect, test } from 'vitest';
import { fromRunLength, outcomeOf, runLength } from './outcome.ts';

describe('run-length texts', () => {
  test.each([
    ['A*2,B*1', [0x41, 0x41, 0x42]],
    ['x00*3', [0, 0, 0]],
    ['x20*1,,*2,#*1', [0x20, 0x2c, 0x2c, 0x23]],
    ['x7f*1,xff*1', [0x7f, 0xff]],
    ['', []],
  ])('%s', (text, bytes) => {
    expect(runLength(Uint8Array.from(bytes))).toBe(text);
    expect([...(fromRunLength(text) ?? [])]).toEqual(bytes);
  });

  test.each(['A', 'A*', 'AB*2', 'A*1;B*2', 'A*1 '])('%s is none', (text) => {
    expect(fromRunLength(text)).toBeUndefined();
  });
});

test('a C answer is a count, or -1 with the name of the error', () => {
  expect(outcomeOf(4096)).toEqual({ rc: 4096 });
  expect(outcomeOf(-95)).toEqual({ rc: -1, errno: 'EOPNOTSUPP' });
});
