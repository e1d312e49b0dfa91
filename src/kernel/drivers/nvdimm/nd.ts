// Buses, regions and namespaces of libnvdimm: what is on the machine, before a driver binds.
// @source drivers/nvdimm/nd.h drivers/nvdimm/region_devs.c v6.12

import type { Gendisk } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import type { Linux } from '../../linux.ts';
import { Shared } from '../../shared.ts';
import { fails, get, lock, type Op, set, unlock } from '../../steps.ts';
import { Lock } from '../../shared.ts';

/** What nvdimm_flush() gives where the flush goes on and will end the BIO. @source nd.h v6.12 */
export const NVDIMM_FLUSH_ASYNC = 1;

/** A range of persistent memory with the flags that its provider gave. */
export interface NdRegion {
  readonly id: number;
  readonly provider: 'ACPI.NFIT' | 'e820' | 'virtio-pmem';
  /** Bytes. */
  readonly start: number;
  readonly size: number;
  /** DIMMs that the region is spread over; legacy and virtual regions have none. */
  readonly ndr_mappings: number;
  /** DIMMs with flush hint addresses. */
  readonly num_flush: number;
  /** ND_REGION_PAGEMAP: raw namespaces get struct pages in RAM. */
  readonly pagemap: boolean;
  /** ND_REGION_ASYNC: data is persistent only after a flush that takes its time. */
  readonly async: boolean;
  /** ND_REGION_PERSIST_CACHE: caches survive a power failure. */
  readonly persist_cache: boolean;
  /** The provider's own flush. */
  readonly flush?: (hasBio: boolean) => Op<number>;
}

/** How a namespace is used: the superblock that its first pages hold. */
export type NdClaim =
  | { readonly kind: 'raw' }
  | { readonly kind: 'pfn'; readonly map: 'mem' | 'dev' }
  | { readonly kind: 'btt'; readonly sector_size: number }
  | { readonly kind: 'dax' };

/** A namespace: here always a whole region. */
export interface NdNamespace {
  readonly region: NdRegion;
  readonly claim: NdClaim;
  /** Alignment in bytes of data in pfn and dax mode. */
  readonly align: number;
  /** What the driver that bound to it keeps; undefined where none did. */
  readonly drvdata: Shared<NdAttached | undefined>;
}

/** What became of a namespace: a disk, or a character device. */
export interface NdAttached {
  readonly name: string;
  readonly disk?: Gendisk;
  /** Bytes of data that users see. */
  readonly size: number;
  detach(): Op<void>;
  /** What `detach` gives back. It is here so that whoever undoes a run finds what it used up. */
  readonly devres: readonly Devres[];
}

/** Globals of libnvdimm. */
export class NdGlobals {
  readonly namespaces: NdNamespace[] = [];
  /** Ranges that drivers requested, by physical address. */
  readonly iomem: Shared<string | undefined> = new Shared('iomem', undefined);
  /** Ranges that devices have mapped, by physical address. */
  readonly mapped: Shared<string | undefined> = new Shared('memremap', undefined);
  readonly resource_lock = new Lock('resource_lock');
}

/** `namespace0.0`, as messages and resources have it. */
export function namespaceName({ region }: NdNamespace): string {
  return `namespace${region.id}.0`;
}

/** @source drivers/nvdimm/namespace_devs.c nvdimm_namespace_disk_name() v6.12 */
export function nvdimm_namespace_disk_name({ region, claim }: NdNamespace): string {
  return `pmem${region.id}${claim.kind === 'btt' ? 's' : ''}`;
}

/**
 * 1 where writes need a flush to persist, 0 where they do not, -ENXIO where nobody can tell: no
 * DIMMs, or a port without ARCH_HAS_PMEM_API.
 * @source drivers/nvdimm/region_devs.c nvdimm_has_flush() v6.12
 */
export function nvdimm_has_flush(linux: Linux, region: NdRegion): number {
  if (region.ndr_mappings === 0 || !linux.config.ARCH_HAS_PMEM_API) return -E.ENXIO;
  if (region.async && region.flush !== undefined) return 1;
  return region.num_flush > 0 ? 1 : 0;
}

/** CPU caches are not within the persistence domain. @source nvdimm_has_cache() v6.12 */
export function nvdimm_has_cache(region: NdRegion): boolean {
  return !region.persist_cache;
}

/** What CPU instructions flush is persistent: MAP_SYNC can be allowed. */
export function is_nvdimm_sync(region: NdRegion): boolean {
  return !region.async;
}

/** Raw namespaces of the region get struct pages. @source drivers/nvdimm/nd.h v6.12 */
export function pmem_should_map_pages(region: NdRegion): boolean {
  return region.pagemap;
}

/**
 * Flushes posted writes: 0, NVDIMM_FLUSH_ASYNC, -ENOMEM or -EIO. Flush hints are stores that the
 * model has no buffer for. @source drivers/nvdimm/region_devs.c nvdimm_flush() v6.12
 */
export function* nvdimm_flush(region: NdRegion, hasBio: boolean): Op<number> {
  if (region.flush === undefined) return 0;
  const rc = yield* region.flush(hasBio);
  return rc < 0 && rc !== -E.ENOMEM ? -E.EIO : rc;
}

/** What a driver took for a device, given back in reverse order when it does not attach. */
export class Devres {
  /** What is given back, last first. */
  readonly actions: (() => Op<void>)[] = [];
  /** Enters an action; where that fails the action runs at once. */
  *addOrReset(what: string, action: () => Op<void>): Op<number> {
    if (yield* fails(`devm_add_action_or_reset ${what}`)) {
      yield* action();
      return -E.ENOMEM;
    }
    this.actions.push(action);
    return 0;
  }
  /** Enters an action that is part of taking a resource. */
  add(action: () => Op<void>): void {
    this.actions.push(action);
  }
  /** @source drivers/base/devres.c devres_release_all() v6.12 */
  *releaseAll(): Op<void> {
    for (let action = this.actions.pop(); action !== undefined; action = this.actions.pop()) {
      yield* action();
    }
  }
}

/** Requests a range of physical memory: whether nobody else has it. Released with `devres`. */
export function* devm_request_mem_region(
  globals: NdGlobals,
  devres: Devres,
  range: { readonly start: number; readonly name: string },
): Op<boolean> {
  if (yield* fails(`request_mem_region ${range.name}`)) return false;
  yield* lock(globals.resource_lock);
  const isFree = (yield* get(globals.iomem, range.start)) === undefined;
  if (isFree) yield* set(globals.iomem, range.start, range.name);
  yield* unlock(globals.resource_lock);
  if (isFree) devres.add(() => set(globals.iomem, range.start, undefined));
  return isFree;
}

/**
 * Maps a range, with struct pages (devm_memremap_pages) or without (devm_memremap): `what` names
 * the chance that it fails. Unmapped with `devres`.
 */
export function* devmMap(
  globals: NdGlobals,
  devres: Devres,
  range: { readonly start: number; readonly what: string },
): Op<boolean> {
  if (yield* fails(range.what)) return false;
  yield* set(globals.mapped, range.start, range.what);
  devres.add(() => set(globals.mapped, range.start, undefined));
  return true;
}
