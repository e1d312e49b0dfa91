// RAM disks: pages of ordinary memory, taken when they are first written to. No DAX since 4.15.
// @source drivers/block/brd.c v6.1 v6.12

import { add_disk } from '../../block/genhd.ts';
import { sysfsAdd } from '../../block/blk-sysfs.ts';
import { kernelCopy, kernelZero, pfnToKaddr } from '../../arch/map.ts';
import { type Bio, BLK_FEAT_SYNCHRONOUS, type BioVec } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import type { Linux } from '../../linux.ts';
import { alloc_pages, free_pages } from '../../mm/page_alloc.ts';
import { Shared } from '../../shared.ts';
import { fails, get, type Op, scan, set } from '../../steps.ts';
import { flush_dcache_page } from '../nvdimm/pmem-io.ts';

/** @source include/uapi/linux/major.h RAMDISK_MAJOR v6.12 */
const RAMDISK_MAJOR = 1;

/** Page frames of a disk, by page of the disk. */
type BrdPages = Shared<number | undefined>;

/** Loads the module: `ram0` and so on, each of `rd_size` KiB. */
export function brd_init(
  linux: Linux,
  options: { readonly rd_nr: number; readonly rd_size: number },
): void {
  const { rd_nr, rd_size } = options;
  for (let number = 0; number < rd_nr; number++) brd_alloc(linux, number, rd_size * 2);
  const parameters = { rd_nr, rd_size, max_part: 1 };
  for (const [name, value] of Object.entries(parameters)) {
    sysfsAdd(linux, `module/brd/parameters/${name}`, { show: () => String(value) });
  }
}

function brd_alloc(linux: Linux, number: number, sectors: number): void {
  const disk_name = `ram${number}`;
  const pages: BrdPages = new Shared(`pages of ${disk_name}`, undefined);
  add_disk(linux, {
    disk_name,
    major: RAMDISK_MAJOR,
    first_minor: number,
    limits: { physical_block_size: linux.PAGE_SIZE, features: BLK_FEAT_SYNCHRONOUS },
    fops: { submit_bio: (bio) => brd_submit_bio(linux, pages, bio) },
    sectors,
  });
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
