// RAM disks: pages come with the first write and go with a discard, which 6.1 does not know; and
// what a sector-mode namespace refuses.

import { expect, test } from 'vitest';
import { readDevice, submit_bio, writeDevice } from '../../block/bio.ts';
import { lookup_bdev } from '../../block/genhd.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import type { Linux, ReleaseId } from '../../linux.ts';
import { nd_pmem_probe } from '../nvdimm/pmem.ts';
import { testKernel } from '../test-kernel.ts';
import { newNamespace } from '../nvdimm/nd-new.ts';
import { brd_init } from './brd.ts';

function ramDisk(release: ReleaseId) {
  const kernel = testKernel(release);
  brd_init(kernel.linux, { rd_nr: 1, rd_size: 64 });
  const bdev = lookup_bdev(kernel.linux, '/dev/ram0');
  if (typeof bdev === 'number') throw new Error('no disk');
  return { ...kernel, bdev };
}

const first = (linux: Linux, bdev: BlockDevice, offset: number) => {
  const got = linux.now(readDevice(linux, bdev, { offset, length: 1 }));
  return typeof got === 'number' ? got : got[0];
};

test.each<ReleaseId>(['6.1', '6.12'])('only 6.12 discards, and whole pages: %s', (release) => {
  const { linux, bdev } = ramDisk(release);
  expect(first(linux, bdev, 0)).toBe(0);
  const bytes = new Uint8Array(3 * 4096).fill(5);
  expect(linux.now(writeDevice(linux, bdev, { offset: 0, bytes }))).toBe(0);
  // From the middle of page 0 to the end of page 1.
  const rc = linux.now(
    submit_bio(linux, { op: 'discard', bdev, sector: 4, sectors: 12, vecs: [] }),
  );
  expect(rc).toBe(release === '6.12' ? 0 : -E.EOPNOTSUPP);
  const gone = release === '6.12' ? 0 : 5;
  const seen = [0, 2048, 4096, 8192].map((offset) => first(linux, bdev, offset));
  expect(seen).toEqual([5, 5, gone, 5]);
});

test('without memory a write fails, and a read of what is not there does not', () => {
  const { linux, bdev, failing } = ramDisk('6.12');
  failing.add('alloc_page brd');
  const bytes = new Uint8Array(4096);
  expect(linux.now(writeDevice(linux, bdev, { offset: 0, bytes }))).toBe(-E.EIO);
  expect(first(linux, bdev, 0)).toBe(0);
});

test('btt takes whole sectors of its own size', () => {
  const { linux } = testKernel('6.12');
  linux.now(nd_pmem_probe(linux, newNamespace(linux, { kind: 'btt', sector_size: 4096 })));
  const bdev = lookup_bdev(linux, '/dev/pmem0s');
  if (typeof bdev === 'number') throw new Error('no disk');
  const half = { paddr: 2 ** 29, lengthBytes: 2048 };
  const rc = (vecs: readonly (typeof half)[]) =>
    linux.now(submit_bio(linux, { op: 'write', bdev, sector: 0, sectors: 8, vecs }));
  expect(rc([half, half])).toBe(-E.EIO);
  expect(rc([{ ...half, lengthBytes: 4096 }])).toBe(0);
});
