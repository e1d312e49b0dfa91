// Which lines hardware brings in on its own: by an entry of a page table, of the frame it maps.

import { expect, test } from 'vitest';
import { assert, present } from '../base/index.ts';
import { search } from '../explore/index.ts';
import { load, maintain, type Op, set, store } from '../kernel/index.ts';
import { closeScene, sceneEnds } from './automaton-search.ts';
import { cacheModelOf } from './cache-model.ts';
import { translationOf } from './automaton-reach.ts';
import { testKernel } from './test-kernel.ts';

const BASE = 2 ** 32;
const USER = 0x4000_0000;

/**
 * What a process may read at an address that is mapped as usual, after the kernel has stored 1 and
 * flushed its line. Before that the address maps other memory, or this memory past the cache, or
 * this memory: then hardware may have brought in the old line.
 */
function readsAfter(before: 'other' | 'uncached' | 'mapped'): ReadonlySet<unknown> {
  const linux = testKernel('arm926ej-s');
  const bytes = 16 * linux.PAGE_SIZE;
  linux.machine.memory.addRange({ name: 'pmem', base: BASE, bytes, kind: 'persistent' });
  const { ptes } = present(linux.tasks[0], 'a task').mm;
  const page = USER / linux.PAGE_SIZE;
  const pfn = BASE / linux.PAGE_SIZE;
  const mapped = { pfn, write: true, dirty: true };
  const uncached = { ...mapped, attribute: 'uncached' } as const;
  const entries = { mapped, uncached, other: { ...mapped, pfn: pfn + 1 } };
  ptes.poke(page, entries[before]);
  const kernel = { vaddr: linux.PAGE_OFFSET + BASE, paddr: BASE };
  function* run(): Op<number> {
    yield* store(kernel, new Uint8Array([1]));
    yield* maintain('flush', kernel, 1);
    yield* set(ptes, page, mapped);
    const [value = -1] = yield* load({ vaddr: USER, paddr: BASE }, 1);
    return value;
  }
  const memory = { model: cacheModelOf(linux.machine.machine), lineBytes: 32, bytes: [BASE] };
  const closed = closeScene({ linux, threads: [{ name: 'P0', run }], memory }, search);
  assert(closed.kind === 'closed', 'no limit is reached');
  return new Set(sceneEnds(closed, search).map(({ results }) => results[0]));
}

test('the name of an address tells its page and the frame', () => {
  expect(translationOf('page 12 of page 34')).toEqual({ page: 12, frame: 34 });
});

test('hardware brings in lines by an entry that maps their frame, through the cache', () => {
  expect(readsAfter('mapped')).toEqual(new Set([0, 1]));
  expect(readsAfter('other')).toEqual(new Set([1]));
  expect(readsAfter('uncached')).toEqual(new Set([1]));
});
