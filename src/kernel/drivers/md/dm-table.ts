// Tables: their targets, the devices these use, and what the mapped device becomes by them.
// @source drivers/md/dm-table.c v6.12

import { present } from '../../../base/index.ts';
import { blk_set_stacking_limits, blk_stack_limits } from '../../block/blk-settings.ts';
import type { QueueLimits } from '../../block/blk-settings.ts';
import {
  BLK_FEAT_DAX,
  BLK_FEAT_FUA,
  BLK_FEAT_ROTATIONAL,
  BLK_FEAT_WRITE_CACHE,
  SECTOR_SHIFT,
} from '../../include/linux/blkdev.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import {
  dax_synchronous,
  dax_write_cache,
  dax_write_cache_enabled,
  set_dax_synchronous,
} from '../dax/super.ts';
import type { Linux } from '../../linux.ts';
import type { DmDev, DmTable, DmTarget, IterateDevices, MappedDevice } from './dm-core.ts';
import { dm_get_target_type } from './dm-target-types.ts';

/** One line of a table as a user gives it. */
export interface TargetSpec {
  /** In sectors. */
  readonly start: number;
  readonly length: number;
  readonly type: string;
  readonly params: string;
}

/** An empty table. @source drivers/md/dm-table.c dm_table_create() v6.12 */
export function dm_table_create(md: MappedDevice): DmTable {
  return { md, type: 'NONE', targets: [], devices: new Map() };
}

/** Sectors of a table. @source drivers/md/dm-table.c dm_table_get_size() v6.12 */
export function dm_table_get_size(t: DmTable): number {
  const last = t.targets.at(-1);
  return last === undefined ? 0 : last.begin + last.len;
}

/** The target that has a sector. @source drivers/md/dm-table.c dm_table_find_target() v6.12 */
export function dm_table_find_target(t: DmTable, sector: number): DmTarget | undefined {
  return t.targets.find((ti) => sector >= ti.begin && sector < ti.begin + ti.len);
}

/**
 * Adds a line to a table: 0, or why not. Lines must follow each other without a gap.
 * @source drivers/md/dm-table.c dm_table_add_target() v6.12
 */
export function dm_table_add_target(t: DmTable, spec: TargetSpec): number {
  const { linux } = t.md;
  if (t.targets.some((ti) => ti.type.singleton === true)) return -E.EINVAL;
  if (spec.length === 0) return -E.EINVAL;
  const type = dm_get_target_type(linux, spec.type);
  if (type === undefined) {
    linux.dmesg.push(`device-mapper: table: ${spec.type}: unknown target type`);
    return -E.EINVAL;
  }
  if (type.singleton === true && t.targets.length > 0) return -E.EINVAL;
  const ti: DmTarget = {
    table: t,
    type,
    begin: spec.start,
    len: spec.length,
    max_io_len: 0,
    num_flush_bios: 0,
    flush_supported: false,
    ops: undefined,
  };
  if (dm_table_get_size(t) !== spec.start) {
    linux.dmesg.push(`device-mapper: table: ${spec.type}: Gap in table`);
    return -E.EINVAL;
  }
  const ops = type.ctr(ti, dm_split_args(spec.params));
  if (typeof ops === 'number') return ops;
  ti.ops = ops;
  t.targets.push(ti);
  return 0;
}

/** Words of parameters; a backslash takes the next character as it is. */
function dm_split_args(params: string): readonly string[] {
  const words = params.match(/(?:\\.|[^\s\\])+/g) ?? [];
  return words.map((word) => word.replaceAll(/\\(.)/g, '$1'));
}

/** What a target does; a target in a table always has it. */
export function targetOps(ti: DmTarget) {
  return present(ti.ops, `constructed target ${ti.type.name}`);
}

/** Asks `fn` of every device of every target until an answer is not 0: whether one was not. */
function dm_table_any_dev_attr(t: DmTable, fn: IterateDevices): boolean {
  return t.targets.some((ti) => (targetOps(ti).iterate_devices?.(fn) ?? 0) !== 0);
}

/** @source drivers/md/dm-table.c dm_table_has_no_data_devices() v6.12 */
export function dm_table_has_no_data_devices(t: DmTable): boolean {
  for (const ti of t.targets) {
    const ops = targetOps(ti);
    if (ops.iterate_devices === undefined) return false;
    let count = 0;
    ops.iterate_devices(() => {
      count++;
      return 0;
    });
    if (count > 0) return false;
  }
  return true;
}

/**
 * Whether all targets offer DAX and none of their devices is against it. 6.12 leaves wildcard
 * targets (error) out; in 6.1 these have no devices to ask, which comes to the same.
 * @source drivers/md/dm-table.c dm_table_supports_dax() v6.1 v6.12
 */
export function dm_table_supports_dax(t: DmTable, isAgainst: IterateDevices): boolean {
  const { is_6_12 } = t.md.linux;
  return t.targets.every((ti) => {
    const ops = targetOps(ti);
    if (ops.direct_access === undefined || ops.iterate_devices === undefined) return false;
    if (is_6_12 && ti.type.wildcard === true) return false;
    return ops.iterate_devices(isAgainst) === 0;
  });
}

/** @source drivers/md/dm-table.c device_not_dax_capable() v6.12 */
export function device_not_dax_capable(dev: DmDev): number {
  return dev.dax_dev === undefined ? 1 : 0;
}

/** @source drivers/md/dm-table.c device_not_dax_synchronous_capable() v6.12 */
function device_not_dax_synchronous_capable(linux: Linux, dev: DmDev): number {
  if (dev.dax_dev === undefined) return 1;
  return linux.now(dax_synchronous(dev.dax_dev)) ? 0 : 1;
}

/**
 * Finds out which type of queue a table needs. A table without devices takes over the DAX of the
 * live one, so that `error` may replace it.
 * @source drivers/md/dm-table.c dm_table_determine_type() v6.12
 */
export function dm_table_complete(t: DmTable): number {
  if (t.targets.length === 0) return -E.EINVAL;
  t.type = 'BIO_BASED';
  const takesOver = t.devices.size === 0 && t.md.type === 'DAX_BIO_BASED';
  if (dm_table_supports_dax(t, device_not_dax_capable) || takesOver) t.type = 'DAX_BIO_BASED';
  return 0;
}

/**
 * Limits of the queue by the devices below: 0, or -EINVAL where a target reaches beyond the end of
 * a device or does not keep to its logical blocks.
 * @source drivers/md/dm-table.c dm_calculate_queue_limits() v6.12
 */
export function dm_calculate_queue_limits(t: DmTable, limits: QueueLimits): number {
  Object.assign(limits, blk_set_stacking_limits());
  for (const ti of t.targets) {
    const own = blk_set_stacking_limits();
    const ops = targetOps(ti);
    ops.iterate_devices?.((dev) => {
      blk_stack_limits(own, queueLimits(dev.bdev));
      return 0;
    });
    // Without devices 6.1 asks no hints; those of the modelled targets need devices anyway.
    ops.io_hints?.(own);
    if (ops.iterate_devices?.((dev, span) => device_area_is_invalid(t, { dev, span, own })) === 1) {
      return -E.EINVAL;
    }
    blk_stack_limits(limits, own);
  }
  return validate_hardware_logical_block_alignment(t, limits);
}

function queueLimits(bdev: BlockDevice): QueueLimits {
  const { queue } = bdev.bd_disk;
  return {
    features: queue.features.peek(),
    logical_block_size: queue.logical_block_size,
    physical_block_size: queue.physical_block_size,
    io_min: queue.io_min,
    io_opt: queue.io_opt,
  };
}

/** @source drivers/md/dm-table.c device_area_is_invalid() v6.12 */
function device_area_is_invalid(
  t: DmTable,
  area: {
    readonly dev: DmDev;
    readonly span: { readonly start: number; readonly len: number };
    readonly own: QueueLimits;
  },
): number {
  const { dev, span } = area;
  const size = dev.bdev.bd_nr_sectors.peek();
  if (size === 0) return 0;
  if (span.start >= size || span.start + span.len > size) {
    t.md.linux.dmesg.push(
      `device-mapper: table: ${dev.bdev.name} too small for target: ` +
        `start=${span.start}, len=${span.len}, dev_size=${size}`,
    );
    return 1;
  }
  const blockSectors = area.own.logical_block_size >> SECTOR_SHIFT;
  return span.start % blockSectors === 0 && span.len % blockSectors === 0 ? 0 : 1;
}

/**
 * A BIO in whole logical blocks must stay so when it is cut between lines.
 * @source drivers/md/dm-table.c validate_hardware_logical_block_alignment() v6.12
 */
function validate_hardware_logical_block_alignment(t: DmTable, limits: QueueLimits): number {
  const blockSectors = limits.logical_block_size >> SECTOR_SHIFT;
  let next = 0;
  let remaining = 0;
  for (const ti of t.targets) {
    const own = blk_set_stacking_limits();
    targetOps(ti).iterate_devices?.((dev) => {
      blk_stack_limits(own, queueLimits(dev.bdev));
      return 0;
    });
    if (remaining < ti.len && remaining % (own.logical_block_size >> SECTOR_SHIFT) !== 0) break;
    next = (next + ti.len) % blockSectors;
    remaining = next === 0 ? 0 : blockSectors - next;
  }
  return remaining === 0 ? 0 : -E.EINVAL;
}

/**
 * The queue and the dax device become what the table offers. What was once said to the dax device,
 * that it is synchronous or has a write cache, no table takes back.
 * @source drivers/md/dm-table.c dm_table_set_restrictions() v6.1 v6.12
 */
export function dm_table_set_restrictions(t: DmTable, limits: QueueLimits): number {
  const { md } = t;
  const { linux, queue, dax_dev } = md;
  setFlushFeatures(t, limits);
  limits.features &= ~BLK_FEAT_DAX;
  if (dm_table_supports_dax(t, device_not_dax_capable)) {
    limits.features |= BLK_FEAT_DAX;
    const isSynchronous = dm_table_supports_dax(t, (dev) =>
      device_not_dax_synchronous_capable(linux, dev),
    );
    if (isSynchronous && dax_dev !== undefined) linux.now(set_dax_synchronous(dax_dev));
  }
  const hasCache = dm_table_any_dev_attr(t, (dev) =>
    dev.dax_dev !== undefined && linux.now(dax_write_cache_enabled(dev.dax_dev)) ? 1 : 0,
  );
  if (hasCache && dax_dev !== undefined) linux.now(dax_write_cache(dax_dev, true));
  queue.limits = limits;
  queue.features.poke(0, limits.features);
  return 0;
}

/**
 * 6.12 inherits write cache and FUA of the devices with the other limits, 6.1 only for targets that
 * pass flushes on.
 */
function setFlushFeatures(t: DmTable, limits: QueueLimits): void {
  const { is_6_12 } = t.md.linux;
  const both = BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA;
  if (t.targets.some((ti) => ti.num_flush_bios > 0 && ti.flush_supported)) {
    limits.features |= both;
    return;
  }
  if (is_6_12) return;
  limits.features &= ~(both | BLK_FEAT_ROTATIONAL);
  const anyHas = (feature: number, onlyFlushing: boolean) =>
    t.targets.some((ti) => {
      if (onlyFlushing && ti.num_flush_bios === 0) return false;
      const has = targetOps(ti).iterate_devices?.(
        (dev) => dev.bdev.bd_disk.queue.features.peek() & feature,
      );
      return (has ?? 0) !== 0;
    });
  if (anyHas(BLK_FEAT_ROTATIONAL, false)) limits.features |= BLK_FEAT_ROTATIONAL;
  if (!anyHas(BLK_FEAT_WRITE_CACHE, true)) return;
  limits.features |= BLK_FEAT_WRITE_CACHE;
  if (anyHas(BLK_FEAT_FUA, true)) limits.features |= BLK_FEAT_FUA;
}

/**
 * Sectors from one on that a BIO may have: to the end of the target or of its chunk.
 * @source drivers/md/dm.c max_io_len() v6.12
 */
export function max_io_len(ti: DmTarget, sector: number): number {
  const offset = sector - ti.begin;
  const left = ti.len - offset;
  if (ti.max_io_len === 0) return left;
  return Math.min(left, ti.max_io_len - (offset % ti.max_io_len));
}
