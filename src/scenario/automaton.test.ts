// Generators as automata: every schedule and every failure of small ones is found, what only one
// thread uses takes no room, and objects are the same in every run.

import { describe, expect, test } from 'vitest';
import { search } from '../explore/index.ts';
import {
  fails,
  get,
  type Linux,
  lock,
  Lock,
  type Op,
  scan,
  set,
  Shared,
  unlock,
} from '../kernel/index.ts';
import type { Scene, SceneThread } from './automaton.ts';
import { type ClosedScene, closeScene, lookAt, sceneEnds, scheduleTo } from './automaton-search.ts';
import { testKernel } from './test-kernel.ts';

const limits = { nodes: 500, rounds: 50 };

function thread(name: string, run: () => Op<unknown>): SceneThread {
  return { name, run };
}

function closed(scene: Omit<Scene, 'linux'> & { readonly linux?: Linux }): ClosedScene {
  const found = closeScene({ linux: testKernel('arm926ej-s'), ...scene }, search, limits);
  if (found.kind !== 'closed') throw new Error(`bound: ${found.bound}`);
  return found;
}

const results = (scene: ClosedScene) => sceneEnds(scene, search).map((end) => end.results);

test('two threads that add one without a lock may lose one, and with a lock never', () => {
  const count = new Shared('count', 0);
  const mutex = new Lock('mutex');
  function* plain(): Op<void> {
    yield* set(count, 0, (yield* get(count)) + 1);
  }
  function* locked(): Op<void> {
    yield* lock(mutex);
    yield* plain();
    yield* unlock(mutex);
  }
  const counts = (op: () => Op<void>) => {
    const scene = closed({ threads: [thread('P0', op), thread('P1', op)], roots: [count] });
    const ends = sceneEnds(scene, search);
    return new Set(ends.map((end) => lookAt(scene, end, () => count.peek())));
  };
  expect(counts(plain)).toEqual(new Set([1, 2]));
  expect(counts(locked)).toEqual(new Set([2]));
  expect(count.peek()).toBe(0);
});

test('both answers of every chance are explored', () => {
  function* op(): Op<string> {
    const first = yield* fails('first');
    const second = first ? false : yield* fails('second');
    return first ? 'first' : second ? 'second' : 'none';
  }
  const seen = results(closed({ threads: [thread('P0', op)] })).flat();
  expect(new Set(seen)).toEqual(new Set(['first', 'second', 'none']));
  expect(seen).toHaveLength(3);
});

test('what one thread uses alone takes no field and no action', () => {
  const own = new Shared('own', 0);
  const mutex = new Lock('mutex');
  function* op(): Op<number> {
    yield* lock(mutex);
    for (let n = 1; n <= 5; n++) yield* set(own, n, n);
    const keys = yield* scan(own, { start: 2, end: 4 });
    yield* unlock(mutex);
    return keys.length + (yield* get(own, 5));
  }
  const scene = closed({ threads: [thread('P0', op)], roots: [own] });
  expect(results(scene)).toEqual([[8]]);
  expect(scene.system.actions.filter(({ actor }) => actor.kind === 'thread')).toEqual([]);
});

test('a scan sees what another thread has put in or not yet', () => {
  const table = new Shared<string | undefined>('table', undefined);
  function* writer(): Op<void> {
    yield* set(table, 3, 'three');
    yield* set(table, 3, undefined);
  }
  function* reader(): Op<string> {
    yield* set(table, 1, 'one');
    return (yield* scan(table, { start: 0, end: 9 })).join();
  }
  const scene = closed({ threads: [thread('P0', writer), thread('P1', reader)], roots: [table] });
  expect(new Set(results(scene).map(([, seen]) => seen))).toEqual(new Set(['1', '1,3']));
});

test('readers hold a lock together, a writer alone', () => {
  const mutex = new Lock('mutex');
  const state = new Shared('readers and writers', '');
  const note = (mark: string) =>
    function* op(): Op<string> {
      const mode = mark === 'w' ? 'exclusive' : 'shared';
      yield* lock(mutex, mode);
      const before = yield* get(state);
      yield* set(state, 0, `${before}${mark}`);
      const after = yield* get(state);
      yield* unlock(mutex, mode);
      return `${before}>${after}`;
    };
  const together = (a: string, b: string) =>
    results(closed({ threads: [thread('P0', note(a)), thread('P1', note(b))], roots: [state] }));
  const alone = [
    ['>w', 'w>wr'],
    ['r>rw', '>r'],
  ];
  const seen = together('w', 'r');
  expect(seen).toHaveLength(alone.length);
  for (const one of alone) expect(seen).toContainEqual(one);
  expect(together('r', 's')).toContainEqual(['>r', '>r']);
});

test('threads that take two locks in different orders may wait for ever', () => {
  const [a, b] = [new Lock('a'), new Lock('b')];
  const take = (first: Lock, second: Lock) =>
    function* op(): Op<void> {
      yield* lock(first);
      yield* lock(second);
      yield* unlock(second);
      yield* unlock(first);
    };
  const deadlocks = (op0: () => Op<void>, op1: () => Op<void>) =>
    sceneEnds(closed({ threads: [thread('P0', op0), thread('P1', op1)] }), search).map(
      (end) => end.isDeadlocked,
    );
  expect(deadlocks(take(a, b), take(b, a))).toEqual([false, true]);
  expect(deadlocks(take(a, b), take(a, b))).toEqual([false]);
});

describe('objects that a function makes', () => {
  class Thing {
    readonly size = new Shared('size of the thing', 0);
  }
  const slot = new Shared<Thing | undefined>('slot', undefined);
  function* maker(): Op<boolean> {
    const thing = new Thing();
    yield* set(thing.size, 0, 7);
    yield* set(slot, 0, thing);
    // Another thread may have come in between; an object stays the one it was.
    return (yield* get(slot)) === thing;
  }

  test('are one object for their maker, and others see what is in them', () => {
    function* reader(): Op<number | undefined> {
      const thing = yield* get(slot);
      return thing && (yield* get(thing.size));
    }
    const scene = closed({ threads: [thread('P0', maker), thread('P1', reader)], roots: [slot] });
    const seen = results(scene);
    expect(new Set(seen.map(([mine]) => mine))).toEqual(new Set([true]));
    expect(new Set(seen.map(([, size]) => size))).toEqual(new Set([undefined, 7]));
  });

  test('are told apart from those of another thread', () => {
    const scene = closed({ threads: [thread('P0', maker), thread('P1', maker)], roots: [slot] });
    const seen = results(scene);
    expect(seen).toContainEqual([false, true]);
    expect(seen).toContainEqual([true, true]);
    expect(seen).not.toContainEqual([false, false]);
  });
});

test('plain objects are as at the start for every run', () => {
  const list: number[] = [];
  const linux = testKernel('arm926ej-s');
  function* op(): Op<number> {
    yield* fails('this');
    list.push(1);
    yield* fails('that');
    return list.length;
  }
  const scene = closed({ linux, threads: [thread('P0', op)], roots: [list] });
  expect(new Set(results(scene).flat())).toEqual(new Set([1]));
  expect(list).toEqual([]);
});

test('a function that depends on more than its answers is found out', () => {
  let calls = 0;
  const cell = new Shared('cell', 0);
  function* fickle(): Op<void> {
    yield* fails(`call ${calls++}`);
    yield* get(cell);
    yield* set(cell, 0, 1);
  }
  const scene = {
    linux: testKernel('arm926ej-s'),
    threads: [thread('P0', fickle), thread('P1', fickle)],
  };
  expect(() => closeScene(scene, search, limits)).toThrow('asks the same');
});

test('limits are answers', () => {
  function* endless(): Op<void> {
    for (;;) yield* fails('again');
  }
  const scene = { linux: testKernel('arm926ej-s'), threads: [thread('P0', endless)] };
  expect(closeScene(scene, search, { nodes: 20, rounds: 3 })).toEqual({
    kind: 'bound',
    bound: 'nodes',
    place: 'P0, 20 nodes, the last: chance again; chance again; chance again',
  });
});

test('a schedule leads to an end', () => {
  const cell = new Shared('cell', 0);
  const add = (n: number) =>
    function* op(): Op<void> {
      yield* set(cell, 0, (yield* get(cell)) + n);
    };
  const scene = closed({ threads: [thread('P0', add(1)), thread('P1', add(2))], roots: [cell] });
  const ends = sceneEnds(scene, search);
  const lost = ends.filter((end) => lookAt(scene, end, () => cell.peek()) === 1);
  expect(scheduleTo(scene, search, lost)).toEqual(['P0.0=0', 'P1.0=0', 'P1.1', 'P0.1']);
});

test('who waits for another thread in a loop is not guessed to wait for ever', () => {
  const [cell, held] = [new Shared('cell', 0), new Lock('held')];
  function* holds(): Op<void> {
    yield* lock(held);
    yield* set(cell, 0, 1);
    yield* set(cell, 0, 0);
    yield* unlock(held);
  }
  function* waits(): Op<void> {
    while ((yield* get(cell)) === 1) {
      yield* lock(held);
      yield* unlock(held);
    }
  }
  const scene = {
    linux: testKernel('arm926ej-s'),
    threads: [thread('P0', holds), thread('P1', waits)],
  };
  expect(closeScene(scene, search, { nodes: 5000 }).kind).toBe('closed');
});
