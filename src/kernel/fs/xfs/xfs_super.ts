// XFS as the kernel mounts it: options, DAX mode, superblock operations.

import { E } from '../../include/linux/errno.ts';
import type { FileSystemType } from '../../include/linux/fs.ts';

/** The filesystem type `xfs`. @source fs/xfs/xfs_super.c xfs_fs_type v6.12 */
export const xfs_fs_type: FileSystemType = {
  name: 'xfs',
  requires_dev: true,
  get_tree: () => -E.EINVAL,
};
