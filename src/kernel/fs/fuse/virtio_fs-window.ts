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
import { type Devres, devm_request_mem_region, NdGlobals } from '../../drivers/nvdimm/nd.ts';
import type { DaxDevice, DaxOperations } from '../../include/linux/dax.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../linux.ts';
import type { Shared } from '../../shared.ts';
import { fails, noSteps, type Op, set } from '../../steps.ts';

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
 * Sets the window up: 0, also where there is none, or an error number. Both releases go on without
 * a window where the device has none; only 6.12 does where alloc_dax() gives -EOPNOTSUPP, and it
 * asks first.
 */
export function* virtio_fs_setup_dax(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  if (!fs.FUSE_DAX) return 0;
  return linux.is_6_12 ? yield* setup_6_12(linux, fs, devres) : yield* setup_6_1(linux, fs, devres);
}

function* setup_6_1(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  const rc = yield* mapWindow(linux, fs, devres);
  if (rc !== 0 || fs.cache_reg === undefined) return rc;
  const dax = yield* alloc_dax(linux, virtio_fs_dax_ops(linux, fs));
  if (dax === null) return 0;
  yield* set(fs.dax_dev, 0, dax);
  if (IS_ERR(dax)) return dax;
  return yield* devres.addOrReset('virtio_fs_cleanup_dax', () => virtio_fs_cleanup_dax(linux, dax));
}

function* setup_6_12(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  const dax = yield* alloc_dax(linux, virtio_fs_dax_ops(linux, fs));
  if (dax === null) return 0;
  if (IS_ERR(dax)) return dax === -E.EOPNOTSUPP ? 0 : dax;
  const rc = yield* mapWindow(linux, fs, devres);
  if (rc !== 0 || fs.cache_reg === undefined) {
    // The scope ends without no_free_ptr().
    yield* virtio_fs_cleanup_dax(linux, dax);
    return rc;
  }
  yield* set(fs.dax_dev, 0, dax);
  return yield* devres.addOrReset('virtio_fs_cleanup_dax', () => virtio_fs_cleanup_dax(linux, dax));
}

/** The steps between: 0 where the window is mapped or the device has none. */
function* mapWindow(linux: Linux, fs: VirtioFsWindow, devres: Devres): Op<number> {
  if (fs.cache_reg === undefined) return 0;
  const globals = subsystem(linux, NdGlobals);
  const range = { start: fs.cache_reg.start, name: 'virtio_fs' };
  if (!(yield* devm_request_mem_region(globals, devres, range))) return -E.EBUSY;
  if (yield* fails('devm_kzalloc pgmap')) return -E.ENOMEM;
  if (yield* fails('devm_memremap_pages virtio_fs')) return -E.ENOMEM;
  return 0;
}

function* virtio_fs_cleanup_dax(linux: Linux, dax: DaxDevice): Op<void> {
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
