// Accesses of pmem: flushes, refusals, poisoned memory, and the page that a BIO moves.

import { expect, test } from 'vitest';
import { present } from '../../../base/index.ts';
import { submit_bio } from '../../block/bio.ts';
import { lookup_bdev } from '../../block/genhd.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import type { Linux, ReleaseId } from '../../linux.ts';
import {
  dax_direct_access,
  dax_recovery_write,
  dax_zero_page_range,
  fs_dax_get_by_bdev,
} from '../dax/super.ts';
import { testKernel } from '../test-kernel.ts';
import { newNamespace } from './nd-new.ts';
import { async_pmem_flush, VirtioPmem } from './nd_virtio.ts';
import type { NdRegion } from './nd.ts';
import { poisonPage } from './pmem-io.ts';
import { attachedPmem, nd_pmem_probe } from './pmem.ts';

function pmemDisk(release: ReleaseId, region: Partial<NdRegion> = {}) {
  const kernel = testKernel(release);
  const { linux } = kernel;
  const namespace = newNamespace(linux, { kind: 'pfn', map: 'mem' }, region);
  expect(linux.now(nd_pmem_probe(linux, namespace))).toBe(0);
  const bdev = lookup_bdev(linux, '/dev/pmem0');
  if (typeof bdev === 'number') throw new Error('no disk');
  const dax = present(linux.now(fs_dax_get_by_bdev(linux, bdev)), 'DAX').dax;
  return { ...kernel, bdev, dax, pmem: present(attachedPmem(linux, bdev.bd_disk), 'pmem') };
}

/** One page of the kernel's as the memory of a BIO. */
const PAGE = { paddr: 2 ** 29, lengthBytes: 4096 };

const io = (
  linux: Linux,
  bdev: BlockDevice,
  op: 'read' | 'write' | 'discard' | 'flush',
  fua = false,
) =>
  linux.now(
    submit_bio(linux, {
      op,
      bdev,
      sector: op === 'flush' ? 0 : 8,
      sectors: op === 'flush' ? 0 : 8,
      vecs: op === 'read' || op === 'write' ? [PAGE] : [],
      ...(fua ? { fua: true as const } : {}),
    }),
  );

test.each<ReleaseId>(['6.1', '6.12'])('poison in %s: reads fail, writes cure', (release) => {
  const { linux, bdev, dax, pmem } = pmemDisk(release);
  poisonPage(linux, pmem, 1);
  expect(io(linux, bdev, 'read')).toBe(-E.EIO);
  const error = release === '6.12' ? -E.EHWPOISON : -E.EIO;
  expect(linux.now(dax_direct_access(linux, dax, 0, 4))).toBe(error);
  // Pages in front of the bad one can be had, and no more than was asked for.
  const good = linux.now(dax_direct_access(linux, dax, 0, 1));
  expect(good).toMatchObject({ nr_pages: 1 });
  const some = linux.now(dax_direct_access(linux, dax, 0, 4, 'DAX_RECOVERY_WRITE'));
  expect(some).toMatchObject({ nr_pages: 1 });
  expect(io(linux, bdev, 'write')).toBe(0);
  expect(io(linux, bdev, 'read')).toBe(0);
  expect(linux.now(dax_direct_access(linux, dax, 0, 4))).toMatchObject({ nr_pages: 4 });
});

test('dax_recovery_write() cures whole pages only', () => {
  const { linux, dax, pmem } = pmemDisk('6.12');
  poisonPage(linux, pmem, 0);
  const access = linux.now(dax_direct_access(linux, dax, 0, 1, 'DAX_RECOVERY_WRITE'));
  if (typeof access === 'number') throw new Error(`direct access: ${access}`);
  const write = (length: number) =>
    linux.now(dax_recovery_write(linux, dax, 0, access.kaddr, new Uint8Array(length).fill(7)));
  expect(write(100)).toBe(0);
  expect(pmem.bad.count).toBe(8);
  expect(write(4096)).toBe(4096);
  expect(pmem.bad.count).toBe(0);
  expect(write(100)).toBe(100);
});

test('dax_zero_page_range() zeroes what is there', () => {
  const { linux, bdev, dax, pmem } = pmemDisk('6.12');
  linux.machine.memory.write(PAGE.paddr, new Uint8Array(4096).fill(1));
  expect(io(linux, bdev, 'write')).toBe(0);
  const at = pmem.phys_addr + pmem.data_offset + 4096;
  const cpu = present(linux.machine.cpus[0], 'a CPU');
  cpu.flushAll();
  expect(linux.machine.memory.read(at, 1)).toEqual(new Uint8Array([1]));
  expect(linux.now(dax_zero_page_range(linux, dax, 1, 1))).toBe(0);
  cpu.flushAll();
  expect(linux.machine.memory.read(at, 1)).toEqual(new Uint8Array([0]));
});

test('no discard', () => {
  const { linux, bdev } = pmemDisk('6.12');
  expect(io(linux, bdev, 'discard')).toBe(-E.EOPNOTSUPP);
});

test.each<ReleaseId>(['6.1', '6.12'])(
  'virtio-pmem in %s asks the host at each flush',
  (release) => {
    const vpmem = new VirtioPmem();
    // The region needs its kernel, which needs the region.
    const late: { linux?: Linux } = {};
    const region: Partial<NdRegion> = {
      async: true,
      flush: (hasBio) => async_pmem_flush(present(late.linux, 'the kernel'), vpmem, hasBio),
    };
    const { linux, bdev, failing } = pmemDisk(release, region);
    late.linux = linux;
    expect([io(linux, bdev, 'flush'), vpmem.flushes.peek()]).toEqual([0, 1]);
    expect([io(linux, bdev, 'write', true), vpmem.flushes.peek()]).toEqual([0, 2]);
    expect([io(linux, bdev, 'write'), vpmem.flushes.peek()]).toEqual([0, 2]);
    for (const [what, error] of [
      ['kmalloc virtio_pmem_request', -E.ENOMEM],
      ['virtqueue_kick', -E.EIO],
      ['host flush', -E.EIO],
      [release === '6.1' ? 'bio_alloc flush' : 'kmalloc virtio_pmem_flush_work', -E.ENOMEM],
    ] as const) {
      failing.add(what);
      expect(io(linux, bdev, 'write', true), what).toBe(error);
      failing.clear();
    }
    expect(vpmem.flushes.peek()).toBe(2);
  },
);
