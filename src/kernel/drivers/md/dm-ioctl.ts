// The calls by which tools make and change mapped devices, by name.
// @source drivers/md/dm-ioctl.c v6.12

import { bdevOpeners } from '../../block/bdev.ts';
import { E } from '../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { fails } from '../../steps.ts';
import { DeviceMapper } from './dm-core.ts';
import type { HashCell, MappedDevice } from './dm-core.ts';
import {
  dm_create,
  dm_destroy,
  dm_resume,
  dm_setup_md_queue,
  dm_suspend,
  dm_swap_table,
} from './dm.ts';
import { dm_table_destroy } from './dm-table-device.ts';
import { dm_table_add_target, dm_table_complete, dm_table_create } from './dm-table.ts';
import type { TargetSpec } from './dm-table.ts';

/** How a device is suspended. */
export interface SuspendFlags {
  /** Freeze the filesystem first. */
  readonly lockfs: boolean;
  readonly noflush: boolean;
}

/** The device of a name. @source drivers/md/dm-ioctl.c find_device() v6.12 */
export function find_device(linux: Linux, name: string): HashCell | undefined {
  return subsystem(linux, DeviceMapper).cells.find((cell) => cell.name === name);
}

/**
 * Makes a device without a table. The device is made before the name is looked at.
 * @source drivers/md/dm-ioctl.c dev_create() v6.12
 */
export function dev_create(linux: Linux, name: string): HashCell | number {
  const md = dm_create(linux);
  if (typeof md === 'number') return md;
  if (find_device(linux, name) !== undefined) {
    dm_destroy(md);
    return -E.EBUSY;
  }
  const cell: HashCell = { name, md, new_map: undefined };
  subsystem(linux, DeviceMapper).cells.push(cell);
  return cell;
}

/**
 * Loads a table into the inactive slot: 0 or an error number. A live device keeps its type: one
 * with DAX cannot get a table without, while one without can get a table with.
 * @source drivers/md/dm-ioctl.c table_load() populate_table() v6.12
 */
export function table_load(cell: HashCell, specs: readonly TargetSpec[]): number {
  const { md } = cell;
  if (md.linux.now(fails('kzalloc dm_table'))) return -E.ENOMEM;
  const t = dm_table_create(md);
  let r = 0;
  for (const spec of specs) {
    r = dm_table_add_target(t, spec);
    if (r !== 0) break;
  }
  if (r === 0) r = dm_table_complete(t);
  if (r === 0) {
    if (md.type === 'NONE') r = dm_setup_md_queue(md, t);
    else if (!is_valid_type(md, t.type)) r = -E.EINVAL;
  }
  if (r !== 0) {
    dm_table_destroy(t);
    return r;
  }
  if (cell.new_map !== undefined) dm_table_destroy(cell.new_map);
  cell.new_map = t;
  return 0;
}

/** @source drivers/md/dm-ioctl.c is_valid_type() v6.12 */
function is_valid_type(md: MappedDevice, wanted: MappedDevice['type']): boolean {
  return md.type === wanted || (md.type === 'BIO_BASED' && wanted === 'DAX_BIO_BASED');
}

/** @source drivers/md/dm-ioctl.c do_suspend() v6.12 */
export function do_suspend(cell: HashCell, flags: SuspendFlags): number {
  return cell.md.suspended ? 0 : dm_suspend(cell.md, flags);
}

/**
 * Makes the inactive table the live one, if there is one, and ends a suspension. Where the table
 * cannot be used it is dropped, and the device stays suspended.
 * @source drivers/md/dm-ioctl.c do_resume() v6.12
 */
export function do_resume(cell: HashCell, flags: SuspendFlags): number {
  const { md, new_map } = cell;
  cell.new_map = undefined;
  if (new_map !== undefined) {
    if (!md.suspended) {
      const r = dm_suspend(md, flags);
      if (r !== 0) {
        cell.new_map = new_map;
        return r;
      }
    }
    const old_map = dm_swap_table(md, new_map);
    if (typeof old_map === 'number') {
      dm_table_destroy(new_map);
      return old_map;
    }
    const r = dm_resume(md);
    if (old_map !== undefined) dm_table_destroy(old_map);
    return r;
  }
  return md.suspended ? dm_resume(md) : 0;
}

/** Drops the inactive table. @source drivers/md/dm-ioctl.c table_clear() v6.12 */
export function table_clear(cell: HashCell): number {
  if (cell.new_map !== undefined) dm_table_destroy(cell.new_map);
  cell.new_map = undefined;
  return 0;
}

/** Whether somebody has the device open: a mount, another table, a loop device, a file. */
export function dm_open_count(md: MappedDevice): number {
  return bdevOpeners(md.linux, md.disk.part0);
}

/**
 * Removes a device that nobody has open: 0, or -EBUSY.
 * @source drivers/md/dm-ioctl.c dev_remove() v6.12
 */
export function dev_remove(cell: HashCell): number {
  const { md } = cell;
  const { cells } = subsystem(md.linux, DeviceMapper);
  if (dm_open_count(md) > 0) return -E.EBUSY;
  cells.splice(cells.indexOf(cell), 1);
  const live = md.map.peek();
  table_clear(cell);
  dm_destroy(md);
  if (live !== undefined) dm_table_destroy(live);
  return 0;
}

/**
 * Removes all devices that nobody has open, and again as long as that sets others free.
 * @source drivers/md/dm-ioctl.c dm_hash_remove_all() v6.12
 */
export function remove_all(linux: Linux): readonly string[] {
  const { cells } = subsystem(linux, DeviceMapper);
  const removed: string[] = [];
  for (;;) {
    const next = cells.find((cell) => dm_open_count(cell.md) === 0);
    if (next === undefined) return removed;
    removed.push(next.name);
    dev_remove(next);
  }
}
