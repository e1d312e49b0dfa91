// ext4: mount, options, superblock.
// @source fs/ext4/super.c v6.12

import { assert } from '../../../base/index.ts';
import type { FileSystemType } from '../../include/linux/fs.ts';

/** The ext4 driver under its own name. */
export const ext4_fs_type: FileSystemType = {
  name: 'ext4',
  requires_dev: true,
  get_tree: () => assert(false, 'ext4 mounts'),
};

/** The ext4 driver as it registers itself for type ext2 when CONFIG_EXT2_FS is not set. */
export const ext2_fs_type_of_ext4: FileSystemType = {
  name: 'ext2',
  requires_dev: true,
  get_tree: () => assert(false, 'ext4 mounts type ext2'),
};
