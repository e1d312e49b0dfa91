// The grid of stacks: grouping, the worst word, filters, and what changed between kernels.

import { beforeAll, expect, test } from 'vitest';
import type { KernelWords } from './asks.ts';
import { filtersOf } from './filters.ts';
import { cellWords, stackChanges, stackCounts, stackGrid } from './stack-model.ts';
import { answerKernel, plan } from './tables.ts';

const all = filtersOf({});
let words: KernelWords;
let old: KernelWords;
beforeAll(async () => {
  old = await answerKernel({ kernel: '4.0' });
  words = await answerKernel({ kernel: '6.12' });
});

function rowOf(grid: ReturnType<typeof stackGrid>, key: string) {
  return grid.rows.find((row) => row.key === key);
}

test('a row an architecture, a column a driver, pmem opened to its file systems', () => {
  const grid = stackGrid({ plan, words, filters: all });
  expect(grid.rows).toHaveLength(new Set(plan.machines.map(({ arch }) => arch)).size);
  expect(grid.rows.every((row) => row.kind === 'arch' && row.expanded === false)).toBe(true);
  expect(grid.groups.map(({ label }) => label)).toEqual(plan.drivers.map(({ id }) => id));
  const heads = grid.heads?.map(({ label }) => label) ?? [];
  expect(heads.slice(0, 5)).toEqual(['ext2', 'ext4', 'xfs', 'erofs', 'worst of 4']);
  const spans = grid.groups.reduce((sum, { span }) => sum + span, 0);
  expect(spans).toBe(heads.length);
  expect(grid.rows.every(({ cells }) => cells.length === heads.length)).toBe(true);
});

test('a cell has the worst word of what it sums up, and opens the usual one that has it', () => {
  const cell = rowOf(stackGrid({ plan, words, filters: all }), 'sparc32')?.cells[1];
  expect(cell).toMatchObject({ word: 'STALE*', tone: 'bad', marked: true, mixed: true });
  expect(cell?.opens).toBe('leon3-gr712rc/pmem/ext4/always');
  expect(cell?.title).toContain('3 of 7 CPUs');
});

test('an open architecture lists machines of equal behaviour together', () => {
  const grid = stackGrid({ plan, words, filters: all, open: new Set(['sparc32']) });
  const own = grid.rows.filter(({ kind }) => kind === 'machine');
  const sizes = own.map(({ note }) => 1 + Number(/and (\d+) alike/.exec(note)?.[1] ?? 0));
  expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(7);
  expect(own.length).toBeLessThan(7);
  expect(own.every(({ cells }) => cells.every(({ mixed }) => !mixed))).toBe(true);
});

test('what Linux never runs is not summed up where something else is', () => {
  const grid = stackGrid({ plan, words, filters: all, open: new Set(['m68k']) });
  const idle = grid.rows.find(({ label }) => label.endsWith(' #'));
  expect(idle).toBeDefined();
  expect(rowOf(grid, 'm68k')?.cells[0]?.title).toMatch(/ of 4 CPUs/);
});

test('a verdict leaves only rows and columns that have it, and no other word', () => {
  const grid = stackGrid({ plan, words, filters: filtersOf({ verdict: 'STALE' }) });
  expect(grid.rows.map(({ key }) => key)).toEqual(['sparc32', 'nios2', 'm68k', 'arc']);
  const shown = new Set(grid.rows.flatMap(({ cells }) => cells.map(({ word }) => word)));
  expect(shown).toEqual(new Set(['STALE*', '']));
});

test('one architecture is open by itself, few columns are', () => {
  const grid = stackGrid({ plan, words, filters: filtersOf({ arch: 'arm', driver: 'brd,btt' }) });
  expect(grid.rows[0]).toMatchObject({ key: 'arm', expanded: true });
  expect(grid.groups.map(({ expanded }) => expanded)).toEqual([true, true]);
  const closed = stackGrid({
    plan,
    words,
    filters: filtersOf({ arch: 'arm' }),
    open: new Set(),
    wide: new Set(),
  });
  expect(closed.rows).toHaveLength(1);
  expect(closed.heads).toHaveLength(plan.drivers.length);
});

test('nothing is left by filters that exclude each other', () => {
  const grid = stackGrid({ plan, words, filters: filtersOf({ driver: 'virtiofs', fs: 'xfs' }) });
  expect(grid.heads).toEqual([]);
  expect(grid.rows).toEqual([]);
});

test('counts are those of the text', () => {
  const counts = stackCounts(plan, words, all);
  expect([...counts].slice(0, 3)).toEqual([
    ['STALE*', 298],
    ['LOST*', 768],
    ['on', 272],
  ]);
});

test('what changed against the kernel before is marked, and counted', () => {
  const grid = stackGrid({ plan, words, before: old, filters: all });
  const cell = rowOf(grid, 'arm64')?.cells[0];
  expect(cell).toMatchObject({ word: 'on', was: '-' });
  expect(cell?.title).toContain('was - under 4.0');
  expect(stackChanges(plan, { before: words, words }, all)).toEqual([]);
  const changes = stackChanges(plan, { before: old, words }, all);
  expect(changes.length).toBeGreaterThan(3);
  expect(changes.map(({ cells }) => cells)).toEqual(
    changes.map(({ cells }) => cells).toSorted((a, b) => b - a),
  );
});

test('a cell has a word under each kernel that is judged; a name of no cell has none', () => {
  const judged = new Map([
    ['4.0', old],
    ['6.12', words],
  ]);
  const name = '24kc-32k/4k/pmem/ext4/always';
  expect([...cellWords(plan, judged, name).keys()]).toEqual(['4.0', '6.12']);
  expect(cellWords(plan, judged, '24kc-32k/4k/pmem/ext4').size).toBe(0);
});
