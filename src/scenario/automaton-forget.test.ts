// When it turns out late that threads share something, runs that rest on nobody else using it are
// made again, and no others.

import { describe, expect, test } from 'vitest';
import { assert, at } from '../base/index.ts';
import { searchGraph } from '../explore/index.ts';
import { get, lock, Lock, type Op, scan, set, Shared, unlock } from '../kernel/index.ts';
import { forgetDisturbed, type Scene, sharingOf, startAutomata } from './automaton.ts';
import { closeScene, sceneEnds } from './automaton-search.ts';
import { testKernel } from './test-kernel.ts';

/** P1 does something only where it sees that P0 has begun: alone it never does. */
function lateScene(what: {
  readonly mine: () => Op<unknown>;
  readonly late: () => Op<unknown>;
  readonly roots: readonly object[];
}): Scene {
  const linux = testKernel('arm926ej-s');
  const begun = new Shared('begun', 0);
  function* first(): Op<unknown> {
    yield* set(begun, 0, 1);
    return yield* what.mine();
  }
  function* second(): Op<void> {
    if ((yield* get(begun)) === 1) yield* what.late();
  }
  const threads = [
    { name: 'P0', run: first },
    { name: 'P1', run: second },
  ];
  return { linux, threads, roots: [begun, ...what.roots] };
}

function kindsAfterLate(scene: Scene): readonly string[] {
  const sharing = sharingOf(scene);
  const automata = startAutomata(scene, sharing, 100);
  const [p0, p1] = [at(automata.threads, 0), at(automata.threads, 1)];
  const begins = at(p0.nodes, 0);
  assert(begins.visible.kind === 'set', 'P0 begins');
  expect(p0.nodes.map(({ visible }) => visible.kind)).toEqual(['set', 'end']);
  p1.after(at(p1.nodes, 0), begins.visible.value);
  expect(sharing.update()).toBe(true);
  forgetDisturbed(automata);
  expect(at(p0.nodes, 0)).toBe(begins);
  for (const { nodes } of automata.threads) {
    expect(nodes.map(({ id }) => id)).toEqual([...nodes.keys()]);
    for (const { before } of nodes) if (before) expect(nodes).toContain(before.node);
  }
  return p0.nodes.map(({ visible }) => visible.kind);
}

const resultsOf = (scene: Scene): ReadonlySet<unknown> => {
  const closed = closeScene(scene, searchGraph);
  assert(closed.kind === 'closed', 'no limit is reached');
  return new Set(sceneEnds(closed, searchGraph).map(({ results }) => results[0]));
};

describe('what is shared only once another thread has begun', () => {
  test('a cell', () => {
    const cell = new Shared('cell', 0);
    const scene = lateScene({
      mine: () => get(cell, 0),
      late: () => set(cell, 0, 7),
      roots: [cell],
    });
    expect(kindsAfterLate(scene)).toEqual(['set', 'get', 'end']);
    expect(resultsOf(scene)).toEqual(new Set([0, 7]));
  });

  test('a lock', () => {
    const mutex = new Lock('mutex');
    function* held(): Op<void> {
      yield* lock(mutex);
      yield* unlock(mutex);
    }
    const scene = lateScene({ mine: held, late: held, roots: [mutex] });
    expect(kindsAfterLate(scene)).toEqual(['set', 'lock', 'unlock', 'end']);
  });

  test('a cell of a table that is looked through', () => {
    const slots = new Shared<number>('slots', 0);
    function* count(): Op<number> {
      return (yield* scan(slots, { start: 0, end: 9 })).length;
    }
    const scene = lateScene({
      mine: count,
      late: () => set(slots, 3, 1),
      roots: [slots],
    });
    expect(kindsAfterLate(scene)).toEqual(['set', 'scan', 'end']);
    expect(resultsOf(scene)).toEqual(new Set([0, 1]));
  });
});
