// The same numbers as the C library gives for a seed.

import { expect, test } from 'vitest';
import { createRand } from './rand.ts';

/** First, second and 400th rand() of glibc 2.36 after srand(seed). */
const known: readonly (readonly [number, readonly number[]])[] = [
  [0, [1804289383, 846930886, 950390868]],
  [1, [1804289383, 846930886, 950390868]],
  [42, [71876166, 708592740, 1766340821]],
  [0x80000001, [1081815585, 5219348, 891890556]],
  [4294967295, [254925627, 1205188300, 760029057]],
];

test.each(known)('rand() after srand(%i) is the C library one', (seed, expected) => {
  const rand = createRand(seed);
  const drawn = Array.from({ length: 400 }, () => rand());
  expect([drawn[0], drawn[1], drawn[399]]).toEqual(expected);
});
