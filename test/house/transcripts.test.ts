// Transcripts: reading them from Markdown, comparing with `...`, running and rewriting them.

import { expect, test } from 'vitest';
import { blocksOf, matches, promote, runBlock } from '../../scripts/lib/transcripts.mjs';

const page = [
  '# A page',
  '```sh',
  '$ not run',
  '```',
  '```console',
  '$ printf "a\\nb\\n"; exit 3',
  'a',
  'b',
  '$ echo $?',
  '3',
  '```',
  '```console trees',
  '$ ls',
  '```',
].join('\n');

test('only console blocks count, with their commands, outputs and lines', () => {
  expect(blocksOf(page)).toEqual([
    {
      line: 5,
      end: 11,
      needsTrees: false,
      commands: [
        { line: 6, command: 'printf "a\\nb\\n"; exit 3', expected: ['a', 'b'] },
        { line: 9, command: 'echo $?', expected: ['3'] },
      ],
    },
    { line: 12, end: 14, needsTrees: true, commands: [{ line: 13, command: 'ls', expected: [] }] },
  ]);
});

test('commands run, and the next one knows the status', () => {
  expect(blocksOf(page).slice(0, 1).map(runBlock)).toEqual([[['a', 'b'], ['3']]]);
});

test('three dots stand for any lines, nothing else does', () => {
  expect(matches(['a', '...', 'd'], ['a', 'b', 'c', 'd'])).toBe(true);
  expect(matches(['a', '...'], ['a'])).toBe(true);
  expect(matches(['...'], [])).toBe(true);
  expect(matches(['a', '...', 'd'], ['a', 'b', 'c'])).toBe(false);
  expect(matches(['a', ''], ['a'])).toBe(false);
  expect(matches(['a'], ['a', 'b'])).toBe(false);
});

test('promote rewrites what differs, and nothing else', () => {
  const stale = page.replace('\na\nb\n', '\nold\n');
  const run = (block: Parameters<typeof runBlock>[0]) =>
    block.needsTrees ? undefined : runBlock(block);
  expect(promote(stale, run)).toBe(page);
  const dots = page.replace('\na\nb\n', '\n...\nb\n');
  expect(promote(dots, run)).toBe(dots);
});
