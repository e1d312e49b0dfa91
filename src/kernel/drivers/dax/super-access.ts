// What is done with the memory of a dax device: every function here runs within a section of
// dax_read_lock(), and none calls flush_dcache_page() or its like.
// @source drivers/dax/super.c v6.12

import { present } from '../../../base/index.ts';
import { arch_wb_cache_pmem } from '../../arch/cacheflush.ts';
import { kernelLoad, kernelStore, memcpy_flushcache, offset_in_page } from '../../arch/map.ts';
import {
  DAXDEV_NOCACHE,
  type DaxAccessMode,
  type DaxDevice,
  type DaxOperations,
  type DirectAccess,
} from '../../include/linux/dax.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import type { IovIter } from '../../include/linux/fs.ts';
import type { Linux } from '../../linux.ts';
import { get, type Op } from '../../steps.ts';
import { dax_alive, dax_write_cache_enabled } from './super-device.ts';

/**
 * Memory of page `pgoff` of the device and how many of `nr_pages` follow, or an error number:
 * -EOPNOTSUPP without a device, -ENXIO when it is dead, -ERANGE where it has nothing there.
 * @source drivers/dax/super.c dax_direct_access() v6.12
 */
export function* dax_direct_access(
  _linux: Linux,
  dax: DaxDevice | undefined,
  pgoff: number,
  nr_pages: number,
  mode: DaxAccessMode = 'DAX_ACCESS',
): Op<DirectAccess | number> {
  if (dax === undefined) return -E.EOPNOTSUPP;
  if (!(yield* dax_alive(dax))) return -E.ENXIO;
  if (nr_pages < 0) return -E.EINVAL;
  const access = yield* opsOf(dax).direct_access(pgoff, nr_pages, mode);
  if (typeof access === 'number') return access === 0 ? -E.ERANGE : access;
  if (access.nr_pages <= 0) return access.nr_pages === 0 ? -E.ERANGE : access.nr_pages;
  return { ...access, nr_pages: Math.min(access.nr_pages, nr_pages) };
}

/**
 * Copies `bytes` user bytes to the kernel address of the device: how many, 0 when it is dead.
 * @source drivers/dax/super.c dax_copy_from_iter() v6.12
 */
export function* dax_copy_from_iter(
  linux: Linux,
  dax: DaxDevice,
  to: { readonly pgoff: number; readonly kaddr: number; readonly bytes: number },
  iter: IovIter,
): Op<number> {
  if (!(yield* dax_alive(dax))) return 0;
  const isNocache = ((yield* get(dax.flags)) & DAXDEV_NOCACHE) !== 0;
  const copy = isNocache ? memcpy_flushcache : kernelStore;
  let done = 0;
  while (done < to.bytes) {
    const kaddr = to.kaddr + done;
    const here = Math.min(to.bytes - done, linux.PAGE_SIZE - offset_in_page(linux, kaddr));
    const part = yield* iter.copy_from(here);
    if (IS_ERR(part)) break;
    yield* copy(linux, kaddr, part);
    done += part.length;
    if (part.length < here) break;
  }
  return done;
}

/**
 * Bytes of the device by its kernel address; none when it is dead. Memory errors are not modelled:
 * the copy that survives them (NOMC) reads as any other.
 * @source drivers/dax/super.c dax_copy_to_iter() v6.12
 */
export function* dax_copy_to_iter(
  linux: Linux,
  dax: DaxDevice,
  kaddr: number,
  length: number,
): Op<Uint8Array> {
  if (!(yield* dax_alive(dax))) return new Uint8Array(0);
  return yield* kernelLoad(linux, kaddr, length);
}

/**
 * Zeroes one page: 0 or an error number, -EIO for more than one.
 * @source drivers/dax/super.c dax_zero_page_range() dax_mem2blk_err() v6.12
 */
export function* dax_zero_page_range(
  linux: Linux,
  dax: DaxDevice,
  pgoff: number,
  nr_pages: number,
): Op<number> {
  if (!(yield* dax_alive(dax))) return -E.ENXIO;
  if (nr_pages !== 1) return -E.EIO;
  const rc = yield* opsOf(dax).zero_page_range(pgoff, nr_pages);
  return linux.is_6_12 ? dax_mem2blk_err(rc) : rc;
}

/** Poisoned memory is an I/O error to a filesystem; only 6.12 has a number of its own for it. */
export function dax_mem2blk_err(error: number): number {
  return error === -E.EHWPOISON ? -E.EIO : error;
}

/** Writes over poisoned memory: bytes done, 0 where the driver cannot. */
export function* dax_recovery_write(
  _linux: Linux,
  dax: DaxDevice,
  pgoff: number,
  kaddr: number,
  bytes: Uint8Array,
): Op<number> {
  const ops = opsOf(dax);
  if (ops.recovery_write === undefined) return 0;
  return yield* ops.recovery_write(pgoff, kaddr, bytes);
}

/**
 * Writes back the lines of the kernel address as far as persistence asks, where the device has a
 * write cache; compiled empty without ARCH_HAS_PMEM_API.
 * @source drivers/dax/super.c dax_flush() v6.12
 */
export function* dax_flush(linux: Linux, dax: DaxDevice, kaddr: number, length: number): Op<void> {
  if (!linux.config.ARCH_HAS_PMEM_API) return;
  if (yield* dax_write_cache_enabled(dax)) yield* arch_wb_cache_pmem(linux, kaddr, length);
}

function opsOf(dax: DaxDevice): DaxOperations {
  return present(dax.ops, 'operations: nobody asks a device-dax instance for its memory');
}
