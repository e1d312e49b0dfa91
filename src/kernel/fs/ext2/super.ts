// ext2: mount, options, superblock.
// @source fs/ext2/super.c v6.12

import { assert } from '../../../base/index.ts';
import type { FileSystemType } from '../../include/linux/fs.ts';

/** The real ext2 driver, there when CONFIG_EXT2_FS is set. */
export const ext2_fs_type: FileSystemType = {
  name: 'ext2',
  requires_dev: true,
  get_tree: () => assert(false, 'ext2 mounts'),
};
