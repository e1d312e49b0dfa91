// BTT: a namespace whose sectors are written as a whole or not at all, by a map from the sector
// that users name to the block that has it and a free block for each lane. No DAX: the map moves
// data at every write. The map and the log are tables here, not bytes on the medium.
// @source drivers/nvdimm/btt.c v6.12

import {
  blk_alloc_disk,
  device_add_disk,
  put_disk,
  set_capacity,
  unpublishDisk,
} from '../../block/genhd.ts';
import { kernelLoad, kernelStore, memcpy_flushcache } from '../../arch/map.ts';
import { type Bio, BLK_FEAT_SYNCHRONOUS, type BioVec } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { Lock, Shared } from '../../shared.ts';
import { fails, get, lock, type Op, set, unlock } from '../../steps.ts';
import {
  type Devres,
  devm_request_mem_region,
  type NdNamespace,
  NdGlobals,
  namespaceName,
  nvdimm_namespace_disk_name,
} from './nd.ts';
import { flush_dcache_page, mappedAt } from './pmem-io.ts';

/** @source drivers/nvdimm/btt.h BTT_PG_SIZE MAP_ENT_SIZE LOG_GRP_SIZE BTT_DEFAULT_NFREE v6.12 */
const BTT_PG_SIZE = 4096;
const MAP_ENT_SIZE = 4;
const LOG_GRP_SIZE = 64;
const BTT_DEFAULT_NFREE = 256;
/** Version 1.1 leaves the first 4 KiB alone. @source nd_btt_version() v6.12 */
const INITIAL_OFFSET = 4096;

/** One arena: all of a namespace below 512 GiB. */
interface Arena {
  /** Kernel address of internal block 0. */
  readonly data: number;
  readonly sector_size: number;
  readonly external_nlba: number;
  /** Internal block of an external one that was written; others are where they were first. */
  readonly map: Shared<number | undefined>;
  /** The block that the next write of the lane goes to. */
  readonly free: Shared<number>;
  readonly lane: Lock;
}

/** How many blocks a namespace of `size` bytes has for users. @source btt.c alloc_arena() v6.12 */
export function externalBlocks(size: number, sector_size: number): number {
  const log = Math.ceil((BTT_DEFAULT_NFREE * LOG_GRP_SIZE) / BTT_PG_SIZE) * BTT_PG_SIZE;
  const available = size - INITIAL_OFFSET - 2 * BTT_PG_SIZE - log;
  return Math.floor(available / (sector_size + MAP_ENT_SIZE)) - BTT_DEFAULT_NFREE;
}

/** @source drivers/nvdimm/btt.c nvdimm_namespace_attach_btt() btt_blk_init() v6.12 */
export function* nvdimm_namespace_attach_btt(
  linux: Linux,
  namespace: NdNamespace,
  devres: Devres,
): Op<number> {
  const { region, claim } = namespace;
  if (claim.kind !== 'btt') return -E.ENXIO;
  const name = namespaceName(namespace);
  const globals = subsystem(linux, NdGlobals);
  if (yield* fails('devm_namespace_enable')) return -E.EBUSY;
  if (!(yield* devm_request_mem_region(globals, devres, { start: region.start, name }))) {
    return -E.EBUSY;
  }
  // btt_init() gives NULL for all that goes wrong in it.
  if (yield* fails('devm_kzalloc btt')) return -E.ENOMEM;
  const arena = newArena(linux, namespace, claim.sector_size);
  const disk = yield* blk_alloc_disk(linux, {
    disk_name: nvdimm_namespace_disk_name(namespace),
    limits: { logical_block_size: claim.sector_size, features: BLK_FEAT_SYNCHRONOUS },
    fops: { submit_bio: (bio) => btt_submit_bio(linux, arena, bio) },
  });
  if (typeof disk === 'number') return -E.ENOMEM;
  const size = arena.external_nlba * claim.sector_size;
  yield* set_capacity(disk, size / 512);
  if ((yield* device_add_disk(linux, disk)) !== 0) {
    yield* put_disk(linux, disk);
    return -E.ENOMEM;
  }
  devres.add(function* () {
    yield* unpublishDisk(linux, disk);
    yield* put_disk(linux, disk);
  });
  const detach = (): Op<void> => devres.releaseAll();
  yield* set(namespace.drvdata, 0, { name: disk.disk_name, disk, size, devres: [devres], detach });
  return 0;
}

function newArena(linux: Linux, { region }: NdNamespace, sector_size: number): Arena {
  const external_nlba = externalBlocks(region.size, sector_size);
  return {
    data: mappedAt(linux, region.start) + INITIAL_OFFSET + BTT_PG_SIZE,
    sector_size,
    external_nlba,
    map: new Shared(`map of pmem${region.id}s`, undefined),
    // One lane is modelled: its free block is the first behind those of users.
    free: new Shared(`free block of pmem${region.id}s`, external_nlba),
    lane: new Lock(`lane of pmem${region.id}s`),
  };
}

/** @source drivers/nvdimm/btt.c btt_submit_bio() v6.12 */
function* btt_submit_bio(linux: Linux, arena: Arena, bio: Bio): Op<number> {
  if (bio.op === 'discard') return -E.EOPNOTSUPP;
  let { sector } = bio;
  for (const vec of bio.vecs) {
    const { lengthBytes } = vec;
    const isWhole = lengthBytes >= arena.sector_size && lengthBytes % arena.sector_size === 0;
    if (!isWhole || lengthBytes > linux.PAGE_SIZE) return -E.EIO;
    if (bio.op === 'write') yield* flush_dcache_page(linux, vec);
    yield* eachBlock(linux, arena, { vec, sector, isWrite: bio.op === 'write' });
    if (bio.op === 'read') yield* flush_dcache_page(linux, vec);
    sector += lengthBytes / 512;
  }
  return 0;
}

function* eachBlock(
  linux: Linux,
  arena: Arena,
  io: { readonly vec: BioVec; readonly sector: number; readonly isWrite: boolean },
): Op<void> {
  for (let done = 0; done < io.vec.lengthBytes; done += arena.sector_size) {
    const premap = Math.floor((io.sector * 512 + done) / arena.sector_size);
    const kaddr = linux.PAGE_OFFSET + io.vec.paddr + done;
    yield* lock(arena.lane);
    const old = (yield* get(arena.map, premap)) ?? premap;
    if (io.isWrite) {
      // The data goes to the free block; then the map names it, and the old block is free.
      const free = yield* get(arena.free);
      const bytes = yield* kernelLoad(linux, kaddr, arena.sector_size);
      yield* memcpy_flushcache(linux, arena.data + free * arena.sector_size, bytes);
      yield* set(arena.free, 0, old);
      yield* set(arena.map, premap, free);
    } else {
      const from = arena.data + old * arena.sector_size;
      yield* kernelStore(linux, kaddr, yield* kernelLoad(linux, from, arena.sector_size));
    }
    yield* unlock(arena.lane);
  }
}
