// Disks: from blk_alloc_disk() to put_disk(), their names below /dev, and who holds them.
// @source block/genhd.c block/bdev.c v6.12

import { assert } from '../../base/index.ts';
import type {
  BlockDevice,
  BlockDeviceOperations,
  Gendisk,
  RequestQueue,
  SysfsAttribute,
} from '../include/linux/blkdev.ts';
import { BLK_FEAT_WRITE_CACHE, SECTOR_SHIFT } from '../include/linux/blkdev.ts';
import { E } from '../include/linux/errno.ts';
import { type Linux, subsystem } from '../linux.ts';
import { Lock, Shared } from '../shared.ts';
import { fails, get, lock, type Op, set, unlock } from '../steps.ts';

/** Major number of disks without one of their own. @source include/uapi/linux/major.h v6.12 */
export const BLOCK_EXT_MAJOR = 259;

const MINORBITS = 20;

/** What a driver says about its queue. Sizes in bytes; what is absent follows from the others. */
export interface QueueLimits {
  readonly logical_block_size?: number;
  readonly physical_block_size?: number;
  readonly io_min?: number;
  readonly io_opt?: number;
  /** BLK_FEAT_* */
  readonly features: number;
}

/** What blk_alloc_disk() needs to know of a disk, and what drivers fill in after it. */
export interface DiskOptions {
  readonly disk_name: string;
  /** Absent: the disk gets a number of the extended range. */
  readonly major?: number;
  readonly first_minor?: number;
  readonly limits: QueueLimits;
  /** A queue of the driver's own, whose limits change: dm. Absent: one is made by `limits`. */
  readonly queue?: RequestQueue;
  readonly fops: BlockDeviceOperations;
}

/** Published disks, by number: `Linux.block.disks` follows it. */
class PublishedDisks extends Shared<Gendisk | undefined> {
  readonly #linux: Linux;
  constructor(linux: Linux) {
    super('disks', undefined);
    this.#linux = linux;
  }
  override poke(key: number, disk: Gendisk | undefined): void {
    const before = this.peek(key);
    if (before !== undefined) this.#linux.block.disks.delete(before.disk_name);
    super.poke(key, disk);
    if (disk !== undefined) this.#linux.block.disks.set(disk.disk_name, disk);
  }
}

/** Globals of block/genhd.c. */
export class BlockGlobals {
  readonly ext_devt_ida: Shared<boolean> = new Shared('ext_devt_ida', false);
  readonly ida_lock = new Lock('ext_devt_ida');
  /** Disks allocated and not put yet, by number. */
  readonly allocated: Shared<Gendisk | undefined> = new Shared('allocated disks', undefined);
  readonly published: Shared<Gendisk | undefined>;
  /** Names below /dev that are not block devices. */
  readonly characterDevices = new Set<string>();
  constructor(linux: Linux) {
    this.published = new PublishedDisks(linux);
  }
}

/** The number of a disk, as dax_hosts and dev_t have it. */
export function diskNumber(disk: Gendisk): number {
  return disk.major * 2 ** MINORBITS + disk.first_minor;
}

/**
 * A disk that nobody sees yet: -ENOMEM where there is no memory. Numbers of the extended range are
 * chosen here and not by device_add_disk(), because the disk's identity is its number here.
 * @source block/genhd.c __blk_alloc_disk() v6.12; 6.1 gives NULL, which callers make -ENOMEM
 */
export function* blk_alloc_disk(linux: Linux, options: DiskOptions): Op<Gendisk | number> {
  if (yield* fails(`blk_alloc_disk ${options.disk_name}`)) return -E.ENOMEM;
  const major = options.major ?? BLOCK_EXT_MAJOR;
  const first_minor = options.first_minor ?? (yield* blk_alloc_ext_minor(linux));
  const disk = newDisk({ ...options, major, first_minor });
  yield* set(subsystem(linux, BlockGlobals).allocated, diskNumber(disk), disk);
  return disk;
}

function* blk_alloc_ext_minor(linux: Linux): Op<number> {
  const { ext_devt_ida, ida_lock } = subsystem(linux, BlockGlobals);
  yield* lock(ida_lock);
  let minor = 0;
  while (yield* get(ext_devt_ida, minor)) minor++;
  yield* set(ext_devt_ida, minor, true);
  yield* unlock(ida_lock);
  return minor;
}

function newDisk(
  options: DiskOptions & { readonly major: number; readonly first_minor: number },
): Gendisk {
  const { disk_name } = options;
  const capacity: Shared<number> = new Shared(`capacity of ${disk_name}`, 0);
  const partitions = new Map<number, BlockDevice>();
  const disk: Gendisk = {
    disk_name,
    major: options.major,
    first_minor: options.first_minor,
    queue: options.queue ?? newQueue(disk_name, options.limits),
    fops: options.fops,
    capacity,
    get part0() {
      return part0;
    },
    partitions,
    ro: false,
    attributes: new Map<string, SysfsAttribute>(),
  };
  const part0 = newBlockDevice(disk, { name: disk_name, start: 0, sectors: capacity });
  return disk;
}

/** A whole disk or a partition as a block device; both numbers in sectors. */
export function newBlockDevice(
  disk: Gendisk,
  part: { readonly name: string; readonly start: number; readonly sectors: Shared<number> },
): BlockDevice {
  return {
    name: part.name,
    bd_disk: disk,
    bd_start_sect: part.start,
    bd_nr_sectors: part.sectors,
    bd_holder: undefined,
    bd_holders: 0,
    freeze: new Lock(`freeze of ${part.name}`),
  };
}

/**
 * Block sizes as the block layer completes them, and the FUA flag only where there is a cache.
 * @source block/blk-settings.c blk_validate_limits() v6.12
 */
function newQueue(name: string, limits: QueueLimits): RequestQueue {
  const logical_block_size = limits.logical_block_size ?? 512;
  const physical_block_size = Math.max(limits.physical_block_size ?? 0, logical_block_size);
  const features: Shared<number> = new Shared(`queue features of ${name}`, 0);
  features.poke(0, limits.features);
  return {
    features,
    logical_block_size,
    physical_block_size,
    io_min: Math.max(limits.io_min ?? 0, physical_block_size),
    io_opt: limits.io_opt ?? 0,
  };
}

/** Sets the size of a disk, in sectors. @source block/genhd.c set_capacity() v6.12 */
export function* set_capacity(disk: Gendisk, sectors: number): Op<void> {
  yield* set(disk.capacity, 0, sectors);
}

/**
 * Publishes a disk with its attributes: from now on it can be opened. 0 or an error number.
 * @source block/genhd.c device_add_disk() v6.12
 */
export function* device_add_disk(
  linux: Linux,
  disk: Gendisk,
  attributes: ReadonlyMap<string, SysfsAttribute> = new Map(),
): Op<number> {
  if (yield* fails(`device_add_disk ${disk.disk_name}`)) return -E.ENOMEM;
  for (const [path, attribute] of attributes) disk.attributes.set(path, attribute);
  yield* set(subsystem(linux, BlockGlobals).published, diskNumber(disk), disk);
  return 0;
}

/** Takes a disk out of sight; put_disk() then frees it. @source block/genhd.c del_gendisk() */
export function* unpublishDisk(linux: Linux, disk: Gendisk): Op<void> {
  yield* set(subsystem(linux, BlockGlobals).published, diskNumber(disk), undefined);
}

/** Frees a disk that is not published. @source block/genhd.c put_disk() v6.12 */
export function* put_disk(linux: Linux, disk: Gendisk): Op<void> {
  const { allocated, ext_devt_ida } = subsystem(linux, BlockGlobals);
  yield* set(allocated, diskNumber(disk), undefined);
  if (disk.major === BLOCK_EXT_MAJOR) yield* set(ext_devt_ida, disk.first_minor, false);
}

/** Makes and publishes a disk at once: set-up work that nothing races with. */
export function add_disk(
  linux: Linux,
  options: DiskOptions & { readonly sectors: number },
): Gendisk {
  const disk = linux.now(blk_alloc_disk(linux, options));
  assert(typeof disk !== 'number', 'set-up work does not run out of memory');
  linux.now(set_capacity(disk, options.sectors));
  const rc = linux.now(device_add_disk(linux, disk));
  assert(rc === 0, 'set-up work does not fail');
  return disk;
}

/** Takes a disk of add_disk() out of sight and frees it. @source block/genhd.c v6.12 */
export function del_gendisk(linux: Linux, disk: Gendisk): void {
  linux.now(unpublishDisk(linux, disk));
  linux.now(put_disk(linux, disk));
}

/** Size of a block device in bytes. @source include/linux/blkdev.h bdev_nr_bytes() v6.12 */
export function bdevBytes(bdev: BlockDevice): number {
  return bdev.bd_nr_sectors.peek() * 2 ** SECTOR_SHIFT;
}

/** The name that a path below /dev leads to, links followed: `pmem0` for `/dev/role/fsdax0`. */
export function devName(linux: Linux, path: string): string | undefined {
  if (!path.startsWith('/dev/')) return undefined;
  const name = path.slice('/dev/'.length);
  return linux.block.links.get(name) ?? name;
}

/**
 * The block device at a path: -ENOENT where there is nothing, -ENOTBLK where there is something
 * else: a character device, or a file that a tool made under the name of a missing device.
 * @source block/bdev.c lookup_bdev() v6.12
 */
export function lookup_bdev(linux: Linux, path: string): BlockDevice | number {
  const name = devName(linux, path);
  if (name === undefined) return -E.ENOENT;
  const disk = linux.block.disks.get(name);
  if (disk !== undefined) return disk.part0;
  for (const one of linux.block.disks.values()) {
    for (const part of one.partitions.values()) if (part.name === name) return part;
  }
  const { characterDevices } = subsystem(linux, BlockGlobals);
  return characterDevices.has(name) || isFile(linux, path) ? -E.ENOTBLK : -E.ENOENT;
}

/** Whether the root filesystem has a file of that name. */
function isFile(linux: Linux, path: string): boolean {
  const sb = linux.mounts[0]?.sb;
  if (sb === undefined) return false;
  let ino: number | undefined = sb.root;
  for (const name of path.split('/').filter(Boolean)) {
    ino = ino === undefined ? undefined : sb.inodes.get(ino)?.entries.get(name);
  }
  return ino !== undefined;
}

/** Holder of a whole disk while one of its partitions is held. */
const bd_may_claim = { name: 'a partition is held' } as const;

/**
 * Opens a block device exclusively for `holder`, which may do so again: 0, or -EBUSY where another
 * one holds it, or holds the disk while this is a partition, or the other way round.
 * @source block/bdev.c bd_may_claim() bd_finish_claiming() v6.12
 */
export function bd_claim(bdev: BlockDevice, holder: object): number {
  const whole = bdev.bd_disk.part0;
  if (bdev.bd_holder !== undefined) {
    if (bdev.bd_holder !== holder) return -E.EBUSY;
  } else if (whole !== bdev && whole.bd_holder !== undefined && whole.bd_holder !== bd_may_claim) {
    return -E.EBUSY;
  }
  whole.bd_holders++;
  if (whole !== bdev) whole.bd_holder = bd_may_claim;
  if (whole !== bdev) bdev.bd_holders++;
  bdev.bd_holder = holder;
  return 0;
}

/** Ends one claim of `holder`. @source block/bdev.c bd_end_claim() v6.12 */
export function bd_release(bdev: BlockDevice, holder: object): void {
  assert(bdev.bd_holder === holder, `${bdev.name} is released by its holder`);
  const whole = bdev.bd_disk.part0;
  for (const one of new Set([bdev, whole])) {
    one.bd_holders--;
    assert(one.bd_holders >= 0, 'a claim ends once');
    if (one.bd_holders === 0) one.bd_holder = undefined;
  }
  if (whole.bd_holders === 0) whole.bd_disk.fops.release?.();
}

/** Whether writes to the device may sit in a cache that a flush empties. */
export function* bdev_write_cache(bdev: BlockDevice): Op<boolean> {
  return ((yield* get(bdev.bd_disk.queue.features)) & BLK_FEAT_WRITE_CACHE) !== 0;
}
