// The devices of one table, as its targets ask for them.
// @source drivers/md/dm-table.c v6.12

import { E } from '../../include/linux/errno.ts';
import { fails } from '../../steps.ts';
import type { DmDev, DmTable, DmTarget } from './dm-core.ts';
import { dm_devt_from_path, dm_get_table_device, dm_put_table_device } from './dm-device.ts';

/**
 * A device for a target: by path, or `major:minor`. A device stays open once for a table however
 * many targets use it.
 * @source drivers/md/dm-table.c dm_get_device() v6.12
 */
export function dm_get_device(ti: DmTarget, path: string): DmDev | number {
  const { table } = ti;
  const bdev = dm_devt_from_path(table.md.linux, path);
  if (typeof bdev === 'number') return bdev;
  // @source drivers/md/dm-table.c dm_get_device() v6.12; 6.1 would claim its own device.
  if (bdev === table.md.disk.part0) return -E.EINVAL;
  const known = table.devices.get(bdev);
  if (known !== undefined) {
    known.count++;
    return known.dm_dev;
  }
  const { linux } = table.md;
  if (linux.now(fails('kmalloc dm_dev_internal'))) return -E.ENOMEM;
  const dm_dev = dm_get_table_device(table.md, bdev);
  if (typeof dm_dev === 'number') return dm_dev;
  table.devices.set(bdev, { dm_dev, count: 1 });
  return dm_dev;
}

/** Closes the devices of a table. @source drivers/md/dm-table.c dm_table_destroy() v6.12 */
export function dm_table_destroy(t: DmTable): void {
  for (const { dm_dev } of t.devices.values()) dm_put_table_device(t.md, dm_dev);
  t.devices.clear();
}
