// RAM disks: pages of ordinary memory, taken when they are first written to. No DAX since 4.15.
// @source drivers/block/brd.c v6.1 v6.12

import { assert } from '../../../base/index.ts';
import {
  blk_alloc_disk,
  device_add_disk,
  put_disk,
  set_capacity,
  unpublishDisk,
} from '../../block/genhd.ts';
import { sysfsAdd } from '../../block/blk-sysfs.ts';
import { kernelCopy, kernelZero, pfnToKaddr } from '../../arch/map.ts';
import {
  type Bio,
  BLK_FEAT_SYNCHRONOUS,
  type BioVec,
  type Gendisk,
} from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { alloc_pages, free_pages } from '../../mm/page_alloc.ts';
import { Shared } from '../../shared.ts';
import { fails, get, type Op, scan, set } from '../../steps.ts';
import { flush_dcache_page } from '../nvdimm/pmem-io.ts';

/** @source include/uapi/linux/major.h RAMDISK_MAJOR v6.12 */
const RAMDISK_MAJOR = 1;

/** Disks of the module. */
class BrdDisks {
  readonly disks: Shared<readonly Gendisk[]> = new Shared('disks of brd', []);
}

/** Page frames of a disk, by page of the disk. */
type BrdPages = Shared<number | undefined>;

/** Loads the module: `ram0` and so on, each of `rd_size` KiB. */
export function brd_init(
  linux: Linux,
  options: { readonly rd_nr: number; readonly rd_size: number },
): void {
  const { rd_nr, rd_size } = options;
  const rc = linux.now(brd_alloc_all(linux, options));
  assert(rc === 0, 'set-up work does not fail');
  const parameters = { rd_nr, rd_size, max_part: 1 };
  for (const [name, value] of Object.entries(parameters)) {
    sysfsAdd(linux, `module/brd/parameters/${name}`, { show: () => String(value) });
  }
}

/**
 * All disks of the module, or none and an error number. No dax device: brd has none since 4.15.
 * @source drivers/block/brd.c brd_init() v6.12
 */
export function* brd_alloc_all(
  linux: Linux,
  options: { readonly rd_nr: number; readonly rd_size: number },
): Op<number> {
  for (let number = 0; number < options.rd_nr; number++) {
    const rc = yield* brd_alloc(linux, number, options.rd_size * 2);
    if (rc === 0) continue;
    yield* brd_cleanup(linux);
    return rc;
  }
  return 0;
}

/** Takes all disks of the module away. @source drivers/block/brd.c brd_cleanup() v6.12 */
export function* brd_cleanup(linux: Linux): Op<void> {
  const { disks } = subsystem(linux, BrdDisks);
  for (const disk of yield* get(disks)) {
    yield* unpublishDisk(linux, disk);
    yield* put_disk(linux, disk);
  }
  yield* set(disks, 0, []);
}

function* brd_alloc(linux: Linux, number: number, sectors: number): Op<number> {
  const disk_name = `ram${number}`;
  const pages: BrdPages = new Shared(`pages of ${disk_name}`, undefined);
  const disk = yield* blk_alloc_disk(linux, {
    disk_name,
    major: RAMDISK_MAJOR,
    first_minor: number,
    limits: { physical_block_size: linux.PAGE_SIZE, features: BLK_FEAT_SYNCHRONOUS },
    fops: { submit_bio: (bio) => brd_submit_bio(linux, pages, bio) },
  });
  if (typeof disk === 'number') return disk;
  yield* set_capacity(disk, sectors);
  const rc = yield* device_add_disk(linux, disk);
  if (rc !== 0) {
    yield* put_disk(linux, disk);
    return rc;
  }
  const { disks } = subsystem(linux, BrdDisks);
  yield* set(disks, 0, [...(yield* get(disks)), disk]);
  return 0;
}

/** @source drivers/block/brd.c brd_submit_bio() v6.12 */
function* brd_submit_bio(linux: Linux, pages: BrdPages, bio: Bio): Op<number> {
  // 6.1 knows no discard.
  if (bio.op === 'discard') {
    if (!linux.is_6_12) return -E.EOPNOTSUPP;
    yield* brd_do_discard(linux, pages, bio);
    return 0;
  }
  let offset = bio.sector * 512;
  for (const vec of bio.vecs) {
    const rc = yield* brd_do_bvec(linux, pages, { vec, offset, isWrite: bio.op === 'write' });
    if (rc !== 0) return -E.EIO;
    offset += vec.lengthBytes;
  }
  return 0;
}

function* brd_do_bvec(
  linux: Linux,
  pages: BrdPages,
  io: { readonly vec: BioVec; readonly offset: number; readonly isWrite: boolean },
): Op<number> {
  const { vec, isWrite } = io;
  if (isWrite) yield* flush_dcache_page(linux, vec);
  for (let done = 0; done < vec.lengthBytes; ) {
    const inPage = (io.offset + done) % linux.PAGE_SIZE;
    const length = Math.min(vec.lengthBytes - done, linux.PAGE_SIZE - inPage);
    const index = Math.floor((io.offset + done) / linux.PAGE_SIZE);
    const memory = linux.PAGE_OFFSET + vec.paddr + done;
    const pfn = isWrite ? yield* brd_insert_page(linux, pages, index) : yield* get(pages, index);
    if (pfn !== undefined && pfn < 0) return pfn;
    if (pfn === undefined) yield* kernelZero(linux, memory, length);
    else {
      const page = pfnToKaddr(linux, pfn) + inPage;
      const [to, from] = isWrite ? [page, memory] : [memory, page];
      yield* kernelCopy(linux, { to, from, length });
    }
    done += length;
  }
  if (!isWrite) yield* flush_dcache_page(linux, vec);
  return 0;
}

/** The page frame at an index, a zeroed one where there was none; or -ENOMEM. */
function* brd_insert_page(linux: Linux, pages: BrdPages, index: number): Op<number> {
  const there = yield* get(pages, index);
  if (there !== undefined) return there;
  const pfn = (yield* fails('alloc_page brd')) ? -E.ENOMEM : alloc_pages(linux, 0);
  if (pfn < 0) return pfn;
  yield* kernelZero(linux, pfnToKaddr(linux, pfn), linux.PAGE_SIZE);
  yield* set(pages, index, pfn);
  return pfn;
}

/** Only whole pages go. @source drivers/block/brd.c brd_do_discard() v6.12 */
function* brd_do_discard(linux: Linux, pages: BrdPages, bio: Bio): Op<void> {
  const pageSectors = linux.PAGE_SIZE / 512;
  const start = Math.ceil(bio.sector / pageSectors);
  const end = Math.floor((bio.sector + bio.sectors) / pageSectors) - 1;
  if (end < start) return;
  for (const index of yield* scan(pages, { start, end })) {
    const pfn = yield* get(pages, index);
    if (pfn !== undefined) free_pages(linux, pfn, 0);
    yield* set(pages, index, undefined);
  }
}
