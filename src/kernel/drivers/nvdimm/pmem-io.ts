// Accesses of the pmem driver to its memory, by BIOs and for DAX, with bad blocks.
// @source drivers/nvdimm/pmem.c v6.12

import { arch_invalidate_pmem, flush_dcache_folio } from '../../arch/cacheflush.ts';
import { __pa, kernelLoad, kernelStore, memcpy_flushcache, pfnToKaddr } from '../../arch/map.ts';
import type { Bio, BioVec, Gendisk } from '../../include/linux/blkdev.ts';
import type { DaxDevice, DaxOperations, DirectAccess } from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import type { Linux } from '../../linux.ts';
import type { Shared } from '../../shared.ts';
import { get, type Op, scan, set } from '../../steps.ts';
import { type NdRegion, nvdimm_flush } from './nd.ts';

const SECTOR = 512;

/** struct pmem_device. Sizes and addresses in bytes. */
export interface PmemDevice {
  readonly region: NdRegion;
  readonly phys_addr: number;
  readonly size: number;
  /** Superblock and struct pages before the data. */
  readonly data_offset: number;
  readonly pfn_pad: number;
  readonly virt_addr: number;
  readonly disk: Gendisk;
  readonly dax_dev: Shared<DaxDevice | undefined>;
  /** Sectors of data whose memory is poisoned. */
  readonly bad: Shared<boolean>;
  /** How many those are. */
  readonly bad_count: Shared<number>;
}

/** @source drivers/nvdimm/pmem.c pmem_submit_bio() v6.1 v6.12 */
export function* pmem_submit_bio(linux: Linux, pmem: PmemDevice, bio: Bio): Op<number> {
  let ret = 0;
  if (bio.op === 'flush') {
    ret = yield* nvdimm_flush(pmem.region, !linux.is_6_12);
    if (ret < 0) return ret;
  }
  if (bio.op === 'discard') return -E.EOPNOTSUPP;
  let sector = bio.sector;
  for (const vec of bio.vecs) {
    const rc =
      bio.op === 'write'
        ? yield* pmem_do_write(linux, pmem, vec, sector)
        : yield* pmem_do_read(linux, pmem, vec, sector);
    if (rc !== 0) return rc;
    sector += vec.lengthBytes / SECTOR;
  }
  if (bio.fua) ret = yield* nvdimm_flush(pmem.region, true);
  return Math.min(ret, 0);
}

/** The page cache's page is new to users: flush_dcache_page() is for it, not for the medium. */
function* pmem_do_read(linux: Linux, pmem: PmemDevice, vec: BioVec, sector: number): Op<number> {
  const from = pmem.virt_addr + sector * SECTOR + pmem.data_offset;
  if ((yield* firstBad(pmem, sector, vec.lengthBytes)) !== undefined) return -E.EIO;
  const bytes = yield* kernelLoad(linux, from, vec.lengthBytes);
  yield* kernelStore(linux, linux.PAGE_OFFSET + vec.paddr, bytes);
  yield* flush_dcache_page(linux, vec);
  return 0;
}

function* pmem_do_write(linux: Linux, pmem: PmemDevice, vec: BioVec, sector: number): Op<number> {
  if ((yield* firstBad(pmem, sector, vec.lengthBytes)) !== undefined) {
    yield* pmem_clear_poison(linux, pmem, { sector, length: vec.lengthBytes });
    yield* pmem_clear_bb(pmem, sector, vec.lengthBytes);
  }
  yield* flush_dcache_page(linux, vec);
  const bytes = yield* kernelLoad(linux, linux.PAGE_OFFSET + vec.paddr, vec.lengthBytes);
  yield* memcpy_flushcache(linux, pmem.virt_addr + sector * SECTOR + pmem.data_offset, bytes);
  return 0;
}

/** flush_dcache_page() of the page that a BIO moves. */
export function* flush_dcache_page(linux: Linux, vec: BioVec): Op<void> {
  const pfn = Math.floor(vec.paddr / linux.PAGE_SIZE);
  const folio = vec.folio ?? { pfn, index: 0, order: 0 };
  yield* flush_dcache_folio(linux, vec.mapping, folio);
}

/** The first bad sector of a range; undefined where all are well. */
function* firstBad(pmem: PmemDevice, sector: number, lengthBytes: number): Op<number | undefined> {
  if ((yield* get(pmem.bad_count)) === 0) return undefined;
  const end = sector + Math.ceil(lengthBytes / SECTOR) - 1;
  const bad = yield* scan(pmem.bad, { start: sector, end });
  return bad[0];
}

/** The platform clears all it is asked to. @source __pmem_clear_poison() v6.12 */
function* pmem_clear_poison(
  linux: Linux,
  pmem: PmemDevice,
  range: { readonly sector: number; readonly length: number },
): Op<void> {
  const kaddr = pmem.virt_addr + pmem.data_offset + range.sector * SECTOR;
  yield* arch_invalidate_pmem(linux, kaddr, range.length);
}

function* pmem_clear_bb(pmem: PmemDevice, sector: number, lengthBytes: number): Op<void> {
  const end = sector + Math.ceil(lengthBytes / SECTOR) - 1;
  const bad = yield* scan(pmem.bad, { start: sector, end });
  for (const one of bad) yield* set(pmem.bad, one, false);
  yield* set(pmem.bad_count, 0, (yield* get(pmem.bad_count)) - bad.length);
}

/** The operations table of pmem. @source drivers/nvdimm/pmem.c pmem_dax_ops v6.12 */
export function pmem_dax_ops(linux: Linux, pmem: PmemDevice): DaxOperations {
  const pageSectors = linux.PAGE_SIZE / SECTOR;
  return {
    *direct_access(pgoff, nr_pages, mode): Op<DirectAccess | number> {
      const offset = pgoff * linux.PAGE_SIZE + pmem.data_offset;
      const place = {
        kaddr: pmem.virt_addr + offset,
        pfn: (pmem.phys_addr + offset) / linux.PAGE_SIZE,
      };
      if ((yield* get(pmem.bad_count)) > 0) {
        const sector = pgoff * pageSectors;
        const bad = yield* firstBad(pmem, sector, nr_pages * linux.PAGE_SIZE);
        if (bad === undefined) return { ...place, nr_pages };
        if (mode !== 'DAX_RECOVERY_WRITE') return linux.is_6_12 ? -E.EHWPOISON : -E.EIO;
        return { ...place, nr_pages: Math.max(1, Math.ceil((bad - sector) / pageSectors)) };
      }
      const left = pmem.size - pmem.pfn_pad - offset;
      return { ...place, nr_pages: Math.floor(left / linux.PAGE_SIZE) };
    },
    *zero_page_range(pgoff): Op<number> {
      const vec = { paddr: linux.zero_pfn * linux.PAGE_SIZE, lengthBytes: linux.PAGE_SIZE };
      return yield* pmem_do_write(linux, pmem, vec, pgoff * pageSectors);
    },
    *recovery_write(pgoff, kaddr, bytes): Op<number> {
      return yield* pmem_recovery_write(linux, pmem, { pgoff, kaddr, bytes });
    },
  };
}

/** @source drivers/nvdimm/pmem.c pmem_recovery_write() v6.12 */
function* pmem_recovery_write(
  linux: Linux,
  pmem: PmemDevice,
  write: { readonly pgoff: number; readonly kaddr: number; readonly bytes: Uint8Array },
): Op<number> {
  const { pgoff, kaddr, bytes } = write;
  const off = __pa(linux, kaddr) % linux.PAGE_SIZE;
  const length = Math.ceil((off + bytes.length) / linux.PAGE_SIZE) * linux.PAGE_SIZE;
  const sector = (pgoff * linux.PAGE_SIZE) / SECTOR;
  const isBad = (yield* firstBad(pmem, sector, length)) !== undefined;
  // Poison is cleared by whole pages only.
  if (isBad && (off !== 0 || bytes.length % linux.PAGE_SIZE !== 0)) return 0;
  if (isBad) yield* pmem_clear_poison(linux, pmem, { sector, length });
  yield* memcpy_flushcache(linux, kaddr, bytes);
  if (isBad) yield* pmem_clear_bb(pmem, sector, length);
  return bytes.length;
}

/** Poisons a page of data, as a machine check or an ARS scan reports it: set-up of tests. */
export function poisonPage(linux: Linux, pmem: PmemDevice, pgoff: number): void {
  const pageSectors = linux.PAGE_SIZE / SECTOR;
  for (let sector = 0; sector < pageSectors; sector++) {
    pmem.bad.poke(pgoff * pageSectors + sector, true);
  }
  pmem.bad_count.poke(0, pmem.bad.count);
}

/** The kernel address of a physical range that a driver maps: the linear map has everything. */
export function mappedAt(linux: Linux, start: number): number {
  return pfnToKaddr(linux, start / linux.PAGE_SIZE);
}
