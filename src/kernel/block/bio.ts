// BIOs on their way to a driver, and reads and writes of a device by its bytes.
// @source block/blk-core.c v6.12

import { assert } from '../../base/index.ts';
import { kernelLoad, kernelStore, pfnToKaddr } from '../arch/map.ts';
import type { Bio, BioVec, BlockDevice } from '../include/linux/blkdev.ts';
import { E } from '../include/linux/errno.ts';
import type { Linux } from '../linux.ts';
import { alloc_pages, free_pages } from '../mm/page_alloc.ts';
import { call, fails, get, type Op } from '../steps.ts';
import { bdev_write_cache } from './genhd.ts';

const SECTOR = 512;

/** Pages of one BIO of readDevice() and writeDevice(). */
const BOUNCE_PAGES = 64;

/**
 * Sends a BIO to its driver: 0 or an error number. The end of the device is -EIO; a partition is
 * remapped to its disk; a flush of a device without a cache is done at once.
 * @source block/blk-core.c submit_bio_noacct() bio_check_eod() blk_partition_remap() v6.12
 */
export function* submit_bio(linux: Linux, bio: Bio): Op<number> {
  if (yield* fails(`bio ${bio.op} ${bio.bdev.name}`)) return -E.EIO;
  const size = yield* get(bio.bdev.bd_nr_sectors);
  if (bio.sectors > 0 && (bio.sectors > size || bio.sector > size - bio.sectors)) return -E.EIO;
  const disk = bio.bdev.bd_disk;
  const remapped: Bio = { ...bio, bdev: disk.part0, sector: bio.sector + bio.bdev.bd_start_sect };
  if (bio.op === 'flush' && !(yield* bdev_write_cache(bio.bdev))) return 0;
  if (bio.op === 'zero') return yield* writeZeroes(linux, remapped);
  return yield* call(disk.fops.submit_bio(remapped));
}

/**
 * Zeroes by writes of the zero page: no driver of ours zeroes by itself.
 * @source block/blk-lib.c __blkdev_issue_zero_pages() v6.12
 */
function* writeZeroes(linux: Linux, bio: Bio): Op<number> {
  const paddr = linux.zero_pfn * linux.PAGE_SIZE;
  for (let done = 0; done < bio.sectors; ) {
    const sectors = Math.min(bio.sectors - done, (BOUNCE_PAGES * linux.PAGE_SIZE) / SECTOR);
    const vecs = piecesOf(linux, sectors * SECTOR, () => paddr);
    const part: Bio = { ...bio, op: 'write', sector: bio.sector + done, sectors, vecs };
    const rc = yield* call(bio.bdev.bd_disk.fops.submit_bio(part));
    if (rc !== 0) return rc;
    done += sectors;
  }
  return 0;
}

/** Bytes of a device from `offset` on, whatever its block size, or an error number. */
export function* readDevice(
  linux: Linux,
  bdev: BlockDevice,
  range: { readonly offset: number; readonly length: number },
): Op<Uint8Array | number> {
  const block = bdev.bd_disk.queue.logical_block_size;
  const bytes = new Uint8Array(range.length);
  for (let done = 0; done < range.length; ) {
    const at = range.offset + done;
    const start = at - (at % block);
    const length = Math.min(roundUp(range.length - done + (at - start), block), bounceBytes(linux));
    const got = yield* bounce(linux, { bdev, op: 'read', start, length });
    if (typeof got === 'number') return got;
    const part = got.subarray(at - start, at - start + range.length - done);
    bytes.set(part, done);
    done += part.length;
  }
  return bytes;
}

/** Puts bytes onto a device, reading what shares a block with them first: 0 or an error number. */
export function* writeDevice(
  linux: Linux,
  bdev: BlockDevice,
  what: { readonly offset: number; readonly bytes: Uint8Array },
): Op<number> {
  const block = bdev.bd_disk.queue.logical_block_size;
  const { bytes } = what;
  for (let done = 0; done < bytes.length; ) {
    const at = what.offset + done;
    const start = at - (at % block);
    const wanted = bytes.length - done + (at - start);
    const length = Math.min(roundUp(wanted, block), bounceBytes(linux));
    const part = bytes.subarray(done, done + length - (at - start));
    let whole = part;
    if (part.length < length) {
      const old = yield* readDevice(linux, bdev, { offset: start, length });
      if (typeof old === 'number') return old;
      old.set(part, at - start);
      whole = old;
    }
    const rc = yield* bounce(linux, { bdev, op: 'write', start, length, bytes: whole });
    if (typeof rc === 'number' && rc !== 0) return rc;
    done += part.length;
  }
  return 0;
}

/** Writes zeroes over bytes of a device: 0 or an error number. */
export function* zeroDevice(
  linux: Linux,
  bdev: BlockDevice,
  range: { readonly offset: number; readonly length: number },
): Op<number> {
  const block = bdev.bd_disk.queue.logical_block_size;
  const end = range.offset + range.length;
  const first = roundUp(range.offset, block);
  const last = end - (end % block);
  if (first >= last) {
    return yield* writeDevice(linux, bdev, {
      offset: range.offset,
      bytes: new Uint8Array(range.length),
    });
  }
  const head = { offset: range.offset, bytes: new Uint8Array(first - range.offset) };
  const tail = { offset: last, bytes: new Uint8Array(end - last) };
  for (const edge of [head, tail]) {
    const rc = yield* writeDevice(linux, bdev, edge);
    if (rc !== 0) return rc;
  }
  const sector = first / SECTOR;
  const sectors = (last - first) / SECTOR;
  return yield* submit_bio(linux, { op: 'zero', bdev, sector, sectors, vecs: [] });
}

/** One BIO through pages of its own: the bytes of a read, 0 for a write, or an error number. */
function* bounce(
  linux: Linux,
  io: {
    readonly bdev: BlockDevice;
    readonly op: 'read' | 'write';
    readonly start: number;
    readonly length: number;
    readonly bytes?: Uint8Array;
  },
): Op<Uint8Array | number> {
  const { bdev, op, start, length } = io;
  const pfns: number[] = [];
  for (let page = 0; page * linux.PAGE_SIZE < length; page++) {
    const pfn = alloc_pages(linux, 0);
    if (pfn < 0) {
      for (const one of pfns) free_pages(linux, one, 0);
      return -E.ENOMEM;
    }
    pfns.push(pfn);
  }
  const pages = pfns.map((pfn, index) => ({
    kaddr: pfnToKaddr(linux, pfn),
    from: index * linux.PAGE_SIZE,
    to: Math.min(length, (index + 1) * linux.PAGE_SIZE),
  }));
  if (io.bytes !== undefined) {
    for (const { kaddr, from, to } of pages) {
      yield* kernelStore(linux, kaddr, io.bytes.slice(from, to));
    }
  }
  const vecs = piecesOf(linux, length, (index) => (pfns[index] ?? 0) * linux.PAGE_SIZE);
  const sector = start / SECTOR;
  const rc = yield* submit_bio(linux, { op, bdev, sector, sectors: length / SECTOR, vecs });
  const bytes = new Uint8Array(rc === 0 && op === 'read' ? length : 0);
  if (bytes.length > 0) {
    for (const { kaddr, from, to } of pages) {
      bytes.set(yield* kernelLoad(linux, kaddr, to - from), from);
    }
  }
  for (const pfn of pfns) free_pages(linux, pfn, 0);
  return rc === 0 && op === 'read' ? bytes : rc;
}

/** Vectors of at most one page for `length` bytes; `paddr` gives the address of page `index`. */
function piecesOf(
  linux: Linux,
  length: number,
  paddr: (index: number) => number,
): readonly BioVec[] {
  const vecs: BioVec[] = [];
  for (let index = 0; index * linux.PAGE_SIZE < length; index++) {
    const left = length - index * linux.PAGE_SIZE;
    vecs.push({ paddr: paddr(index), lengthBytes: Math.min(linux.PAGE_SIZE, left) });
  }
  return vecs;
}

function bounceBytes(linux: Linux): number {
  return BOUNCE_PAGES * linux.PAGE_SIZE;
}

function roundUp(value: number, unit: number): number {
  assert(unit > 0, 'a block has bytes');
  return Math.ceil(value / unit) * unit;
}
