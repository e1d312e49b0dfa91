// tmpfs: files in the page cache alone. It has no DAX and says so to every `dax` option.
// @source mm/shmem.c v6.12

import { E } from '../include/linux/errno.ts';
import type { FileSystemType } from '../include/linux/fs.ts';

/** The tmpfs driver. */
export const shmem_fs_type: FileSystemType = {
  name: 'tmpfs',
  requires_dev: false,
  get_tree: () => -E.EINVAL,
};
