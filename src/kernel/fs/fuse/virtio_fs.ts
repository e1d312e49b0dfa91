// virtiofs: FUSE over virtio, with a window of memory for DAX where the device has one.
// @source fs/fuse/virtio_fs.c v6.12

import { E } from '../../include/linux/errno.ts';
import type { FileSystemType } from '../../include/linux/fs.ts';

/** The virtiofs driver. */
export const virtio_fs_type: FileSystemType = {
  name: 'virtiofs',
  requires_dev: false,
  get_tree: () => -E.EINVAL,
};
