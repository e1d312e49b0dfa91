// Attach and detach of pmem disks: every failure alone and in pairs, in both releases, against the
// invariants of dax devices.

import { describe, expect, test } from 'vitest';
import { lookup_bdev } from '../../block/genhd.ts';
import { queueAttribute, readSysfs, writeSysfs } from '../../block/blk-sysfs.ts';
import {
  DAXDEV_ALIVE,
  DAXDEV_NOCACHE,
  DAXDEV_NOMC,
  DAXDEV_SYNC,
  DAXDEV_WRITE_CACHE,
} from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import type { ForcedGate, ReleaseId } from '../../linux.ts';
import { noSteps } from '../../steps.ts';
import { daxAccounts, lostDisks } from '../dax/accounts.ts';
import { testKernel } from '../test-kernel.ts';
import { newNamespace } from './nd-new.ts';
import { type NdClaim, nvdimm_flush } from './nd.ts';
import { nd_pmem_probe, nd_pmem_remove } from './pmem.ts';

const PFN: NdClaim = { kind: 'pfn', map: 'mem' };

/** Attaches with some chances failing: the answer, what is broken and which disks are lost. */
function attach(
  release: ReleaseId,
  failing: readonly string[],
  { claim = PFN, gate = 'stock' }: { claim?: NdClaim; gate?: ForcedGate } = {},
) {
  const kernel = testKernel(release, { gate });
  const { linux } = kernel;
  const namespace = newNamespace(linux, claim);
  for (const what of failing) kernel.failing.add(what);
  const rc = linux.now(nd_pmem_probe(linux, namespace));
  const asked = [...kernel.asked];
  const broken = [...new Set(daxAccounts(linux).map(({ invariant }) => invariant))];
  kernel.failing.clear();
  return { ...kernel, namespace, rc, asked, broken, lost: lostDisks(linux) };
}

/** All chances that an attach asks for when none fails. */
const chances = (release: ReleaseId, claim: NdClaim = PFN) => attach(release, [], { claim }).asked;

describe.each<ReleaseId>(['6.1', '6.12'])('attach in %s', (release) => {
  test('without failure leaves nothing broken, and detach leaves nothing', () => {
    const { linux, namespace, rc, broken, lost } = attach(release, []);
    expect([rc, broken, lost]).toEqual([0, [], []]);
    expect(typeof lookup_bdev(linux, '/dev/pmem0')).toBe('object');
    linux.now(nd_pmem_remove(namespace));
    expect(lookup_bdev(linux, '/dev/pmem0')).toBe(-E.ENOENT);
    expect([daxAccounts(linux), lostDisks(linux)]).toEqual([[], []]);
    expect(linux.dax.dax_minor_ida.count).toBe(0);
    expect(linux.now(nd_pmem_probe(linux, namespace))).toBe(0);
  });

  test.each(chances(release))('failing %s alone', (what) => {
    const { linux, namespace, rc, broken, lost } = attach(release, [what]);
    expect(rc).toBeLessThan(0);
    expect(lookup_bdev(linux, '/dev/pmem0')).toBe(-E.ENOENT);
    // 6.1 assigns pmem->dax_dev too late; both forget put_disk() after the bad blocks.
    const leaks = release === '6.1' && what === 'xa_insert dax_hosts';
    expect(broken).toEqual(leaks ? ['I3'] : []);
    expect(lost).toEqual(what === 'devm_init_badblocks' ? ['pmem0'] : []);
    // What devres had is free again; a lost minor stays lost.
    expect(linux.now(nd_pmem_probe(linux, namespace))).toBe(0);
    expect(linux.dax.dax_minor_ida.count).toBe(leaks ? 2 : 1);
  });

  test('every pair of failures ends as the first of the two does', () => {
    const all = chances(release);
    for (const [index, first] of all.entries()) {
      const alone = attach(release, [first]);
      for (const second of all.slice(index + 1)) {
        const both = attach(release, [first, second]);
        const end = [both.rc, both.broken, both.lost];
        expect(end, `${first} and ${second}`).toEqual([alone.rc, alone.broken, alone.lost]);
      }
    }
  });

  test('the dax device is synchronous, written past the cache, and has a write cache', () => {
    const { linux } = attach(release, []);
    const host = linux.dax.dax_hosts.keys().map((key) => linux.dax.dax_hosts.peek(key));
    const all = DAXDEV_ALIVE | DAXDEV_SYNC | DAXDEV_NOCACHE | DAXDEV_NOMC | DAXDEV_WRITE_CACHE;
    expect(host.map((dax) => dax?.flags.peek())).toEqual([all]);
  });

  test('a raw namespace has a dax device and no DAX feature', () => {
    const { linux, rc, broken } = attach(release, [], { claim: { kind: 'raw' } });
    const bdev = lookup_bdev(linux, '/dev/pmem0');
    if (typeof bdev === 'number') throw new Error('no disk');
    expect([rc, broken, linux.dax.dax_hosts.count]).toEqual([0, [], 1]);
    expect(queueAttribute(linux, bdev, 'dax')).toBe('0');
    expect(queueAttribute(linux, bdev, 'write_cache')).toBe('write back');
    expect(queueAttribute(linux, bdev, 'fua')).toBe('0');
  });

  test('btt has no dax device at all', () => {
    const claim: NdClaim = { kind: 'btt', sector_size: 4096 };
    for (const what of ['', ...chances(release, claim)]) {
      const { linux, rc, broken, lost } = attach(release, [what], { claim });
      expect(rc === 0, what).toBe(what === '');
      expect([broken, lost, linux.dax.dax_minor_ida.count], what).toEqual([[], [], 0]);
      expect(typeof lookup_bdev(linux, '/dev/pmem0s') === 'number', what).toBe(rc !== 0);
    }
  });
});

describe('a refusing alloc_dax()', () => {
  test('6.1 has no disk then', () => {
    const { linux, rc, broken, lost } = attach('6.1', [], { gate: 'EOPNOTSUPP' });
    expect([rc, broken, lost]).toEqual([-E.EOPNOTSUPP, [], []]);
    expect(lookup_bdev(linux, '/dev/pmem0')).toBe(-E.ENOENT);
  });

  test('6.12 has a disk whose queue still says DAX, and no host entry', () => {
    const { linux, rc, broken } = attach('6.12', [], { gate: 'EOPNOTSUPP' });
    expect([rc, broken, linux.dax.dax_hosts.count]).toEqual([0, ['I5'], 0]);
    expect(readSysfs(linux, '/sys/block/pmem0/queue/dax')).toBe('1');
    // write_cache does not test for the missing device.
    expect(readSysfs(linux, '/sys/block/pmem0/dax/write_cache')).toBe(-E.EFAULT);
  });

  test('-ENOMEM is fatal in 6.12 too', () => {
    expect(attach('6.12', [], { gate: 'ENOMEM' }).rc).toBe(-E.ENOMEM);
  });
});

test('FUA is there where DIMMs have flush hints and the port can write past its cache', () => {
  const fua = (change: { readonly ARCH_HAS_UACCESS_FLUSHCACHE?: false }) => {
    const { config } = testKernel('6.12').linux;
    const { linux } = testKernel('6.12', { config: { ...config, ...change } });
    linux.now(nd_pmem_probe(linux, newNamespace(linux, PFN, { num_flush: 1 })));
    return [readSysfs(linux, '/sys/block/pmem0/queue/fua'), linux.dmesg.length];
  };
  expect(fua({})).toEqual(['1', 0]);
  expect(fua({ ARCH_HAS_UACCESS_FLUSHCACHE: false })).toEqual(['0', 1]);
});

test('a port without ARCH_HAS_PMEM_API has no dax/write_cache', () => {
  const { config } = testKernel('6.12').linux;
  const { linux } = testKernel('6.12', { config: { ...config, ARCH_HAS_PMEM_API: false } });
  linux.now(nd_pmem_probe(linux, newNamespace(linux, PFN)));
  expect(readSysfs(linux, '/sys/block/pmem0/dax/write_cache')).toBe(-E.ENOENT);
});

test('a flush that fails is an I/O error, but for want of memory', () => {
  const { linux } = testKernel('6.12');
  for (const [error, seen] of [
    [-E.EINVAL, -E.EIO],
    [-E.ENOMEM, -E.ENOMEM],
  ] as const) {
    const { region } = newNamespace(linux, PFN, { flush: () => noSteps(error) });
    expect(linux.now(nvdimm_flush(region, false))).toBe(seen);
  }
});

test('dax/write_cache is read and written as a truth value', () => {
  const { linux } = attach('6.12', []);
  const path = '/sys/class/block/pmem0/dax/write_cache';
  expect(readSysfs(linux, path)).toBe('1');
  expect(writeSysfs(linux, path, '0\n')).toBe(2);
  expect(readSysfs(linux, path)).toBe('0');
  expect(writeSysfs(linux, path, 'maybe')).toBe(-E.EINVAL);
  expect(writeSysfs(linux, path, 'on')).toBe(2);
  expect(readSysfs(linux, path)).toBe('1');
  expect(writeSysfs(linux, '/sys/block/pmem0/ro', '1')).toBe(-E.EACCES);
});
