// The pmem driver: from a namespace to a disk with a dax device, and back, in the forms of 6.1, of
// 6.12 and of the states of the tree between them (linux.rules). Each thing that may fail asks
// `fails()`; what the kernel forgets on its way back is forgotten here too.
// @source drivers/nvdimm/pmem.c v6.1 v6.12

import { present } from '../../../base/index.ts';
import {
  blk_alloc_disk,
  device_add_disk,
  put_disk,
  set_capacity,
  unpublishDisk,
} from '../../block/genhd.ts';
import {
  BLK_FEAT_DAX,
  BLK_FEAT_FUA,
  BLK_FEAT_SYNCHRONOUS,
  BLK_FEAT_WRITE_CACHE,
  type Gendisk,
  type SysfsAttribute,
} from '../../include/linux/blkdev.ts';
import { DAXDEV_WRITE_CACHE, type DaxDevice } from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { deref } from '../../oops.ts';
import { takeDaxAnswer } from '../../series/alloc-dax-result.ts';
import { Shared } from '../../shared.ts';
import { fails, get, type Op, set } from '../../steps.ts';
import {
  alloc_dax,
  dax_add_host,
  dax_holder_notify_failure,
  dax_remove_host,
  dax_write_cache,
  kill_dax,
  put_dax,
  set_dax_nocache,
  set_dax_nomc,
  set_dax_synchronous,
} from '../dax/super.ts';
import { nvdimm_namespace_attach_btt } from './btt.ts';
import {
  Devres,
  devmMap,
  devm_request_mem_region,
  is_nvdimm_sync,
  type NdNamespace,
  NdGlobals,
  namespaceName,
  nvdimm_flush,
  nvdimm_has_cache,
  nvdimm_has_flush,
  nvdimm_namespace_disk_name,
  pmem_should_map_pages,
} from './nd.ts';
import { pfnOffset } from './pfn_devs.ts';
import { mappedAt, type PmemDevice, pmem_dax_ops, pmem_submit_bio } from './pmem-io.ts';

/** Attached devices, by disk: disk->private_data. */
class PmemDisks {
  readonly devices = new WeakMap<Gendisk, PmemDevice>();
}

/** What the driver keeps of a disk; undefined where the disk is not its own. */
export function attachedPmem(linux: Linux, disk: Gendisk): PmemDevice | undefined {
  return subsystem(linux, PmemDisks).devices.get(disk);
}

/**
 * Binds the driver to a namespace: 0 or an error number, everything that the device manages given
 * back. @source drivers/nvdimm/pmem.c nd_pmem_probe() v6.12
 */
export function* nd_pmem_probe(linux: Linux, namespace: NdNamespace): Op<number> {
  const devres = new Devres();
  const rc =
    namespace.claim.kind === 'btt'
      ? yield* nvdimm_namespace_attach_btt(linux, namespace, devres)
      : yield* pmem_attach_disk(linux, namespace, devres);
  if (rc !== 0) yield* devres.releaseAll();
  return rc;
}

/** Unbinds the driver. @source drivers/nvdimm/pmem.c nd_pmem_remove() v6.12 */
export function* nd_pmem_remove(namespace: NdNamespace): Op<void> {
  const attached = yield* get(namespace.drvdata);
  if (attached === undefined) return;
  yield* nvdimm_flush(namespace.region, false);
  yield* set(namespace.drvdata, 0, undefined);
  yield* attached.detach();
}

/**
 * Makes a disk of a namespace: 0 or an error number. What `devres` then holds the caller releases
 * on an error, as the driver core does.
 * @source drivers/nvdimm/pmem.c pmem_attach_disk() v6.1 v6.12
 */
export function* pmem_attach_disk(
  linux: Linux,
  namespace: NdNamespace,
  devres: Devres = new Devres(),
): Op<number> {
  const { region, claim } = namespace;
  const name = namespaceName(namespace);
  if (yield* fails('devm_kzalloc pmem')) return -E.ENOMEM;
  if (yield* fails('devm_namespace_enable')) return -E.EBUSY;
  if (claim.kind === 'pfn' && (yield* fails('nvdimm_setup_pfn'))) return -E.EIO;
  const globals = subsystem(linux, NdGlobals);
  if (!(yield* devm_request_mem_region(globals, devres, { start: region.start, name }))) {
    linux.dmesg.push(`nd_pmem ${name}: could not reserve region`);
    return -E.EBUSY;
  }
  const hasPages = claim.kind === 'pfn' || pmem_should_map_pages(region);
  const pmem = yield* allocPmem(linux, namespace, { hasPages });
  if (typeof pmem === 'number') return pmem;
  // devm_memremap_pages() where there are struct pages, else devm_memremap().
  const what = hasPages ? 'devm_memremap_pages' : 'devm_memremap';
  if (!(yield* devmMap(globals, devres, { start: region.start, what }))) {
    yield* put_disk(linux, pmem.disk);
    return -E.ENOMEM;
  }
  yield* set_capacity(pmem.disk, (pmem.size - pmem.pfn_pad - pmem.data_offset) / 512);
  // The kernel returns without put_disk(): the disk is lost.
  if (yield* fails('devm_init_badblocks')) return -E.ENOMEM;
  const rc = yield* publish(linux, pmem, devres);
  if (rc !== 0) return rc;
  yield* set(namespace.drvdata, 0, {
    name: pmem.disk.disk_name,
    disk: pmem.disk,
    size: pmem.size - pmem.pfn_pad - pmem.data_offset,
    devres: [devres],
    detach: () => devres.releaseAll(),
  });
  return 0;
}

/** The disk with its queue, and what the driver keeps; the memory is not mapped yet. */
function* allocPmem(
  linux: Linux,
  namespace: NdNamespace,
  options: { readonly hasPages: boolean },
): Op<PmemDevice | number> {
  const { region, claim } = namespace;
  const name = namespaceName(namespace);
  let fua = nvdimm_has_flush(linux, region);
  if (!linux.config.ARCH_HAS_UACCESS_FLUSHCACHE || fua < 0) {
    linux.dmesg.push(`nd_pmem ${name}: unable to guarantee persistence of writes`);
    fua = 0;
  }
  // 6.1 sets the DAX flag when the memory is mapped, 6.12 here. Both do so before alloc_dax() is
  // asked, so the flag says nothing about a dax device.
  const features =
    BLK_FEAT_WRITE_CACHE |
    BLK_FEAT_SYNCHRONOUS |
    (fua > 0 ? BLK_FEAT_FUA : 0) |
    (options.hasPages ? BLK_FEAT_DAX : 0);
  const disk_name = nvdimm_namespace_disk_name(namespace);
  const fops = {
    submit_bio: (bio: Parameters<typeof pmem_submit_bio>[2]) => pmem_submit_bio(linux, pmem, bio),
  };
  const limits = { logical_block_size: 512, physical_block_size: linux.PAGE_SIZE, features };
  const disk = yield* blk_alloc_disk(linux, { disk_name, limits, fops });
  if (typeof disk === 'number') return disk;
  const pmem: PmemDevice = {
    region,
    phys_addr: region.start,
    size: region.size,
    data_offset: claim.kind === 'pfn' ? pfnOffset(linux, namespace, claim.map) : 0,
    pfn_pad: 0,
    virt_addr: mappedAt(linux, region.start),
    disk,
    dax_dev: new Shared(`dax_dev of ${disk_name}`, undefined),
    bad: new Shared(`bad blocks of ${disk_name}`, false),
    bad_count: new Shared(`number of bad blocks of ${disk_name}`, 0),
  };
  subsystem(linux, PmemDisks).devices.set(disk, pmem);
  return pmem;
}

/** alloc_dax() and what follows it, as the rules of the tree have it. */
function* publish(linux: Linux, pmem: PmemDevice, devres: Devres): Op<number> {
  const answer = yield* alloc_dax(linux, pmem_dax_ops(linux, pmem));
  const result = yield* takeDaxAnswer(linux, 'pmem', answer);
  if (result.kind === 'fails') {
    yield* put_disk(linux, pmem.disk);
    return result.rc;
  }
  // Without a device the disk goes on without DAX, whatever its queue says.
  if (result.kind === 'device') {
    const rc = yield* addHost(linux, pmem, result.dax);
    if (rc !== 0) return yield* cleanupDax(linux, pmem, rc);
  }
  return yield* addDisk(linux, pmem, devres);
}

/** Flags and host entry. Where pmem->dax_dev is assigned too late, cleanupDax() finds nothing. */
function* addHost(linux: Linux, pmem: PmemDevice, pointer: DaxDevice | null): Op<number> {
  const isEarly = linux.rules.pmem_assigns === 'before dax_add_host';
  const dax = deref(pointer, 'set_dax_nocache');
  yield* set_dax_nocache(dax);
  yield* set_dax_nomc(dax);
  if (is_nvdimm_sync(pmem.region)) yield* set_dax_synchronous(dax);
  if (isEarly) yield* set(pmem.dax_dev, 0, dax);
  const rc = yield* dax_add_host(linux, dax, pmem.disk);
  if (rc !== 0) return rc;
  yield* dax_write_cache(dax, nvdimm_has_cache(pmem.region));
  if (!isEarly) yield* set(pmem.dax_dev, 0, dax);
  return 0;
}

function* addDisk(linux: Linux, pmem: PmemDevice, devres: Devres): Op<number> {
  const rc = yield* device_add_disk(linux, pmem.disk, pmem_attribute_groups(linux, pmem));
  if (rc !== 0) {
    yield* dax_remove_host(linux, pmem.disk);
    return yield* cleanupDax(linux, pmem, rc);
  }
  return yield* devres.addOrReset('pmem_release_disk', () => pmem_release_disk(linux, pmem));
}

/** The labels out_cleanup_dax and out. */
function* cleanupDax(linux: Linux, pmem: PmemDevice, rc: number): Op<number> {
  const dax = yield* get(pmem.dax_dev);
  yield* kill_dax(linux, dax);
  yield* put_dax(linux, dax);
  yield* put_disk(linux, pmem.disk);
  return rc;
}

/** @source drivers/nvdimm/pmem.c pmem_release_disk() v6.12 */
function* pmem_release_disk(linux: Linux, pmem: PmemDevice): Op<void> {
  const dax = yield* get(pmem.dax_dev);
  yield* dax_remove_host(linux, pmem.disk);
  yield* kill_dax(linux, dax);
  yield* put_dax(linux, dax);
  yield* unpublishDisk(linux, pmem.disk);
  yield* put_disk(linux, pmem.disk);
}

/**
 * Memory of a disk has failed: who holds its dax device is told. Called for memory with struct
 * pages only; nothing tests whether there is a dax device.
 * @source drivers/nvdimm/pmem.c pmem_pagemap_memory_failure() v6.1 v6.12
 */
export function* pmem_pagemap_memory_failure(
  linux: Linux,
  disk: Gendisk,
  range: { readonly offset: number; readonly length: number },
): Op<number> {
  const pmem = present(attachedPmem(linux, disk), 'disk of the pmem driver');
  const dax = yield* get(pmem.dax_dev);
  return yield* dax_holder_notify_failure(linux, dax, { ...range, premove: false });
}

/**
 * /sys/block/pmemN/dax/write_cache, hidden without ARCH_HAS_PMEM_API. Neither operation tests for a
 * missing dax device: the kernel dies of it.
 * @source drivers/nvdimm/pmem.c write_cache_show() dax_visible() v6.12
 */
function pmem_attribute_groups(
  linux: Linux,
  pmem: PmemDevice,
): ReadonlyMap<string, SysfsAttribute> {
  if (!linux.config.ARCH_HAS_PMEM_API) return new Map();
  const write_cache: SysfsAttribute = {
    show() {
      const dax = deref(pmem.dax_dev.peek(), 'dax_write_cache_enabled');
      return (dax.flags.peek() & DAXDEV_WRITE_CACHE) === 0 ? '0' : '1';
    },
    store(text) {
      const isOn = kstrtobool(text);
      if (isOn === undefined) return -E.EINVAL;
      const dax = deref(pmem.dax_dev.peek(), 'dax_write_cache');
      linux.now(dax_write_cache(dax, isOn));
      return 0;
    },
  };
  return new Map([['dax/write_cache', write_cache]]);
}

/** A truth value as users write it; undefined where it is none. @source lib/kstrtox.c v6.12 */
export function kstrtobool(text: string): boolean | undefined {
  if (/^[yt1]/i.test(text) || /^on/i.test(text)) return true;
  if (/^[nf0]/i.test(text) || /^of/i.test(text)) return false;
  return undefined;
}
