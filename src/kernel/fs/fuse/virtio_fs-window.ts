// The DAX window of a virtio-fs device: memory into which the host maps files. No disk and no host
// entry; the filesystem owns the dax device.
// @source fs/fuse/virtio_fs.c virtio_fs_setup_dax() v6.1 v6.12

import { __va, kernelZero } from '../../arch/map.ts';
import {
  alloc_dax,
  dax_direct_access,
  dax_flush,
  dax_mem2blk_err,
  kill_dax,
  put_dax,
} from '../../drivers/dax/super.ts';
import {
  type Devres,
  devmMap,
  devm_request_mem_region,
  NdGlobals,
} from '../../drivers/nvdimm/nd.ts';
import type { DaxDevice, DaxOperations } from '../../include/linux/dax.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { deref } from '../../oops.ts';
import { type DaxPointer, takeDaxAnswer } from '../../series/alloc-dax-result.ts';
import type { Shared } from '../../shared.ts';
import { fails, get, noSteps, type Op, set } from '../../steps.ts';

/** A virtio-fs device with what its probe found out about the window. */
export interface VirtioFsWindow {
  /** The shared memory region of the device; absent: it has none. Bytes. */
  readonly cache_reg: { readonly start: number; readonly length: number } | undefined;
  /** FUSE_DAX is built in. */
  readonly FUSE_DAX: boolean;
  /** fs->dax_dev. 6.1 leaves an error number in it where alloc_dax() failed. */
  readonly dax_dev: Shared<DaxDevice | number | undefined>;
}

/**
 * Sets the window up: 0, also where there is none, or an error number. Trees differ in what comes
 * first, and in whether they go on without a window where alloc_dax() refuses.
 */
export function* virtio_fs_setup_dax(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  if (!fs.FUSE_DAX) return 0;
  return linux.rules.virtio_order === 'alloc_dax first'
    ? yield* setupAllocFirst(linux, fs, devres)
    : yield* setupWindowFirst(linux, fs, devres);
}

/** 6.1: an error of alloc_dax() is left in fs->dax_dev, and devres gives the window back. */
function* setupWindowFirst(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  const rc = yield* mapWindow(linux, fs, devres);
  if (rc !== 0 || fs.cache_reg === undefined) return rc;
  const answer = yield* alloc_dax(linux, virtio_fs_dax_ops(linux, fs));
  yield* set(fs.dax_dev, 0, answer ?? undefined);
  const result = yield* takeDaxAnswer(linux, 'virtio_fs', answer);
  if (result.kind !== 'device') return result.kind === 'fails' ? result.rc : 0;
  return yield* own(linux, fs, devres);
}

/** From the series on: whatever way the function is left, a device without an owner goes. */
function* setupAllocFirst(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  const answer = yield* alloc_dax(linux, virtio_fs_dax_ops(linux, fs));
  const result = yield* takeDaxAnswer(linux, 'virtio_fs', answer);
  if (result.kind !== 'device') {
    yield* cleanup_dax(linux, answer);
    return result.kind === 'fails' ? result.rc : 0;
  }
  const rc = yield* mapWindow(linux, fs, devres);
  if (rc !== 0 || fs.cache_reg === undefined) {
    yield* cleanup_dax(linux, answer);
    return rc;
  }
  yield* set(fs.dax_dev, 0, result.dax ?? undefined);
  return yield* own(linux, fs, devres);
}

/** NULL that passed for a device is owned as well: kill_dax() and put_dax() do nothing with it. */
function* own(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  const dax = yield* get(fs.dax_dev);
  return yield* devres.addOrReset('virtio_fs_cleanup_dax', () => virtio_fs_cleanup_dax(linux, dax));
}

/**
 * Probes a device as the driver core does, with all that its window needs: 0 or an error number,
 * and what devres had given back. @source fs/fuse/virtio_fs.c virtio_fs_probe() v6.1 v6.12
 */
export function* probeWithWindow(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  const rc = yield* virtioProbe(linux, fs, devres);
  if (rc !== 0) yield* devres.releaseAll();
  return rc;
}

function* virtioProbe(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  if (yield* fails('kzalloc virtio_fs')) return -E.ENOMEM;
  if (yield* fails('virtio_fs_read_tag')) return -E.EINVAL;
  if (yield* fails('virtio_fs_setup_vqs')) return -E.ENOMEM;
  const rc = yield* virtio_fs_setup_dax(linux, fs, devres);
  if (rc !== 0) return rc;
  return (yield* fails('virtio_fs_add_instance')) ? -E.EEXIST : 0;
}

/** What __free() does at the end of the scope. @source fs/fuse/virtio_fs.c cleanup_dax v6.12 */
function* cleanup_dax(linux: Linux, pointer: DaxPointer): Op<void> {
  const checks = linux.rules.virtio_autofree === 'devices only';
  if (checks && (pointer === null || IS_ERR(pointer))) return;
  yield* virtio_fs_cleanup_dax(linux, pointer ?? undefined);
}

/** The steps between: 0 where the window is mapped or the device has none. */
function* mapWindow(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  if (fs.cache_reg === undefined) return 0;
  const globals = subsystem(linux, NdGlobals);
  const range = { start: fs.cache_reg.start, name: 'virtio_fs' };
  if (!(yield* devm_request_mem_region(globals, devres, range))) return -E.EBUSY;
  if (yield* fails('devm_kzalloc pgmap')) return -E.ENOMEM;
  const map = { start: range.start, what: 'devm_memremap_pages virtio_fs' };
  return (yield* devmMap(globals, devres, map)) ? 0 : -E.ENOMEM;
}

function* virtio_fs_cleanup_dax(linux: Linux, pointer: DaxDevice | number | undefined): Op<void> {
  const dax = pointer === undefined ? undefined : deref(pointer, 'kill_dax');
  yield* kill_dax(linux, dax);
  yield* put_dax(linux, dax);
}

/** @source fs/fuse/virtio_fs.c virtio_fs_dax_ops v6.12 */
function virtio_fs_dax_ops(linux: Linux, fs: VirtioFsWindow): DaxOperations {
  const start = fs.cache_reg?.start ?? 0;
  const length = fs.cache_reg?.length ?? 0;
  return {
    direct_access(pgoff, nr_pages) {
      const offset = pgoff * linux.PAGE_SIZE;
      const most = length / linux.PAGE_SIZE - pgoff;
      // The comparison is unsigned: behind the window nothing limits the answer.
      return noSteps({
        kaddr: __va(linux, start + offset),
        pfn: (start + offset) / linux.PAGE_SIZE,
        nr_pages: most >= 0 && nr_pages > most ? most : nr_pages,
      });
    },
    *zero_page_range(pgoff, nr_pages): Op<number> {
      const dax = fs.dax_dev.peek();
      if (dax === undefined || IS_ERR(dax)) return -E.ENXIO;
      const access = yield* dax_direct_access(linux, dax, pgoff, nr_pages);
      if (IS_ERR(access)) return dax_mem2blk_err(access);
      yield* kernelZero(linux, access.kaddr, nr_pages * linux.PAGE_SIZE);
      yield* dax_flush(linux, dax, access.kaddr, nr_pages * linux.PAGE_SIZE);
      return 0;
    },
  };
}
