// The replay view's parts that need no page: links, the search, changes, and the drawing's layout.

import { expect, test } from 'vitest';
import type { CopySight, LineSight } from '../../../replay/index.ts';
import { fragmentOf, readFragment } from '../../link/index.ts';
import { changesOf } from './changes.ts';
import { choicesOf, linkOf, nextWhere, stepWithin } from './choices.ts';
import { commandOf } from './command.ts';
import { filtered, isQuick } from './filter.ts';
import { layOutLine } from './line-layout.ts';

const link =
  '#2/replay?fresh=1&gate=open&group=coherence&id=coh/a&kernel=6.1&machine=sh7750/4k' +
  '&only=%5Ecoh&recording=x86_64-6.1&step=12';

test('a link is what was chosen, and back', () => {
  const choices = choicesOf(readFragment(link).link.params);
  expect(choices).toMatchObject({ recording: 'x86_64-6.1', id: 'coh/a', step: 11 });
  expect(choices.bed).toEqual({ machine: 'sh7750/4k', kernel: '6.1', gate: 'open', fresh: true });
  expect(fragmentOf(linkOf(choices))).toBe(link);
  expect(fragmentOf(linkOf(choicesOf({})))).toBe('#2/replay');
});

test.each(['0', '-1', 'x', '1e3', ''])('step %j is the first', (step) => {
  expect(choicesOf({ step }).step).toBe(0);
});

test('steps stay within, and differences are found on either side', () => {
  expect([stepWithin(-1, 3), stepWithin(9, 3), stepWithin(5, 0)]).toEqual([0, 2, 0]);
  const odd = [true, false, false, true];
  expect(nextWhere(odd, { step: 0, by: 1 }, Boolean)).toBe(3);
  expect(nextWhere(odd, { step: 3, by: -1 }, Boolean)).toBe(0);
  expect(nextWhere(odd, { step: 3, by: 1 }, Boolean)).toBeUndefined();
});

test('the search is a regular expression; one that is none finds nothing and says so', () => {
  const groups = [
    { group: 'a', ids: ['coh/x', 'coh/y'] },
    { group: 'b', ids: ['dev/x'] },
  ];
  const recording = { name: 'r', file: 'f', kernel: 'k', arch: 'x', groups };
  expect(filtered(recording, '')).toMatchObject({ count: 3, wrong: false });
  expect(filtered(recording, 'x$')).toMatchObject({ count: 2, groups: [{ ids: ['coh/x'] }, {}] });
  expect(filtered(recording, '(')).toMatchObject({ count: 0, wrong: true });
});

test.each([
  ['^coh/[a-z]', true],
  ['a|b', true],
  ['', true],
  ['(a|a)$', false],
  ['a*a*b', false],
  ['a{9}', false],
  [String.raw`(.)\1`, false],
])('%s is searched for at once: %s', (only, quick) => {
  expect(isQuick(only)).toBe(quick);
});

test('the command line is quoted for a shell', () => {
  const bed = { machine: 'sh7750/4k', kernel: '', gate: 'open', fresh: true };
  expect(commandOf('my file.jsonl', { only: "^a'b$", group: '', bed })).toBe(
    String.raw`dachs replay 'my file.jsonl' --only '^a'\''b$' ` +
      '--machine sh7750/4k --gate open --fresh',
  );
});

test('what changed is told, and what went', () => {
  const name = ({ id }: { readonly id: string }): string => id;
  const before = [{ id: 'a' }, { id: 'b', n: 1 }, { id: 'c' }];
  const after = [{ id: 'a' }, { id: 'b', n: 2 }, { id: 'd' }];
  const changes = changesOf(before, after, name).map(({ thing, change }) => [thing.id, change]);
  expect(changes).toEqual([
    ['a', 'same'],
    ['b', 'changed'],
    ['d', 'new'],
    ['c', 'gone'],
  ]);
  expect(changesOf(undefined, after, name).every(({ change }) => change === 'same')).toBe(true);
});

function copy(set: number, way: number, bytes: string): CopySight {
  const owner = { kind: 'kernel', linear: true } as const;
  return { cpu: 0, set, way, vaddr: 4096 * way, owner, colour: 0, dirty: true, bytes };
}

function line(...copies: readonly CopySight[]): LineSight {
  return { paddr: 64, memory: 'A*32', copies, others: [{ cpu: 0, set: 3, way: 0, paddr: 0 }] };
}

test('copies in two sets stand in two rows, and what differs is joined as differing', () => {
  const { rows, joins, width, height } = layOutLine(
    line(copy(7, 0, 'B*32'), copy(3, 1, 'A*32')),
    2,
  );
  expect(rows.map(({ set, skipped }) => [set, skipped])).toEqual([
    [3, 0],
    [7, 3],
  ]);
  expect(rows[0]?.cells.map(({ holds }) => holds.kind)).toEqual(['other', 'copy']);
  expect(rows[1]?.cells.map(({ holds }) => holds.kind)).toEqual(['copy', 'empty']);
  expect(joins.map(({ between, same }) => [between, same])).toEqual([
    ['memory', true],
    ['memory', false],
    ['copies', false],
  ]);
  for (const { mark } of joins) {
    expect(mark.x).toBeLessThan(width);
    expect(mark.y).toBeLessThan(height);
  }
});

test('of many ways only those with copies are drawn, the rest is counted', () => {
  const { rows } = layOutLine(line(copy(3, 16, 'B*32'), copy(3, 40, 'A*32')), 64);
  const cells = rows[0]?.cells.map(({ holds }) => (holds.kind === 'more' ? holds.ways : 'copy'));
  expect(cells).toEqual([16, 'copy', 23, 'copy', 23]);
});

test('a line that is in no cache is memory alone', () => {
  const { rows, joins, memory, width } = layOutLine(line(), 4);
  expect([rows, joins]).toEqual([[], []]);
  expect(memory.x).toBeLessThan(width);
});
