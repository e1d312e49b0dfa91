// pmem_attach_disk() with every failure there is, alone and together, as one search: what 6.1 and
// 6.12 lose on their ways back, by the accounts of dax devices and of disks.

import { describe, expect, test } from 'vitest';
import { search } from '../explore/index.ts';
import {
  daxAccounts,
  type Linux,
  lostDisks,
  type NdNamespace,
  nd_pmem_probe,
  newNamespace,
  type ReleaseId,
} from '../kernel/index.ts';
import type { SceneThread } from './automaton.ts';
import { type ClosedScene, closeScene, lookAt, sceneEnds, scheduleTo } from './automaton-search.ts';
import { testKernel } from './test-kernel.ts';

function namespace(linux: Linux, id: number): NdNamespace {
  const start = 2 ** 32 + id * 2 ** 24;
  return newNamespace(linux, { kind: 'pfn', map: 'mem' }, { id, start });
}

function attaching(
  linux: Linux,
  spaces: readonly NdNamespace[],
  options: { readonly noFailures?: boolean } = {},
): ClosedScene {
  const threads = spaces.map(
    (space, i): SceneThread => ({ name: `P${i}`, run: () => nd_pmem_probe(linux, space) }),
  );
  const found = closeScene({ linux, threads, roots: spaces, ...options }, search);
  if (found.kind !== 'closed') throw new Error(`bound: ${found.bound}`);
  return found;
}

/** What is lost in each end, once for each kind of loss. */
function losses(linux: Linux, scene: ClosedScene): readonly string[] {
  const told = sceneEnds(scene, search).flatMap((end) =>
    lookAt(scene, end, () => [
      ...daxAccounts(linux).map(({ invariant }) => invariant),
      ...lostDisks(linux).map((disk) => `disk ${disk}`),
    ]),
  );
  return [...new Set(told)].toSorted((a, b) => (a < b ? -1 : 1));
}

describe.each<ReleaseId>(['6.1', '6.12'])('%s', (release) => {
  const linux = testKernel('skylake', { release });
  const scene = attaching(linux, [namespace(linux, 0)]);

  test('there is one way to attach, and each chance has a way to fail', () => {
    const ends = sceneEnds(scene, search);
    const codes = ends.map(({ results }) => results[0]);
    expect(codes.filter((code) => code === 0)).toHaveLength(1);
    const chances = scene.system.actions.filter(({ actor }) => actor.kind === 'failure');
    // Of the failures one is that threads wait for ever, which none does.
    expect(codes).toHaveLength(chances.length);
    expect(ends.some((end) => end.isDeadlocked)).toBe(false);
  });

  test('what is lost: the disk, when its bad blocks fail; in 6.1 a dax device as well', () => {
    const expected = release === '6.1' ? ['I3', 'disk pmem0'] : ['disk pmem0'];
    expect(losses(linux, scene)).toEqual(expected);
  });

  test('the shortest way to a loss names the chance that failed', () => {
    const ends = sceneEnds(scene, search);
    const lost = (isLost: () => boolean) => ends.filter((end) => lookAt(scene, end, isLost));
    const disk = scheduleTo(
      scene,
      search,
      lost(() => lostDisks(linux).length > 0),
    );
    expect(lastChance(scene, disk)).toBe('devm_init_badblocks');
    const leaks = lost(() => daxAccounts(linux).some((one) => one.invariant === 'I3'));
    expect(leaks.length).toBe(release === '6.1' ? 1 : 0);
    if (release !== '6.1') return;
    expect(lastChance(scene, scheduleTo(scene, search, leaks))).toBe('xa_insert dax_hosts');
  });
});

function lastChance(scene: ClosedScene, schedule: readonly string[]): string | undefined {
  const [id] = schedule.filter((one) => one.endsWith(':fails'));
  const node = scene.automata.threads[0]?.nodes[Number(id?.match(/\d+(?=:)/)?.[0])];
  return node?.visible.kind === 'chance' ? node.visible.what : undefined;
}

test('two namespaces attached at once have devices of their own, in every schedule', () => {
  const linux = testKernel('skylake');
  const spaces = [namespace(linux, 0), namespace(linux, 1)];
  const scene = attaching(linux, spaces, { noFailures: true });
  const ends = sceneEnds(scene, search);
  expect(ends.every(({ results }) => results.every((rc) => rc === 0))).toBe(true);
  const seen = ends.map((end) =>
    lookAt(scene, end, () => {
      const { dax_hosts, dax_minor_ida } = linux.dax;
      const devices = dax_hosts.keys().map((key) => dax_hosts.peek(key));
      const flags = new Set(devices.map((dax) => dax?.flags));
      return `${new Set(devices).size} ${flags.size} ${dax_minor_ida.count}`;
    }),
  );
  expect(new Set(seen)).toEqual(new Set(['2 2 2']));
  expect(losses(linux, scene)).toEqual([]);
}, 60_000);
