// Shows what is found when every step of an attach fails: each kind of finding, that equal systems
// may share an exploration, and that the search engine comes to the same ends.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { search } from '../../explore/index.ts';
import { isOops, lostDisks, nd_pmem_probe, treeState } from '../../kernel/index.ts';
import { closeScene, lookAt, sceneEnds } from '../automaton-search.ts';
import { type AttachDriver, attachVariants, pmemSpace } from './drivers.ts';
import { AttachExplorer, type AttachFinding, witnessOf } from './explore.ts';
import { type AttachSystem, Beds } from './system.ts';

function system(id: string, changes: Partial<AttachSystem> = {}): AttachSystem {
  const { release, rules } = present(treeState(id), id);
  const config = { DAX: true, FS_DAX: true };
  return { release, rules, machine: 'skylake', gate: 'stock', config, ...changes };
}

const ALIASES = { machine: 'ultrasparc-2' } as const;
const variantOf = (driver: AttachDriver, id: string) =>
  present(
    attachVariants.find((one) => one.driver === driver && one.id === id),
    `${driver} ${id}`,
  );

function found(
  driver: AttachDriver,
  id: string,
  on: AttachSystem,
): readonly (readonly [string, string])[] {
  const { findings } = new AttachExplorer().explore(variantOf(driver, id), on);
  return findings.map((one) => [one.kind, [...(one.ways[0] ?? []), one.use ?? ''].join()]);
}

describe('pmem', () => {
  const badBlocks = ['leak', 'devm_init_badblocks,'] as const;
  const holders = ['leak', 'two XFS are mounted from its partitions, each as the holder'] as const;

  test('loses its disk, and before the first patch a DAX device', () => {
    const before = found('pmem', 'pfn', system('v4/00'));
    expect(before).toEqual([badBlocks, ['leak', 'xa_insert dax_hosts,'], holders]);
    expect(found('pmem', 'pfn', system('v4/01'))).toEqual([badBlocks, holders]);
  });

  test('dies of the NULL that v3 gives, and goes on with what v4 gives', () => {
    expect(found('pmem', 'raw', system('v3/04', ALIASES))[0]?.[0]).toBe('oops');
    expect(found('pmem', 'raw', system('v4/12', ALIASES))).toEqual([badBlocks]);
  });

  test('without DAX says DAX, and uses NULL later', () => {
    const forced = found('pmem', 'pfn', system('6.12', { gate: 'EOPNOTSUPP' }));
    expect(forced).toEqual([
      ['rule', ''],
      badBlocks,
      ['oops', 'dax/write_cache is read'],
      ['oops', 'dax/write_cache is written'],
      ['oops', 'memory of the disk fails'],
    ]);
    expect(found('pmem', 'pfn', system('6.1', { gate: 'EOPNOTSUPP' }))[0]?.[0]).toBe('LOST');
  });
});

test('device-dax: v3 loses it, v4 exempts it; a range of its region is lost in both', () => {
  expect(found('device-dax', '', system('v3/04', ALIASES)).map(([kind]) => kind)).toEqual(['oops']);
  const range = [['leak', 'device_add dev_dax,']];
  expect(found('device-dax', '', system('v4/12', ALIASES))).toEqual(range);
  expect(found('device-dax', '', system('6.1'))).toEqual(range);
});

test('virtio-fs: v3 takes NULL for a device and survives; error pointers are not freed', () => {
  expect(found('virtio-fs', 'window', system('v3/04', ALIASES))).toEqual([['NULL', '']]);
  expect(found('virtio-fs', 'window', system('v4/12', ALIASES))).toEqual([]);
  const frees = { ...system('v4/12').rules, virtio_autofree: 'error pointers too' } as const;
  const ways = found('virtio-fs', 'window', system('v4/12', { rules: frees }));
  expect(ways).toEqual([['oops', 'ida_alloc_max dax_minor_ida,']]);
});

test('dcssblk: a segment stays loaded, and a device registered for ever', () => {
  const ways = found('dcssblk', 'aligned', system('6.12'));
  expect(ways).toEqual([
    ['leak', 'kzalloc dcssblk_dev_info,'],
    ['leak', 'ida_alloc_max dax_minor_ida,'],
  ]);
  expect(found('dcssblk', 'not aligned', system('7.3'))[0]).toEqual(['rule', '']);
});

test('dm loses nothing, but takes the host entry of another away', () => {
  const noDax = { config: { DAX: false, FS_DAX: false } };
  for (const on of [system('6.12'), system('v4/03', noDax), system('6.1', ALIASES)]) {
    expect(found('dm', 'linear', on)).toEqual([]);
  }
  expect(found('dm', 'host entry taken', system('6.12'))).toEqual([['twice', '']]);
});

test('a witness ends in its finding', () => {
  const on = system('v4/00');
  const variant = variantOf('pmem', 'pfn');
  const { findings } = new AttachExplorer().explore(variant, on);
  const leak = (one: AttachFinding) => one.ways[0]?.[0] === 'xa_insert dax_hosts';
  const events = witnessOf(variant, on, present(findings.find(leak), 'leak'));
  expect(events.at(-1)).toEqual({ kind: 'note', says: 'never given back: a DAX device' });
  expect(events).toContainEqual({ kind: 'chance', what: 'xa_insert dax_hosts', fails: true });
});

test('systems that answer alike whatever is asked share an exploration, and may', () => {
  const shared = new AttachExplorer();
  const ids = ['v4/00', 'v4/05', 'v4/08', 'v4/12', '6.12'];
  for (const variant of attachVariants) {
    for (const id of ids) {
      const on = system(id, ALIASES);
      expect(shared.explore(variant, on)).toEqual(new AttachExplorer().explore(variant, on));
    }
  }
  expect(shared.explored).toBeLessThan(attachVariants.length * ids.length);
});

test.each(['v4/00', 'v3/04'])('the search engine comes to the same ends: %s', (id) => {
  const on = system(id, ALIASES);
  const linux = new Beds().boot(on);
  const space = pmemSpace(linux);
  const thread = { name: 'P0', run: () => nd_pmem_probe(linux, space) };
  const scene = closeScene({ linux, threads: [thread], roots: [space] }, search);
  if (scene.kind !== 'closed') throw new Error(scene.bound);
  const ends = sceneEnds(scene, search);
  const dead = ends.filter(({ results }) => isOops(results[0])).length;
  const lost = ends.filter((end) => lookAt(scene, end, () => lostDisks(linux).length > 0)).length;
  const explored = new AttachExplorer().explore(variantOf('pmem', 'pfn'), on);
  // An end of the engine for each way without a use; a thread that dies leaves its disk, too.
  const oopses = explored.findings.filter(({ kind, use }) => kind === 'oops' && use === undefined);
  expect(dead).toBe(oopses.length);
  expect(ends.filter((end) => !end.isDeadlocked)).toHaveLength(explored.ends - explored.uses);
  expect(lost).toBe(1 + dead);
});
