// Mapped devices: made, given tables, suspended and resumed, and their two ways to the bytes: BIOs
// and DAX.
// @source drivers/md/dm.c v6.12

import { present } from '../../../base/index.ts';
import { blk_set_stacking_limits } from '../../block/blk-settings.ts';
import type { QueueLimits } from '../../block/blk-settings.ts';
import {
  blk_alloc_disk,
  device_add_disk,
  put_disk,
  set_capacity,
  unpublishDisk,
} from '../../block/genhd.ts';
import type { Bio, BlockDeviceOperations, Gendisk } from '../../include/linux/blkdev.ts';
import { findSuper, freeze_super, thaw_super } from '../../fs/super.ts';
import { E } from '../../include/linux/errno.ts';
import {
  alloc_dax,
  dax_add_host,
  dax_remove_host,
  kill_dax,
  put_dax,
  set_dax_nocache,
  set_dax_nomc,
} from '../dax/super.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { deref } from '../../oops.ts';
import { takeDaxAnswer } from '../../series/alloc-dax-result.ts';
import { Lock, Shared } from '../../shared.ts';
import { fails, get, lock, type Op, set, unlock } from '../../steps.ts';
import { module_put, try_module_get } from '../base/module.ts';
import { DeviceMapper, MappedQueue, cutBio } from './dm-core.ts';
import type { DmTable, MappedDevice } from './dm-core.ts';
import { dm_dax_ops } from './dm-dax.ts';
import {
  dm_calculate_queue_limits,
  dm_table_find_target,
  dm_table_get_size,
  dm_table_has_no_data_devices,
  dm_table_set_restrictions,
  max_io_len,
  targetOps,
} from './dm-table.ts';

/** The dynamic major number that dm gets. */
const DM_MAJOR = 253;

/** A new device without a table, or -ENXIO whatever went wrong. */
export function dm_create(linux: Linux, minor?: number): MappedDevice | number {
  const md = linux.now(alloc_dev(linux, minor));
  return md ?? -E.ENXIO;
}

/**
 * A blank device; undefined where anything fails.
 * @source drivers/md/dm.c alloc_dev() v6.1 v6.12
 */
export function* alloc_dev(linux: Linux, wanted?: number): Op<MappedDevice | undefined> {
  if (yield* fails('kvzalloc mapped_device')) return undefined;
  if (!(yield* try_module_get(linux, 'dm_mod'))) return undefined;
  const minor = yield* take_minor(linux, wanted);
  if (minor < 0) {
    yield* module_put(linux, 'dm_mod');
    return undefined;
  }
  const md = (yield* fails('init_srcu_struct mapped_device'))
    ? undefined
    : yield* newMappedDevice(linux, minor);
  if (md === undefined) {
    yield* free_minor(linux, minor);
    yield* module_put(linux, 'dm_mod');
    return undefined;
  }
  const hasAll = (yield* allocDmDax(md)) && (yield* allocRest());
  if (hasAll) return md;
  yield* free_dev(md);
  return undefined;
}

/** The dax device, as the rules of the tree have it: false where the mapped device has to go. */
function* allocDmDax(md: MappedDevice): Op<boolean> {
  const { linux } = md;
  if (linux.rules.dm_asks === 'with FS_DAX' && !linux.config.FS_DAX) return true;
  const answer = yield* alloc_dax(linux, dm_dax_ops(md));
  const result = yield* takeDaxAnswer(linux, 'dm', answer);
  if (result.kind !== 'device') return result.kind === 'without';
  const dax_dev = deref(result.dax, 'set_dax_nocache');
  yield* set_dax_nocache(dax_dev);
  yield* set_dax_nomc(dax_dev);
  md.dax_dev = dax_dev;
  return (yield* dax_add_host(linux, dax_dev, md.disk)) === 0;
}

/** Work queue, counters of requests on their way, statistics. */
function* allocRest(): Op<boolean> {
  if (yield* fails('alloc_workqueue kdmflush')) return false;
  if (yield* fails('alloc_percpu pending_io')) return false;
  return !(yield* fails('dm_stats_init'));
}

function* newMappedDevice(linux: Linux, minor: number): Op<MappedDevice | undefined> {
  const disk_name = `dm-${minor}`;
  const queue = new MappedQueue(disk_name);
  const fops: BlockDeviceOperations = {
    submit_bio: (bio) => dm_submit_bio(present(made, 'device that gets a BIO'), bio),
  };
  const disk: Gendisk | number = yield* blk_alloc_disk(linux, {
    disk_name,
    major: DM_MAJOR,
    first_minor: minor,
    limits: { features: 0 },
    queue,
    fops,
  });
  if (typeof disk === 'number') return undefined;
  const made: MappedDevice = {
    linux,
    minor,
    disk,
    queue,
    type: 'NONE',
    dax_dev: undefined,
    map: new Shared(`live table of ${disk_name}`, undefined),
    table_devices: [],
    suspended: false,
    deferred: new Lock(`suspended ${disk_name}`),
    frozen: undefined,
  };
  return made;
}

/** Frees all that alloc_dev() and the first table made, in the order of the kernel. */
function* cleanup_mapped_device(md: MappedDevice): Op<void> {
  const { linux, disk, dax_dev } = md;
  if (dax_dev !== undefined) {
    yield* dax_remove_host(linux, disk);
    yield* kill_dax(linux, dax_dev);
    yield* put_dax(linux, dax_dev);
    md.dax_dev = undefined;
  }
  if (md.type !== 'NONE') yield* unpublishDisk(linux, disk);
  yield* put_disk(linux, disk);
}

/** @source drivers/md/dm.c free_dev() v6.12 */
function* free_dev(md: MappedDevice): Op<void> {
  yield* cleanup_mapped_device(md);
  yield* free_minor(md.linux, md.minor);
  yield* module_put(md.linux, 'dm_mod');
}

/** The lowest free minor, or the one wanted. @source drivers/md/dm.c next_free_minor() v6.12 */
function* take_minor(linux: Linux, wanted: number | undefined): Op<number> {
  if (yield* fails('idr_alloc _minor_idr')) return -E.ENOMEM;
  const { minor_idr, minor_lock } = subsystem(linux, DeviceMapper);
  yield* lock(minor_lock);
  let minor = wanted ?? 0;
  if (wanted === undefined) while (yield* get(minor_idr, minor)) minor++;
  const isFree = !(yield* get(minor_idr, minor));
  if (isFree) yield* set(minor_idr, minor, true);
  yield* unlock(minor_lock);
  return isFree ? minor : -E.EBUSY;
}

function* free_minor(linux: Linux, minor: number): Op<void> {
  yield* set(subsystem(linux, DeviceMapper).minor_idr, minor, false);
}

/** @source drivers/md/dm.c dm_destroy() v6.12 */
export function dm_destroy(md: MappedDevice): void {
  const { linux } = md;
  md.map.poke(0, undefined);
  if (md.suspended) dmQueueFlush(md);
  linux.now(free_dev(md));
}

/**
 * The first table makes the disk visible and settles its type.
 * @source drivers/md/dm.c dm_setup_md_queue() v6.12
 */
export function dm_setup_md_queue(md: MappedDevice, t: DmTable): number {
  const { linux, disk } = md;
  const limits = blk_set_stacking_limits();
  let r = dm_calculate_queue_limits(t, limits);
  if (r === 0) r = dm_table_set_restrictions(t, limits);
  if (r === 0) r = linux.now(device_add_disk(linux, disk));
  if (r === 0 && linux.now(fails('dm_sysfs_init'))) {
    linux.now(unpublishDisk(linux, disk));
    r = -E.ENOMEM;
  }
  if (r === 0) md.type = t.type;
  return r;
}

/**
 * Makes a table the live one of a suspended device: the table before it, or an error number. A
 * table without devices keeps the limits that are there.
 * @source drivers/md/dm.c dm_swap_table() __bind() v6.12
 */
export function dm_swap_table(md: MappedDevice, t: DmTable): DmTable | undefined | number {
  const { linux } = md;
  if (!md.suspended) return -E.EINVAL;
  const live = md.map.peek();
  let limits: QueueLimits = { ...md.queue.limits };
  if (live === undefined || !dm_table_has_no_data_devices(t)) {
    limits = blk_set_stacking_limits();
    const r = dm_calculate_queue_limits(t, limits);
    if (r !== 0) return r;
  }
  const old_size = md.disk.capacity.peek();
  linux.now(set_capacity(md.disk, dm_table_get_size(t)));
  const r = dm_table_set_restrictions(t, limits);
  if (r !== 0) {
    linux.now(set_capacity(md.disk, old_size));
    return r;
  }
  md.map.poke(0, t);
  return live;
}

/**
 * Freezes the filesystem if wished, and stops BIOs. DAX goes on: a mapping needs no BIO.
 * @source drivers/md/dm.c dm_suspend() lock_fs() v6.12
 */
export function dm_suspend(
  md: MappedDevice,
  flags: { readonly lockfs: boolean; readonly noflush: boolean },
): number {
  const { linux } = md;
  if (md.suspended) return -E.EINVAL;
  const hasMap = md.map.peek() !== undefined;
  if (hasMap && flags.lockfs && !flags.noflush) {
    const r = lock_fs(md);
    if (r !== 0) return r;
  }
  linux.now(lock(md.deferred));
  md.suspended = true;
  return 0;
}

/** @source drivers/md/dm.c dm_resume() v6.12 */
export function dm_resume(md: MappedDevice): number {
  const map = md.map.peek();
  if (!md.suspended || map === undefined) return -E.EINVAL;
  dmQueueFlush(md);
  return 0;
}

function dmQueueFlush(md: MappedDevice): void {
  const { linux } = md;
  linux.now(unlock(md.deferred));
  md.suspended = false;
  if (md.frozen === undefined) return;
  const { bdev, sb } = md.frozen;
  md.frozen = undefined;
  linux.now(unlock(bdev.freeze));
  if (sb !== undefined) linux.now(thaw_super(sb));
}

/**
 * Freezes what is mounted from the device: writers wait, all that is dirty goes to the device.
 * @source block/bdev.c bdev_freeze() v6.12
 */
function lock_fs(md: MappedDevice): number {
  const { linux } = md;
  const bdev = md.disk.part0;
  const sb = findSuper(linux, bdev);
  if (sb !== undefined) {
    const error = linux.now(freeze_super(sb));
    if (error !== 0) return error;
  }
  linux.now(lock(bdev.freeze));
  md.frozen = { bdev, sb };
  return 0;
}

/**
 * Carries out a BIO, cut at the borders of targets and of their chunks. While the device is
 * suspended it waits. @source drivers/md/dm.c dm_submit_bio() dm_split_and_process_bio() v6.12
 */
export function* dm_submit_bio(md: MappedDevice, bio: Bio): Op<number> {
  if ((yield* get(md.map)) === undefined) return -E.EIO;
  yield* lock(md.deferred, 'shared');
  const map = yield* get(md.map);
  yield* unlock(md.deferred, 'shared');
  if (map === undefined) return -E.EIO;
  if (bio.op === 'flush') return yield* __send_empty_flush(map, bio);
  for (let done = 0; done < bio.sectors; ) {
    const ti = dm_table_find_target(map, bio.sector + done);
    if (ti === undefined) return -E.EIO;
    const sectors = Math.min(bio.sectors - done, max_io_len(ti, bio.sector + done));
    const rc = yield* targetOps(ti).map(cutBio(bio, { from: done, sectors }));
    if (rc !== 0) return rc;
    done += sectors;
  }
  return 0;
}

function* __send_empty_flush(map: DmTable, bio: Bio): Op<number> {
  let error = 0;
  for (const ti of map.targets) {
    if (ti.num_flush_bios === 0) continue;
    const rc = yield* targetOps(ti).map({ ...bio, sector: ti.begin });
    if (rc !== 0) error = rc;
  }
  return error;
}
