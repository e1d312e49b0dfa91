// Unit tests of page frames: lowest first, the last freed again first, in aligned blocks.

import { expect, test } from 'vitest';
import { testKernel } from '../drivers/test-kernel.ts';
import { E } from '../include/linux/errno.ts';
import { alloc_pages, free_pages } from './page_alloc.ts';

test('new frames are the lowest; a freed one is given again before them', () => {
  const { linux } = testKernel('6.12');
  const first = linux.zero_pfn + 1;
  expect([alloc_pages(linux, 0), alloc_pages(linux, 0)]).toEqual([first, first + 1]);
  free_pages(linux, first, 0);
  expect([alloc_pages(linux, 0), alloc_pages(linux, 0)]).toEqual([first, first + 2]);
});

test('blocks are aligned to their size, and the frames passed over are not lost', () => {
  const { linux } = testKernel('6.12');
  const block = alloc_pages(linux, 3);
  expect(block % 8).toBe(0);
  const passed = block - linux.zero_pfn - 1;
  const given = Array.from({ length: passed + 1 }, () => alloc_pages(linux, 0));
  expect(given.toSorted((a, b) => a - b)).toEqual([
    ...Array.from({ length: passed }, (_, i) => linux.zero_pfn + 1 + i),
    block + 8,
  ]);
});

test('a larger free block is split: its first half is given, the second stays', () => {
  const { linux } = testKernel('6.12');
  const block = alloc_pages(linux, 2);
  free_pages(linux, block, 2);
  linux.ram.free.length = 0;
  expect(alloc_pages(linux, 0)).toBe(block);
  expect(alloc_pages(linux, 0)).toBe(block + 1);
  expect(alloc_pages(linux, 1)).toBe(block + 2);
});

test('where RAM has been given out free frames are joined again; else -ENOMEM', () => {
  const { linux } = testKernel('6.12');
  const block = alloc_pages(linux, 2);
  linux.ram.free.length = 0;
  while (alloc_pages(linux, 10) >= 0);
  while (alloc_pages(linux, 0) >= 0);
  expect(alloc_pages(linux, 2)).toBe(-E.ENOMEM);
  for (const i of [2, 0, 3, 1]) free_pages(linux, block + i, 0);
  expect(alloc_pages(linux, 2)).toBe(block);
  expect(alloc_pages(linux, 0)).toBe(-E.ENOMEM);
});
