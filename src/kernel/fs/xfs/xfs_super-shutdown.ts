// The end of a mount, and changes to it.
// @source fs/xfs/xfs_super.c v6.12

import { bd_release } from '../../block/genhd.ts';
import { fs_put_dax } from '../../drivers/dax/super.ts';
import { E } from '../../include/linux/errno.ts';
import type { SuperBlock } from '../../include/linux/fs.ts';
import type { Op } from '../../steps.ts';
import { release_bdev } from '../super.ts';
import { xfs_blockgc_free_space } from './xfs_icache.ts';
import type { XfsMount } from './xfs_mount.ts';
import {
  parse_monolithic,
  xfs_fs_validate_params,
  xfs_init_fs_context,
} from './xfs_super-options.ts';

/**
 * A remount. Options that cannot change are taken and forgotten, DAX mode among them; only the
 * width of inode numbers and read-only or not follow. What is wrong is refused all the same.
 * @source fs/xfs/xfs_super.c xfs_fs_reconfigure() v6.12
 */
export function* xfs_fs_reconfigure(
  mp: XfsMount,
  sb: SuperBlock,
  wanted: { readonly options: string; readonly ro: boolean },
): Op<number> {
  const next = xfs_init_fs_context();
  const error = parse_monolithic(next, wanted.options, mp.linux.config);
  if (error < 0) return error;
  // The new context is never read-only itself, so that norecovery is always refused.
  const { PAGE_SHIFT } = mp.linux;
  const invalid = xfs_fs_validate_params(next, { ro: false, PAGE_SHIFT });
  if (invalid < 0) return invalid;
  if (next.switches.has('inode32')) mp.options.switches.add('inode32');
  else mp.options.switches.delete('inode32');
  if (sb.ro && !wanted.ro && mp.options.switches.has('norecovery')) return -E.EINVAL;
  if (!sb.ro && wanted.ro) yield* xfs_remount_ro(mp, sb);
  sb.ro = wanted.ro;
  return 0;
}

// Nothing may be left that a read-only filesystem would have to clean up later.
// @source fs/xfs/xfs_super.c xfs_remount_ro() v6.12
function* xfs_remount_ro(mp: XfsMount, sb: SuperBlock): Op<void> {
  yield* xfs_blockgc_free_space(mp);
  yield* sb.s_op.sync_fs(sb);
}

/**
 * Devices are released.
 * @source fs/xfs/xfs_super.c xfs_fs_put_super() xfs_shutdown_devices() v6.12
 */
export function* put_super(mp: XfsMount, sb: SuperBlock): Op<void> {
  yield* xfs_close_devices(mp);
  release_bdev(sb);
}

/** Releases what xfs_open_devices() took; the data device itself is the caller's. */
export function* xfs_close_devices(
  mp: Pick<XfsMount, 'linux' | 'm_ddev_targp' | 'm_rtdev_targp' | 'm_logdev_targp' | 'holder'>,
): Op<void> {
  const targets = new Set([mp.m_logdev_targp, mp.m_rtdev_targp, mp.m_ddev_targp]);
  for (const target of targets) {
    if (target === undefined) continue;
    yield* fs_put_dax(mp.linux, target.bt_daxdev, mp.holder);
    if (target !== mp.m_ddev_targp) bd_release(target.bt_bdev, mp.holder);
  }
}
