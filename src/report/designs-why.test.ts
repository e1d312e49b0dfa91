// Witnesses about S_DAX in words: who asks what, sees what, and changes what.

import { expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { designMatrix, type DesignRow } from '../matrix/index.ts';
import type { DesignId } from '../kernel/index.ts';
import { designsText } from './designs-text.ts';
import { designWhyText } from './designs-why.ts';

function rowOf(id: DesignId): DesignRow {
  return present(designMatrix([id])[0], `design ${id}`);
}

test('a deadlock is told with its locks', () => {
  const text = designWhyText(rowOf('D4a'));
  expect(text).toContain('R5: threads wait for each other, or one for itself');
  expect(text).toMatch(/A +takes i_rwsem of inode \d+ of pmem0\n/);
  expect(text).toMatch(/A: write\(\) from a mapping of the file: waits for ever for i_rwsem/);
  expect(text).toContain('R6: a mapping with MAP_SYNC');
  expect(text).toMatch(/B +s_dax_switch +clears S_DAX/);
});

test('what holds is told so, with its delay', () => {
  expect(designWhyText(rowOf('D5'))).toContain('No program breaks anything.');
  const text = designWhyText(rowOf('D6'));
  expect(text).toContain('no bound');
  expect(text).toMatch(/tells no DAX\s+at first, no DAX when reopened/);
  expect(text).not.toContain('breaks');
});

test('the table explains the races that it names', () => {
  const text = designsText([rowOf('D4b'), rowOf('D5')]);
  expect(text).toMatch(/^D4b +(?:\. +){6}x +R6 +\d+ +refuted$/m);
  expect(text).toMatch(/^R6 +a mapping with MAP_SYNC/m);
  expect(text).not.toMatch(/^R5 /m);
  expect(text.split('\n').every((line) => line.length <= 72)).toBe(true);
});
