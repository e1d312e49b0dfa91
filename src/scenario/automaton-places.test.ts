// What makes the system of a scene small, and that it says the same: steps that nobody notices, and
// nodes that nothing tells apart.

import { describe, expect, test } from 'vitest';
import { assert, at } from '../base/index.ts';
import { search } from '../explore/index.ts';
import { get, lock, Lock, type Op, set, Shared, unlock } from '../kernel/index.ts';
import { runAlone } from './automaton-alone.ts';
import type { Scene } from './automaton.ts';
import {
  type ClosedScene,
  closeScene,
  lookAt,
  sceneEnds,
  scheduleTo,
  walk,
} from './automaton-search.ts';
import { testKernel } from './test-kernel.ts';

function close(ops: readonly (() => Op<unknown>)[], more: Partial<Scene> = {}): ClosedScene {
  const threads = ops.map((run, i) => ({ name: `P${i}`, run }));
  // The search confirms that the final system gives no unknown answer.
  const found = closeScene({ linux: testKernel('cortex-a15'), threads, ...more }, search);
  assert(found.kind === 'closed', 'no limit is reached');
  return found;
}

const stepsOf = (scene: ClosedScene, thread: number) =>
  [...scene.steps.values()].filter((step) => step.thread === thread).length;

describe('steps that nobody notices', () => {
  const count = new Shared('count', 0);
  const mutex = new Lock('mutex');
  function* locked(): Op<void> {
    yield* lock(mutex);
    const before = yield* get(count);
    yield* set(count, 0, before + 1);
    yield* set(count, 0, before + 1);
    yield* unlock(mutex);
  }

  test('what is done under a lock that all take is one step for each value found', () => {
    const scene = close([locked, locked], { roots: [count] });
    expect([0, 1].map((thread) => stepsOf(scene, thread))).toEqual([2, 2]);
    const ends = sceneEnds(scene, search);
    expect(ends.map((end) => lookAt(scene, end, () => count.peek()))).toEqual([2]);
  });

  test('it is not where another thread looks without the lock', () => {
    const scene = close([locked, () => get(count)], { roots: [count] });
    expect(stepsOf(scene, 0)).toBeGreaterThan(2);
    const seen = sceneEnds(scene, search).map(({ results }) => results[1]);
    expect(new Set(seen)).toEqual(new Set([0, 1]));
  });

  test('readers of a lock exclude a writer, and not each other', () => {
    function* reader(): Op<number> {
      yield* lock(mutex, 'shared');
      const seen = yield* get(count);
      yield* unlock(mutex, 'shared');
      return seen;
    }
    const scene = close([locked, reader, reader], { roots: [count] });
    const seen = sceneEnds(scene, search).map(({ results }) => results.slice(1).join());
    expect(new Set(seen)).toEqual(new Set(['0,0', '0,1', '1,0', '1,1']));
  });
});

test('threads that start after others see what those have left', () => {
  const cell = new Shared('cell', 0);
  const linux = testKernel('cortex-a15');
  const threads = [
    { name: 'P0', run: () => set(cell, 0, 1) },
    { name: 'P1', run: () => get(cell), after: [0] },
  ];
  const scene = closeScene({ linux, threads, roots: [cell] }, search);
  assert(scene.kind === 'closed', 'no limit is reached');
  const ends = sceneEnds(scene, search);
  expect(ends.map(({ results, isDeadlocked }) => [results[1], isDeadlocked])).toEqual([[1, false]]);
});

test('ways that end the same are one place; walk() still tells which way it was', () => {
  const cell = new Shared('cell', 0);
  function* looks(): Op<string> {
    yield* get(cell);
    return 'done';
  }
  const scene = close([looks, () => set(cell, 0, 1)], { roots: [cell] });
  expect(at(scene.places, 0)).toHaveLength(2);
  const told = sceneEnds(scene, search).map((end) =>
    walk(scene, scheduleTo(scene, search, [end])).walked.flatMap(({ thread, moves }) =>
      moves.map(({ answer }) => `P${thread} ${answer}`),
    ),
  );
  expect(told).toEqual([['P0 0', 'P1 ']]);
});

test('plain objects that two threads change are told', () => {
  const list: number[] = [];
  function* op(): Op<void> {
    list.push(1);
    yield* get(new Shared('own', 0));
  }
  const scene = close([op, op], { roots: [list] });
  expect(scene.conflicts).toEqual(['root 0.length', 'root 0.0']);
  expect(list).toEqual([]);
});

test('a guess that the function cannot follow is no failure', () => {
  const [size, blocks] = [new Shared('size', 0), new Shared('blocks', 0)];
  function* grow(): Op<void> {
    yield* set(blocks, 0, 1);
    yield* set(size, 0, 1);
  }
  function* look(): Op<number> {
    const seen = yield* get(size);
    const known = yield* get(blocks);
    assert(known >= seen, 'blocks come first');
    return seen;
  }
  const scene = close([grow, look], { roots: [size, blocks] });
  const seen = sceneEnds(scene, search).map(({ results }) => results[1]);
  expect(new Set(seen)).toEqual(new Set([0, 1]));
});

test('a function that runs alone leaves what it has done', () => {
  const [cell, mutex] = [new Shared('cell', 0), new Lock('mutex')];
  function* op(): Op<string> {
    yield* lock(mutex);
    yield* set(cell, 3, 1);
    return 'done';
  }
  const { texts, result, isBlocked } = runAlone(testKernel('cortex-a15'), op());
  expect([result, isBlocked, cell.peek(3)]).toEqual(['done', false, 1]);
  expect(texts).toEqual(['lock mutex exclusive', 'set cell [3]']);
  function* twice(): Op<void> {
    yield* lock(mutex);
    yield* lock(mutex);
  }
  expect(runAlone(testKernel('cortex-a15'), twice()).isBlocked).toBe(true);
});
