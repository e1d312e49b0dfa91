// Words of the matrix of stacks: marks, the worst of a list, places in few words.

import { expect, test } from 'vitest';
import { stackPlaces } from '../matrix/index.ts';
import { placesText, severity, stackCellText, stackMeanings, worstOf } from './stack-words.ts';

test('a mark says whether anybody can meet a fault', () => {
  expect(stackCellText({ word: 'STALE', latent: true })).toBe('STALE*');
  expect(stackCellText({ word: 'FAIL', latent: 'unknown' })).toBe('FAIL~');
  expect(stackCellText({ word: 'LOST', latent: false })).toBe('LOST');
});

test('what can be met comes before what is latent, and both before what is right', () => {
  expect(worstOf(['on', 'LOST*', 'none'])).toBe('LOST*');
  expect(worstOf(['STALE*', 'LOST', '?'])).toBe('LOST');
  expect(worstOf(['none', '.', '-'])).toBe('.');
  expect(worstOf([])).toBe('-');
});

test('every word has a meaning and a place in the order', () => {
  const words = new Set(severity.map((text) => text.replace(/[*~]$/, '')));
  expect(new Set(stackMeanings.map(({ word }) => word))).toEqual(words);
});

test('drivers with the same file systems and options stand together', () => {
  const chosen = stackPlaces.filter(
    ({ driver, fs, option }) =>
      (['pmem', 'dm-linear'].includes(driver.id) &&
        ['ext2', 'ext4'].includes(fs) &&
        option === 'dax') ||
      (driver.id === 'brd' && fs === 'ext4' && ['dax', 'never'].includes(option)),
  );
  expect(placesText(chosen)).toEqual(['pmem dm-linear: ext2 ext4 (dax)', 'brd: ext4 (dax never)']);
});
