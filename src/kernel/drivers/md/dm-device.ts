// Devices below a mapped device: opened with dm as their holder, together with their DAX.
// @source drivers/md/dm.c v6.12

import { submit_bio } from '../../block/bio.ts';
import { bd_claim, bd_release, lookup_bdev } from '../../block/genhd.ts';
import type { Bio, BlockDevice } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import {
  dax_direct_access,
  dax_recovery_write,
  dax_zero_page_range,
  fs_dax_get_by_bdev,
  fs_put_dax,
} from '../dax/super.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { fails, type Op } from '../../steps.ts';
import { DeviceMapper, pageSectors } from './dm-core.ts';
import type { DmDev, DmTargetOps, MappedDevice } from './dm-core.ts';

/** Device number `major:minor`; a partition's minor counts on from its disk's. */
export function format_dev_t(bdev: BlockDevice): string {
  const { bd_disk: disk } = bdev;
  const partition = [...disk.partitions].find(([, one]) => one === bdev)?.[0] ?? 0;
  return `${disk.major}:${disk.first_minor + partition}`;
}

/**
 * The device of a path or of `major:minor`. Where there is none 6.1 says -ENODEV whatever the
 * reason, 6.12 what the lookup said.
 * @source drivers/md/dm-table.c dm_devt_from_path() v6.12 dm_get_dev_t() v6.1
 */
export function dm_devt_from_path(linux: Linux, path: string): BlockDevice | number {
  if (/^\d+:\d+$/.test(path)) {
    for (const disk of linux.block.disks.values()) {
      for (const bdev of [disk.part0, ...disk.partitions.values()]) {
        if (format_dev_t(bdev) === path) return bdev;
      }
    }
    return linux.is_6_12 ? -E.ENXIO : -E.ENODEV;
  }
  const found = lookup_bdev(linux, path);
  if (typeof found !== 'number') return found;
  return linux.is_6_12 ? found : -E.ENODEV;
}

/**
 * Opens a device for a mapped one, or counts one more table that uses it.
 * @source drivers/md/dm.c dm_get_table_device() open_table_device() v6.12
 */
export function dm_get_table_device(md: MappedDevice, bdev: BlockDevice): DmDev | number {
  const { linux } = md;
  const known = md.table_devices.find((td) => td.dm_dev.bdev === bdev);
  if (known !== undefined) {
    known.count++;
    return known.dm_dev;
  }
  if (linux.now(fails('kmalloc table_device'))) return -E.ENOMEM;
  if (linux.now(fails('open_table_device'))) return -E.ENXIO;
  const r = bd_claim(bdev, subsystem(linux, DeviceMapper));
  if (r < 0) return r;
  const dax = linux.now(fs_dax_get_by_bdev(linux, bdev, undefined));
  const dm_dev: DmDev = { bdev, dax_dev: dax?.dax, name: format_dev_t(bdev) };
  md.table_devices.push({ dm_dev, count: 1 });
  return dm_dev;
}

/** @source drivers/md/dm.c dm_put_table_device() close_table_device() v6.12 */
export function dm_put_table_device(md: MappedDevice, dm_dev: DmDev): void {
  const index = md.table_devices.findIndex((td) => td.dm_dev === dm_dev);
  const td = md.table_devices[index];
  if (td === undefined || --td.count > 0) return;
  md.table_devices.splice(index, 1);
  const { linux } = md;
  if (dm_dev.dax_dev !== undefined) linux.now(fs_put_dax(linux, dm_dev.dax_dev, undefined));
  bd_release(dm_dev.bdev, subsystem(linux, DeviceMapper));
}

/** Sends a BIO on to a device of a target, at a sector of that device: DM_MAPIO_REMAPPED. */
export function remapBio(linux: Linux, bio: Bio, to: { dev: DmDev; sector: number }): Op<number> {
  return submit_bio(linux, { ...bio, bdev: to.dev.bdev, sector: to.sector });
}

/**
 * DAX of a target that lays its pages on those of devices: `locate` gives the device and the sector
 * of it for a page of the mapped device. The sector of a device is rounded down to a page, so a
 * start that is not a multiple of a page is a different place to DAX than to BIOs.
 * @source drivers/md/dm-linear.c linear_dax_pgoff() v6.12
 */
export function daxOps(
  linux: Linux,
  locate: (pgoff: number) => { readonly dev: DmDev; readonly sector: number },
): Pick<DmTargetOps, 'direct_access' | 'dax_zero_page_range' | 'dax_recovery_write'> {
  if (!linux.config.FS_DAX) return {};
  const dax_pgoff = (pgoff: number) => {
    const { dev, sector } = locate(pgoff);
    const onDisk = dev.bdev.bd_start_sect + sector;
    return { dax: dev.dax_dev, pgoff: Math.floor(onDisk / pageSectors(linux)) };
  };
  return {
    *direct_access(pgoff, nr_pages, mode) {
      const below = dax_pgoff(pgoff);
      return yield* dax_direct_access(linux, below.dax, below.pgoff, nr_pages, mode);
    },
    *dax_zero_page_range(pgoff, nr_pages) {
      const below = dax_pgoff(pgoff);
      if (below.dax === undefined) return -E.ENXIO;
      return yield* dax_zero_page_range(linux, below.dax, below.pgoff, nr_pages);
    },
    *dax_recovery_write(pgoff, kaddr, bytes) {
      const below = dax_pgoff(pgoff);
      if (below.dax === undefined) return 0;
      return yield* dax_recovery_write(linux, below.dax, below.pgoff, kaddr, bytes);
    },
  };
}
