// Attach of drivers without a pmem disk: device-dax, dcssblk and the window of virtio-fs, with each
// failure alone and in pairs, against the invariants of dax devices.

import { describe, expect, test } from 'vitest';
import { submit_bio } from '../../block/bio.ts';
import { lookup_bdev } from '../../block/genhd.ts';
import { virtio_fs_setup_dax } from '../../fs/fuse/virtio_fs-window.ts';
import { E } from '../../include/linux/errno.ts';
import type { DaxDevice } from '../../include/linux/dax.ts';
import { type ForcedGate, type Linux, type ReleaseId, subsystem } from '../../linux.ts';
import { Shared } from '../../shared.ts';
import type { Op } from '../../steps.ts';
import { Devres } from '../nvdimm/nd.ts';
import { dcssblk_add_store, dcssblk_remove_store } from '../s390/block/dcssblk.ts';
import { testKernel } from '../test-kernel.ts';
import { newNamespace } from '../nvdimm/nd-new.ts';
import { daxAccounts, lostDisks } from './accounts.ts';
import { DaxBus, dev_dax_by_name } from './bus.ts';
import { dax_pmem_probe } from './pmem.ts';
import { dax_alive, dax_synchronous, fs_dax_get_by_bdev } from './super.ts';

const SEGMENT = { name: 'dcss', start: 2 ** 29, size: 2 ** 20, readOnly: false };

/** A window of 8 MiB and the device's slot for its dax device. */
const newWindow = (hasRegion = true) => ({
  cache_reg: hasRegion ? { start: 2 ** 29, length: 8 * 2 ** 20 } : undefined,
  FUSE_DAX: true,
  dax_dev: new Shared<DaxDevice | number | undefined>('dax_dev of virtio_fs', undefined),
});

/** Probe as the driver core does it: on failure all that devres has is given back. */
function* probeWindow(linux: Linux, fs = newWindow()): Op<number> {
  const devres = new Devres();
  const rc = yield* virtio_fs_setup_dax(linux, fs, devres);
  if (rc !== 0) yield* devres.releaseAll();
  return rc;
}

const DRIVERS: Readonly<Record<string, (linux: Linux) => Op<number>>> = {
  'device-dax': (linux) => dax_pmem_probe(linux, newNamespace(linux, { kind: 'dax' })),
  dcssblk: (linux) => dcssblk_add_store(linux, SEGMENT),
  'virtio-fs': (linux) => probeWindow(linux),
};

/** Runs a driver with some chances failing. A window that was set up owns its device. */
function attach(driver: string, release: ReleaseId, failing: readonly string[]) {
  const kernel = testKernel(release);
  for (const what of failing) kernel.failing.add(what);
  const { linux } = kernel;
  const rc = linux.now(DRIVERS[driver]?.(linux) ?? failNone());
  const broken = daxAccounts(linux).map(({ invariant }) => invariant);
  const isWindow = driver === 'virtio-fs' && rc === 0;
  return { ...kernel, rc, broken: isWindow ? broken.slice(1) : broken, lost: lostDisks(linux) };
}

function failNone(): never {
  throw new Error('no such driver');
}

describe.each<ReleaseId>(['6.1', '6.12'])('in %s', (release) => {
  test.each(Object.keys(DRIVERS))('%s attaches, and leaves nothing where it fails', (driver) => {
    const all = attach(driver, release, []);
    expect([all.rc, all.broken, all.lost]).toEqual([0, [], []]);
    for (const [index, first] of all.asked.entries()) {
      const { rc, broken, lost } = attach(driver, release, [first]);
      expect([broken, lost], first).toEqual([[], []]);
      for (const second of all.asked.slice(index + 1)) {
        const both = attach(driver, release, [first, second]);
        expect([both.rc, both.broken, both.lost], `${first}, ${second}`).toEqual([rc, [], []]);
      }
    }
  });

  test('device-dax is alive only while its driver is bound', () => {
    const { linux, failing } = testKernel(release);
    const namespace = newNamespace(linux, { kind: 'dax' });
    failing.add('cdev_add dev_dax');
    expect(linux.now(dax_pmem_probe(linux, namespace))).toBe(0);
    expect(dev_dax_by_name(linux, 'dax0.0')).toBeUndefined();
    const [registered] = subsystem(linux, DaxBus).devices.peek();
    expect(registered && linux.now(dax_alive(registered.dax_dev))).toBe(false);
    failing.clear();
    const attached = namespace.drvdata.peek();
    if (attached !== undefined) linux.now(attached.detach());
    expect(linux.now(dax_pmem_probe(linux, namespace))).toBe(0);
    const dev_dax = dev_dax_by_name(linux, 'dax0.0');
    expect(dev_dax && linux.now(dax_alive(dev_dax.dax_dev))).toBe(true);
  });
});

test('every refusal of alloc_dax() ends dcssblk, whose name then stays registered', () => {
  for (const gate of ['EOPNOTSUPP', 'ENOMEM'] as const) {
    const { linux } = testKernel('6.12', { gate });
    expect(linux.now(dcssblk_add_store(linux, SEGMENT))).toBe(-E[gate]);
    expect(lookup_bdev(linux, '/dev/dcssblk0')).toBe(-E.ENOENT);
    // The device was registered and only put, never unregistered.
    expect(linux.now(dcssblk_add_store(linux, SEGMENT))).toBe(-E.EEXIST);
  }
});

test('dcssblk is synchronous, moves whole pages, and does not write what is read-only', () => {
  const { linux } = testKernel('6.12');
  expect(linux.now(dcssblk_add_store(linux, { ...SEGMENT, readOnly: true }))).toBe(0);
  const bdev = lookup_bdev(linux, '/dev/dcssblk0');
  if (typeof bdev === 'number') throw new Error('no disk');
  const found = linux.now(fs_dax_get_by_bdev(linux, bdev));
  expect(found && linux.now(dax_synchronous(found.dax))).toBe(true);
  const page = { paddr: 2 ** 28, lengthBytes: 4096 };
  const io = (op: 'read' | 'write', sector: number, vec = page) =>
    linux.now(submit_bio(linux, { op, bdev, sector, sectors: 8, vecs: [vec] }));
  expect(io('read', 8)).toBe(0);
  expect(io('read', 4)).toBe(-E.EIO);
  expect(io('read', 8, { ...page, paddr: page.paddr + 512 })).toBe(-E.EIO);
  expect(io('write', 8)).toBe(-E.EIO);
});

test('a segment is there once, and can be removed', () => {
  const { linux } = testKernel('6.12');
  expect(linux.now(dcssblk_add_store(linux, SEGMENT))).toBe(0);
  expect(linux.now(dcssblk_add_store(linux, SEGMENT))).toBe(-E.EEXIST);
  expect(linux.now(dcssblk_remove_store(linux, 'DCSS'))).toBe(0);
  expect([daxAccounts(linux), lostDisks(linux)]).toEqual([[], []]);
  expect(linux.now(dcssblk_remove_store(linux, 'DCSS'))).toBe(-E.ENODEV);
  expect(linux.now(dcssblk_add_store(linux, SEGMENT))).toBe(0);
});

test('virtio-fs: a refusal ends the probe in 6.1 and leaves no window in 6.12', () => {
  const probe = (release: ReleaseId, gate: ForcedGate, hasRegion = true) => {
    const { linux } = testKernel(release, { gate });
    const fs = newWindow(hasRegion);
    return [linux.now(probeWindow(linux, fs)), fs.dax_dev.peek()];
  };
  // 6.1 leaves the error number where the device should be.
  expect(probe('6.1', 'EOPNOTSUPP')).toEqual([-E.EOPNOTSUPP, -E.EOPNOTSUPP]);
  expect(probe('6.12', 'EOPNOTSUPP')).toEqual([0, undefined]);
  expect(probe('6.12', 'ENOMEM')).toEqual([-E.ENOMEM, undefined]);
  // Without a window 6.1 does not ask, and 6.12 has asked before it looks.
  expect(probe('6.1', 'ENOMEM', false)).toEqual([0, undefined]);
  expect(probe('6.12', 'ENOMEM', false)).toEqual([-E.ENOMEM, undefined]);
  expect(probe('6.12', 'stock', false)).toEqual([0, undefined]);
});
