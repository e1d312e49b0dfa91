// The DAX core: dax devices as inodes of the pseudo filesystem "dax", from alloc_dax() to the final
// put_dax(), and how filesystems find one. What is done with their memory: super-access.ts.
// @source drivers/dax/super.c v6.12

import { assert, present } from '../../../base/index.ts';
import { diskNumber } from '../../block/genhd.ts';
import { BLK_FEAT_DAX, type BlockDevice, type Gendisk } from '../../include/linux/blkdev.ts';
import {
  DAXDEV_ALIVE,
  DAXDEV_NOCACHE,
  DAXDEV_NOMC,
  DAXDEV_SYNC,
  DAXDEV_WRITE_CACHE,
  type DaxDevice,
  type DaxOperations,
} from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { deref } from '../../oops.ts';
import type { DaxPointer } from '../../series/alloc-dax-result.ts';
import { Lock, Shared } from '../../shared.ts';
import { fails, get, lock, type Op, set, unlock } from '../../steps.ts';

/** What the holder of a dax device wants to be told. */
export interface DaxHolderOperations {
  /** 0 or an error number. `premove`: the whole device goes away (MF_MEM_PRE_REMOVE of 6.12). */
  notify_failure(
    dax: DaxDevice,
    range: { readonly offset: number; readonly length: number; readonly premove: boolean },
  ): Op<number>;
}

/** Globals of the DAX core beside those of `Linux.dax`. */
export class DaxGlobals {
  /**
   * Read sections of dax_srcu. A waiting synchronize_srcu() keeps no reader out; once it has its
   * turn, readers wait for that one moment, which they do not in the kernel.
   */
  readonly dax_srcu = new Lock('dax_srcu');
  readonly ida_lock = new Lock('dax_minor_ida');
  readonly xa_lock = new Lock('dax_hosts');
  /** The slab's own: one object is given to one caller. */
  readonly slab_lock = new Lock('dax_cache');
  /** Inodes of the superblock "dax", by minor: the devices that are not freed. */
  readonly inodes: Shared<DaxInode | undefined> = new Shared('inode of dax', undefined);
  /** Free objects of the slab, by place in `Linux.dax.dax_cache`; freed last at the end. */
  readonly freed: Shared<readonly number[]> = new Shared('free objects of dax_cache', []);
  /** Minors of devices that were freed alive, which the kernel warns of and does not forbid. */
  readonly freed_alive: Shared<boolean> = new Shared('dax devices freed alive', false);
  /** How many objects the slab has ever had. */
  readonly objects: Shared<number> = new Shared('objects of dax_cache', 0);
}

/** A dax device with what only the core may touch. */
export class DaxInode implements DaxDevice {
  readonly minor: number;
  readonly ops: DaxOperations | undefined;
  readonly flags: Shared<number>;
  readonly holder: Shared<object | undefined>;
  readonly holder_ops: Shared<DaxHolderOperations | undefined>;
  readonly i_count: Shared<number>;
  /** Stands for atomic instructions on flags, count and holder. */
  readonly atomic: Lock;
  /** Its object of the slab. */
  readonly slot: number;
  constructor(options: {
    readonly minor: number;
    readonly slot: number;
    readonly flags: Shared<number>;
    readonly ops: DaxOperations | undefined;
  }) {
    const name = `dax device ${options.minor}`;
    this.minor = options.minor;
    this.slot = options.slot;
    this.flags = options.flags;
    this.ops = options.ops;
    this.holder = new Shared(`holder of ${name}`, undefined);
    this.holder_ops = new Shared(`holder operations of ${name}`, undefined);
    this.i_count = new Shared(`i_count of ${name}`, 0);
    this.atomic = new Lock(`atomic operations on ${name}`);
  }
}

/**
 * A new dax device, an error number, or null where the rules of the tree say so. In the order of
 * the kernel: the data cache aliases, no minor, no memory. Flags that nobody set are
 * those of the device which had the object before: see dax_cache.
 * @source drivers/dax/super.c alloc_dax() v6.1 v6.12; include/linux/dax.h alloc_dax() v6.1 v6.12
 */
export function* alloc_dax(linux: Linux, ops: DaxOperations | undefined): Op<DaxPointer> {
  const { rules } = linux;
  if (!linux.config.DAX) return rules.alloc_dax_stub === 'NULL' ? null : -E.EOPNOTSUPP;
  if (ops !== undefined && linux.gate !== 'stock') return -E[linux.gate];
  if (isRefused(linux, ops)) return rules.alias_refusal === 'NULL' ? null : -E.EOPNOTSUPP;
  const minor = yield* ida_alloc(linux);
  if (minor < 0) return -E.ENOMEM;
  const dax = yield* dax_dev_get(linux, { minor, ops });
  if (dax !== undefined) return dax;
  yield* set(linux.dax.dax_minor_ida, minor, false);
  return -E.ENOMEM;
}

/**
 * The test for aliases. Without operations the kernel has no address of its own: device-dax is let
 * through where the tree exempts it.
 */
function isRefused(linux: Linux, ops: DaxOperations | undefined): boolean {
  const { rules } = linux;
  if (rules.alias_test === 'none') return false;
  if (ops === undefined && rules.alias_exempt === 'NULL ops') return false;
  return rules.alias_test === 'arch list' ? linux.refused_by_name : linux.cpu_dcache_is_aliasing;
}

/** The lowest free minor, or -ENOMEM. @source lib/idr.c ida_alloc_range() v6.12 */
function* ida_alloc(linux: Linux): Op<number> {
  if (yield* fails('ida_alloc_max dax_minor_ida')) return -E.ENOMEM;
  const { ida_lock } = subsystem(linux, DaxGlobals);
  yield* lock(ida_lock);
  let minor = 0;
  while (yield* get(linux.dax.dax_minor_ida, minor)) minor++;
  yield* set(linux.dax.dax_minor_ida, minor, true);
  yield* unlock(ida_lock);
  return minor;
}

/**
 * The inode for a minor; undefined where there is no memory. Its object is the one freed last, and
 * init_once() does not run again for it, so old flags stay and ALIVE is added.
 * @source drivers/dax/super.c dax_dev_get() dax_alloc_inode() init_once() v6.12
 */
function* dax_dev_get(
  linux: Linux,
  device: { readonly minor: number; readonly ops: DaxOperations | undefined },
): Op<DaxInode | undefined> {
  if (yield* fails('alloc_inode dax')) return undefined;
  const { freed, inodes, objects, slab_lock } = subsystem(linux, DaxGlobals);
  yield* lock(slab_lock);
  const free = yield* get(freed);
  let slot = free.at(-1);
  if (slot === undefined) {
    slot = yield* get(objects);
    yield* set(objects, 0, slot + 1);
  } else {
    yield* set(freed, 0, free.slice(0, -1));
  }
  yield* unlock(slab_lock);
  const flags = objectFlags(linux, slot);
  const dax = new DaxInode({ ...device, slot, flags });
  yield* set(flags, 0, (yield* get(flags)) | DAXDEV_ALIVE);
  yield* set(dax.i_count, 0, 1);
  yield* set(inodes, device.minor, dax);
  return dax;
}

/** Flags of an object of the slab, cleared once, when it is made. */
function objectFlags(linux: Linux, slot: number): Shared<number> {
  const cache = linux.dax.dax_cache;
  for (let next = cache.length; next <= slot; next++) {
    cache.push(new Shared(`flags of dax object ${next}`, 0));
  }
  return present(cache[slot], 'an object of dax_cache');
}

/**
 * Drops a reference; with the last one the inode and its minor go. A device still alive then has
 * only a warning of it. @source drivers/dax/super.c put_dax() dax_destroy_inode() v6.12
 */
export function* put_dax(linux: Linux, dax: DaxDevice | undefined): Op<void> {
  if (dax === undefined) return;
  const inode = inodeOf(dax);
  yield* lock(inode.atomic);
  const count = (yield* get(inode.i_count)) - 1;
  assert(count >= 0, 'a dax device is put no more often than it was got');
  yield* set(inode.i_count, 0, count);
  yield* unlock(inode.atomic);
  if (count > 0) return;
  const { freed, freed_alive, inodes, slab_lock } = subsystem(linux, DaxGlobals);
  if (((yield* get(inode.flags)) & DAXDEV_ALIVE) !== 0) {
    linux.dmesg.push('kill_dax() must be called before final iput()');
    yield* set(freed_alive, inode.minor, true);
  }
  yield* set(inodes, inode.minor, undefined);
  yield* set(linux.dax.dax_minor_ida, inode.minor, false);
  yield* lock(slab_lock);
  yield* set(freed, 0, [...(yield* get(freed)), inode.slot]);
  yield* unlock(slab_lock);
}

/**
 * No operation starts any more, and none runs when this returns. The holder hears of it first.
 * @source drivers/dax/super.c kill_dax() v6.1 v6.12
 */
export function* kill_dax(linux: Linux, dax: DaxDevice | undefined): Op<void> {
  if (dax === undefined) return;
  const inode = inodeOf(dax);
  if ((yield* get(inode.holder)) !== undefined) {
    // The length of the range is U64_MAX: all there is.
    const range = { offset: 0, length: Number.POSITIVE_INFINITY, premove: linux.is_6_12 };
    yield* dax_holder_notify_failure(linux, dax, range);
  }
  yield* setFlag(dax, DAXDEV_ALIVE, false);
  const { dax_srcu } = subsystem(linux, DaxGlobals);
  yield* lock(dax_srcu);
  yield* unlock(dax_srcu);
  yield* set(inode.holder_ops, 0, undefined);
  yield* set(inode.holder, 0, undefined);
}

/**
 * Tells the holder of failing memory: its answer, -ENXIO when dead, -EOPNOTSUPP without one. The
 * device is used without a test for NULL.
 */
export function* dax_holder_notify_failure(
  linux: Linux,
  pointer: DaxDevice | undefined,
  range: { readonly offset: number; readonly length: number; readonly premove: boolean },
): Op<number> {
  yield* dax_read_lock(linux);
  const dax = deref(pointer, 'dax_holder_notify_failure');
  let rc = -E.ENXIO;
  if (yield* dax_alive(dax)) {
    const ops = yield* get(inodeOf(dax).holder_ops);
    rc = ops === undefined ? -E.EOPNOTSUPP : yield* ops.notify_failure(dax, range);
  }
  yield* dax_read_unlock(linux);
  return rc;
}

/** Starts a section in which a live device stays usable. @source dax_read_lock() v6.12 */
export function* dax_read_lock(linux: Linux): Op<void> {
  yield* lock(subsystem(linux, DaxGlobals).dax_srcu, 'shared');
}

/** Ends a section begun by dax_read_lock(). */
export function* dax_read_unlock(linux: Linux): Op<void> {
  yield* unlock(subsystem(linux, DaxGlobals).dax_srcu, 'shared');
}

/**
 * Enters a device for a disk: 0, -EBUSY where the disk has one, -ENOMEM; 0 without FS_DAX, where
 * nothing is entered. @source drivers/dax/super.c dax_add_host() v6.12
 */
export function* dax_add_host(linux: Linux, dax: DaxDevice, disk: Gendisk): Op<number> {
  if (!linux.config.FS_DAX) return 0;
  const { xa_lock } = subsystem(linux, DaxGlobals);
  if (yield* fails('xa_insert dax_hosts')) return -E.ENOMEM;
  const key = diskNumber(disk);
  yield* lock(xa_lock);
  const busy = (yield* get(linux.dax.dax_hosts, key)) !== undefined;
  if (!busy) yield* set(linux.dax.dax_hosts, key, dax);
  yield* unlock(xa_lock);
  return busy ? -E.EBUSY : 0;
}

/** Takes the entry of a disk away, whosever it is. */
export function* dax_remove_host(linux: Linux, disk: Gendisk): Op<void> {
  if (linux.config.FS_DAX) yield* set(linux.dax.dax_hosts, diskNumber(disk), undefined);
}

/**
 * The dax device below a block device with a reference, and the byte of it where the block device
 * starts. Undefined: no DAX there, or another holder has it; in that case the reference is kept, as
 * the kernel does by mistake. @source drivers/dax/super.c fs_dax_get_by_bdev() v6.12
 */
export function* fs_dax_get_by_bdev(
  linux: Linux,
  bdev: BlockDevice,
  holder?: object,
  ops?: DaxHolderOperations,
): Op<{ readonly dax: DaxDevice; readonly start_off: number } | undefined> {
  if (!linux.config.FS_DAX) return undefined;
  if (((yield* get(bdev.bd_disk.queue.features)) & BLK_FEAT_DAX) === 0) return undefined;
  const start_off = bdev.bd_start_sect * 512;
  const part_size = (yield* get(bdev.bd_nr_sectors)) * 512;
  if (start_off % linux.PAGE_SIZE !== 0 || part_size % linux.PAGE_SIZE !== 0) {
    linux.dmesg.push(`${bdev.name}: error: unaligned partition for dax`);
    return undefined;
  }
  yield* dax_read_lock(linux);
  let dax = yield* get(linux.dax.dax_hosts, diskNumber(bdev.bd_disk));
  if (dax !== undefined && !((yield* dax_alive(dax)) && (yield* igrab(dax)))) dax = undefined;
  if (dax !== undefined && holder !== undefined) {
    const inode = inodeOf(dax);
    if (yield* cmpxchgHolder(inode, undefined, holder)) yield* set(inode.holder_ops, 0, ops);
    else dax = undefined;
  }
  yield* dax_read_unlock(linux);
  return dax && { dax, start_off };
}

/** Gives back what fs_dax_get_by_bdev() gave to the same holder. */
export function* fs_put_dax(linux: Linux, dax: DaxDevice | undefined, holder?: object): Op<void> {
  if (dax !== undefined && holder !== undefined) {
    const inode = inodeOf(dax);
    if (yield* cmpxchgHolder(inode, holder, undefined)) yield* set(inode.holder_ops, 0, undefined);
  }
  yield* put_dax(linux, dax);
}

function* igrab(dax: DaxDevice): Op<boolean> {
  const inode = inodeOf(dax);
  yield* lock(inode.atomic);
  const count = yield* get(inode.i_count);
  if (count > 0) yield* set(inode.i_count, 0, count + 1);
  yield* unlock(inode.atomic);
  return count > 0;
}

function* cmpxchgHolder(
  inode: DaxInode,
  expected: object | undefined,
  wanted: object | undefined,
): Op<boolean> {
  yield* lock(inode.atomic);
  const matches = (yield* get(inode.holder)) === expected;
  if (matches) yield* set(inode.holder, 0, wanted);
  yield* unlock(inode.atomic);
  return matches;
}

/** Who holds the device. @source drivers/dax/super.c dax_holder() v6.12 */
export function dax_holder(dax: DaxDevice): Op<object | undefined> {
  return get(dax.holder);
}

/** Operations are allowed; only within a section of dax_read_lock() does that last. */
export function* dax_alive(dax: DaxDevice): Op<boolean> {
  return ((yield* get(dax.flags)) & DAXDEV_ALIVE) !== 0;
}

/** A device that kill_dax() stopped runs again: a driver binds to a device-dax instance. */
export function run_dax(dax: DaxDevice): Op<void> {
  return setFlag(dax, DAXDEV_ALIVE, true);
}

/** Whether dax_flush() does anything for the device. */
export function dax_write_cache(dax: DaxDevice, isOn: boolean): Op<void> {
  return setFlag(dax, DAXDEV_WRITE_CACHE, isOn);
}

/** dax_flush() does something for the device. */
export function* dax_write_cache_enabled(dax: DaxDevice): Op<boolean> {
  return ((yield* get(dax.flags)) & DAXDEV_WRITE_CACHE) !== 0;
}

/** MAP_SYNC is allowed on files of the device. */
export function set_dax_synchronous(dax: DaxDevice): Op<void> {
  return setFlag(dax, DAXDEV_SYNC, true);
}

/** MAP_SYNC is allowed, by whoever had the device's object last set the flag. */
export function* dax_synchronous(dax: DaxDevice): Op<boolean> {
  return ((yield* get(dax.flags)) & DAXDEV_SYNC) !== 0;
}

/** Copies to the device leave no dirty lines where the port can do that. */
export function set_dax_nocache(dax: DaxDevice): Op<void> {
  return setFlag(dax, DAXDEV_NOCACHE, true);
}

/** Reads of the device survive machine checks. */
export function set_dax_nomc(dax: DaxDevice): Op<void> {
  return setFlag(dax, DAXDEV_NOMC, true);
}

function* setFlag(dax: DaxDevice, flag: number, isOn: boolean): Op<void> {
  const { atomic } = inodeOf(dax);
  yield* lock(atomic);
  const flags = yield* get(dax.flags);
  yield* set(dax.flags, 0, isOn ? flags | flag : flags & ~flag);
  yield* unlock(atomic);
}

function inodeOf(dax: DaxDevice): DaxInode {
  assert(dax instanceof DaxInode, 'a dax device comes from alloc_dax()');
  return dax;
}
