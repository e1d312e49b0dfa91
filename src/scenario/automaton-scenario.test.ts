// Scenes under the reductions: each alone and all together keep their ends and the verdict on them.

import { describe, expect, test } from 'vitest';
import { assert, present } from '../base/index.ts';
import { explore, replay, search } from '../explore/index.ts';
import { valueIn } from '../ir/index.ts';
import {
  fails,
  get,
  type Linux,
  load,
  lock,
  Lock,
  maintain,
  type Op,
  scan,
  set,
  Shared,
  store,
  unlock,
} from '../kernel/index.ts';
import { allReductions, reduce, witnessReductions } from '../reduce/index.ts';
import type { Scene } from './automaton.ts';
import { endQuestion, sceneAsScenario } from './automaton-scenario.ts';
import { type ClosedScene, closeScene, type SceneEnd, sceneEnds } from './automaton-search.ts';
import { cacheModelOf } from './cache-model.ts';
import { testKernel } from './test-kernel.ts';

const BASE = 2 ** 32;

function kernel(id: string): Linux {
  const linux = testKernel(id);
  const bytes = 16 * linux.PAGE_SIZE;
  linux.machine.memory.addRange({ name: 'pmem', base: BASE, bytes, kind: 'persistent' });
  return linux;
}

function close(linux: Linux, ops: readonly (() => Op<unknown>)[], more: Partial<Scene>) {
  const threads = ops.map((run, i) => ({ name: `P${i}`, run }));
  const found = closeScene({ linux, threads, ...more }, search);
  assert(found.kind === 'closed', 'no limit is reached');
  return found;
}

const choices = [...allReductions.map((one) => [one]), witnessReductions, allReductions];

/** What the reductions must keep; how many states they have left out at best. */
function compareAll(closed: ClosedScene, holds: (end: SceneEnd) => boolean): number {
  const ends = sceneEnds(closed, search);
  const question = endQuestion(closed, ends, holds);
  const scenario = sceneAsScenario(closed, question);
  const whole = explore(scenario.system, question);
  expect(whole.ends.map(({ satisfies }) => satisfies)).toEqual(ends.map(holds));
  const saved = choices.map((which) => {
    const reduced = reduce(scenario, which);
    const found = explore(reduced.system, reduced.question);
    expect([which, reduced.endsOf(found.ends)]).toEqual([which, whole.ends]);
    expect([which, found.witness !== undefined]).toEqual([which, whole.witness !== undefined]);
    if (found.witness && which.every((one) => witnessReductions.includes(one))) {
      expect([which, found.witness.steps.length]).toEqual([which, whole.witness?.steps.length]);
      const ids = found.witness.steps.map(({ action }) => reduced.system.actions[action]?.id ?? '');
      const last = replay(scenario.system, reduced.pathsOf(ids)[0] ?? [])?.steps.at(-1);
      expect(valueIn(question, last?.state ?? [])).toBe(1);
    }
    return whole.states - found.states;
  });
  return Math.max(...saved);
}

describe('reductions keep ends and verdict', () => {
  test.each(['arm926ej-s', 'cortex-a15'])('%s: two addresses of a byte, flushed or not', (id) => {
    const linux = kernel(id);
    const bytes = [BASE, BASE + 1];
    const model = cacheModelOf(linux.machine.machine);
    const memory = { model, lineBytes: 32, bytes };
    const kernelSide = { vaddr: linux.PAGE_OFFSET + BASE, paddr: BASE };
    const userSide = { vaddr: 5 * linux.PAGE_SIZE, paddr: BASE };
    const pfn = BASE / linux.PAGE_SIZE;
    linux.tasks[0]?.mm.ptes.poke(5, { pfn, write: true, dirty: false });
    function* writer(): Op<void> {
      yield* store(kernelSide, new Uint8Array([1]));
      yield* maintain('flush', kernelSide, 1);
    }
    function* reader(): Op<string> {
      return (yield* load(userSide, 2)).join();
    }
    const scene = close(linux, [writer, reader], { memory, settles: true, crashes: true });
    expect(compareAll(scene, ({ results }) => results[1] === '1,0')).toBeGreaterThan(0);
  });

  test('a line that stays in the cache when its address goes out of reach', () => {
    const linux = kernel('arm926ej-s');
    const memory = { model: cacheModelOf(linux.machine.machine), lineBytes: 32, bytes: [BASE] };
    const { ptes } = present(linux.tasks[0], 'a task').mm;
    const entry = { pfn: BASE / linux.PAGE_SIZE, write: true, dirty: false };
    const kernelSide = { vaddr: linux.PAGE_OFFSET + BASE, paddr: BASE };
    const userSide = { vaddr: 5 * linux.PAGE_SIZE, paddr: BASE };
    ptes.poke(5, entry);
    function* remapper(): Op<number | undefined> {
      yield* set(ptes, 5, undefined);
      yield* store(kernelSide, new Uint8Array([1]));
      yield* maintain('flush', kernelSide, 1);
      yield* set(ptes, 5, entry);
      return (yield* load(userSide, 1))[0];
    }
    const scene = close(linux, [remapper], { memory });
    const saved = compareAll(scene, ({ results }) => results[0] === 0);
    expect(sceneEnds(scene, search).map(({ results }) => results[0])).toEqual([0, 1]);
    expect(saved).toBeGreaterThan(0);
  });

  test('chances, locks, cells, scans and a deadlock', () => {
    const [a, b] = [new Lock('a'), new Lock('b')];
    const table = new Shared('table', 0);
    const worker = (first: Lock, second: Lock, key: number) =>
      function* op(): Op<string> {
        yield* lock(first);
        const isSkipped = yield* fails('second lock');
        if (!isSkipped) yield* lock(second);
        yield* set(table, key, (yield* get(table, 3 - key)) + 1);
        const keys = yield* scan(table, { start: 0, end: 5 });
        if (!isSkipped) yield* unlock(second);
        yield* unlock(first);
        return keys.join();
      };
    const scene = close(kernel('cortex-a15'), [worker(a, b, 1), worker(b, a, 2)], {
      roots: [table],
    });
    expect(sceneEnds(scene, search).some((end) => end.isDeadlocked)).toBe(true);
    compareAll(scene, (end) => end.isDeadlocked);
    compareAll(scene, ({ results }) => results.every((keys) => keys === '1,2'));
  });
});
