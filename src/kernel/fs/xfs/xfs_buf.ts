// The devices of a filesystem: opened, with what DAX there is on each.
// @source fs/xfs/xfs_buf.c fs/xfs/xfs_super.c v6.12, v6.1

import { bd_claim, bd_release, lookup_bdev } from '../../block/genhd.ts';
import { fs_dax_get_by_bdev } from '../../drivers/dax/super.ts';
import type { BlockDevice } from '../../include/linux/blkdev.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import type { Linux } from '../../linux.ts';
import type { XfsBuftarg, XfsMount } from './xfs_mount.ts';
import type { XfsOptions } from './xfs_super-options.ts';

/** The devices of a mount. */
export type OpenDevices = Pick<XfsMount, 'm_ddev_targp' | 'm_rtdev_targp' | 'm_logdev_targp'>;

/**
 * Opens log and realtime device where the options name them, and looks for DAX on each device.
 * @source fs/xfs/xfs_super.c xfs_open_devices() v6.12
 */
export function xfs_open_devices(
  linux: Linux,
  what: { readonly bdev: BlockDevice; readonly options: XfsOptions; readonly holder: object },
): OpenDevices | number {
  const { bdev: ddev, options, holder } = what;
  const logdev = openNamed(linux, options.logname, { ddev, holder });
  if (IS_ERR(logdev)) return logdev;
  const rtdev = openNamed(linux, options.rtname, { ddev, holder });
  const isDouble = rtdev !== undefined && (rtdev === ddev || rtdev === logdev);
  if (IS_ERR(rtdev) || isDouble) {
    for (const one of [logdev, isDouble ? rtdev : undefined]) {
      if (one !== undefined && one !== ddev && !IS_ERR(one)) bd_release(one, holder);
    }
    return IS_ERR(rtdev) ? rtdev : -E.EINVAL;
  }
  const m_ddev_targp = xfs_alloc_buftarg(linux, ddev, holder);
  return {
    m_ddev_targp,
    m_rtdev_targp: rtdev && xfs_alloc_buftarg(linux, rtdev, holder),
    m_logdev_targp:
      logdev === undefined || logdev === ddev
        ? m_ddev_targp
        : xfs_alloc_buftarg(linux, logdev, holder),
  };
}

// 6.12 opens further devices as the superblock that has the data device already, so that naming
// that one again is no conflict; in 6.1 it is.
// @source fs/xfs/xfs_super.c xfs_blkdev_get() v6.12, v6.1
function openNamed(
  linux: Linux,
  name: string | undefined,
  { ddev, holder }: { readonly ddev: BlockDevice; readonly holder: object },
): BlockDevice | number | undefined {
  if (name === undefined) return undefined;
  const bdev = lookup_bdev(linux, name);
  if (IS_ERR(bdev)) return bdev;
  if (bdev === ddev && linux.is_6_12) return bdev;
  const error = bd_claim(bdev, holder);
  return error < 0 ? error : bdev;
}

// @source fs/xfs/xfs_buf.c xfs_alloc_buftarg() v6.12
function xfs_alloc_buftarg(linux: Linux, bt_bdev: BlockDevice, holder: object): XfsBuftarg {
  const found = linux.now(fs_dax_get_by_bdev(linux, bt_bdev, holder));
  return { bt_bdev, bt_daxdev: found?.dax, bt_dax_part_off: found?.start_off ?? 0 };
}
