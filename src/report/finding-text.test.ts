// A finding and its notes are lines of the form that editors jump to.

import { expect, test } from 'vitest';
import type { Finding } from '../audit/index.ts';
import { findingLines, findingText } from './finding-text.ts';

const leak: Finding = {
  type: 'LEAK',
  level: 'warning',
  place: { file: 'drivers/x/sample.c', line: 30, col: 3 },
  message: 'sample_attach() leaks dax_dev',
  reach: 'not-checked',
  notes: [
    { place: { file: 'drivers/x/sample.c', line: 20, col: 12 }, message: 'alloc_dax() gives it' },
    { message: 'no place' },
  ],
  path: true,
  conditions: ['CONFIG_FS_DAX', '!CONFIG_SAMPLE'],
};

test('the head alone without notes', () => {
  expect(findingLines(leak, false)).toEqual([
    'drivers/x/sample.c:30:3: warning: sample_attach() leaks dax_dev (reach not checked) [LEAK]',
  ]);
});

test('every note has a place: its own, or that of the finding; conditions come last', () => {
  expect(findingLines(leak, true).slice(1)).toEqual([
    'drivers/x/sample.c:20:12: note: alloc_dax() gives it',
    'drivers/x/sample.c:30:3: note: no place',
    'drivers/x/sample.c:30:3: note: only with CONFIG_FS_DAX and !CONFIG_SAMPLE',
  ]);
});

test('the text of one finding has its notes in the same form', () => {
  expect(findingText(leak)).toContain('\ndrivers/x/sample.c:20:12: note: alloc_dax() gives it\n');
  expect(findingText({ ...leak, notes: [], conditions: [] }).split('\n')).toHaveLength(2);
});
